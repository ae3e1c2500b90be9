package lp

import (
	"cmp"
	"math"
	"slices"
)

// breakpoint is where the slope of the sum of the infeasibilities changes: at that
// length, position p reaches that bound, and the slope grows by weight.
type breakpoint struct {
	length, weight, bound float64
	position              int32
}

// longRatio goes on past the bounds for as long as the sum of the infeasibilities
// decreases: positions that are out of their bounds come in, and may leave again.
func (s *simplex) longRatio(q int, direction float64) step {
	s.breaks = s.breaks[:0]
	for _, p := range s.support {
		s.crossings(p, -direction*s.alpha[p])
	}
	slices.SortFunc(s.breaks, func(a, b breakpoint) int {
		return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(b.weight, a.weight), cmp.Compare(a.position, b.position))
	})
	slope, flip := -math.Abs(s.reduced[q]), s.upper[q]-s.lower[q]
	best := step{length: math.Inf(1), position: -1}
	for _, b := range s.breaks {
		if b.length > flip {
			break
		}
		if b.weight > pivotTolerance || best.position < 0 {
			best = step{b.length, int(b.position), b.bound}
		}
		if slope += b.weight; slope >= 0 {
			return best
		}
	}
	if !math.IsInf(flip, 1) {
		return step{length: flip, position: -1}
	}
	return best
}

// crossings adds the bounds that a position crosses when it changes by rate per unit.
func (s *simplex) crossings(p int32, rate float64) {
	size := math.Abs(rate)
	if size <= negligible*1e3 {
		return
	}
	j := s.head[p]
	near, far, toward := s.lower[j], s.upper[j], 1.0
	if rate < 0 {
		near, far, toward = far, near, -1
	}
	share := s.tolerance[j] / 10
	if (s.x[j]-far)*toward > share {
		return
	}
	if (near-s.x[j])*toward > share {
		s.breaks = append(s.breaks, breakpoint{math.Abs(near-s.x[j]) / size, size, near, p})
	}
	if !math.IsInf(far, 0) {
		s.breaks = append(s.breaks, breakpoint{max(0, (far-s.x[j])*toward) / size, size, far, p})
	}
}
