package funder

import (
	"maps"
	"slices"
	"strings"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
)

// tables are the linked tables of one report. What was not collected has none.
type tables struct {
	own     *figures.Own
	least   int // under which the parts of the tables that are added are hidden
	all     []disclosure.Table
	measure map[string]string // by name of table
}

// dear is the order of preference of what is kept, by what a funder reads first:
// hiding one costs so many times what hiding a detail of the same size does. The
// report is read under the definition of the house before the State's: where only
// one of the two durable totals can be shown, it is that one.
var dear = map[string]float64{whole: 500, "durable": 100, "dynamic": 80, "durable" + ofDares: 60, "positive": 8, "transition": 8, "transition" + ofDares: 6, "other": 8}

// add makes a table of one dimension from the counts of its codes, the whole among them.
func (t *tables) add(name, measure string, counts map[string]float64, trees ...map[string]string) {
	if t.measure == nil {
		t.measure = map[string]string{}
	}
	t.measure[name] = measure
	table := disclosure.Table{Name: name, Measure: measure, Dimensions: []disclosure.Dimension{{Name: name, Total: whole, Groupings: trees}},
		Rules:      disclosure.Rules{MinimumCount: least},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: float64(t.least) - 1}, Upper: disclosure.Margin{AtLeast: 2}, Sliding: disclosure.Margin{AtLeast: 2}}}
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		c := disclosure.Cell{Codes: []string{code}, Value: counts[code], Count: counts[code], Contributors: disclosure.Unknown()}
		if c.Count < t.leastOf(measure, code) && (code != nodeAt6 || c.Count > 0) { // zero too: see protect
			c.Given = disclosure.Primary
		}
		c.Cost = c.Value * dear[code]
		table.Cells = append(table.Cells, c)
	}
	t.all = append(t.all, table)
}

// leastOf is what a number of people is held against; a total is everybody's.
func (t *tables) leastOf(measure, code string) float64 {
	if code == whole && (measure == cellWorkers || measure == cellEntrants) {
		return least
	}
	return float64(t.least)
}

// shared is a total shared out between the values of a dimension.
func (t *tables) shared(name, measure string, m compute.Measure, codes map[string]compute.Cross) {
	total, known := t.count(m, compute.Total)
	if !known {
		return
	}
	counts := map[string]float64{whole: total}
	for code, c := range codes {
		if n, known := t.count(m, c); known && (n > 0 || !strings.HasSuffix(code, " unsaid")) { // everybody said: the line is not there
			counts[code] = n
		}
	}
	t.add(name, measure, counts)
}

// beside is a part of a total and its complement, which a subtraction gives.
func (t *tables) beside(code, measure string, of compute.Measure, part compute.Figure) {
	total, known := t.count(of, compute.Total)
	if part.Outcome != compute.Value {
		return
	}
	n, _ := part.Exact.Float64()
	if !known || n > total { // of two sections that do not cover the same persons: there is no complement
		t.add(code, cellOf(measure, code), map[string]float64{whole: n})
		return
	}
	t.add(code, measure, map[string]float64{whole: total, code: n, "not " + code: total - n})
}

// criterion is who met one at entry, who did not, and of whom nobody said.
func (t *tables) criterion(p compute.Public) {
	unsaid, some := t.count(compute.Entrants, compute.CrossOf(0, 0, p.Unsaid()))
	met, said := t.count(compute.Entrants, compute.CrossOf(0, 0, p))
	if !some || unsaid == 0 {
		t.beside(p.String(), cellEntrants, compute.Entrants, t.own.Amount(compute.Entrants, compute.CrossOf(0, 0, p)))
		return
	}
	total, _ := t.count(compute.Entrants, compute.Total)
	counts := map[string]float64{whole: total, unsaidOf(p): unsaid}
	if said {
		counts[p.String()], counts["not "+p.String()] = met, total-met-unsaid
	}
	t.add(p.String(), cellEntrants, counts)
}

// unsaidOf is the code of who nobody said whether they meet a criterion.
func unsaidOf(p compute.Public) string {
	if p == compute.QPV {
		return "unsaid QPV"
	}
	return "unsaid criteria"
}

// alone is a number that no sum holds.
func (t *tables) alone(m compute.Measure) {
	if n, known := t.count(m, compute.Total); known {
		t.add(string(m), string(m), map[string]float64{whole: n})
	}
}

func (t *tables) count(m compute.Measure, c compute.Cross) (float64, bool) {
	f := t.own.Amount(m, c)
	if f.Outcome != compute.Value {
		return 0, false
	}
	n, _ := f.Exact.Float64()
	return n, true
}

// exits is the table of the exits under both definitions at once.
func (t *tables) exits() {
	y := t.own.InYear()
	observed := compute.ExitsObservedIn(y)
	if !observed.Known {
		return
	}
	counts := map[string]float64{}
	counts[whole], _ = observed.Exact.Float64()
	for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
		for _, row := range compute.EveryExitRow() {
			if n := compute.ExitCount(y, row.ID, d); n.Known && (row.ID != lengthUnsaid || n.Exact.Sign() > 0) {
				counts[nodeOf(row.ID, d)], _ = n.Exact.Float64()
			}
		}
	}
	counts[nodeAt6] = counts[nodeFrom6] - counts[nodeOver6]
	t.add("exits", cellExits, counts, exitTrees()...)
}
