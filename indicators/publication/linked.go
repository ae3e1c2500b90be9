package publication

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
)

// key names one figure for ever: what is counted, of which year, where and of whom.
// Territories carry their vintage beside it, in the ledger.
type key struct {
	Measure   compute.Measure
	Year      int
	Territory string
	Kind      string
	Sex       string
	Age       string
	Public    string
}

// want is which measures of one year must be in one system, by what, and by which rules.
type want struct {
	measures []compute.Measure
	layers   []layer
	level    Level
	kinds    bool
	rule     catalogue.Publication
	top      []compute.Measure // asked of the whole federation alone
	zonings  []int64           // by the version that has them; 0: the plan's own
}

// and is what two readers together may ask of a family.
func (w want) and(o want) want {
	return want{append(slices.Clone(w.measures), o.measures...), append(slices.Clone(w.layers), o.layers...), finest(w.level, o.level), w.kinds || o.kinds, strictest(w.rule, o.rule), append(slices.Clone(w.top), o.top...), append(slices.Clone(w.zonings), o.zonings...)}
}

// linked is one family in one year as tables of disclosure control, and where each
// measure is in them.
type linked struct {
	cut
	book    *book
	year    int
	least   float64 // fewest persons in a cell of a sensitive criterion
	tables  []disclosure.Table
	cuts    []cut      // of each table
	from    [][]origin // of each cell of each table
	unit    func(compute.Measure, int64) *big.Rat
	revised *revised         // what later versions may not tell of earlier ones; nil: there are none
	told    map[key]bool     // by versions made from these very counts
	before  []earlier        // as it was when something was released and the counts were others
	exact   map[key]*big.Rat // of every cell of a measure that is known, in its unit
	unsaid  map[key]bool     // of those, the zeros of what nobody said the sex, the age or the criterion of
	at      map[key]place
	also    map[key]map[int]int // the other tables that have the same figure → its cell
	frame   map[scope][2]int    // enterprises asked, and who replied
	covered map[key][3]int      // the same, of each figure of everybody, and of whom it is awaited
}

// place is a cell of the tables.
type place struct{ table, cell int }

// origin is what a cell counts.
type origin struct {
	scope
	personCell
	code string
}

// measureName is the same for every table of a family in a year.
func (l *linked) measureName() string { return fmt.Sprintf("%s@%d", l.name, l.year) }

// link makes the tables of a family in a year.
func link(b *book, f family, w want, unit func(compute.Measure, int64) *big.Rat) *linked {
	w = w.whole(f)
	l := &linked{cut: f.cutBy(w.measures, w.top), book: b, year: b.year, unit: unit, exact: map[key]*big.Rat{}, unsaid: map[key]bool{}, at: map[key]place{}, also: map[key]map[int]int{}, frame: map[scope][2]int{}, covered: map[key][3]int{}}
	w.rule = l.floor(w.rule)
	l.least = float64(w.rule.Sensitive)
	for _, lay := range covering(w.layers) {
		lay.unsaid = b.lacksCriterion(lay.public, l.whole)
		l.table(b, lay, w, unit)
	}
	if len(w.top) > 0 {
		l.detail(f, w, unit)
	}
	return l
}

// detail adds the details of the whole federation, which are no details of each region.
// What the other tables have of it is the same figure.
func (l *linked) detail(f family, w want, unit func(compute.Measure, int64) *big.Rat) {
	main := l.cut
	l.cut = f.cutBy(slices.Concat(w.top, w.measures), nil)
	l.table(&book{year: l.book.year, by: l.book.by, level: Federation, top: true}, layer{}, want{rule: w.rule}, unit)
	if len(w.measures) == 0 {
		return
	}
	l.cut = main
	t := &l.tables[len(l.tables)-1]
	t.Measure += "/detail"
	for i := range t.Cells {
		if code := t.Cells[i].Codes[len(t.Dimensions)-1]; slices.Contains(main.codes, code) && t.Cells[i].Measure == "" {
			t.Cells[i].Measure = l.measureName()
		}
	}
}

func (l *linked) table(b *book, lay layer, w want, unit func(compute.Measure, int64) *big.Rat) {
	t := disclosure.Table{Name: strings.Trim(fmt.Sprintf("%s-%d-%d", l.name, l.year, len(l.tables)+1), "-"), Measure: l.measureName(), OmitTotals: true,
		Rules: l.rulesOf(w.rule), Protection: protectionOf(l.whole), Whole: l.whole.Whole()}
	l.from = append(l.from, nil)
	codes, above := b.territories()
	t.Dimensions = l.dimensions(lay, above)
	kinds := []string{total}
	if w.kinds {
		kinds = append(kinds, b.kinds(l.whole)...)
	}
	for _, territory := range codes {
		for _, kind := range kinds {
			s := scope{territory, kind}
			if len(b.by[s]) == 0 {
				continue
			}
			for _, p := range lay.cells() {
				for _, code := range l.codes {
					l.cell(&t, b, s, p, code, lay, unit)
				}
			}
		}
	}
	l.tables, l.cuts = append(l.tables, t), append(l.cuts, l.cut)
}

