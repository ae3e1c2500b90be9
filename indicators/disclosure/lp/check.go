package lp

import (
	"fmt"
	"math"
)

// solution reads the optimal basis, and checks the point against every row and
// bound that was given; the signs of the reduced costs are those of fresh multipliers.
func (s *Solver) solution(cost []Entry, sense float64) (Solution, bool) {
	s.simplex.priceCost()
	if !s.simplex.feasible() || s.simplex.entering(false) >= 0 {
		return Solution{}, false
	}
	x := s.point()
	if s.satisfied(x) != nil {
		return Solution{}, false
	}
	s.clamp(x)
	out := Solution{Status: Optimal, X: x, Iterations: s.simplex.budget.used}
	for _, e := range cost {
		out.Value += e.Value * x[e.Column]
	}
	out.Reduced, out.Bound = s.reducedCosts(sense), out.Value-sense*s.simplex.gap()
	return out, true
}

// point is the current point, a value for each column of the problem.
func (s *Solver) point() []float64 {
	x := make([]float64, len(s.problem.Lower))
	copy(x, s.problem.Lower)
	for _, k := range s.core.known {
		x[k.column] = k.value
	}
	for j, column := range s.core.columns {
		x[column] = s.simplex.x[j] * s.core.columnScale[j]
	}
	return x
}

// clamp takes away what the tolerance let columns be beyond their bounds.
func (s *Solver) clamp(x []float64) {
	for _, column := range s.core.columns {
		x[column] = min(max(x[column], s.problem.Lower[column]), s.problem.Upper[column])
	}
}

// satisfied checks every row of the problem, those that left it included. A row of
// small numbers may be computed from large ones: it is held to their rounding.
func (s *Solver) satisfied(x []float64) error {
	rounding := 1e-14 * s.core.magnitude
	for i, row := range s.problem.Rows {
		rest := row.RHS
		for _, e := range row.Entries {
			rest -= e.Value * x[e.Column]
		}
		if math.Abs(rest) > max(residual(row.Entries, row.RHS, x), rounding) {
			return fmt.Errorf("row %d misses its sum by %v: %w", i, rest, ErrInfeasible)
		}
	}
	return nil
}

// reducedCosts are those of the problem's columns.
func (s *Solver) reducedCosts(sense float64) []float64 {
	out := make([]float64, len(s.problem.Lower))
	for j, column := range s.core.columns {
		out[column] = sense * s.simplex.reduced[j] / s.core.columnScale[j]
	}
	return out
}

// gap is what weak duality leaves open: for each column, the most its reduced cost
// could still gain within its bounds.
func (s *simplex) gap() float64 {
	sum := 0.0
	for j := range s.a.structural {
		d, toward := s.reduced[j], s.lower[j]
		if d < 0 {
			toward = s.upper[j]
		}
		if s.basic(j) || d == 0 || math.IsInf(toward, 0) {
			continue
		}
		sum += max(0, d*(s.x[j]-toward))
	}
	return sum
}

// contradicted proves an infeasibility: rho combines the rows into one that no
// point of the box satisfies (Farkas's lemma), by more than rounding.
func (s *simplex) contradicted() bool {
	s.sharpen()
	s.multiply(s.rho)
	right, scale := 0.0, 0.0
	for i, y := range s.rho {
		right += y * s.b[i]
		scale += math.Abs(y * s.b[i])
	}
	var least, most activity
	for _, j := range s.touched {
		z := s.pivotRow[j]
		if math.Abs(z) < 1e-11 {
			z = 0
		}
		near, far := s.lower[j], s.upper[j]
		if z < 0 {
			near, far = far, near
		}
		if z != 0 {
			least.add(z, near)
			most.add(z, far)
			scale += math.Abs(z) * (small(near) + small(far))
		}
	}
	tiny := 2e-15 * scale
	return least.unbounded == 0 && right < least.sum-tiny || most.unbounded == 0 && right > most.sum+tiny
}
