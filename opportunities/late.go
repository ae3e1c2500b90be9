package opportunities

import (
	"context"
	"fmt"

	"maillage/internal/store"
)

// CloseLate closes what is published and whose last deadline has passed, each
// with its event, and moves on the deadline of those of which other lots can
// still be answered. It tells how many it closed; called again it does nothing.
func (s *Service) CloseLate(ctx context.Context) (int, error) {
	closed := 0
	for last := ID(0); ; {
		var ids []ID
		err := s.store.Read().NewRaw(`/* opportunities.CloseLate */
			SELECT id FROM opportunities WHERE state = ? AND deadline <= ? AND id > ? ORDER BY id LIMIT ?`,
			Published, s.now(), last, 50).Scan(ctx, &ids)
		if err != nil {
			return closed, fmt.Errorf("find passed deadlines: %w", err)
		}
		if len(ids) == 0 {
			return closed, nil
		}
		n, err := s.closeLate(ctx, ids)
		if closed += n; err != nil {
			return closed, fmt.Errorf("close what is late: %w", err)
		}
		last = ids[len(ids)-1]
	}
}

func (s *Service) closeLate(ctx context.Context, ids []ID) (closed int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		closed = 0
		for _, id := range ids {
			done, err := s.closeOne(ctx, tx, id)
			if err != nil {
				return err
			}
			if done {
				closed++
			}
		}
		return nil
	})
	return closed, err
}

func (s *Service) closeOne(ctx context.Context, tx store.Tx, id ID) (bool, error) {
	o, err := s.hold(ctx, tx, id, 0)
	if err != nil || o.State != Published {
		return false, err
	}
	if !late(o, s.now()) {
		return false, moveDeadline(ctx, tx, o)
	}
	c := s.change(o)
	c.enter(Closed)
	return true, c.write(ctx, tx, By{Origin: "deadline"}, EventClosed)
}

// moveDeadline keeps the deadline computed from the lots that remain. It is no
// change of what was published: no event, no revision.
func moveDeadline(ctx context.Context, tx store.Tx, o *Opportunity) error {
	_, err := tx.NewUpdate().Model(o).Comment("opportunities.moveDeadline").Column("deadline", "deadline_raw").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("move the deadline of opportunity %d: %w", o.ID, err)
	}
	return nil
}
