package assignment

import (
	"errors"
	"testing"
)

// What 64 bits can't hold is refused, and 20,000 people are far from it.
func TestWeightsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		units, least int
		fits         bool
	}{
		{20_000, 0, true}, {20_000, 2, true}, {226_000, 2, true}, {227_000, 2, false},
		{1_000_000, 0, true}, {10_000_000, 0, true}, {10_000_000, 1, false}, {300_000_000, 0, false},
	} {
		g := &graph{units: make([]int32, c.units), positions: []Position{{AtLeast: c.least, AtMost: c.least}}}
		for _, o := range []Objective{FitFirst, WaitingFirst} {
			if _, err := newWeights(g, o); (err == nil) != c.fits || err != nil && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%+v, %v: %v", c, o, err)
			}
		}
	}
}
