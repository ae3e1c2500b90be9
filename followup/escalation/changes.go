package escalation

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/matching"
	"maillage/opportunities"
)

// followed is a match that its enterprise was told of, and has not turned down.
type followed struct {
	MatchID      matching.ID         `bun:"match_id"`
	LotID        opportunities.LotID `bun:"lot_id"`
	Number       string              `bun:"number"` // of the lot
	Opportunity  opportunities.ID    `bun:"opportunity_id"`
	Organisation int64               `bun:"organisation_id"`
	Since        time.Time           `bun:"since"` // when it was first told, or seen
	Deadline     *time.Time          `bun:"deadline"`
}

// changes tell those who follow a lot what is no longer as they were told it.
func (s *Service) changes(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := followedThatMoved(ctx, s.Store.Read())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]int64, 0, len(all))
	for _, f := range all {
		ids = append(ids, int64(f.MatchID))
	}
	known, err := ledgerOf(ctx, s.Store.Read(), OfChange, ids)
	if err != nil {
		return nil, err
	}
	calls := make([]opportunities.ID, 0, len(all))
	for _, f := range all {
		calls = append(calls, f.Opportunity)
	}
	slices.Sort(calls)
	calls = slices.Compact(calls)
	events, err := s.Opportunities.Histories(ctx, calls...)
	if err != nil {
		return nil, err
	}
	seen := map[accounts.UserID]map[opportunities.ID]int64{}
	var out []*line
	for _, f := range all {
		for _, m := range sc.members(f.Organisation) {
			if seen[m.UserID] == nil {
				if seen[m.UserID], err = s.Opportunities.LastTold(ctx, int64(m.UserID), calls...); err != nil {
					return nil, err
				}
			}
			last := max(seen[m.UserID][f.Opportunity], known[int64(f.MatchID)].lastEvent(m))
			if l := f.change(events[f.Opportunity], last, m); l != nil {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// lastEvent is the last one that somebody was told of a match; 0: none.
func (t told) lastEvent(m stood) int64 {
	last := int64(0)
	for _, l := range t {
		if t.to(OfChange, l.Step, m) {
			last = max(last, l.EventID)
		}
	}
	return last
}

// change is what came after an event that concerns the lot; nil: nothing.
func (f *followed) change(events []opportunities.Event, last int64, m stood) *line {
	l := &line{Subject: OfChange, SubjectID: int64(f.MatchID), UserID: m.UserID, StandingFor: m.standing, How: Named, deadline: f.Deadline, call: f.Opportunity}
	var fresh []opportunities.Event
	for _, e := range events {
		if e.ID <= last || !e.At.After(f.Since) {
			l.AfterEvent = max(l.AfterEvent, e.ID)
			continue
		}
		fresh, l.EventID = append(fresh, e), e.ID
	}
	if len(concerning(f.Number, fresh)) == 0 {
		return nil
	}
	l.Step = Step(strconv.FormatInt(l.EventID, 10))
	return l
}

// concerning is the difference that some events make to a lot: its deadline, its
// place, what is asked of it; not what changes of another lot.
func concerning(number string, events []opportunities.Event) []opportunities.Fresh {
	return slices.DeleteFunc(opportunities.Difference(events), func(f opportunities.Fresh) bool {
		if strings.HasPrefix(f.Field, "lots[") {
			own := "lots[" + number + "]"
			return f.Field != own && !strings.HasPrefix(f.Field, own+".")
		}
		field, _, _ := strings.Cut(f.Field, ".")
		if field == "state" {
			return f.After != string(opportunities.Cancelled)
		}
		return !slices.Contains([]string{"deadline", "place", "codes", "clause"}, field)
	})
}
