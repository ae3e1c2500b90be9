package opportunities

import (
	"context"
	"fmt"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Widen says, in the caller's transaction, how far the network looks for who could
// answer a lot: a perimeter that holds its place. What the buyer asks, where it is
// done and what is told of it stay: no event, and the revision of the lot alone
// rises, so that its matches are made again. The same perimeter again changes
// nothing; done tells whether it did.
func (s *Service) Widen(ctx context.Context, tx store.Tx, id LotID, to territories.Expr) (done bool, err error) {
	var owner ID
	if err := tx.NewRaw("/* opportunities.Widen */ SELECT opportunity_id FROM lots WHERE id = ?", id).Scan(ctx, &owner); err != nil {
		return false, fault.NotFound("lot", id).Because(err)
	}
	o, err := s.hold(ctx, tx, owner, 0)
	if err != nil {
		return false, err
	}
	for i := range o.Lots {
		if o.Lots[i].ID == id {
			return s.widen(ctx, tx, o, &o.Lots[i], to.String())
		}
	}
	return false, fault.NotFound("lot", id)
}

func (s *Service) widen(ctx context.Context, tx store.Tx, o *Opportunity, l *Lot, to string) (bool, error) {
	if l.Wider == to {
		return false, nil
	}
	if !o.Open(s.now()) || l.Withdrawn {
		return false, fault.Conflict("not-open", "On ne peut plus répondre à ce lot.", "This lot can no longer be answered.")
	}
	now := s.now()
	l.Wider, l.WidenedAt, l.UpdatedAt = to, &now, now
	l.Revision++
	if err := updateLot(ctx, tx, l); err != nil {
		return false, fmt.Errorf("widen lot %d: %w", l.ID, err)
	}
	return true, announce(ctx, tx, []LotID{l.ID})
}

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
	out := map[ID]int64{}
	for start := 0; start < len(ids); start += chunk {
		known, err := lastKnown(ctx, s.store.Read(), user, ids[start:min(start+chunk, len(ids))])
		if err != nil {
			return nil, err
		}
		for id, event := range known {
			out[id] = event
		}
	}
	return out, nil
}
