package publication

import (
	"context"
	"math/big"
	"slices"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// Mark is what a reader gets of a figure.
type Mark string

// The marks: hidden, not collected and zero are three things.
const (
	Given  Mark = "value"
	Hidden Mark = "suppressed"
	ND     Mark = "nd"
	NoBase Mark = "no_base"
)

// Reading is a released figure: its value and the counts that it is made of, exactly
// as they were published.
type Reading struct {
	Year      int
	Territory string // FR, R84, 26
	Kind      string // all, ACI…
	Sex       string
	Age       string
	Public    string
	Mark      Mark
	Value     *big.Rat // nil unless given
	Numerator *big.Rat // of a rate
	Base      *big.Rat
	Low, High *big.Rat // interval at 95 % of a rate that is estimated; nil: none
}

// Table is what one release gives of an indicator.
type Table struct {
	Version  *Version
	Chosen   Chosen
	Rate     bool
	Basis    Basis
	Readings []Reading // by year, territory, kind, then persons
}

// Table is the latest release that stands of an indicator, under its definition where
// that is not zero; false where nothing of it is released. It reads the ledger, never
// a count that was not released.
func (s *Service) Table(ctx context.Context, id catalogue.ID, definition int) (*Table, bool, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, false, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, false, err
	}
	for i := range all {
		for _, c := range all[i].Plan().Indicators {
			if c.ID != id || definition != 0 && c.Version != definition {
				continue
			}
			t, err := s.table(ctx, &all[i], c)
			return t, err == nil, err
		}
	}
	return nil, false, nil
}

func (s *Service) table(ctx context.Context, v *Version, c Chosen) (*Table, error) {
	p := v.Plan()
	var measures []compute.Measure
	formulas := map[int]compute.Formula{}
	for _, year := range p.Years {
		f, _ := formula(c, []int{year}, p.Indicators)
		formulas[year] = f
		measures = append(measures, f.Measures()...)
	}
	all, err := figuresOf(ctx, s.store.Read(), v.ID, measures)
	if err != nil {
		return nil, err
	}
	by := map[key]figure{}
	for _, f := range all {
		by[f.key()] = f
	}
	indicators, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	t := &Table{Version: v, Chosen: c, Basis: Exhaustive}
	if i, ok := indicators.Get(c.ID); ok {
		t.Basis = BasisOf(i)
	}
	for _, f := range all {
		form := formulas[f.Year]
		m := form.Measures()
		if f.Measure != m[len(m)-1] {
			continue
		}
		t.Rate = len(m) == 2
		r := reading(form, by, f.key())
		if t.Basis.estimated() && r.Value != nil {
			r.Low, r.High = t.Basis.around(form, by, f.key(), r)
		}
		t.Readings = append(t.Readings, r)
	}
	slices.SortStableFunc(t.Readings, func(a, b Reading) int { return a.Year - b.Year })
	return t, nil
}

// reading is a figure as it was published, a rate with both its counts.
func reading(f compute.Formula, by map[key]figure, k key) Reading {
	r := Reading{Year: k.Year, Territory: k.Territory, Kind: k.Kind, Sex: k.Sex, Age: k.Age, Public: k.Public, Mark: Given}
	var values []*big.Rat
	for _, m := range f.Measures() {
		k.Measure = m
		switch c := by[k]; c.Status {
		case shownFigure:
			values = append(values, inUnits(c.Value, m))
		case absentFigure, "":
			r.Mark = ND
		case hiddenFigure:
			if r.Mark == Given {
				r.Mark = Hidden
			}
		}
	}
	switch {
	case r.Mark != Given:
		return r
	case len(values) == 1:
		r.Value = values[0]
		return r
	}
	r.Numerator, r.Base = values[0], values[1]
	if r.Base.Sign() == 0 {
		r.Mark = NoBase
		return r
	}
	r.Value = new(big.Rat).Mul(new(big.Rat).Quo(r.Numerator, r.Base), big.NewRat(f.Times, 1))
	return r
}

// Nearest is the nearest figure above one that is hidden and that may be read: the same
// of every kind there, of the kind in the wider territory, then of everything there.
// The answer is the same whether the hidden figure was unsafe itself or protects another.
func (t *Table) Nearest(r Reading, above func(string) string) (Reading, bool) {
	for place := r.Territory; place != ""; place = above(place) {
		for _, kind := range []string{r.Kind, total} {
			for _, o := range t.Readings {
				same := o.Year == r.Year && o.Sex == r.Sex && o.Age == r.Age && o.Public == r.Public
				if same && o.Mark == Given && o.Territory == place && o.Kind == kind {
					return o, true
				}
			}
		}
	}
	return Reading{}, false
}

// Above is the territory over another; empty above France.
func (s *Service) Above(code string) string {
	switch levelOf(code) {
	case Federation:
		return ""
	case Region:
		return whole
	}
	if d, ok := s.atlas.Departement(code); ok {
		return regionCode(d.Region)
	}
	return whole
}

// Answering lists what is already released that answers a plan whole, or a part of it:
// the same indicators under the same definitions, of some of its years.
func (s *Service) Answering(ctx context.Context, p Plan) ([]Version, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(v Version) bool {
		have := v.Plan()
		return !slices.ContainsFunc(have.Indicators, func(c Chosen) bool { return slices.Contains(p.Indicators, c) }) ||
			!slices.ContainsFunc(have.Years, func(y int) bool { return slices.Contains(p.Years, y) })
	}), nil
}
