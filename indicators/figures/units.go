package figures

import (
	"context"
	"math/big"

	"maillage/indicators/compute"
)

// Years lists the years that have counts.
func (s *Service) Years(ctx context.Context) ([]int, error) { return countedYears(ctx, s.store.Read()) }

// Vintage is of the list of communes that the places of a year are told by.
func (s *Service) Vintage(ctx context.Context, year int) (string, error) {
	return vintageOf(ctx, s.store.Read(), year)
}

// Unit gives an amount of a measure of a year in its unit, exactly.
func (s *Service) Unit(ctx context.Context, year int) (func(compute.Measure, int64) *big.Rat, error) {
	scale, err := s.scale(ctx, year)
	if err != nil {
		return nil, err
	}
	return func(m compute.Measure, amount int64) *big.Rat { return big.NewRat(amount, scale(m)) }, nil
}
