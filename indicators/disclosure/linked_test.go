package disclosure_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"maillage/indicators/disclosure"
	"maillage/internal/testkit/highs"
)

// of is a table of counts by some dimensions, whose totals are as they are given.
func of(name string, dimensions []disclosure.Dimension, cells ...disclosure.Cell) disclosure.Table {
	t := disclosure.Table{Name: name, Measure: "persons", Dimensions: dimensions, OmitTotals: true,
		Rules: disclosure.Rules{MinimumCount: 5}, Protection: disclosure.Protection{Sliding: disclosure.Margin{AtLeast: 5}}}
	for _, c := range cells {
		c.Count, c.Contributors = c.Value, disclosure.Unknown()
		t.Cells = append(t.Cells, c)
	}
	return t
}

func cell(value float64, codes ...string) disclosure.Cell {
	return disclosure.Cell{Codes: codes, Value: value}
}

// A total whose intermediate margins are in no table is a sum all the same: of its
// own table, of another, and of a table that names no total.
func TestTotalsThatNobodyPublishes(t *testing.T) {
	t.Parallel()
	dims := func(total string) []disclosure.Dimension {
		return []disclosure.Dimension{{Name: "place", Total: total}, {Name: "motive", Total: total}}
	}
	details := square(40, 25, 2, 55, 31, 18).Cells
	whole := cell(171, "all", "all")
	for name, tables := range map[string][]disclosure.Table{
		"one table":   {of("t", dims("all"), append(slices.Clone(details), whole)...)},
		"two tables":  {of("t", dims("all"), details...), of("u", dims("all"), whole)},
		"other shape": {of("t", dims(""), details...), of("u", dims("")[:1], cell(67, "north"), cell(104, "south"))},
	} {
		o := protected(t, disclosure.Task{Tables: tables, Integer: true})
		if n := o.Counts(); !o.Safe() || n.Primary != 1 || n.Secondary != 1 {
			t.Errorf("%s: safe %v, %+v", name, o.Safe(), n)
		}
		for i := range tables[0].Cells { // published with the unsafe cell alone hidden
			if tables[0].Cells[i].Value == 2 {
				tables[0].Cells[i].Given = disclosure.Primary
			}
		}
		if o := checked(t, disclosure.Task{Tables: tables, Integer: true}); o.Safe() || o.Attack.Recovered != 1 {
			t.Errorf("%s: one subtraction gives the cell, the attack says %+v", name, o.Attack)
		}
	}
}

// Rounding may hide that a total is the sum of its parts in other tables: the reader
// knows it all the same, to half a unit for each figure.
func TestRoundedLinkedTables(t *testing.T) {
	t.Parallel()
	parts := []disclosure.Dimension{{Name: "region"}, {Name: "part"}}
	sexes := []disclosure.Dimension{{Name: "region"}, {Name: "sex", Total: "all"}}
	for _, total := range []float64{102.3, 102.5} {
		a := of("a", parts, cell(40.1, "n", "a"), cell(60, "n", "b"), cell(2.3, "n", "c"))
		b := of("b", sexes, cell(50.1, "n", "f"), cell(52.2, "n", "m"), cell(total, "n", "all"))
		a.Protection = disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}}
		b.Protection = a.Protection
		o := protected(t, disclosure.Task{Tables: []disclosure.Table{a, b}})
		if n := o.Counts(); !o.Safe() || n.Secondary != 1 {
			t.Errorf("all is %v: safe %v, %+v", total, o.Safe(), n)
		}
		a.Cells[2].Given = disclosure.Primary
		got := deduced(t, checked(t, disclosure.Task{Tables: []disclosure.Table{a, b}}), "n", "c")
		if low, high := total-100.1-0.2, total-100.1+0.2; math.Abs(got[0]-low) > 1e-6 || math.Abs(got[1]-high) > 1e-6 {
			t.Errorf("all is %v: deduced %v, a reader finds [%v, %v]", total, got, low, high)
		}
	}
}

// shapes are the ways of cutting up to four dimensions in linked tables.
var shapes = [][][]int{{{0, 1}, {1, 2}, {0, 2}}, {{0, 1}, {0, 2}}, {{0}, {1}}, {{0, 1}, {1, 2}, {2, 3}, {0, 3}}, {{0, 1, 2}, {1, 2, 3}, {0, 3}}}

// population is people by up to four dimensions, and linked tables of them.
type population struct {
	dims   []disclosure.Dimension
	codes  [][]string // the leaves of each base cell
	tables []disclosure.Table
}

// populated invents one: the base cells are in no table.
func populated(seed uint64) population {
	chance := rand.New(rand.NewPCG(seed, 3))
	shape := shapes[int(seed)%len(shapes)]
	p := population{codes: [][]string{{}}}
	for d := range 1 + slices.Max(slices.Concat(shape...)) {
		dim := disclosure.Dimension{Name: fmt.Sprint("d", d), Total: "T"}
		n := 2 + chance.IntN(2)
		if n == 3 && chance.IntN(2) == 0 {
			dim.Groupings = []map[string]string{{"0": "low", "1": "low"}}
		}
		p.dims = append(p.dims, dim)
		var next [][]string
		for _, c := range p.codes {
			for i := range n {
				next = append(next, append(slices.Clone(c), fmt.Sprint(i)))
			}
		}
		p.codes = next
	}
	values := make([]float64, len(p.codes))
	for i := range values {
		values[i] = float64(chance.IntN(3) * chance.IntN(9))
	}
	for _, dims := range shape {
		p.tables = append(p.tables, p.table(dims, values))
	}
	return p
}

