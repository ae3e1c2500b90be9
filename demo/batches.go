package demo

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/territories"
)

// loadBatches leaves what a counsellor and an officer prepared this morning: the
// first waits for a gesture, the second is read by the structures around.
func (l *loader) loadBatches(ctx context.Context) error {
	heroine := l.heroine()
	cip := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.counsellor), Role: accounts.Counsellor, OrganisationID: int64(heroine.ID)})
	drome := territories.Ref{Kind: territories.KindDepartement, Code: "26"}
	around, err := l.Atlas.Of(drome)
	if err != nil {
		return err
	}
	officer := accounts.With(ctx, accounts.Identity{UserID: accounts.UserID(l.officer), Role: accounts.Officer, OrganisationID: int64(l.associations["84"].ID), Perimeter: around})
	s := l.placing(l.today)
	if _, err := s.KeepBatch(cip, "demonstration", placement.BatchRules{Seed: 7, Objective: "waiting-first"}); err != nil {
		return fmt.Errorf("prepare for the counsellor: %w", err)
	}
	if _, err := s.KeepBatch(officer, "demonstration", placement.BatchRules{Seed: 7, Source: placement.OfTerritory, Territory: territories.In(drome).String()}); err != nil {
		return fmt.Errorf("prepare for the officer: %w", err)
	}
	return nil
}
