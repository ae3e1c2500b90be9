package lp

import "math"

const (
	// maxEtas is how many exchanges a factor carries before it is made again.
	maxEtas = 64
	// negligible entries of a solved vector are rounding.
	negligible = 1e-13
)

// eta is one exchange in product form: the entering column, in terms of the basis
// it entered, and the position it took.
type eta struct {
	position int32
	pivot    float64
	index    []int32 // the other positions
	value    []float64
}

// simplex is a scaled problem with full row rank and a basis of it. Columns are
// those of the matrix, logical ones included; positions are those of the basis.
// A column out of the basis stands exactly on a bound, or at zero if it has none.
type simplex struct {
	a            *matrix
	b            []float64
	lower, upper []float64
	trueLower    []float64 // while lower is perturbed, or nil
	trueUpper    []float64
	tolerance    []float64 // how far beyond its bounds a column may be
	cost         []float64
	x            []float64
	head         []int // the column of each position
	place        []int // the position of each column, or -1

	lu        *factor
	factoring *factoring
	etas      []eta
	spent     int // numbers held by the etas

	reduced []float64 // reduced costs
	weight  []float64 // reference weights of the primal, by column
	steep   []float64 // squared lengths of the rows of the basis inverse, by position, or nearly
	tau     []float64 // workspace of their update
	costTol float64

	alpha    []float64 // the entering column by position
	support  []int32   // where alpha is not zero
	rho      []float64 // a row of the basis inverse, by row
	pivotRow []float64 // by column
	touched  []int32   // where pivotRow may not be zero
	mark     []bool    // whether a column is among the touched
	byRow    []float64 // workspace, zero between two uses
	byPlace  []float64 // the same
	breaks   []breakpoint
	waiting  []candidate // a heap
	passed   []candidate
	store    sparse // where the etas' numbers are
	budget   budget
	patience int // steps of length zero before the bounds are perturbed; below zero: Bland's rule alone
	stalled  int // steps of length zero since the last that moved
}

// budget counts the iterations of a question.
type budget struct{ used, limit int }

func (s *simplex) basic(j int) bool { return s.place[j] >= 0 }

// ftran expresses what byRow holds in the basis: byRow is destroyed.
func (s *simplex) ftran(x []float64) {
	s.lu.solve(s.byRow, x)
	clear(s.byRow)
	for i := range s.etas {
		e := &s.etas[i]
		if x[e.position] == 0 {
			continue
		}
		t := x[e.position] / e.pivot
		x[e.position] = t
		for k, p := range e.index {
			x[p] -= e.value[k] * t
		}
	}
}

// btran gives the multipliers of what byPlace holds: byPlace is destroyed.
func (s *simplex) btran(y []float64) {
	for i := len(s.etas) - 1; i >= 0; i-- {
		e := &s.etas[i]
		t := s.byPlace[e.position]
		for k, p := range e.index {
			t -= e.value[k] * s.byPlace[p]
		}
		s.byPlace[e.position] = t / e.pivot
	}
	s.lu.solveTransposed(s.byPlace, y)
	clear(s.byPlace)
}

// enter expresses a column in the basis: alpha and its support.
func (s *simplex) enter(j int) {
	indices, values := s.a.byColumn.at(j)
	for k, i := range indices {
		s.byRow[i] = values[k]
	}
	s.ftran(s.alpha)
	s.support = s.support[:0]
	for p, v := range s.alpha {
		if math.Abs(v) > negligible {
			s.support = append(s.support, int32(p))
			continue
		}
		s.alpha[p] = 0
	}
}

// leave computes the row of a position: rho, then its product with the columns out
// of the basis.
func (s *simplex) leave(position int) {
	s.byPlace[position] = 1
	s.btran(s.rho)
	s.multiply(s.rho)
}

// multiply sets pivotRow to yᵀA.
func (s *simplex) multiply(y []float64) {
	for _, j := range s.touched {
		s.pivotRow[j], s.mark[j] = 0, false
	}
	s.touched = s.touched[:0]
	for i, v := range y {
		if math.Abs(v) <= negligible {
			continue
		}
		indices, values := s.a.byRow.at(i)
		for k, j := range indices {
			if !s.mark[j] {
				s.touched, s.mark[j] = append(s.touched, j), true
			}
			s.pivotRow[j] += v * values[k]
		}
	}
}

