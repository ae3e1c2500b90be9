package lp

import (
	"context"
	"math"
	"slices"
)

// newSimplex starts from the basis of the logical columns.
func newSimplex(r *reduction) *simplex {
	n, m := r.structural+r.rows, r.rows
	s := &simplex{
		a: r.matrix, b: r.b,
		lower: make([]float64, n), upper: make([]float64, n), tolerance: make([]float64, n),
		cost: make([]float64, n), x: make([]float64, n),
		head: make([]int, m), place: make([]int, n),
	}
	for j := range s.place {
		s.place[j] = -1
	}
	for p := range s.head {
		s.head[p], s.place[r.structural+p] = r.structural+p, p
	}
	for j := r.structural; j < n; j++ {
		s.tolerance[j] = tolerance(0, 0, r.magnitude)
	}
	s.patience = patience
	s.workspace(n, m)
	return s
}

func (s *simplex) workspace(n, m int) {
	s.reduced, s.weight = make([]float64, n), make([]float64, n)
	s.pivotRow, s.touched = make([]float64, n), make([]int32, 0, n)
	s.mark = make([]bool, n)
	s.alpha, s.rho = make([]float64, m), make([]float64, m)
	s.tau, s.steep = make([]float64, m), ones(m)
	s.factoring = newFactoring(m)
	s.byRow, s.byPlace = make([]float64, m), make([]float64, m)
	s.support, s.breaks, s.waiting, s.passed = make([]int32, 0, m), nil, nil, nil
}

// clone shares what never changes: the matrix and the factor.
func (s *simplex) clone() *simplex {
	c := *s
	c.lower, c.upper, c.tolerance = slices.Clone(s.lower), slices.Clone(s.upper), slices.Clone(s.tolerance)
	c.cost, c.x = slices.Clone(s.cost), slices.Clone(s.x)
	c.head, c.place = slices.Clone(s.head), slices.Clone(s.place)
	c.etas, c.store = slices.Clone(s.etas), sparse{}
	for i := range c.etas {
		c.etas[i].index, c.etas[i].value = slices.Clone(s.etas[i].index), slices.Clone(s.etas[i].value)
	}
	c.workspace(len(s.x), len(s.head))
	copy(c.steep, s.steep)
	return &c
}

// tolerance is how far beyond its bounds a column may end: 1e-9, more where its
// bounds, or the numbers it is computed from, are so large that rounding shows.
func tolerance(lower, upper, magnitude float64) float64 {
	return max(1e-9, 1e-14*magnitude, 1e-11*small(lower), 1e-11*small(upper))
}

// bound changes the bounds of a column; out of the basis, it follows the nearest.
func (s *simplex) bound(j int, lower, upper, magnitude float64) {
	s.lower[j], s.upper[j], s.tolerance[j] = lower, upper, tolerance(lower, upper, magnitude)
	if !s.basic(j) {
		s.rest(j)
	}
}

// setCost takes a question's cost, by column.
func (s *simplex) setCost(cost []float64) {
	s.cost = cost
	largest := 0.0
	for _, c := range cost {
		largest = max(largest, math.Abs(c))
	}
	s.costTol = 1e-9 * largest
}

// begin opens the budget of a question: far above what any has been seen to take.
func (s *simplex) begin() {
	s.budget = budget{limit: s.allowance()}
	s.patience, s.factoring.threshold = patience, threshold
}

func (s *simplex) allowance() int { return 1000 + 50*len(s.x) }

// turns is how many times bounds may be perturbed and taken back in one attempt.
const turns = 4

// run solves from the current basis: the dual form if bounds moved, then the primal
// one, until no bound is perturbed any more.
func (s *simplex) run(ctx context.Context) (Status, error) {
	if s.lu == nil {
		s.refactor()
	} else {
		s.settle()
	}
	for range turns {
		if !s.feasible() && !s.slow() {
			if status, err := s.dual(ctx); err != nil || status == Infeasible && s.contradicted() {
				return status, err
			}
		}
		status, err := s.primal(ctx)
		if !s.restore() || err != nil {
			return status, err
		}
	}
	return Stopped, nil
}
