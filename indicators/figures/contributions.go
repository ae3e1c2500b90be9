package figures

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// Contribution is what one enterprise counts for in one year, and where it is.
// A place that is not known is empty.
type Contribution struct {
	compute.Part
	Departement, Region string
}

// Contributions reads what each enterprise counts for in a year, in the order of
// their numbers: the step that protects figures asks who is behind each of them,
// whatever they are grouped by. The vintage of the communes comes with them.
func (s *Service) Contributions(ctx context.Context, year int) (all []Contribution, vintage string, err error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, "", err
	}
	parts, err := allParts(ctx, s.store.Read(), year)
	if err != nil {
		return nil, "", err
	}
	for _, p := range parts {
		c := Contribution{Part: compute.Part{Enterprise: p.EnterpriseID, Year: p.Year, Kind: p.Kind, Group: p.Group}, Departement: p.Departement, Region: p.Region}
		if err := json.Unmarshal([]byte(p.Lines), &c.Part); err != nil {
			return nil, "", fmt.Errorf("read the counts of enterprise %d: %w", p.EnterpriseID, err)
		}
		all = append(all, c)
	}
	vintage, err = vintageOf(ctx, s.store.Read(), year)
	return all, vintage, err
}

// Years lists the years that have counts.
func (s *Service) Years(ctx context.Context) ([]int, error) { return countedYears(ctx, s.store.Read()) }

// Unit gives an amount of a measure of a year in its unit, exactly.
func (s *Service) Unit(ctx context.Context, year int) (func(compute.Measure, int64) *big.Rat, error) {
	scale, err := s.scale(ctx, year)
	if err != nil {
		return nil, err
	}
	return func(m compute.Measure, amount int64) *big.Rat { return big.NewRat(amount, scale(m)) }, nil
}

// BreaksOf are the breaks that readers of a series must know, by year.
func (s *Service) BreaksOf(ctx context.Context, from, until int) ([]compute.Break, error) {
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	recorded, err := microdata.BreaksIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	out := refs.BreaksOf(from, until)
	for _, b := range recorded {
		if b.Year > from && b.Year <= until {
			out = append(out, b)
		}
	}
	return out, nil
}
