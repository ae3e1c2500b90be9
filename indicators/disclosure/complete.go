package disclosure

import (
	"context"
	"fmt"
	"math"

	"maillage/indicators/disclosure/lp"
)

// complete finds one possible value for every variable that nobody gave: not
// collected, or hidden in a release that is read as its readers have it. Any
// point that agrees with the relations does: an attack measures what else is
// possible, from there.
func (s *System) complete() error {
	free := map[int]int{}
	var columns []int
	for i, v := range s.Variables {
		if !known(v.Value) {
			free[i] = len(columns)
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	point, err := minimum(s.completion(free, columns))
	if err != nil {
		return fmt.Errorf("complete %d cells: %w", len(columns), err)
	}
	for i, column := range columns {
		s.Variables[column].Value = point[i]
	}
	return nil
}

func minimum(p lp.Problem, cost []lp.Entry) ([]float64, error) {
	solver, err := lp.New(p)
	if err != nil {
		return nil, err
	}
	answer, err := solver.Minimize(context.Background(), cost)
	if err != nil {
		return nil, err
	}
	if answer.Status != lp.Optimal {
		return nil, fmt.Errorf("the program ended %v", answer.Status)
	}
	return answer.X, nil
}

// completion is a program over what is free. Published figures are rounded, so
// each relation may miss its sum, at a cost: what is left over is as small as it can be.
func (s *System) completion(free map[int]int, columns []int) (lp.Problem, []lp.Entry) {
	var p lp.Problem
	var cost []lp.Entry
	for _, i := range columns {
		p.Lower, p.Upper = append(p.Lower, s.Variables[i].Floor), append(p.Upper, s.Variables[i].Ceiling)
	}
	for _, r := range s.Relations {
		row, loose := s.over(r, free)
		if !loose {
			continue
		}
		n := len(p.Lower)
		p.Lower, p.Upper = append(p.Lower, 0, 0), append(p.Upper, math.Inf(1), math.Inf(1))
		row.Entries = append(row.Entries, lp.Entry{Column: n, Value: 1}, lp.Entry{Column: n + 1, Value: -1})
		cost = append(cost, lp.Entry{Column: n, Value: 1})
		if !r.AtLeast { // above zero is where an inequality may be
			cost = append(cost, lp.Entry{Column: n + 1, Value: 1})
		}
		p.Rows = append(p.Rows, row)
	}
	return p, cost
}

// over is a relation over its free variables; the others go to the right.
func (s *System) over(r Relation, free map[int]int) (lp.Row, bool) {
	var row lp.Row
	for _, t := range r.Terms {
		if at, loose := free[t.Variable]; loose {
			row.Entries = append(row.Entries, lp.Entry{Column: at, Value: t.Factor})
			continue
		}
		row.RHS -= t.Factor * s.Variables[t.Variable].Value
	}
	return row, len(row.Entries) > 0
}
