package assignment

import (
	"errors"
	"testing"
)

// What 64 bits can't hold is refused, and 20,000 people are far from it.
func TestWeightsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		units          int64
		minimums, fits bool
	}{
		{20_000, false, true}, {20_000, true, true}, {225_000, true, true}, {226_000, true, false},
		{50_000_000, false, true}, {300_000_000, false, false}, {1 << 31, true, false},
	} {
		for _, o := range []Objective{FitFirst, WaitingFirst} {
			if _, err := newWeights(c.units, c.minimums, o); (err == nil) != c.fits || err != nil && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%+v, %v: %v", c, o, err)
			}
		}
	}
}
