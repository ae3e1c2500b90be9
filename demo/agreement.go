package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/indicators/access"
	"maillage/indicators/access/record"
)

// loadAgreement opens the exits of two years to the researcher of the demonstration.
func (l *loader) loadAgreement(ctx context.Context, now func() time.Time) error {
	s := access.NewService(access.Config{Store: l.Store, Atlas: l.atlas, Now: now, Random: bytesOf{l.random}})
	a, err := s.Grant(ctx, access.Grant{UserID: accounts.UserID(l.researcher), Institution: "Université de démonstration", Purpose: "research", Reference: "DEMO-2026-001", File: record.Exits,
		Years: []int{2010, 2011}, FromOn: l.today.AddDate(0, -1, 0).Format(time.DateOnly), UntilOn: l.today.AddDate(0, 11, 0).Format(time.DateOnly)})
	if err != nil {
		return err
	}
	for _, year := range a.AsYears() {
		outcome, err := s.Make(ctx, access.Make{Year: year})
		if err != nil {
			return err
		}
		if outcome != access.Made {
			return fmt.Errorf("the file of %d is %s", year, outcome)
		}
	}
	return nil
}
