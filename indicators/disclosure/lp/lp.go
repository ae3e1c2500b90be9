// Package lp answers thousands of small linear programs that share their
// relations: minimise cᵀx subject to Ax = b and lower ≤ x ≤ upper, where A holds
// the relations of statistical tables and, from one question to the next, only
// the cost and a few bounds change. It is what an attack on a protected table
// asks: how low and how high could each hidden cell be?
//
// Columns fixed from the start leave the problem, rows with one unknown give its
// value, and the rows that depend on others are found by an elimination in the
// field of integers modulo 2⁶¹−1: every float64 is a whole number times a power of
// two, so the test has no rounding. What remains is solved by the revised simplex
// method with bounded columns, in its primal form (the sum of the infeasibilities
// first, then the cost) when the cost moved, and in its dual form (with steps that
// pass over the bounds of boxed columns) when bounds moved. The basis is kept as a
// sparse LU product, pivots chosen by Markowitz's count, plus one eta vector for
// each exchange. Each question starts from the basis of the last.
//
// The methods are those of I. Maros, Computational Techniques of the Simplex
// Method (2003), of A. Koberstein, The Dual Simplex Method (2005), and of R. Bixby,
// Solving Real-World Linear Programs (2002); the primal's reference
// weights and tolerant ratio test are P. Harris's (1973), the dual's steepest edge
// J. Forrest and D. Goldfarb's (1992).
//
// No answer rests on the path that led to it: an optimum is checked against every
// row and bound that was given and against the signs of its reduced costs, an
// infeasibility by a combination of the rows that no point of the box satisfies.
// The package knows nothing of integers, and shares nothing between solvers: one
// solver is one goroutine's, Clone makes another.
package lp

import (
	"errors"
	"fmt"
	"math"
)

// What New and Propagate may answer; the text says which row or column, from 0.
var (
	ErrInvalid    = errors.New("malformed linear program")
	ErrInfeasible = errors.New("no point satisfies the linear program")
)

// huge is where a bound counts as infinite.
const huge = 1e20

// Entry is one coefficient: of a column in a row, or in a cost.
type Entry struct {
	Column int
	Value  float64
}

// Row says that the sum of its entries is RHS. A column that comes twice counts twice.
type Row struct {
	Entries []Entry
	RHS     float64
}

// Problem is a box and the relations that hold in it. Lower and Upper have one
// value for each column; ±Inf, or anything beyond 1e20, is no bound. Rows may
// depend on one another.
type Problem struct {
	Lower, Upper []float64
	Rows         []Row
}

// Status is what became of a question.
type Status int

// Stopped is no answer: the context ended, the iterations ran out or the
// arithmetic could not be trusted.
const (
	Stopped Status = iota
	Optimal
	Infeasible
	Unbounded
)

func (s Status) String() string {
	return [...]string{"stopped", "optimal", "infeasible", "unbounded"}[s]
}

// Solution answers one question. Value, Bound, X and Reduced are set for Optimal only.
type Solution struct {
	Status Status
	// Value is the cost of X.
	Value float64
	// Bound is what the multipliers prove: no point costs less (more, when
	// maximising). It is Value up to rounding.
	Bound float64
	// X is one optimal point, a value for each column of the problem.
	X []float64
	// Reduced is what a unit more of each column would add to the value; nothing for
	// a column that left the problem, fixed or given by the rows alone.
	Reduced []float64
	// Iterations counts the exchanges and flips it took.
	Iterations int
}

// validate refuses what is no linear program.
func (p Problem) validate() error {
	if len(p.Lower) != len(p.Upper) {
		return fmt.Errorf("%d lower bounds and %d upper: %w", len(p.Lower), len(p.Upper), ErrInvalid)
	}
	for j := range p.Lower {
		if err := checkBounds(j, p.Lower[j], p.Upper[j]); err != nil {
			return err
		}
	}
	for i, row := range p.Rows {
		if !finite(row.RHS) {
			return fmt.Errorf("row %d: right-hand side %v: %w", i, row.RHS, ErrInvalid)
		}
		if err := checkEntries(row.Entries, len(p.Lower)); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

func checkBounds(column int, lower, upper float64) error {
	switch {
	case math.IsNaN(lower) || math.IsNaN(upper) || lower >= huge || upper <= -huge:
		return fmt.Errorf("column %d: bounds %v and %v: %w", column, lower, upper, ErrInvalid)
	case lower > upper:
		return fmt.Errorf("column %d: lower bound %v above upper bound %v: %w", column, lower, upper, ErrInfeasible)
	}
	return nil
}

func checkEntries(entries []Entry, columns int) error {
	for _, e := range entries {
		if e.Column < 0 || e.Column >= columns {
			return fmt.Errorf("column %d of %d: %w", e.Column, columns, ErrInvalid)
		}
		if !finite(e.Value) {
			return fmt.Errorf("column %d: coefficient %v: %w", e.Column, e.Value, ErrInvalid)
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < huge }
