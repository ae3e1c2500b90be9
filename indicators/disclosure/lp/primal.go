package lp

import (
	"context"
	"math"
)

const (
	// pivotTolerance is the least entry a column may leave the basis through.
	pivotTolerance = 1e-7
	// patience is how many steps of length zero are taken before the bounds are
	// perturbed, and then before Bland's rule, which cannot cycle, chooses.
	patience = 100
	// every is how many iterations pass between two looks at the context.
	every = 64
)

// step is a decision: how far the entering column moves, and which position then
// stands on which bound; position -1 is a flip to the entering column's other bound.
type step struct {
	length   float64
	position int
	bound    float64
}

// primal minimises the sum of the infeasibilities, then the cost, from any basis.
func (s *simplex) primal(ctx context.Context) (Status, error) {
	s.resetWeights()
	priced := false
	for {
		if stop, err := s.tick(ctx); stop {
			return Stopped, err
		}
		if s.worn() {
			s.refactor()
			priced = false
		}
		if s.stalled == s.patience {
			s.perturb()
		}
		searching := s.gradient()
		switch {
		case searching:
			s.price(nil)
			priced = false
		case !priced:
			s.priceCost()
			priced = true
		}
		status, done := s.advance(searching, &priced)
		if done {
			return status, nil
		}
	}
}

// tick counts an iteration; it says when to stop.
func (s *simplex) tick(ctx context.Context) (bool, error) {
	s.budget.used++
	if s.budget.used%every == 0 && ctx.Err() != nil {
		return true, ctx.Err()
	}
	return s.budget.used > s.budget.limit, nil
}

func (s *simplex) resetWeights() {
	for j := range s.weight {
		s.weight[j] = 1
	}
	s.stalled = 0
}

// gradient puts in byPlace the slope of the sum of the infeasibilities; none: false.
// Once one column is beyond its tolerance, those that are close to it count too: to
// mend one by the other would never end.
func (s *simplex) gradient() bool {
	if s.feasible() {
		return false
	}
	for p, j := range s.head {
		switch share := s.tolerance[j] / 10; {
		case s.x[j] < s.lower[j]-share:
			s.byPlace[p] = -1
		case s.x[j] > s.upper[j]+share:
			s.byPlace[p] = 1
		}
	}
	return true
}

// advance makes one step, or says what ended.
func (s *simplex) advance(searching bool, priced *bool) (Status, bool) {
	q := s.entering(searching)
	if q < 0 {
		if searching {
			return Infeasible, true
		}
		return Optimal, true
	}
	direction := 1.0
	if s.reduced[q] > 0 {
		direction = -1
	}
	s.enter(q)
	chosen := s.choose(q, direction, searching)
	if math.IsInf(chosen.length, 1) && !searching && len(s.etas) == 0 {
		return Unbounded, true
	}
	if math.IsInf(chosen.length, 1) || chosen.position >= 0 && math.Abs(s.alpha[chosen.position]) < pivotTolerance {
		s.distrust(q, priced)
		return 0, false
	}
	s.move(q, direction, chosen)
	return 0, false
}

func (s *simplex) choose(q int, direction float64, searching bool) step {
	if searching {
		return s.longRatio(q, direction)
	}
	return s.ratio(q, direction)
}

// distrust answers a pivot too small, or a ray: a fresh factor, or another column.
func (s *simplex) distrust(q int, priced *bool) {
	if len(s.etas) == 0 {
		s.weight[q] *= 1e8
		return
	}
	s.refactor()
	*priced = false
}

// entering is the column out of the basis whose move pays most by its reference
// weight, the first that pays under Bland's rule, or -1.
func (s *simplex) entering(searching bool) int {
	tolerance := s.costTol
	if searching {
		tolerance = 1e-9
	}
	best, score := -1, 0.0
	for j := range s.a.structural {
		d := s.reduced[j]
		if math.Abs(d) <= tolerance || s.place[j] >= 0 || !s.pays(j, d) {
			continue
		}
		if s.stalled > s.patience {
			return j
		}
		if v := d * d / s.weight[j]; v > score {
			best, score = j, v
		}
	}
	return best
}

