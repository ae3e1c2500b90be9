package demo

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/matching/placement"
)

// loadBatches leaves what a counsellor prepared this morning: it waits for a gesture.
func (l *loader) loadBatches(ctx context.Context) error {
	heroine := l.heroine()
	cip := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.counsellor), Role: accounts.Counsellor, OrganisationID: int64(heroine.ID)})
	s := l.placing(l.today)
	if _, err := s.KeepBatch(cip, "demonstration", placement.BatchRules{Seed: 7, Objective: "waiting-first"}); err != nil {
		return fmt.Errorf("prepare for the counsellor: %w", err)
	}
	return nil
}
