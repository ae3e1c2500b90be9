package publication

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"

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
	Second    *Second  // of an indicator that has two numbers; nil: it has one
	Version   *Version // that gives it
	presence  int      // the version of C08 that it counts exits under; 0: none
}

// Table is what is released of an indicator. Version is that of its latest year.
type Table struct {
	Version  *Version
	Chosen   Chosen
	Rate     bool
	Basis    Basis
	Zones    map[string]Zone // of the readings that are by zone
	at       map[readingKey]int
	Readings []Reading // by year, territory, kind, then persons
}

// Table is what is released of an indicator, under its definition where that is not
// zero, else under the one that was released last: each figure as the latest version
// that stands and has it gives it, so that a narrow release takes nothing away. False
// where nothing of it is released. It reads the ledger, never a count that was not released.
func (s *Service) Table(ctx context.Context, id catalogue.ID, definition int) (*Table, bool, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, false, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, false, err
	}
	var t *Table
	for i := range all {
		for _, c := range all[i].Plan().Indicators {
			if c.ID != id || definition != 0 && c.Version != definition || t != nil && c != t.Chosen {
				continue
			}
			if t == nil {
				t = newTable(c)
			}
			if err := s.gatherTable(ctx, t, &all[i]); err != nil {
				return nil, false, err
			}
		}
	}
	if t == nil || len(t.Readings) == 0 {
		return nil, false, nil
	}
	t.settle()
	return t, true, nil
}

func newTable(c Chosen) *Table {
	t := &Table{Chosen: c, Basis: Exhaustive, at: map[readingKey]int{}, Zones: map[string]Zone{}}
	if all, err := catalogue.Load(); err == nil {
		if i, ok := all.Get(c.ID); ok {
			t.Basis = BasisOf(i)
		}
	}
	return t
}

// readingKey is what a figure of an indicator is of.
type readingKey struct {
	year                              int
	territory, kind, sex, age, public string
}

// gatherTable adds what a version gives and no later one has. What a later one says was
// not collected, an earlier one may still give.
func (s *Service) gatherTable(ctx context.Context, t *Table, v *Version) error {
	p := v.Plan()
	var measures []compute.Measure
	formulas := map[int]compute.Formula{}
	for _, year := range p.Years {
		f, _ := formula(t.Chosen, []int{year}, p.Indicators)
		formulas[year] = f
		measures = append(measures, measuresOf(t.Chosen, f)...)
	}
	for _, z := range v.Zones() {
		t.Zones[z.Code] = z
	}
	all, err := figuresOf(ctx, s.store.Read(), v.ID, measures)
	if err != nil {
		return err
	}
	by := map[key]figure{}
	for _, f := range all {
		by[f.key()] = f
	}
	for _, f := range all {
		form := formulas[f.Year]
		m := form.Measures()
		if len(m) == 0 || f.Measure != m[len(m)-1] {
			continue
		}
		t.Rate = len(m) == 2 || t.Chosen.ID == ByCriterion
		r := reading(form, by, f.key())
		if t.Chosen.ID == ByCriterion {
			r = r.ofCriterion(by, f.key())
		}
		if t.Basis.estimated() && r.Value != nil {
			r.Low, r.High = t.Basis.around(form, by, f.key(), r)
		}
		r.Second = secondRead(t.Chosen, by, f.key())
		r.Version, r.presence = v, presenceOf(form)
		t.add(r)
	}
	return nil
}

func (t *Table) add(r Reading) {
	k := readingKey{r.Year, r.Territory, r.Kind, r.Sex, r.Age, r.Public}
	at, there := t.at[k]
	switch {
	case !there:
		t.at[k] = len(t.Readings)
		t.Readings = append(t.Readings, r)
	case t.Readings[at].Mark == ND && r.Mark != ND:
		t.Readings[at] = r
	}
}

// settle orders the readings; the version of the table is that of its latest year.
func (t *Table) settle() {
	slices.SortStableFunc(t.Readings, func(a, b Reading) int {
		return cmp.Or(a.Year-b.Year, cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Sex, b.Sex), cmp.Compare(a.Age, b.Age), cmp.Compare(a.Public, b.Public))
	})
	t.Version = t.VersionOf(t.Readings[len(t.Readings)-1].Year)
}

// Years lists those of the readings, in order.
func (t *Table) Years() (years []int) {
	for _, r := range t.Readings {
		years = append(years, r.Year)
	}
	return slices.Compact(years)
}

// VersionOf is the latest version that gives anything of a year.
func (t *Table) VersionOf(year int) (v *Version) {
	for _, r := range t.Readings {
		if r.Year == year && (v == nil || r.Version.ID > v.ID) {
			v = r.Version
		}
	}
	return v
}

// Taken are the definitions that the figures of a year follow: of the indicator, and of
// those that it depends on.
func (t *Table) Taken(year int) map[catalogue.ID]int {
	taken := map[catalogue.ID]int{t.Chosen.ID: t.Chosen.Version}
	for _, r := range t.Readings {
		if r.Year == year && r.presence > 0 && t.Chosen.ID != "C08" {
			taken["C08"] = r.presence
		}
	}
	return taken
}

// presenceOf is the version of C08 that a formula counts exits under; 0: it counts none.
func presenceOf(f compute.Formula) int {
	for _, m := range f.Measures() {
		if !strings.HasPrefix(string(m), "exits.") {
			continue
		}
		if strings.HasSuffix(string(m), olderRule) {
			return 1
		}
		return 2
	}
	return 0
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
		if len(have.Territories) > 0 && !slices.ContainsFunc(p.Territories, func(code string) bool { return s.chooses(have, code) }) && !slices.ContainsFunc(have.Territories, func(code string) bool { return s.chooses(p, code) }) {
			return true // it is of other territories
		}
		return !slices.ContainsFunc(have.Indicators, func(c Chosen) bool { return slices.Contains(p.Indicators, c) }) ||
			!slices.ContainsFunc(have.Years, func(y int) bool { return slices.Contains(p.Years, y) })
	}), nil
}
