package disclosure

import (
	"cmp"
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
func (s *System) join(tables []located) error {
	byMeasure := map[string][]located{}
	var measures []string
	for _, t := range tables {
		if byMeasure[t.Measure] == nil {
			measures = append(measures, t.Measure)
		}
		byMeasure[t.Measure] = append(byMeasure[t.Measure], t)
	}
	for _, m := range measures {
		if len(byMeasure[m]) < 2 {
			continue
		}
		if err := s.across(byMeasure[m]); err != nil {
			return err
		}
	}
	return nil
}

// across reads several tables of one measure as one: a dimension that a table
// does not have is at its total there.
func (s *System) across(tables []located) error {
	whole := Table{Name: tables[0].Name, Measure: tables[0].Measure, OmitTotals: true, Tolerance: tables[0].Tolerance}
	whole.Dimensions = allDimensions(tables)
	var variables []int
	seen := map[int]bool{}
	for _, t := range tables {
		for i, c := range t.Cells {
			if at := t.places[i]; !seen[at] {
				seen[at] = true
				variables = append(variables, at)
				whole.Cells = append(whole.Cells, Cell{Codes: t.spelled(c, whole.Dimensions), Value: s.Variables[at].Value, Line: c.Line})
			}
		}
	}
	g, err := newGrid(whole)
	if err != nil {
		return err
	}
	for _, sum := range g.sums() {
		s.relate(g, sum, variables)
	}
	return nil
}

// allDimensions gives every dimension of the tables once, with all its groupings.
func allDimensions(tables []located) []Dimension {
	var all []Dimension
	for _, t := range tables {
		for _, d := range t.Dimensions {
			at := slices.IndexFunc(all, func(o Dimension) bool { return o.Name == d.Name })
			if at < 0 {
				all = append(all, Dimension{d.Name, d.Total, slices.Clone(d.Groupings)})
				continue
			}
			all[at].Total = cmp.Or(all[at].Total, d.Total)
			all[at].Groupings = append(all[at].Groupings, d.Groupings...)
		}
	}
	return all
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

// relate adds a sum. Where the parts make less than the total, the tables do not
// have them all: a reader still knows that they are not more.
func (s *System) relate(g *grid, sum sum, variables []int) {
	r := Relation{Terms: sum.terms(variables)}
	rest := g.Cells[sum.parent].Value
	scale := max(1, math.Abs(rest))
	for _, part := range sum.parts {
		rest -= g.Cells[part].Value
	}
	switch slack := cmp.Or(g.Tolerance, defaultTolerance) * scale; {
	case rest > slack:
		r.AtLeast = true
	case rest < -slack:
		c := g.Cells[sum.parent]
		s.Warnings = append(s.Warnings, issue(g.Name, c.Line, "%s vaut %v, moins que ses parties dans les autres tables", "%s is %v, less than its parts in the other tables", Label(c.Codes), c.Value))
		return
	}
	s.Relations = append(s.Relations, r)
}
