package publication

import (
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/release"
)

// The median of R1.1 is told by the numbers of workers in each band of hours, and by
// nothing more: it is the band of the one in the middle. Each band is protected for itself;
// a reader knows that together they are the workers, that they open quarters of pension,
// and how few or many hours they are paid.

// byBand is the indicator that is told by bands too.
const byBand catalogue.ID = "R1.1"

// banded tells the count of a band.
func banded(m compute.Measure) bool { _, is := compute.HourBand(m); return is }

func bandMeasures() (list []compute.Measure) {
	for _, b := range compute.HourBands() {
		list = append(list, b.Measure)
	}
	return list
}

// widerBands are the plan with its bands told of a wider territory: of France with the
// breakdown by kind that it asks for, of France alone, nowhere.
func (p Plan) widerBands() (list []Plan) {
	add := func(bands Plan) {
		p.bands = &bands
		list = append(list, p)
	}
	france := Plan{Indicators: p.Indicators, Level: Federation, Kinds: p.Kinds, Years: p.Years}
	if p.Kinds && p.Level != Federation {
		add(france)
	}
	if france.Kinds = false; p.Level != Federation || p.Kinds || len(p.cuts()) > 0 {
		add(france)
	}
	add(Plan{})
	return list
}

// tellsAll tells whether a verdict lets out all that another one of the same plan does,
// wherever it is: a choice of territories changes nothing of what may be told.
func (v *verdict) tellsAll(other *verdict) bool {
	for k := range other.shown {
		if !v.shown[k] {
			return false
		}
	}
	return true
}

// tellsBands tells whether a verdict lets out any number of a band.
func (v *verdict) tellsBands() bool {
	for k := range v.shown {
		if banded(k.Measure) {
			return true
		}
	}
	return false
}

// bandTable is the bands of hours where they are told of less than the rest of the plan:
// none where nothing is told of them, or where that is not among the chosen territories.
func (s *Service) bandTable(t release.Table, p Plan, v *verdict, c Chosen, i *catalogue.Indicator, years []int) []release.Table {
	if c.ID != byBand || v.bands == nil || !v.tellsBands() {
		return nil
	}
	p.Kinds, p.Sex, p.Age, p.Public = v.bands.Kinds, false, false, false
	sh := &sheet{Table: t, plan: p, verdict: v, formula: compute.PartsOf(string(c.ID))[0], years: years, of: compute.BrokenBy(string(c.ID))}
	keys := sh.keys()
	if len(keys) == 0 {
		return nil
	}
	sh.Name += "-bands"
	sh.Title = say(t.Title.FR+" : tranches d’heures, France entière", t.Title.EN+": bands of hours, all of France")
	sh.coverage = s.coverage(v, Plan{Years: years})
	sh.formula, sh.parts = compute.Formula{}, bandMeasures()
	like := release.Field{Indicator: string(c.ID), Edition: fmt.Sprintf("v%d", c.Version), Label: i.Label, Coverage: sh.coverage, Rule: ruleWords(i.Publication)}
	sh.Fields = s.dimensions(sh, keys)
	for _, m := range sh.parts {
		sh.Fields = append(sh.Fields, partField(m, like))
	}
	for _, k := range keys {
		sh.Rows = append(sh.Rows, sh.row(k))
	}
	return []release.Table{sh.Table}
}

// sumOfBands is the sum of something of the bands, each so many times; other is added so many times.
func sumOfBands(year int, times func(compute.Band) int64, other compute.Measure, factor float64) map[string]float64 {
	f := map[string]float64{fmt.Sprintf("%s@%d", other, year): factor}
	for _, b := range compute.HourBands() {
		if n := times(b); n != 0 {
			f[fmt.Sprintf("%s@%d", b.Measure, year)] = -factor * float64(n)
		}
	}
	return f
}

// bandLimits are what everybody knows of the bands beside the workers, and beside the
// quarters of pension that their hours open.
func bandLimits(year int) []disclosure.Limit {
	opened := func(hours int64) int64 { return min(compute.MostQuarters, hours/compute.QuarterHours(year)) }
	least := func(b compute.Band) int64 { return opened(b.From) }
	most := func(b compute.Band) int64 {
		if b.Below == 0 {
			return compute.MostQuarters
		}
		return opened(b.Below - 1)
	}
	return []disclosure.Limit{
		{Equal: true, Factors: sumOfBands(year, func(compute.Band) int64 { return 1 }, compute.Workers, 1)},
		{Factors: sumOfBands(year, least, compute.Quarters, 1)},
		{Factors: sumOfBands(year, most, compute.Quarters, -1)},
	}
}

// mostHours are those of a whole year at the legal 35 hours a week: where no figure
// contradicts it, readers suppose that nobody is paid more.
const mostHours = 1820

// bandHours are what the hours paid tell of the bands: each person has at least the least
// of their band, and at most the most.
func bandHours(hours *linked, systems []*linked) []disclosure.Limit {
	year := hours.year
	most := func(b compute.Band) int64 {
		if b.Below == 0 {
			return mostHours
		}
		return b.Below
	}
	least := func(b compute.Band) int64 { return b.From }
	list := []disclosure.Limit{{Factors: sumOfBands(year, least, compute.PaidHours, 1)}}
	if hours.holdMore(systems, most) {
		return list
	}
	return append(list, disclosure.Limit{Factors: sumOfBands(year, most, compute.PaidHours, -1)})
}

// holdMore tells hours that are more, somewhere, than the persons of each band can have.
func (l *linked) holdMore(systems []*linked, most func(compute.Band) int64) bool {
	for k, paid := range l.exact {
		var bound float64
		for _, b := range compute.HourBands() {
			at := k
			at.Measure = b.Measure
			i := slices.IndexFunc(systems, func(o *linked) bool { return o.exact[at] != nil })
			if i >= 0 {
				bound += inFloat(systems[i].exact[at]) * float64(most(b))
			}
		}
		if inFloat(paid) > bound {
			return true
		}
	}
	return false
}

// ofAll tells a figure of whose persons, that everybody has the number of, nobody or everybody
// would tell of each: a band of hours of the workers, a criterion of those who began.
func (l *linked) ofAll(p person) bool {
	return banded(l.whole) || l.whole == compute.Entrants && p.public != total && !strings.HasPrefix(p.public, unsaidPublic)
}

// among is how many these persons are.
func (l *linked) among(b *book, s scope, p personCell) int64 {
	of, plus, minus := compute.Workers, p.plus, p.minus
	if !banded(l.whole) {
		of, plus, minus = l.whole, p.margin[:1], p.margin[1:]
	}
	n := b.tally(s, quantity{plus: []compute.Measure{of}}, plus, minus)
	all, _ := n.sum()
	return all
}

// bound is what a figure that tells the same of each of its persons cannot pass, as a
// reader of their number knows; false of any other figure.
func (l *linked) bound(b *book, s scope, q quantity, p personCell, n *tally, amount int64) (most int64, is bool) {
	switch m := q.plus[0]; {
	case n.alike(m, amount):
		return mostEach(m) * n.persons, true
	case l.ofAll(p.person):
		all := l.among(b, s, p)
		return all, all > 0 && (amount == 0 || amount == all)
	}
	return 0, false
}