// dimensions are territory, kind, those of the layer, then which part of the family.
func (l *linked) dimensions(lay layer, above []map[string]string) []disclosure.Dimension {
	dims := []disclosure.Dimension{{Name: "territory", Total: whole}, {Name: "kind", Total: total}}
	dims[0].Groupings = above
	if lay.sex {
		dims = append(dims, disclosure.Dimension{Name: "sex", Total: total})
	}
	if lay.age {
		dims = append(dims, disclosure.Dimension{Name: "age", Total: total})
	}
	if lay.public != compute.AnyPublic {
		dims = append(dims, lay.criterion())
	}
	return append(dims, disclosure.Dimension{Name: "part", Total: total, Groupings: l.folds})
}

func (lay layer) codes(s scope, p person, code string) []string {
	list := []string{s.territory, s.kind}
	if lay.sex {
		list = append(list, p.sex)
	}
	if lay.age {
		list = append(list, p.age)
	}
	if lay.public != compute.AnyPublic {
		list = append(list, p.public)
	}
	return append(list, code)
}

// cell adds one cell, and remembers where it is when it is of a measure.
func (l *linked) cell(t *disclosure.Table, b *book, s scope, p personCell, code string, lay layer, unit func(compute.Measure, int64) *big.Rat) {
	q := l.quantity(code)
	n := b.tally(s, q, p.plus, p.minus)
	amount, parts := n.sum()
	c := disclosure.Cell{Codes: lay.codes(s, p.person, code), Contributors: float64(len(parts)), Count: float64(n.persons)}
	value := unit(q.plus[0], amount)
	c.Value, _ = value.Float64()
	for _, part := range parts[:min(2, len(parts))] {
		top, _ := unit(q.plus[0], part).Float64()
		c.Top = append(c.Top, top)
	}
	if l.borrows() {
		c.Count = c.Value // of an answer, the persons are the number
		if code == total {
			c.Measure = fmt.Sprintf("%s@%d", compute.Workers, l.year)
		}
	}
	if shared(q.plus[0]) {
		c.Contributors = float64(n.groupsPresent())
	}
	if !l.borrows() {
		c.Count = l.persons(&n, c.Value)
	}
	switch {
	case n.missing:
		c = disclosure.Cell{Codes: c.Codes, Measure: c.Measure, Value: disclosure.Unknown(), Count: disclosure.Unknown(), Contributors: disclosure.Unknown(), Given: disclosure.NotCollected}
	case n.alike(q.plus[0], amount), q.plus[0] == rightsOpened && amount == 0 && n.replied > 0, sensitive(p.public) && c.Count > 0 && c.Count < l.least, strings.HasPrefix(s.territory, unplaced) && amount != 0:
		c.Given = disclosure.Primary
	}
	if all, is := l.bound(b, s, q, p, &n, amount); is && !n.missing {
		c.Given = disclosure.Primary
		if most := float64(all); most >= t.Protection.Sliding.AtLeast { // a smaller number is hidden itself
			c.Ceiling = most
		}
	}
	if m := l.measureOf(code); m != "" {
		k := key{m, l.year, s.territory, s.kind, p.sex, p.age, p.public}
		l.remember(k, place{len(l.tables), len(t.Cells)})
		if !n.missing {
			l.exact[k] = value
			l.unsaid[k] = amount == 0 && b.nobodySaid(s, q, p.cross)
		}
		if p.person == everybody {
			l.covered[k] = [3]int{n.frame, n.replied, n.awaited}
			if m == l.whole {
				l.frame[s] = [2]int{n.frame, n.replied}
			}
		}
	}
	if !l.read(code, p.person, s) {
		c.Cost = free
	}
	t.Cells = append(t.Cells, c)
	l.from[len(l.tables)] = append(l.from[len(l.tables)], origin{s, p, code})
}

func (l *linked) remember(k key, at place) {
	if _, there := l.at[k]; !there {
		l.at[k] = at
		return
	}
	if l.also[k] == nil {
		l.also[k] = map[int]int{}
	}
	l.also[k][at.table] = at.cell
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Sex, b.Sex), cmp.Compare(a.Age, b.Age), cmp.Compare(a.Public, b.Public))
}

// free is the cost of hiding what is never published.
const free = 1e-3

// read tells whether a cell is of those that may be published.
func (l *linked) read(code string, p person, s scope) bool {
	return l.measureOf(code) != "" && !strings.HasPrefix(p.public, outPublic) && !strings.HasPrefix(s.territory, unplaced) && !strings.HasPrefix(s.territory, atomPrefix)
}

