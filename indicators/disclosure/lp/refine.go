package lp

import "math"

const (
	// refinements is how many times a solved vector is corrected at most: each
	// takes several digits off its error, or the basis is too near singular for it.
	refinements = 4
	// sharp is what is left of a row, as a part of its terms, once it counts as kept.
	sharp = 4e-15
)

// refine takes out of the basic columns' values what rounding left of the rows: a
// basis of thousands of relations, each a sum of many, loses enough digits for a
// value to be out of its bounds by nothing but arithmetic. The residual is summed in
// twice the precision, then solved for (J. Wilkinson, Rounding Errors in Algebraic
// Processes, 1963, chapter 3).
func (s *simplex) refine() {
	last := math.Inf(1)
	for range refinements {
		left := s.residuals()
		if left <= 1 || left > last/2 {
			break
		}
		last = left
		s.ftran(s.alpha)
		for p, j := range s.head {
			s.x[j] += s.alpha[p]
		}
	}
	clear(s.byRow)
}

// residuals puts in byRow what each row misses of its sum; it gives the worst, in
// units of what rounding explains.
func (s *simplex) residuals() float64 {
	largest := 0.0
	for _, v := range s.x {
		largest = max(largest, math.Abs(v))
	}
	worst := 0.0
	for i, right := range s.b {
		sum, scale := twofold{high: right}, math.Abs(right)
		indices, values := s.a.byRow.at(i)
		for k, j := range indices {
			sum.subtract(values[k], s.x[j])
			scale += math.Abs(values[k] * s.x[j])
		}
		sum.subtract(1, s.x[s.a.structural+i])
		s.byRow[i] = sum.value()
		if left := math.Abs(s.byRow[i]); left > 0 {
			worst = max(worst, left/(sharp*scale+1e-16*largest))
		}
	}
	return worst
}

// refineMultipliers corrects rho until it gives each basic column what aim says.
func (s *simplex) refineMultipliers(aim func(position, column int) float64) {
	last := math.Inf(1)
	for range refinements {
		worst := 0.0
		for p, j := range s.head {
			s.byPlace[p] = s.misses(j, aim(p, j))
			worst = max(worst, math.Abs(s.byPlace[p]))
		}
		if worst <= sharp || worst > last/2 {
			break
		}
		last = worst
		s.btran(s.tau)
		for i, v := range s.tau {
			s.rho[i] += v
		}
	}
	clear(s.byPlace)
}

// misses is what rho's product with a column lacks.
func (s *simplex) misses(j int, wanted float64) float64 {
	sum := twofold{high: wanted}
	indices, values := s.a.byColumn.at(j)
	for k, i := range indices {
		sum.subtract(values[k], s.rho[i])
	}
	return sum.value()
}

// sharpen corrects a proof of infeasibility: its product with each basic column is
// −1, 0 or 1, up to rounding, and is to be just that.
func (s *simplex) sharpen() {
	s.refineMultipliers(func(_, j int) float64 { return math.Round(-s.misses(j, 0)) })
}

// twofold is a sum in twice the precision of its terms.
type twofold struct{ high, low float64 }

// subtract takes a product away, exactly but for the last bits of low (T. Dekker,
// Numerische Mathematik 18, 1971).
func (t *twofold) subtract(a, b float64) {
	product := -a * b
	lost := math.FMA(-a, b, -product)
	sum := t.high + product
	part := sum - t.high
	t.low += (t.high - (sum - part)) + (product - part) + lost
	t.high = sum
}

func (t *twofold) value() float64 { return t.high + t.low }
