package monday

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
)

// The bounds of a triage.
const (
	Morning   = 40 // notices shown at once
	shown     = 20 // of what was sorted last
	mostPages = 20 // of the list of calls, each of 200
)

// Sort does a gesture on the notice of a call. The same one again changes nothing;
// another one takes its place, and the history keeps both.
func (s *Service) Sort(ctx context.Context, g Sort) (*Sort, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if err := s.may(ctx, accounts.MondaySort, g.OpportunityID); err != nil {
		return nil, err
	}
	who := accounts.From(ctx)
	g.ID, g.OrganisationID, g.ActorID, g.At = 0, who.OrganisationID, int64(who.UserID), s.now()
	var out *Sort
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := ours(ctx, tx, &g); err != nil {
			return err
		}
		cur, err := last(ctx, tx, g.OpportunityID, g.OrganisationID)
		if err != nil {
			return err
		}
		if out = cur; g.says(cur) {
			return nil
		}
		out = &g
		if err := insert(ctx, tx, out); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: g.At, Action: accounts.MondaySort, Entity: "opportunity", EntityID: int64(g.OpportunityID), Fields: []string{"sorting"}})
	})
	if err != nil {
		return nil, fmt.Errorf("sort call %d: %w", g.OpportunityID, err)
	}
	if out == nil { // it was never sorted: putting it back says nothing
		out = &g
	}
	return out, nil
}

// ours refuses to assign to somebody who is no officer of the association.
func ours(ctx context.Context, tx store.Tx, g *Sort) error {
	if g.AssigneeID == nil {
		return nil
	}
	all, err := colleagues(ctx, tx, g.OrganisationID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(c Colleague) bool { return int64(c.ID) == *g.AssigneeID }) {
		return fault.Invalid(fault.At("assignee", "unknown", "Cette personne n’est pas de votre association.", "This person is not of your association."))
	}
	return nil
}

// History is what the association of who asks did with a call, the latest first.
func (s *Service) History(ctx context.Context, id opportunities.ID) ([]Sorted, error) {
	if err := s.may(ctx, accounts.MondayRead, id); err != nil {
		return nil, err
	}
	return sorts(ctx, s.Store.Read(), accounts.From(ctx).OrganisationID, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("ms.opportunity_id = ?", id).Limit(most)
	})
}

// may checks a right on a call; one that is not public is not there.
func (s *Service) may(ctx context.Context, a accounts.Action, id opportunities.ID) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, a); err != nil {
		return err
	}
	o, err := s.Opportunities.Get(ctx, id)
	if err != nil {
		return err
	}
	if !o.Public() {
		return fault.NotFound("opportunity", id)
	}
	return accounts.Allow(who, a, s.Opportunities.ScopeOf(o))
}

// notices are the open calls that a notice tells of and that the association has
// not sorted, the latest first. What somebody of the network published is not to
// be sorted, nor hours to fill, which have a part of their own.
func (s *Service) notices(ctx context.Context, w *Week, f opportunities.Filter) error {
	f.Open = true
	r := opportunities.Request{Limit: 200, Order: opportunities.Newest}
	for range mostPages {
		found, err := s.Opportunities.List(ctx, f, r)
		if err != nil {
			return err
		}
		if err := s.unsorted(ctx, w, found.Items); err != nil {
			return err
		}
		if r.After = found.Next; r.After == "" || len(w.Notices) > Morning {
			break
		}
	}
	w.More = len(w.Notices) > Morning
	w.Notices = w.Notices[:min(len(w.Notices), Morning)]
	return nil
}

func (s *Service) unsorted(ctx context.Context, w *Week, items []*opportunities.Opportunity) error {
	var ids []opportunities.ID
	for _, o := range items {
		ids = append(ids, o.ID)
	}
	done, err := sortedAmong(ctx, s.Store.Read(), accounts.From(ctx).OrganisationID, ids)
	for _, o := range items {
		if !done[o.ID] && o.PublisherID == nil && o.Kind != opportunities.InsertionHours && o.Kind != opportunities.Takeover && !o.Kind.ForPeople() {
			w.Notices = append(w.Notices, o)
		}
	}
	return err
}

// sorted is what the association sorted last, with who may be given a notice.
func (s *Service) sorted(ctx context.Context, w *Week) error {
	who := accounts.From(ctx)
	rows, err := sorts(ctx, s.Store.Read(), who.OrganisationID, func(q *bun.SelectQuery) *bun.SelectQuery { return standing(q).Limit(most) })
	if err != nil {
		return err
	}
	if w.Colleagues, err = colleagues(ctx, s.Store.Read(), who.OrganisationID); err != nil {
		return err
	}
	for _, row := range rows {
		if row.Call, err = s.Opportunities.Get(ctx, row.OpportunityID); err != nil {
			return err
		}
		mine := row.AssigneeID != nil && *row.AssigneeID == int64(who.UserID)
		switch {
		case !accounts.Can(who, accounts.MondaySort, s.Opportunities.ScopeOf(row.Call)):
		case mine && row.Call.Open(s.now()):
			w.Mine = append(w.Mine, row)
		case len(w.Sorted) < shown:
			w.Sorted = append(w.Sorted, row)
		}
	}
	return nil
}
