package web

import (
	"context"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/opportunities"
)

// EventRow is an entry of a history.
type EventRow struct {
	What, When string
	Changes    []ChangeRow
}

// ChangeRow is the difference of one field.
type ChangeRow struct{ Field, Before, After string }

func (c *call) history(o *opportunities.Opportunity) ([]EventRow, error) {
	events, err := c.s.cfg.Opportunities.Events(c.r.Context(), o.ID, 30)
	if err != nil {
		return nil, err
	}
	rows := make([]EventRow, 0, len(events))
	for _, e := range events {
		key := "opp.event." + e.Kind
		if !c.Has(key) {
			key = "opp.event.other"
		}
		row := EventRow{What: c.T(key), When: joined(", ", c.When(e.At, c.now), c.originWords(e.Origin))}
		if strings.HasPrefix(e.Origin, "pair:") {
			row = EventRow{What: c.pairEvent(e), When: c.When(e.At, c.now)}
		}
		for _, change := range opportunities.Readable(e.Diff) {
			if one := c.changeRow(change); one.Before != one.After {
				row.Changes = append(row.Changes, one)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// pairEvent names what a judgement on two look-alikes did to one of them.
func (c *call) pairEvent(e opportunities.Event) string {
	if e.Kind == opportunities.EventCancelled {
		return c.T("opp.event.merged")
	}
	for _, change := range e.Diff {
		if change.Field == "state" && change.Before == string(opportunities.Cancelled) {
			return c.T("opp.event.parted")
		}
	}
	return upperFirst(c.T("source.pair"))
}

// publishDraft makes a draft visible; closeOpportunity ends the time to answer.
func (s *Server) publishDraft(c *call) error {
	return c.move(accounts.OpportunityPublish, s.cfg.Opportunities.Publish, "published")
}

func (s *Server) closeOpportunity(c *call) error {
	return c.move(accounts.OpportunityClose, s.cfg.Opportunities.Close, "closed")
}

type transition func(ctx context.Context, by opportunities.By, id opportunities.ID, expected int64) (*opportunities.Opportunity, error)

func (c *call) move(action accounts.Action, do transition, said string) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	o, err := c.s.cfg.Opportunities.Get(c.r.Context(), opportunities.ID(id))
	if err != nil {
		return err
	}
	if err := accounts.Allow(c.who.Identity, action, c.scopeOfOpportunity(o)); err != nil {
		return err
	}
	if _, err := do(c.r.Context(), c.by(), o.ID, o.Revision); err != nil {
		return err
	}
	return c.to(opportunityPath(o.ID), said)
}

// by is who acts, for the histories.
func (c *call) by() opportunities.By {
	return opportunities.By{UserID: int64(c.who.UserID), Origin: "web"}
}

// parisTime reads a day and an hour typed in a form, in Paris.
func (c *call) parisTime(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "02/01/2006 15:04"} {
		if t, err := time.ParseInLocation(layout, text, c.zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
