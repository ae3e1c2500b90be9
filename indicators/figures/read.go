package figures

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// Rows reads counts before disclosure control, for who may: the step that
// protects them, and the administrators of the federation.
func (s *Service) Rows(ctx context.Context, q Query) ([]Row, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, err
	}
	return rowsOf(ctx, s.store.Read(), q)
}

// Contribution is what one enterprise counts for in a year and where it is: what
// zones are grown from, and who is the contributor.
type Contribution struct {
	Commune     string // of today; empty: unknown, or shared between several
	Departement string
	Region      string
	Counts      *compute.Part
}

// Contributions reads the counts of each enterprise of a year, in the order of
// their numbers, for who may read raw counts.
func (s *Service) Contributions(ctx context.Context, year int) ([]Contribution, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, err
	}
	parts, err := allParts(ctx, s.store.Read(), year)
	if err != nil {
		return nil, err
	}
	out := make([]Contribution, 0, len(parts))
	for _, p := range parts {
		counts, err := p.counts()
		if err != nil {
			return nil, err
		}
		out = append(out, Contribution{p.Commune, p.Departement, p.Region, counts})
	}
	return out, nil
}

// Asked is an indicator asked for: of one year, at one level, for one kind or
// all, and one cross of the dimensions of persons.
type Asked struct {
	Indicator  string
	Definition compute.Definition
	Year       int
	Level      Level
	Kind       compute.Kind
	Cross      compute.Cross
}

// Placed is a figure and where it is of.
type Placed struct {
	Territory string
	compute.Figure
}

// Figures computes an indicator for every territory of a level, in the order of
// their codes, before disclosure control.
func (s *Service) Figures(ctx context.Context, a Asked) ([]Placed, error) {
	f, ok := compute.FormulaOf(a.Indicator, a.Definition)
	if !ok {
		return nil, fmt.Errorf("compute %s: no formula", a.Indicator)
	}
	rows, err := s.Rows(ctx, Query{Years: []int{a.Year}, Level: a.Level, Kinds: []compute.Kind{a.Kind}, Measures: f.Measures()})
	if err != nil {
		return nil, err
	}
	scale, err := s.scale(ctx, a.Year)
	if err != nil {
		return nil, err
	}
	by := map[string]compute.Rows{}
	var places []string
	for i := range rows {
		if by[rows[i].Territory] == nil {
			by[rows[i].Territory] = compute.Rows{}
			places = append(places, rows[i].Territory)
		}
		by[rows[i].Territory][rows[i].Measure] = rows[i].Counts()
	}
	slices.Sort(places)
	var out []Placed
	for _, p := range places {
		out = append(out, Placed{p, f.Of(by[p], a.Cross, scale)})
	}
	return out, nil
}

// scale gives by what an amount of a year is divided to be in its unit.
func (s *Service) scale(ctx context.Context, year int) (func(compute.Measure) int64, error) {
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	parts, err := refs.Parts(year)
	if err != nil {
		return nil, err
	}
	return func(m compute.Measure) int64 { return m.Scale(parts) }, nil
}

// years gathers the federation's rows, year by year.
func (s *Service) years(ctx context.Context) ([]compute.Year, error) {
	rows, err := rowsOf(ctx, s.store.Read(), Query{Level: Federation})
	if err != nil {
		return nil, err
	}
	var out []compute.Year
	for i := range rows {
		r := &rows[i]
		if len(out) == 0 || out[len(out)-1].Year != r.Year {
			scale, err := s.scale(ctx, r.Year)
			if err != nil {
				return nil, err
			}
			out = append(out, compute.Year{Year: r.Year, All: compute.Rows{}, ByKind: map[compute.Kind]compute.Rows{}, Scale: scale})
		}
		y := &out[len(out)-1]
		of := y.All
		if r.Kind != compute.AllKinds {
			if y.ByKind[r.Kind] == nil {
				y.ByKind[r.Kind] = compute.Rows{}
			}
			of = y.ByKind[r.Kind]
		}
		of[r.Measure] = r.Counts()
	}
	return out, nil
}

// Alerts lists what is implausible in the federation's figures, year by year.
func (s *Service) Alerts(ctx context.Context) ([]compute.Alert, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryRead, accounts.Scope{}); err != nil {
		return nil, err
	}
	years, err := s.years(ctx)
	if err != nil {
		return nil, err
	}
	return alertsOf(years), nil
}

func alertsOf(years []compute.Year) []compute.Alert {
	var out []compute.Alert
	for i, y := range years {
		before := compute.Year{}
		if i > 0 && years[i-1].Year == y.Year-1 {
			before = years[i-1]
		}
		out = append(out, compute.Alerts(before, y)...)
	}
	return out
}

// Thresholds is what a table must hold to be shown whole.
type Thresholds struct {
	Persons int64 // fewest in a count
	Groups  int64 // fewest contributors
	Share   *big.Rat
}

// Shown are the thresholds of the design: five persons, three economic groups,
// none above 85 %.
func Shown() Thresholds { return Thresholds{Persons: 5, Groups: 3, Share: big.NewRat(85, 100)} }

// safe tells whether a count may be shown. Zero is safe only beside the margin,
// which the caller withholds with it.
func (t Thresholds) safe(c compute.Cell) bool {
	if c.Contributors == 0 {
		return true
	}
	if c.Persons > 0 && c.Persons < t.Persons || c.Contributors < t.Groups {
		return false
	}
	return c.Amount == 0 || big.NewRat(c.Top, c.Amount).Cmp(t.Share) <= 0
}