// pays says whether a column may move against its reduced cost.
func (s *simplex) pays(j int, reduced float64) bool {
	if reduced < 0 {
		return s.x[j] < s.upper[j]
	}
	return s.x[j] > s.lower[j]
}

// room is how far position p may go when it changes by rate per unit, and to which bound.
func (s *simplex) room(p int32, rate float64) (distance, bound float64) {
	j := s.head[p]
	if rate < 0 {
		return s.x[j] - s.lower[j], s.lower[j]
	}
	return s.upper[j] - s.x[j], s.upper[j]
}

// ratio is Harris's test: the longest step that breaks no bound by more than half
// its tolerance, through the largest pivot among the positions that reach theirs.
func (s *simplex) ratio(q int, direction float64) step {
	limit := math.Inf(1)
	for _, p := range s.support {
		rate := -direction * s.alpha[p]
		if size := math.Abs(rate); size > negligible*1e3 {
			distance, _ := s.room(p, rate)
			limit = min(limit, max(distance+s.tolerance[s.head[p]]/2, 0)/size)
		}
	}
	flip := s.upper[q] - s.lower[q]
	if flip <= limit {
		return step{length: flip, position: -1}
	}
	best, pivot := step{length: math.Inf(1), position: -1}, 0.0
	for _, p := range s.support {
		rate := -direction * s.alpha[p]
		size := math.Abs(rate)
		distance, bound := s.room(p, rate)
		t := max(distance, 0) / size
		if size > negligible*1e3 && t <= limit && s.prefers(size, pivot, t, best, p) {
			best, pivot = step{t, int(p), bound}, size
		}
	}
	return best
}

// prefers compares two leaving positions: by pivot, or by ratio and column under Bland's rule.
func (s *simplex) prefers(size, pivot, t float64, best step, p int32) bool {
	if s.stalled <= s.patience || best.position < 0 {
		return size > pivot
	}
	if size < pivotTolerance {
		return false
	}
	return t < best.length || t == best.length && s.head[p] < s.head[best.position]
}

// move takes a step, and exchanges the columns unless it was a flip.
func (s *simplex) move(q int, direction float64, to step) {
	s.stalled++
	if to.length > 1e-12 {
		s.stalled = 0
	}
	for _, p := range s.support {
		s.x[s.head[p]] -= direction * to.length * s.alpha[p]
	}
	if to.position < 0 {
		s.flip(q)
		return
	}
	s.x[q] += direction * to.length
	s.leave(to.position)
	s.update(q, to.position)
	s.stand(s.head[to.position], to)
	s.exchange(to.position, q)
}

// stand puts a leaving column on its bound. One that was already beyond it, within
// its tolerance, cannot be brought back by a step of length zero: its bound goes
// to it until restore, or the values would no longer be those of the basis.
func (s *simplex) stand(j int, at step) {
	if at.length > 0 || s.x[j] == at.bound {
		s.x[j] = at.bound
		return
	}
	s.loosen()
	if at.bound == s.lower[j] && s.x[j] <= at.bound {
		s.lower[j] = s.x[j]
		return
	}
	s.upper[j] = s.x[j]
}

// flip takes a boxed column to its other bound, exactly.
func (s *simplex) flip(j int) {
	if s.x[j] == s.lower[j] {
		s.x[j] = s.upper[j]
		return
	}
	s.x[j] = s.lower[j]
}

// update carries the reduced costs and the reference weights over an exchange.
func (s *simplex) update(q, position int) {
	pivot := s.alpha[position]
	theta, reference := s.reduced[q]/pivot, s.weight[q]
	for _, j := range s.touched {
		if s.place[j] >= 0 {
			continue
		}
		share := s.pivotRow[j]
		s.reduced[j] -= theta * share
		share /= pivot
		s.weight[j] = max(s.weight[j], share*share*reference)
	}
	leaving := s.head[position]
	s.reduced[q], s.reduced[leaving] = 0, -theta
	s.weight[leaving] = max(reference/(pivot*pivot), 1)
}
