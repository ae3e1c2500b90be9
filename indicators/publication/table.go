package publication

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
)

// Table is what is released of an indicator under one of its definitions, or under the
// catalogue's own choice of each year. Its figures may come from several releases: each
// says which.
type Table struct {
	Indicator  catalogue.ID
	Part       string // of an indicator that is told in two: fte, participants; empty: the indicator itself
	Definition int    // that every figure follows; 0: each year the catalogue's choice
	Rate       bool
	Basis      Basis
	Zones      map[string]Zone // of the readings that are by zone
	at         map[readingKey]int
	Readings   []Reading // by year, territory, kind, then persons
}

// Tables are what is released of an indicator, one for each of its definitions and parts
// that has figures, in order: each figure as the latest version that stands and has it
// gives it, so that a narrow release takes nothing away. A figure is where all of its
// counts are, whichever plan they were released by: the activity report's too. It reads
// the ledger, never a count that was not released.
func (s *Service) Tables(ctx context.Context, id catalogue.ID) ([]*Table, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	i, ok := all.Get(id)
	if !ok || !Offered(id) {
		return nil, nil
	}
	versions, err := standing(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	var list []*Table
	parts := append([]string{""}, partNames(id)...)
	for _, v := range i.Versions {
		for _, part := range parts {
			t := &Table{Indicator: id, Part: part, Definition: v.Number, Basis: BasisOf(i), at: map[readingKey]int{}, Zones: map[string]Zone{}}
			if err := s.fill(ctx, t, versions); err != nil {
				return nil, err
			}
			if len(t.Readings) > 0 {
				list = append(list, t)
			}
		}
	}
	return list, nil
}

// Table is what is released of an indicator under a definition, or under the catalogue's
// choice of each year where that is zero, whatever was released last. False where
// nothing of it is.
func (s *Service) Table(ctx context.Context, id catalogue.ID, definition int) (*Table, bool, error) {
	list, err := s.Tables(ctx, id)
	if err != nil {
		return nil, false, err
	}
	t := Choose(list, definition)
	return t, t != nil, nil
}

// Choose is the one of the tables of an indicator that follows a definition, or the
// catalogue's choice of each year where that is zero; nil where none has a figure.
func Choose(list []*Table, definition int) *Table {
	var usual *Table
	for _, t := range list {
		switch {
		case t.Part != "":
		case definition != 0 && t.Definition == definition:
			return t
		case definition == 0:
			usual = usual.with(t)
		}
	}
	if usual == nil || len(usual.Readings) == 0 {
		return nil
	}
	usual.settle()
	return usual
}

// Parts are the tables of an indicator that tell it otherwise than its own unit, under a
// definition, or under all of them where that is zero.
func Parts(list []*Table, definition int) (parts []*Table) {
	for _, t := range list {
		if t.Part != "" && (definition == 0 || definition == t.Definition) {
			parts = append(parts, t)
		}
	}
	return parts
}

// with adds the figures of a table whose year has its definition by default.
func (t *Table) with(o *Table) *Table {
	if t == nil {
		t = &Table{Indicator: o.Indicator, Rate: o.Rate, Basis: o.Basis, Zones: map[string]Zone{}, at: map[readingKey]int{}}
	}
	for _, r := range o.Readings {
		if UsualIn(o.Indicator, r.Year) == o.Definition {
			t.add(r)
		}
	}
	for code, z := range o.Zones {
		t.Zones[code] = z
	}
	return t
}

// UsualIn is the definition that the data of a year follow without a choice; 0: there is
// no such indicator.
func UsualIn(id catalogue.ID, year int) int {
	all, err := catalogue.Load()
	if err != nil {
		return 0
	}
	i, ok := all.Get(id)
	if !ok {
		return 0
	}
	return i.Default(time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC)).Number
}

// Decimals is how many decimals the figures of the table were published with.
func (t *Table) Decimals() int {
	if t.Rate {
		return rateDecimals
	}
	f, ok := compute.FormulaOf(strings.TrimSuffix(string(t.Indicator)+"."+t.Part, "."), compute.COORACE)
	if !ok {
		return 0
	}
	return Decimals(f)
}

// readingKey is what a figure of an indicator is of.
type readingKey struct {
	year                              int
	territory, kind, sex, age, public string
}

// rules are the ways to compute the table's figures of a year: under the year's own rule
// of presence first, then under the other one, where a release chose it.
func (t *Table) rules(year int) (list []compute.Formula) {
	c := Chosen{t.Indicator, t.Definition}
	if t.Part != "" {
		c.ID += "." + catalogue.ID(t.Part)
	}
	for _, with := range [][]Chosen{nil, {{presence, 1}}, {{presence, 2}}} {
		f, ok := formula(c, []int{year}, with)
		if ok && !slices.ContainsFunc(list, func(o compute.Formula) bool { return slices.Equal(o.Measures(), f.Measures()) }) {
			list = append(list, f)
		}
	}
	return list
}

