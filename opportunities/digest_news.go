package opportunities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// Known gives the last event that somebody was told of each of some
// opportunities; one that they were told nothing of is not there.
type Known func(ctx context.Context, ids []ID) (map[ID]int64, error)

// toldTo is what the letters of an account told.
func (s *Service) toldTo(user accounts.UserID) Known {
	return func(ctx context.Context, ids []ID) (map[ID]int64, error) {
		return lastTold(ctx, s.store.Read(), user, ids)
	}
}

// SearchEvent is something that a saved search has to tell, up to an event.
type SearchEvent struct {
	Search      SearchID
	Opportunity ID
	What        What
	Event       int64
	At          time.Time
}

// News looks for what the saved searches of an account have to tell to who keeps a
// ledger of their own, whether they have letters or not: what moved since from, of
// which nothing before since is news. What several choose is told once; a search
// whose criteria mean nothing any more tells nothing.
func (s *Service) News(ctx context.Context, user accounts.UserID, since, from time.Time, known Known) ([]SearchEvent, error) {
	var searches []Search
	if err := s.store.Read().NewSelect().Model(&searches).Comment("opportunities.News").Where("s.user_id = ?", user).Order("s.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list the searches of account %d: %w", user, err)
	}
	var out []SearchEvent
	said := map[ID]bool{}
	for _, search := range searches {
		search.NewsSince, search.ToldUntil = latest(since, search.CreatedAt), from.Add(commitLag)
		rows, err := s.newsOf(ctx, search, s.now(), known)
		if errors.Is(err, errUnreadable) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look for the news of search %d: %w", search.ID, err)
		}
		for _, r := range rows {
			if !said[r.OpportunityID] {
				said[r.OpportunityID] = true
				out = append(out, SearchEvent{Search: search.ID, Opportunity: r.OpportunityID, What: r.What, Event: r.EventID})
			}
		}
	}
	return out, s.dated(ctx, out)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// dated reads when each event happened.
func (s *Service) dated(ctx context.Context, all []SearchEvent) error {
	for start := 0; start < len(all); start += chunk {
		part := all[start:min(start+chunk, len(all))]
		ids := make([]int64, len(part))
		for i, e := range part {
			ids[i] = e.Event
		}
		var events []Event
		if err := s.store.Read().NewSelect().Model(&events).Comment("opportunities.dated").Column("id", "at").Where("e.id IN (?)", bun.List(ids)).Order("e.id").Scan(ctx); err != nil {
			return fmt.Errorf("date %d events: %w", len(ids), err)
		}
		at := map[int64]time.Time{}
		for _, e := range events {
			at[e.ID] = e.At
		}
		for i := range part {
			part[i].At = at[part[i].Event]
		}
	}
	return nil
}
