package lp

import (
	"context"
	"math"
)

// candidate is a column that may enter for a leaving position: how far its reduced
// cost is from changing sign, and its entry in the leaving row.
type candidate struct {
	column int
	ratio  float64
	pivot  float64
}

// dual leads the basis back within its bounds while the reduced costs keep their
// signs; those whose sign is wrong at the start count as zero, a shift of the cost
// that primal then undoes. Optimal: within bounds. Infeasible: rho is the proof.
// Stopped: it gave up, and primal is to go on from there.
func (s *simplex) dual(ctx context.Context) (Status, error) {
	s.priceCost()
	s.shift()
	s.stalled = 0
	limit := min(s.budget.limit, s.budget.used+500+5*len(s.head))
	for {
		if stop, err := s.tick(ctx); stop || s.budget.used > limit {
			return Stopped, err
		}
		if s.worn() {
			s.refactor()
		}
		r := s.leaving()
		if r < 0 {
			return Optimal, nil
		}
		if s.stalled == s.patience {
			s.spread()
		}
		if status, done := s.exchangeFor(r); done {
			return status, nil
		}
	}
}

// shift counts as zero the reduced costs that would call a column to move.
func (s *simplex) shift() {
	for j := range s.a.structural {
		if s.reduced[j] != 0 && !s.basic(j) && s.pays(j, s.reduced[j]) {
			s.reduced[j] = 0
		}
	}
}

// leaving is the position farthest out of its bounds by the length of its row
// of the basis inverse, or -1.
func (s *simplex) leaving() int {
	best, score := -1, 0.0
	for p, j := range s.head {
		v := s.violation(j)
		if v == 0 {
			continue
		}
		if v = v * v / s.steep[p]; v > score {
			best, score = p, v
		}
	}
	return best
}

// exchangeFor makes the exchange that takes position r to the bound it broke.
func (s *simplex) exchangeFor(r int) (Status, bool) {
	s.leave(r)
	out := s.head[r]
	v := s.violation(out)
	flips, q := s.dualRatio(v, s.tolerance[out])
	if q < 0 {
		return s.noExchange(Infeasible)
	}
	s.enter(q)
	pivot := s.alpha[r]
	if off := math.Abs(pivot - s.pivotRow[q]); math.Abs(pivot) < pivotTolerance || off > 1e-7*(1+math.Abs(pivot)) {
		return s.noExchange(Stopped)
	}
	if len(flips) > 0 {
		s.flipAll(flips)
		s.enter(q)
	}
	s.step(r, q, v)
	return 0, false
}

// noExchange believes a fresh factor only.
func (s *simplex) noExchange(status Status) (Status, bool) {
	if len(s.etas) == 0 {
		return status, true
	}
	s.refactor()
	return 0, false
}

// dualRatio chooses the column to enter for a leaving row whose column is out of
// its bounds by violation. Boxed columns whose sign would change on the way are
// passed over, to be flipped, for as long as the violation outlasts them; among
// those that tie with the last, up to rounding, the largest pivot enters.
func (s *simplex) dualRatio(violation, tolerance float64) (flips []int, q int) {
	s.gather(violation)
	passed, last := s.passed[:0], -1
	remaining, reach := math.Abs(violation), math.Inf(1)
	for len(s.waiting) > 0 && s.waiting[0].ratio <= reach {
		c := s.nearest()
		passed = append(passed, c)
		if last >= 0 {
			continue
		}
		if remaining -= math.Abs(c.pivot) * (s.upper[c.column] - s.lower[c.column]); remaining <= tolerance {
			last, reach = len(passed)-1, c.ratio+s.costTol/math.Abs(c.pivot)
		}
	}
	s.passed = passed
	if last < 0 {
		return nil, -1
	}
	best := largest(passed, last, passed[last].ratio-s.costTol)
	for k, c := range passed[:last] {
		if k != best {
			flips = append(flips, c.column)
		}
	}
	return flips, passed[best].column
}

// largest is the candidate of the largest pivot among those from a ratio on.
func largest(list []candidate, best int, ratio float64) int {
	for k, c := range list {
		if c.ratio >= ratio && math.Abs(c.pivot) > math.Abs(list[best].pivot) {
			best = k
		}
	}
	return best
}