// exchange puts a column at a position: alpha is that column.
func (s *simplex) exchange(position, entering int) {
	leaving := s.head[position]
	e := eta{position: int32(position), pivot: s.alpha[position]}
	from := len(s.store.index)
	for _, p := range s.support {
		if int(p) != position {
			s.store.add(int(p), s.alpha[p])
		}
	}
	e.index, e.value = s.store.index[from:], s.store.value[from:]
	s.etas = append(s.etas, e)
	s.spent += len(e.index) + 1
	s.head[position], s.place[entering], s.place[leaving] = entering, position, -1
}

// worn says that the factor is due.
func (s *simplex) worn() bool {
	return s.lu == nil || len(s.etas) >= maxEtas || s.spent > 3*s.lu.size()+100
}

// refactor makes the factor again, repairs a singular basis with logical columns,
// and computes the basic columns' values.
func (s *simplex) refactor() {
	s.etas, s.spent = s.etas[:0], 0
	s.store.index, s.store.value = s.store.index[:0], s.store.value[:0]
	for {
		f, rows, positions := s.factoring.factorize(s.a, s.head)
		if f != nil {
			s.lu = f
			break
		}
		for k, p := range positions {
			s.replace(int(p), s.a.structural+int(rows[k]))
		}
	}
	s.settle()
}

// replace puts a logical column in the place of one that depends on the others.
func (s *simplex) replace(position, logical int) {
	out := s.head[position]
	s.place[out] = -1
	s.rest(out)
	s.head[position], s.place[logical] = logical, position
}

// rest puts a column out of the basis on its nearest bound.
func (s *simplex) rest(j int) {
	l, u := s.lower[j], s.upper[j]
	switch {
	case math.IsInf(l, -1) && math.IsInf(u, 1):
		s.x[j] = 0
	case math.IsInf(l, -1) || s.x[j]-l > u-s.x[j]:
		s.x[j] = u
	default:
		s.x[j] = l
	}
}

// settle computes the basic columns' values from those of the others.
func (s *simplex) settle() {
	copy(s.byRow, s.b)
	for j, v := range s.x {
		if v == 0 || s.basic(j) {
			continue
		}
		indices, values := s.a.byColumn.at(j)
		for k, i := range indices {
			s.byRow[i] -= values[k] * v
		}
	}
	s.ftran(s.alpha)
	for p, j := range s.head {
		s.x[j] = s.alpha[p]
	}
	s.refine()
}

// price computes the reduced costs of the structural columns from a cost by
// position in byPlace; cost is what the columns out of the basis pay, or nil.
func (s *simplex) price(cost []float64) {
	s.btran(s.rho)
	s.charge(cost)
}

// charge computes the reduced costs from the multipliers in rho.
func (s *simplex) charge(cost []float64) {
	s.multiply(s.rho)
	if cost == nil {
		clear(s.reduced)
	} else {
		copy(s.reduced, cost)
	}
	for _, j := range s.touched {
		s.reduced[j] -= s.pivotRow[j]
	}
	for _, j := range s.head {
		s.reduced[j] = 0
	}
}

// priceCost computes the reduced costs of the question's cost.
func (s *simplex) priceCost() {
	for p, j := range s.head {
		s.byPlace[p] = s.cost[j]
	}
	s.btran(s.rho)
	s.refineMultipliers(func(_, j int) float64 { return s.cost[j] })
	s.charge(s.cost)
}

// violation is how far a column is below (negative) or above its bounds, nothing
// within its tolerance.
func (s *simplex) violation(j int) float64 {
	switch v := s.x[j]; {
	case v < s.lower[j]-s.tolerance[j]:
		return v - s.lower[j]
	case v > s.upper[j]+s.tolerance[j]:
		return v - s.upper[j]
	}
	return 0
}

// feasible says whether every basic column is within its bounds.
func (s *simplex) feasible() bool {
	for _, j := range s.head {
		if s.violation(j) != 0 {
			return false
		}
	}
	return true
}