// measureOf is the measure of a code; empty for what is only there to be protected.
func (l *linked) measureOf(code string) compute.Measure {
	if code == total {
		return l.whole
	}
	if l.named[code] {
		return compute.Measure(code)
	}
	return ""
}

// mostPrecise is, in percent, how closely the second contributor to an amount may find the
// largest one, by taking its own off the total; as closely as any reader may.
const mostPrecise = 10

// rulesOf are the rules of a publication rule of the catalogue. Group disclosure is
// asked of every part of a whole: nobody, or everybody, tells of each of them.
func (l *linked) rulesOf(p catalogue.Publication) disclosure.Rules {
	r := disclosure.Rules{MinimumCount: float64(max(p.Persons, p.Respondents)), MinimumContributors: float64(p.Contributors)}
	if p.Dominance > 0 {
		r.Dominance = []disclosure.Dominance{{N: 1, Percent: float64(p.Dominance)}}
	}
	if p.Dominance > 0 && !l.whole.Whole() {
		r.PPercent = mostPrecise
	}
	if p.Persons > 0 && len(l.parts()) > 0 {
		r.Group = &disclosure.Group{Dimension: "part", Codes: l.parts(), All: true, None: true}
	}
	return r
}

// parts are the measures that share out the whole by what an indicator says became of
// somebody: that both rules of presence observe an exit, or that nobody left to one of
// the many lines of a report, tells nothing of anybody.
func (l *linked) parts() (list []string) {
	for _, code := range l.codes {
		if l.named[code] && code != total && outcome(compute.Measure(code)) {
			list = append(list, code)
		}
	}
	return list
}

// outcome tells the parts that some indicator is the share of.
func outcome(m compute.Measure) bool {
	m = compute.Measure(strings.TrimSuffix(string(m), olderRule))
	return slices.ContainsFunc(compute.Formulas(), func(f compute.Formula) bool {
		return len(f.Base) == 1 && f.Numerator[0].Measure == m
	})
}

// protectionOf is what must remain uncertain: one person each way and five in all of
// a count; a tenth each way of an amount.
func protectionOf(m compute.Measure) disclosure.Protection {
	if m.Whole() {
		one := float64(mostEach(m))
		return disclosure.Protection{Lower: disclosure.Margin{AtLeast: one}, Upper: disclosure.Margin{AtLeast: one}, Sliding: disclosure.Margin{AtLeast: 5 * one}}
	}
	return disclosure.Protection{Lower: disclosure.Margin{Percent: mostPrecise}, Upper: disclosure.Margin{Percent: mostPrecise}, Sliding: disclosure.Margin{Percent: 2 * mostPrecise}}
}

// strictest is a rule that is at least as strict as each of two.
func strictest(a, b catalogue.Publication) catalogue.Publication {
	least := func(x, y int) int {
		if x == 0 || y == 0 {
			return max(x, y)
		}
		return min(x, y)
	}
	return catalogue.Publication{Persons: max(a.Persons, b.Persons), Sensitive: max(a.Sensitive, b.Sensitive), Contributors: max(a.Contributors, b.Contributors),
		Dominance: least(a.Dominance, b.Dominance), Respondents: max(a.Respondents, b.Respondents)}
}

// wants gathers what a plan asks of one year, by family.
func (p Plan) wants(year int, all *catalogue.Catalogue) map[compute.Measure]want {
	out := map[compute.Measure]want{}
	if p.Report {
		for _, m := range reportMeasures(year) {
			out[familyOf(m).name] = out[familyOf(m).name].and(p.wantOf(m, ruleOf(m)))
		}
	}
	for _, c := range p.Indicators {
		i, _ := all.Get(c.ID)
		f, _ := formula(c, []int{year}, p.Indicators)
		for _, m := range measuresOf(c, f) {
			of := p
			if p.bands != nil && banded(m) {
				of = *p.bands
			}
			if name := familyOf(m).name; len(of.Indicators) > 0 {
				out[name] = out[name].and(of.wantOf(m, i.Publication))
			}
		}
	}
	return out
}

// wantOf is one measure of a plan; what it asks of the whole federation alone stands apart.
func (p Plan) wantOf(m compute.Measure, rule catalogue.Publication) want {
	if p.Level == Federation && !p.Kinds && !p.Sex && !p.Age && !p.Public {
		return want{level: Federation, rule: rule, top: []compute.Measure{m}}
	}
	if p.Level == Zones {
		return want{measures: []compute.Measure{m}, layers: p.layers(), level: Federation, kinds: p.Kinds, rule: rule, zonings: []int64{0}}
	}
	return want{measures: []compute.Measure{m}, layers: p.layers(), level: p.Level, kinds: p.Kinds, rule: rule}
}

// finest is the finer of two levels.
func finest(a, b Level) Level {
	order := []Level{Federation, Region, Departement}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}