// gather makes a heap of the columns whose move would bring the leaving column back.
func (s *simplex) gather(violation float64) {
	list, toward := s.waiting[:0], math.Copysign(1, violation)
	for _, j := range s.touched {
		pivot := s.pivotRow[j] * toward
		if s.basic(int(j)) || math.Abs(pivot) < 1e-9 || !s.pays(int(j), -pivot) {
			continue
		}
		list = append(list, candidate{int(j), math.Abs(s.reduced[j] / pivot), pivot})
	}
	s.waiting = list
	for i := len(list)/2 - 1; i >= 0; i-- {
		sink(list, i)
	}
}

// nearest takes the least candidate out of the heap.
func (s *simplex) nearest() candidate {
	list := s.waiting
	least, last := list[0], len(list)-1
	list[0] = list[last]
	s.waiting = list[:last]
	sink(s.waiting, 0)
	return least
}

// before orders candidates: by ratio, the larger pivot first, then by column.
func (c candidate) before(o candidate) bool {
	if c.ratio != o.ratio {
		return c.ratio < o.ratio
	}
	if p, q := math.Abs(c.pivot), math.Abs(o.pivot); p != q {
		return p > q
	}
	return c.column < o.column
}

func sink(list []candidate, i int) {
	for {
		child := 2*i + 1
		if child >= len(list) {
			return
		}
		if child+1 < len(list) && list[child+1].before(list[child]) {
			child++
		}
		if !list[child].before(list[i]) {
			return
		}
		list[i], list[child] = list[child], list[i]
		i = child
	}
}

// flipAll takes columns to their other bounds, and the basis with them.
func (s *simplex) flipAll(columns []int) {
	for _, j := range columns {
		before := s.x[j]
		s.flip(j)
		indices, values := s.a.byColumn.at(j)
		for k, i := range indices {
			s.byRow[i] += values[k] * (s.x[j] - before)
		}
	}
	s.ftran(s.alpha)
	for p, v := range s.alpha {
		s.x[s.head[p]] -= v
	}
}

// step exchanges columns: the leaving one stands on the bound it broke, and the
// reduced costs whose sign rounding would turn count as zero.
func (s *simplex) step(r, q int, violation float64) {
	out, pivot := s.head[r], s.alpha[r]
	bound := s.upper[out]
	if violation < 0 {
		bound = s.lower[out]
	}
	length := (s.x[out] - bound) / pivot
	for _, p := range s.support {
		s.x[s.head[p]] -= length * s.alpha[p]
	}
	s.x[q] += length
	s.x[out] = bound
	theta := s.reduced[q] / pivot
	s.stalled++
	if math.Abs(theta) > s.costTol {
		s.stalled = 0
	}
	s.updateDual(r, q, theta)
	s.exchange(r, q)
	s.reduced[q], s.reduced[out] = 0, -theta
}

func (s *simplex) updateDual(r, q int, theta float64) {
	for _, j := range s.touched {
		if s.basic(int(j)) {
			continue
		}
		s.reduced[j] -= theta * s.pivotRow[j]
		if s.pays(int(j), s.reduced[j]) {
			s.reduced[j] = 0
		}
	}
	s.updateSteep(r)
}

// updateSteep carries the lengths of the rows of the basis inverse over an
// exchange. The primal form leaves them as they are: they only steer the choice.
func (s *simplex) updateSteep(r int) {
	pivot, reference := s.alpha[r], 0.0
	for i, v := range s.rho {
		s.byRow[i] = v
		reference += v * v
	}
	s.ftran(s.tau)
	for _, p := range s.support {
		share := s.alpha[p] / pivot
		s.steep[p] = max(s.steep[p]-2*share*s.tau[p]+share*share*reference, 1e-4)
	}
	s.steep[r] = max(reference/(pivot*pivot), 1e-4)
}

// spread breaks the ties between reduced costs that are zero: each moves away from
// it a little, by an amount of its own.
func (s *simplex) spread() {
	unit := max(s.costTol*1e3, 1e-7)
	for j := range s.a.structural {
		if s.basic(j) || s.lower[j] == s.upper[j] {
			continue
		}
		switch s.x[j] {
		case s.lower[j]:
			s.reduced[j] += unit * noise(j)
		case s.upper[j]:
			s.reduced[j] -= unit * noise(j)
		}
	}
}

// noise is a number between 1/2 and 1 that only its argument decides.
func noise(i int) float64 {
	h := (uint64(i) + 1) * 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return 0.5 + float64((h^h>>31)>>12)/(1<<53)
}
