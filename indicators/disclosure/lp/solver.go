package lp

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Solver answers questions about one problem. It is one goroutine's; Clone makes
// another, that answers alone from the same basis. The same questions in the same
// order find the same pivots.
type Solver struct {
	problem  Problem // bounds are its own, rows are shared
	out      []bool  // columns that left the problem: fixed since New
	core     *reduction
	simplex  *simplex
	outdated bool // a column that had left was changed
	rebuilt  int
	broken   error // the rows are contradictory, whatever the columns that move
}

// maxRebuilds is how many times columns that left may come back one change at a
// time; then all come back.
const maxRebuilds = 3

// New prepares a problem: fixed columns leave it, rows with one unknown give its
// value, dependent rows go. ErrInvalid: it is malformed; ErrInfeasible: the rows
// contradict themselves or the fixed columns. To free a fixed column later is
// allowed, but prepares the problem again; better give New its widest bounds.
func New(p Problem) (*Solver, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	p.Lower, p.Upper = slices.Clone(p.Lower), slices.Clone(p.Upper)
	s := &Solver{problem: p, out: make([]bool, len(p.Lower))}
	for j := range p.Lower {
		p.Lower[j], p.Upper[j] = open(p.Lower[j]), open(p.Upper[j])
		s.out[j] = p.Lower[j] == p.Upper[j]
	}
	if err := s.build(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Solver) build() error {
	core, err := reduce(s.problem, slices.Clone(s.out))
	s.broken, s.outdated = err, false
	if err != nil {
		return err
	}
	s.core, s.simplex = core, newSimplex(core)
	if s.broken = s.consistent(); s.broken != nil {
		return s.broken
	}
	for j, column := range core.columns {
		s.place(j, column)
	}
	return nil
}

// consistent checks the rows that were dropped on one solution of those that were
// kept, whatever the bounds: they are combinations of them, but are their sums?
func (s *Solver) consistent() error {
	c := s.core
	if c.rows == 0 {
		return nil
	}
	f, _, _ := newFactoring(c.rows).factorize(c.matrix, c.start)
	if f == nil {
		return nil // too near singular to tell: the check of each solution will
	}
	values := make([]float64, c.rows)
	f.solve(slices.Clone(c.b), values)
	x := s.point()
	for p, j := range c.start {
		x[c.columns[j]] = values[p] * c.columnScale[j]
	}
	return s.satisfied(x)
}

// place gives a column of the matrix the bounds of its column in the problem.
func (s *Solver) place(j, column int) {
	scale := s.core.columnScale[j]
	s.simplex.bound(j, s.problem.Lower[column]/scale, s.problem.Upper[column]/scale, s.core.magnitude)
}

// SetBounds changes a column's bounds for the questions to come. ErrInvalid or
// ErrInfeasible, and nothing changed, when they are no interval.
func (s *Solver) SetBounds(column int, lower, upper float64) error {
	if column < 0 || column >= len(s.problem.Lower) {
		return fmt.Errorf("column %d of %d: %w", column, len(s.problem.Lower), ErrInvalid)
	}
	if err := checkBounds(column, lower, upper); err != nil {
		return err
	}
	lower, upper = open(lower), open(upper)
	if lower == s.problem.Lower[column] && upper == s.problem.Upper[column] {
		return nil
	}
	s.problem.Lower[column], s.problem.Upper[column] = lower, upper
	switch {
	case s.out[column]:
		s.out[column], s.outdated = false, true
	case s.broken == nil && s.core.place[column] >= 0:
		s.place(s.core.place[column], column)
	}
	return nil
}

// Bounds gives those of a column, ±Inf for none.
func (s *Solver) Bounds(column int) (lower, upper float64) {
	return s.problem.Lower[column], s.problem.Upper[column]
}

// Clone makes a solver of the same problem, bounds and basis, for another goroutine.
func (s *Solver) Clone() *Solver {
	c := *s
	c.problem.Lower, c.problem.Upper = slices.Clone(s.problem.Lower), slices.Clone(s.problem.Upper)
	c.out = slices.Clone(s.out)
	if s.simplex != nil {
		c.simplex = s.simplex.clone()
	}
	return &c
}

// Minimize finds the least the cost can be. The error is ErrInvalid for a malformed
// cost, or the context's when it ended (Stopped, then); that there is no answer is
// a status.
func (s *Solver) Minimize(ctx context.Context, cost []Entry) (Solution, error) {
	return s.optimize(ctx, cost, 1)
}

// Maximize finds the most the cost can be, as Minimize does the least.
func (s *Solver) Maximize(ctx context.Context, cost []Entry) (Solution, error) {
	return s.optimize(ctx, cost, -1)
}

func (s *Solver) optimize(ctx context.Context, cost []Entry, sense float64) (Solution, error) {
	if err := checkEntries(cost, len(s.problem.Lower)); err != nil {
		return Solution{}, fmt.Errorf("cost: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return Solution{}, err
	}
	if !s.ready() {
		return Solution{Status: Infeasible}, nil
	}
	s.simplex.setCost(s.scaled(cost, sense))
	return s.answer(ctx, cost, sense)
}

// ready prepares the problem again if it must; it is false when rows or bounds
// contradict each other at once.
func (s *Solver) ready() bool {
	if s.outdated {
		if s.rebuilt++; s.rebuilt > maxRebuilds {
			clear(s.out)
		}
		if s.build() != nil {
			return false
		}
	}
	if s.broken != nil {
		return false
	}
	for _, k := range s.core.known {
		l, u := s.problem.Lower[k.column], s.problem.Upper[k.column]
		tiny := 1e-9 * max(1, math.Abs(k.value))
		if k.value < l-tiny || k.value > u+tiny {
			return false
		}
	}
	return true
}

// scaled is the cost on the columns of the matrix that move.
func (s *Solver) scaled(cost []Entry, sense float64) []float64 {
	c := make([]float64, len(s.core.columns)+s.core.rows)
	for _, e := range cost {
		if j := s.core.place[e.Column]; j >= 0 {
			c[j] += sense * e.Value * s.core.columnScale[j]
		}
	}
	return c
}

// remedies are what is tried, from the least to the most, when an answer fails a
// check: a fresh factor; larger pivots; another start, from the basis of the logical
// columns; and from there Bland's rule alone, which is slow and cannot cycle.
var remedies = []func(*simplex){(*simplex).refactor, (*simplex).largerPivots, (*simplex).restart, (*simplex).byBland}

func (s *Solver) answer(ctx context.Context, cost []Entry, sense float64) (Solution, error) {
	s.simplex.begin()
	for n := 0; ; n++ {
		solution, done, err := s.attempt(ctx, cost, sense)
		if done || err != nil {
			return solution, err
		}
		if n == len(remedies) {
			break
		}
		remedies[n](s.simplex)
	}
	used := s.simplex.budget.used
	s.simplex.begin()
	s.simplex.restart() // the next question is not to start from what failed
	return Solution{Status: Stopped, Iterations: used}, nil
}

// attempt solves from the current basis; it is done when what it found is proved.
func (s *Solver) attempt(ctx context.Context, cost []Entry, sense float64) (Solution, bool, error) {
	status, err := s.simplex.run(ctx)
	if err != nil {
		return Solution{Iterations: s.simplex.budget.used}, false, err
	}
	switch {
	case status == Infeasible && s.simplex.contradicted(), status == Unbounded:
		return Solution{Status: status, Iterations: s.simplex.budget.used}, true, nil
	case status == Optimal:
		solution, ok := s.solution(cost, sense)
		return solution, ok, nil
	}
	return Solution{}, false, nil
}