func (p population) table(dims []int, values []float64) disclosure.Table {
	t := disclosure.Table{Name: fmt.Sprint(dims), Measure: "persons", Rules: disclosure.Rules{MinimumCount: 5},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 2}, Sliding: disclosure.Margin{AtLeast: 5}}}
	sums, order := map[string]disclosure.Cell{}, []string{}
	for i, codes := range p.codes {
		var in []string
		for _, d := range dims {
			in = append(in, codes[d])
		}
		c, there := sums[fmt.Sprint(in)]
		if !there {
			order = append(order, fmt.Sprint(in))
		}
		c.Codes, c.Value, c.Contributors = in, c.Value+values[i], disclosure.Unknown()
		c.Count = c.Value
		sums[fmt.Sprint(in)] = c
	}
	for _, d := range dims {
		t.Dimensions = append(t.Dimensions, p.dims[d])
	}
	for _, key := range order {
		t.Cells = append(t.Cells, sums[key])
	}
	return t
}

// members are the base cells that a figure is the sum of.
func (p population) members(r disclosure.Result) []highs.Term {
	var all []highs.Term
	for i, codes := range p.codes {
		in := true
		for d, dim := range r.Dimensions {
			own := codes[slices.IndexFunc(p.dims, func(o disclosure.Dimension) bool { return o.Name == dim.Name })]
			above := ""
			if len(dim.Groupings) > 0 {
				above = dim.Groupings[0][own]
			}
			in = in && slices.Contains([]string{own, above, "T"}, r.Codes[d])
		}
		if in {
			all = append(all, highs.Term{Column: i, Value: 1})
		}
	}
	return all
}

// reader asks HiGHS, from the published figures and the base cells alone, the least
// and the greatest value of each unsafe figure.
func (p population) reader(o *disclosure.Outcome) (models []highs.Model, of []disclosure.Result) {
	var base highs.Model
	for range p.codes {
		base.Lower, base.Upper = append(base.Lower, 0), append(base.Upper, math.Inf(1))
	}
	for _, r := range o.Results() {
		if r.Status == disclosure.Published {
			base.Rows = append(base.Rows, highs.Row{Terms: p.members(r), RHS: r.Value})
		}
	}
	for _, r := range o.Results() {
		if r.Interval == nil {
			continue
		}
		for _, up := range []bool{false, true} {
			m := base
			m.Cost, m.Maximize = p.members(r), up
			models = append(models, m)
		}
		of = append(of, r)
	}
	return models, of
}

// The attack on linked tables finds what a reader finds who knows that people exist
// by all the dimensions at once, though no table says it.
func TestLinkedTablesAgainstAReaderOfBaseCells(t *testing.T) {
	t.Parallel()
	var models []highs.Model
	var results []disclosure.Result
	for seed := range uint64(60) {
		p := populated(seed)
		m, r := p.reader(protected(t, disclosure.Task{Tables: p.tables}))
		models, results = append(models, m...), append(results, r...)
	}
	answers := highs.Solve(t, models)
	for i, r := range results {
		for side, ours := range []float64{r.Interval.Low, r.Interval.High} {
			theirs := answers[2*i+side]
			if theirs.Status == "Optimal" && math.Abs(theirs.Value-ours) > 1e-6 || theirs.Status != "Optimal" && !math.IsInf(ours, 0) {
				t.Errorf("%s %v is %v: side %d is %v, the reader finds %+v", r.Table, r.Codes, r.Value, side, ours, theirs)
			}
		}
	}
	t.Logf("%d unsafe figures", len(results))
}

// What the attack reasons on is said; too many base cells leave the totals.
func TestTheModelIsSaid(t *testing.T) {
	t.Parallel()
	triangle := func(n int) (tables []disclosure.Table) {
		dims := []disclosure.Dimension{{Name: "a", Total: "T"}, {Name: "b", Total: "T"}, {Name: "c", Total: "T"}}
		for _, of := range [][]int{{0, 1}, {1, 2}, {0, 2}} {
			table := disclosure.Table{Name: fmt.Sprint(of), Measure: "persons", Dimensions: []disclosure.Dimension{dims[of[0]], dims[of[1]]}}
			leaves([]int{n, n}, func(codes []string) {
				table.Cells = append(table.Cells, disclosure.Cell{Codes: codes, Value: float64(n)})
			})
			tables = append(tables, table)
		}
		return tables
	}
	for want, tables := range map[disclosure.Model][]disclosure.Table{
		disclosure.OwnCells: {square(2, 20, 30, 40, 50, 60)}, disclosure.BaseCells: triangle(3), disclosure.ImpliedTotals: triangle(32),
	} {
		s, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: tables})
		if err != nil || s.Model != want {
			t.Errorf("%v, %v, expected %v", s.Model, err, want)
		}
	}
}
