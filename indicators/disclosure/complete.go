package disclosure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"maillage/indicators/disclosure/lp"
)

// complete finds one possible value for every variable that nobody gave: not
// collected, hidden in a release that is read as its readers have it, or in no
// table. Any point that agrees with the relations does: an attack measures what else
// is possible, from there.
func (s *System) complete(ctx context.Context) error {
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
	point, err := s.minimum(ctx, free, columns)
	if err != nil {
		return fmt.Errorf("complete %d cells: %w", len(columns), err)
	}
	for i, column := range columns {
		s.Variables[column].settle(point[i])
	}
	s.contradictions(free)
	return nil
}

// settle takes a possible value, and the width that is asked of such a value.
func (v *Variable) settle(x float64) {
	v.Value = x
	if v.asked != nil {
		v.Width = max(v.asked.Sliding.of(x), v.asked.Lower.of(x)+v.asked.Upper.of(x))
	}
}

// contradictions says which relations no possible values keep.
func (s *System) contradictions(free map[int]int) {
	for _, r := range s.Relations {
		if _, loose := s.over(r, free); !loose || r.AtLeast {
			continue
		}
		sum, scale := 0.0, 1.0
		for _, t := range r.Terms {
			x := t.Factor * s.Variables[t.Variable].Value
			sum, scale = sum+x, max(scale, math.Abs(x))
		}
		if math.Abs(sum) > max(r.Slack, s.tolerance*scale)*(1+1e-9) {
			s.contradicted(r, sum)
		}
	}
}

func (s *System) contradicted(r Relation, by float64) {
	for _, t := range r.Terms { // the total is told where it is in a table; else one of its parts
		if v := s.Variables[t.Variable]; v.table != "" && (t.Factor > 0 || s.Variables[r.total()].table == "") {
			s.Warnings = append(s.Warnings, issue(v.table, v.line, "aucune valeur possible de ce qui n’est pas dit ne fait la somme autour de %s : il manque %v", "no possible value of what is not told makes the sum around %s: it misses by %v", v.label, by))
			return
		}
	}
}

// total is the variable that the others sum to.
func (r Relation) total() int {
	return r.Terms[max(0, slices.IndexFunc(r.Terms, func(t Term) bool { return t.Factor > 0 }))].Variable
}

func (s *System) minimum(ctx context.Context, free map[int]int, columns []int) ([]float64, error) {
	problem, cost := s.completion(free, columns)
	solver, err := lp.New(problem)
	if err != nil {
		return nil, err
	}
	answer, err := solver.Minimize(ctx, cost)
	if err != nil {
		return nil, err
	}
	if answer.Status != lp.Optimal {
		return nil, fmt.Errorf("the program ended %v: %w", answer.Status, ErrUnproved)
	}
	c := completing{cost: cost, most: answer.Value + 1e-6*max(1, answer.Value)}
	for i, v := range columns {
		if s.entire(v) {
			c.columns = append(c.columns, i)
		}
	}
	whole, err := c.branch(ctx, solver, answer.X)
	if err != nil || whole == nil {
		return answer.X, err // a shift in whole numbers from there is found less often: prudent
	}
	return whole, nil
}

// completing looks for possible values that are whole numbers where they must be, by
// branch and bound.
type completing struct {
	cost     []lp.Entry
	columns  []int // of whole numbers
	most     float64
	branches int
}

func (c *completing) branch(ctx context.Context, solver *lp.Solver, x []float64) ([]float64, error) {
	at := slices.IndexFunc(c.columns, func(i int) bool { return !isWhole(x[i]) })
	if at < 0 {
		for _, i := range c.columns {
			x[i] = math.Round(x[i])
		}
		return x, nil
	}
	column := c.columns[at]
	for _, side := range [][2]float64{{math.Ceil(x[column]), math.Inf(1)}, {math.Inf(-1), math.Floor(x[column])}} {
		if c.branches++; c.branches > maxBranches {
			return nil, nil
		}
		found, err := c.beyond(ctx, solver.Clone(), column, side)
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// beyond goes on with a column on one side of a value that is not whole.
func (c *completing) beyond(ctx context.Context, solver *lp.Solver, column int, side [2]float64) ([]float64, error) {
	lower, upper := solver.Bounds(column)
	lower, upper = max(lower, side[0]), min(upper, side[1])
	if lower > upper {
		return nil, nil
	}
	if err := solver.SetBounds(column, lower, upper); err != nil {
		return nil, fmt.Errorf("bound of column %d: %w", column, err)
	}
	answer, err := solver.Minimize(ctx, c.cost)
	if err != nil || answer.Status != lp.Optimal || answer.Value > c.most {
		return nil, err
	}
	return c.branch(ctx, solver, answer.X)
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
