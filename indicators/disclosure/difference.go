package disclosure

import "math"

// Difference is a figure that no table holds: a measure less another at some codes, as
// two versions of one table give it to who has both. It must stay uncertain as a primary
// cell does, below zero included.
type Difference struct {
	Dimensions     []Dimension
	Codes          []string
	Measure, Other string
	Protection     Protection
}

// differ adds the differences of the figures that are both there and have a value.
func (s *System) differ(all []Difference) {
	for _, d := range all {
		more, isMore := s.names[d.named(d.Measure)]
		less, isLess := s.names[d.named(d.Other)]
		if !isMore || !isLess || !known(s.Variables[more].Value) || !known(s.Variables[less].Value) {
			continue
		}
		of := s.Variables[more]
		v := Variable{Name: d.named(d.Measure + " less " + d.Other), Value: of.Value - s.Variables[less].Value, Floor: math.Inf(-1), Ceiling: math.Inf(1),
			Whole: of.Whole && s.Variables[less].Whole, Status: Primary, table: of.table, label: of.label}
		if _, twice := s.names[v.Name]; twice {
			continue
		}
		v.protect(d.Protection)
		s.Relations = append(s.Relations, Relation{Terms: []Term{{more, 1}, {less, -1}, {s.hold(v), -1}}})
	}
}

func (d Difference) named(measure string) string {
	g := grid{Table: Table{Dimensions: d.Dimensions}}
	return g.name(Cell{Codes: d.Codes, Measure: measure})
}

// Judge gives the primary rule that each cell of a table breaks, its neighbours looked at.
func (t Table) Judge() ([]Rule, error) {
	g, err := newGrid(t)
	if err != nil {
		return nil, err
	}
	return g.judge()[:len(t.Cells)], nil
}
