package assignment

import (
	"fmt"
	"math"
	"math/bits"
)

// weights pack the tiers of the objective in one integer: a tier weighs one
// more than all that the tiers below it can total.
type weights struct {
	objective Objective
	minimum   int64 // one card under a minimum; 0 when there are no minimums
	fit       int64 // one point of fit
	rank      int64 // one rank of precedence
}

func newWeights(units int64, minimums bool, o Objective) (weights, error) {
	fits, ranks := MaxFit*units, units*(units+1)/2
	w := weights{objective: o, fit: ranks + 1, rank: 1}
	top, ok := product(w.fit, fits+1)
	if o == WaitingFirst {
		w.fit, w.rank = 1, fits+1
		top, ok = product(w.rank, ranks+1)
	}
	if minimums {
		w.minimum = top
	}
	if !ok && w.minimum > 0 || !w.holds(units) {
		return w, fmt.Errorf("%d possible proposals: %w", units, ErrTooLarge)
	}
	return w, nil
}

func wished(positions []Position) bool {
	for _, p := range positions {
		if p.AtLeast > 0 {
			return true
		}
	}
	return false
}

// holds checks that no sum of the search overflows. A person may always stay
// out, so a price is at most one fit and one rank, a person's worth at most that
// and a minimum, a distance at most both: four times the three tiers is room
// enough.
func (w weights) holds(units int64) bool {
	fit, ok1 := product(w.fit, 4*MaxFit)
	rank, ok2 := product(w.rank, 4*units)
	minimum, ok3 := product(w.minimum, 4)
	return ok1 && ok2 && ok3 && fit < math.MaxInt64/4 && rank < math.MaxInt64/4 && minimum < math.MaxInt64/4
}

// product of two numbers that are not negative, if it fits.
func product(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi > 0 || lo > math.MaxInt64 {
		return math.MaxInt64, false
	}
	return int64(lo), true
}

// score is what a plan is worth, tier by tier: it is summed apart, because a
// packed total may not fit where each cost does.
type score struct{ minimum, fit, rank int64 }

// tiers of a score with their weights, the leading one first.
func (w weights) tiers(s score) [3]tier {
	minimum := tier{Minimums, s.minimum, w.minimum}
	fit, rank := tier{Fit, s.fit, w.fit}, tier{Waiting, s.rank, w.rank}
	if w.objective == WaitingFirst {
		return [3]tier{minimum, rank, fit}
	}
	return [3]tier{minimum, fit, rank}
}

type tier struct {
	part          Part
	total, weight int64
}
