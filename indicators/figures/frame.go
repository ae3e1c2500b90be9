package figures

import (
	"context"

	"maillage/indicators/microdata"
	"maillage/internal/store"
)

// followFrames brings into the frame of each year the members that its campaign
// asks, and counts the year again where what it asks moved.
func (s *Service) followFrames(ctx context.Context) error {
	asks, err := microdata.CampaignAsks(ctx, s.store.Read())
	if err != nil || len(asks) == 0 {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, turn := range []string{alone, microdata.ImportTurn} { // a file may declare the same members
			if err := tx.Alone(ctx, turn); err != nil {
				return err
			}
		}
		for _, a := range asks {
			if err := s.followFrame(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) followFrame(ctx context.Context, tx store.Tx, a microdata.Asks) error {
	if _, err := s.records.Frame(ctx, tx, a.Year); err != nil {
		return err
	}
	kept, err := frameOf(ctx, tx, a.Year)
	if err != nil || kept == a.Mark {
		return err
	}
	if err := markWhole(ctx, tx, a.Year); err != nil {
		return err
	}
	return keepFrame(ctx, tx, a.Year, a.Mark)
}
