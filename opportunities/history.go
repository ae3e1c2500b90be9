package opportunities

import (
	"context"

	"github.com/uptrace/bun"
)

// Histories reads the whole history of some opportunities, the oldest first.
func (s *Service) Histories(ctx context.Context, ids ...ID) (map[ID][]Event, error) {
	out := map[ID][]Event{}
	for start := 0; start < len(ids); start += chunk {
		some, err := historyOf(ctx, s.store.Read(), ids[start:min(start+chunk, len(ids))])
		if err != nil {
			return nil, err
		}
		for id, events := range some {
			out[id] = events
		}
	}
	return out, nil
}

// Difference sums up some events: each field that is no longer what it was, once,
// without what changes for programs only.
func Difference(events []Event) []Fresh { return newsworthy(events) }

// LastTold gives the last event that an account knows of each of some
// opportunities: it opened the page, or a letter of its searches told it.
func (s *Service) LastTold(ctx context.Context, user int64, ids ...ID) (map[ID]int64, error) {
	return LastTold(ctx, s.store.Read(), user, ids...)
}

// LastTold is what Service.LastTold gives, read in a transaction.
func LastTold(ctx context.Context, db bun.IDB, user int64, ids ...ID) (map[ID]int64, error) {
	out := map[ID]int64{}
	for start := 0; start < len(ids); start += chunk {
		known, err := lastKnown(ctx, db, user, ids[start:min(start+chunk, len(ids))])
		if err != nil {
			return nil, err
		}
		for id, event := range known {
			out[id] = event
		}
	}
	return out, nil
}