// fill gathers the figures of the table from the versions, the latest first.
func (s *Service) fill(ctx context.Context, t *Table, versions []Version) error {
	measures := map[compute.Measure]bool{}
	rules := map[int][]compute.Formula{}
	for i := range versions {
		for _, year := range versions[i].Plan().Years {
			if rules[year] == nil {
				rules[year] = t.rules(year)
			}
			for _, f := range rules[year] {
				for _, m := range f.Measures() {
					measures[m] = true
				}
			}
		}
	}
	released, err := s.releasedBy(ctx, slices.Sorted(mapsKeys(measures)))
	if err != nil {
		return err
	}
	for turn := range 2 {
		for i := range versions {
			t.gather(&versions[i], released[versions[i].ID], rules, turn)
		}
	}
	t.settle()
	return nil
}

// releasedBy are the figures of some measures, by version.
func (s *Service) releasedBy(ctx context.Context, measures []compute.Measure) (map[int64][]figure, error) {
	out := map[int64][]figure{}
	if len(measures) == 0 {
		return out, nil
	}
	all, err := figuresOfAll(ctx, s.store.Read(), measures)
	for _, f := range all {
		out[f.VersionID] = append(out[f.VersionID], f)
	}
	return out, err
}

// gather adds what a version gives and no later one has, under one of the rules.
func (t *Table) gather(v *Version, all []figure, rules map[int][]compute.Formula, turn int) {
	by := map[key]figure{}
	for _, f := range all {
		by[f.key()] = f
	}
	for _, f := range all {
		if turn >= len(rules[f.Year]) {
			continue
		}
		form := rules[f.Year][turn]
		m := form.Measures()
		if f.Measure != m[len(m)-1] || !t.whole(v, form, by, f.key()) {
			continue
		}
		t.Rate = len(m) == 2 || t.Indicator == ByCriterion
		r := reading(form, by, f.key())
		if t.Indicator == ByCriterion {
			r = r.ofCriterion(by, f.key())
		}
		if t.Basis.estimated() && r.Value != nil {
			r.Low, r.High = t.Basis.around(form, by, f.key(), r)
		}
		r.Indicator, r.Definition, r.Presence, r.Version = t.Indicator, t.Definition, presenceOf(form), v
		t.add(r)
	}
	for _, z := range v.Zones() {
		t.Zones[z.Code] = z
	}
}

// whole tells whether a version has every count of a figure. A version whose plan asked
// for the figure has it, not collected where a count is not there.
func (t *Table) whole(v *Version, f compute.Formula, by map[key]figure, k key) bool {
	if t.Part == "" && slices.Contains(v.Plan().Indicators, Chosen{t.Indicator, t.Definition}) {
		return true
	}
	for _, m := range f.Measures() {
		k.Measure = m
		if _, there := by[k]; !there {
			return false
		}
	}
	return true
}

// add keeps the first figure of each key. What a later version says was not collected,
// an earlier one may still give.
func (t *Table) add(r Reading) {
	k := readingKey{r.Year, r.Territory, r.Kind, r.Sex, r.Age, r.Public}
	at, there := t.at[k]
	switch {
	case !there:
		t.at[k] = len(t.Readings)
		t.Readings = append(t.Readings, r)
	case t.Readings[at].Mark.absent() && !r.Mark.absent():
		t.Readings[at] = r
	}
}

// settle orders the readings, and keeps the zones that one of them is of.
func (t *Table) settle() {
	slices.SortStableFunc(t.Readings, func(a, b Reading) int {
		return cmp.Or(a.Year-b.Year, cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Sex, b.Sex), cmp.Compare(a.Age, b.Age), cmp.Compare(a.Public, b.Public))
	})
	t.mark()
	told := map[string]bool{}
	for _, r := range t.Readings {
		told[r.Territory] = true
	}
	for code := range t.Zones {
		if !told[code] {
			delete(t.Zones, code)
		}
	}
}

// Years lists those of the readings, in order.
func (t *Table) Years() (years []int) {
	for _, r := range t.Readings {
		years = append(years, r.Year)
	}
	return slices.Compact(years)
}

// From lists the releases that give some of the figures, the latest first.
func (t *Table) From(of func(Reading) bool) (list []*Version) {
	for _, r := range t.Readings {
		if of(r) && !slices.ContainsFunc(list, func(v *Version) bool { return v.ID == r.Version.ID }) {
			list = append(list, r.Version)
		}
	}
	slices.SortFunc(list, func(a, b *Version) int { return cmp.Compare(b.ID, a.ID) })
	return list
}

// Taken are the definitions that the figures of a year follow: of the indicator, and of
// those that it depends on.
func (t *Table) Taken(year int) map[catalogue.ID]int {
	taken := map[catalogue.ID]int{}
	for _, r := range t.Readings {
		if r.Year != year {
			continue
		}
		if r.Presence > 0 {
			taken[presence] = r.Presence
		}
		taken[t.Indicator] = r.Definition
	}
	return taken
}
