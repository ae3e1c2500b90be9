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
	owner, err := ownerOf(ctx, tx, id)
	if err != nil {
		return false, err
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
