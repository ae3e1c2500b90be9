package campaign

import (
	"context"
	"fmt"

	"maillage/internal/store"
)

// expire closes a campaign whose last day is over: what was sent joins the
// observatory, as when somebody closes it. It is a job's. Run again, or by several
// processes at once, it closes once: the campaign is held, and looked at again; its
// trace is the system's. A last day that was put off meanwhile is left alone.
func (s *Service) expire(ctx context.Context, year int) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := holdCampaign(ctx, tx, year)
		if err != nil || !s.over(c) {
			return err
		}
		c.State, c.ClosedAt = Closing, s.now()
		if err := s.keep(ctx, tx, c, "state", "closes_on"); err != nil {
			return err
		}
		return tx.Enqueue(ctx, Freeze{c.ID})
	})
	if err != nil {
		return fmt.Errorf("close the campaign of %d, whose last day is over: %w", year, err)
	}
	return nil
}

// over tells an open campaign whose last day, in Paris, is behind.
func (s *Service) over(c *Campaign) bool { return c.State == Open && s.today() > c.ClosesOn }
