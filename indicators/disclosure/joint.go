package disclosure

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
)

// located is a table and the variable of each of its cells.
type located struct {
	*grid
	places []int
}

// join adds the relations that no table holds alone: a total of one is the sum of
// the details of another, whatever their breakdowns.
func (s *System) join(ctx context.Context, tables []located) error {
	byMeasure := map[string][]located{}
	var measures []string
	for _, t := range tables {
		if byMeasure[t.Measure] == nil {
			measures = append(measures, t.Measure)
		}
		byMeasure[t.Measure] = append(byMeasure[t.Measure], t)
	}
	for _, m := range measures {
		if of := byMeasure[m]; len(of) == 1 && !of[0].OmitTotals && len(of[0].crosses) == 1 {
			continue // one whole table with its totals: they tell everything
		}
		if err := cmp.Or(ctx.Err(), s.across(byMeasure[m])); err != nil {
			return err
		}
	}
	return nil
}

// joint is several tables of one measure read as one: a dimension that a table
// does not have is at its total there.
type joint struct {
	*grid
	system    *System
	tables    []located
	variables []int // of each cell
	unit      float64
}

// across reads tables as one, with the cells that nobody publishes and everybody
// knows to exist, and adds what they sum to.
func (s *System) across(tables []located) error {
	j, err := s.joined(tables)
	if err != nil {
		return err
	}
	j.enlarge()
	sums := j.sums()
	rough := slices.ContainsFunc(sums, j.rough)
	for _, sum := range sums {
		j.relate(sum, rough)
	}
	return nil
}

func (s *System) joined(tables []located) (*joint, error) {
	whole := Table{Name: tables[0].Name, Measure: tables[0].Measure, OmitTotals: true, Tolerance: tables[0].Tolerance}
	whole.Dimensions = allDimensions(tables)
	j := &joint{system: s, tables: tables}
	seen := map[int]bool{}
	for _, t := range tables {
		whole.Negative, whole.Whole = whole.Negative || t.Negative, whole.Whole || t.Whole
		j.unit = max(j.unit, t.unit(s.Integer || t.Whole))
		for i, c := range t.Cells {
			if at := t.places[i]; !seen[at] {
				seen[at] = true
				j.variables = append(j.variables, at)
				whole.Cells = append(whole.Cells, Cell{Codes: t.spelled(c, whole.Dimensions), Value: s.Variables[at].Value, Line: c.Line})
			}
		}
	}
	var err error
	j.grid, err = newGrid(whole)
	return j, err
}

// theWhole is the code of the whole in a dimension that says none, where a table
// that does not have the dimension is at it.
const theWhole = "\x1e"

// allDimensions gives every dimension of the tables once, with all its groupings.
func allDimensions(tables []located) []Dimension {
	var all []Dimension
	for _, t := range tables {
		for _, d := range t.Dimensions {
			at := slices.IndexFunc(all, func(o Dimension) bool { return o.Name == d.Name })
			if at < 0 {
				at = len(all)
				all = append(all, Dimension{Name: d.Name})
			}
			all[at].Total = cmp.Or(all[at].Total, d.Total)
			for _, parents := range d.Groupings {
				all[at].add(parents, d.Total)
			}
		}
	}
	for i := range all {
		if all[i].Total == "" && slices.ContainsFunc(tables, func(t located) bool { return !t.has(all[i].Name) }) {
			all[i].Total = theWhole
		}
	}
	return all
}

// add takes a grouping that it does not have. What is under the total has no parent.
func (d *Dimension) add(parents map[string]string, total string) {
	own := maps.Clone(parents)
	maps.DeleteFunc(own, func(_, up string) bool { return up == total })
	if !slices.ContainsFunc(d.Groupings, func(o map[string]string) bool { return maps.Equal(o, own) }) {
		d.Groupings = append(d.Groupings, own)
	}
}

func (t located) has(dimension string) bool {
	return slices.ContainsFunc(t.Dimensions, func(d Dimension) bool { return d.Name == dimension })
}

// spelled gives the codes of a cell in other dimensions, with their labels of the total.
func (t located) spelled(c Cell, dimensions []Dimension) []string {
	codes := make([]string, len(dimensions))
	for i, d := range dimensions {
		codes[i] = d.Total
		at := slices.IndexFunc(t.Dimensions, func(o Dimension) bool { return o.Name == d.Name })
		if at >= 0 && c.Codes[at] != t.Dimensions[at].Total {
			codes[i] = c.Codes[at]
		}
	}
	return codes
}

// finest is how many decimals a figure may be told with and still count as rounded.
const finest = 6

// unit is that of the last decimal of the table's figures: what they may be rounded
// to. Whole numbers that a reader knows to be whole are not rounded.
func (g *grid) unit(integer bool) float64 {
	if integer {
		return 0
	}
	unit := 1.0
	for range finest + 1 {
		if !slices.ContainsFunc(g.Cells, func(c Cell) bool { return known(c.Value) && !multiple(c.Value, unit) }) {
			return unit
		}
		unit /= 10
	}
	return 0
}

func multiple(x, unit float64) bool {
	n := x / unit
	return math.Abs(n-math.Round(n)) <= 1e-9*max(1, math.Abs(n))
}

// off is by how much a total is more than its parts, and how much of it the
// arithmetic and the rounding of every figure explain.
func (j *joint) off(s sum) (rest, exact, rounding float64) {
	rest = j.Cells[s.parent].Value
	exact = cmp.Or(j.Tolerance, defaultTolerance) * max(1, math.Abs(rest))
	for _, part := range s.parts {
		rest -= j.Cells[part].Value
	}
	return rest, exact, max(exact, 0.5*j.unit*float64(len(s.parts)+1)*(1+1e-9))
}

// rough reports whether a sum shows that figures are rounded.
func (j *joint) rough(s sum) bool {
	rest, exact, rounding := j.off(s)
	return !s.open && math.Abs(rest) > exact && math.Abs(rest) <= rounding
}

// relate adds a sum, as far as a reader can hold it. Rounded figures are off by half
// a unit each. Where the parts make much less than the total, the tables do not have
// them all: a reader still knows that they are not more. Where they make much more
// the tables contradict each other: the reader is believed to know by how much.
func (j *joint) relate(s sum, rough bool) {
	r := Relation{Terms: s.terms(j.variables)}
	rest, exact, rounding := j.off(s)
	switch {
	case s.open && j.Negative:
		return // what is not told may be anything
	case s.open || rest > rounding:
		r.AtLeast = true
	case rest < -rounding:
		c := j.Cells[s.parent]
		j.system.Warnings = append(j.system.Warnings, issue(j.Name, c.Line, "%s vaut %v, moins que ses parties dans les autres tables", "%s is %v, less than its parts in the other tables", Label(c.Codes), c.Value))
	case math.Abs(rest) > exact, math.IsNaN(rest) && rough:
		r.Slack = rounding
	}
	j.system.Relations = append(j.system.Relations, r)
}
