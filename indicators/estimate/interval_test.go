package estimate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The four examples of R. G. Newcombe, Two-sided confidence intervals for the single
// proportion, Statistics in Medicine 17 (1998), table I, method 3.
func TestProportionAsPublished(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		r, n      int
		low, high float64
	}{{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718}} {
		in, err := Proportion(x.r, x.n, .95)
		if err != nil || !near(in.Low, x.low, .00005) || !near(in.High, x.high, .00005) {
			t.Errorf("%d/%d: %+v, %v", x.r, x.n, in, err)
		}
	}
}

// By another route: the ends are the shares that the score test does not reject, the
// roots of |p - π| = z √(π(1-π)/n).
func TestProportionSolvesTheScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		r := rapid.IntRange(0, n).Draw(t, "r")
		in, err := Proportion(r, n, .95)
		if err != nil {
			t.Fatal(err)
		}
		p := float64(r) / float64(n)
		if in.Low > p || in.High < p || in.Low < 0 || in.High > 1 {
			t.Fatalf("%v within %+v", p, in)
		}
		for _, end := range []float64{in.Low, in.High} {
			if end > 0 && end < 1 && !near(math.Abs(p-end), 1.959964*math.Sqrt(end*(1-end)/float64(n)), 1e-6) {
				t.Fatalf("%d/%d: %v does not solve the score", r, n, end)
			}
		}
		other, _ := Proportion(n-r, n, .95)
		if !near(other.Low, 1-in.High, 1e-12) || !near(other.High, 1-in.Low, 1e-12) {
			t.Fatalf("the complement has %+v, not the mirror of %+v", other, in)
		}
	})
}

// Student's own sleep data (Biometrika 6, 1908), first drug: 0.75 hours more, and
// with t = 2.262 for nine degrees of freedom, from -0.53 to 2.03.
func TestMeanOfStudent(t *testing.T) {
	t.Parallel()
	mean, in, err := Mean([]float64{.7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2}, .95)
	if err != nil || !near(mean, .75, 1e-12) || !near(in.Low, -.5297804, 1e-6) || !near(in.High, 2.0297804, 1e-6) {
		t.Errorf("%v, %+v, %v", mean, in, err)
	}
	if _, in, _ := Mean([]float64{3, 3, 3}, .95); in.Low != 3 || in.High != 3 {
		t.Errorf("the same three times: %+v", in)
	}
}

func TestNothingToEstimate(t *testing.T) {
	t.Parallel()
	for _, x := range [][2]int{{0, 0}, {-1, 3}, {4, 3}} {
		if _, err := Proportion(x[0], x[1], .95); !errors.Is(err, ErrEmpty) {
			t.Errorf("%v: %v", x, err)
		}
	}
	if _, _, err := Mean([]float64{1}, .95); !errors.Is(err, ErrEmpty) {
		t.Errorf("one value: %v", err)
	}
	if _, err := Proportion(1, 2, 1.5); !errors.Is(err, ErrLevel) {
		t.Errorf("a level of 1.5: %v", err)
	}
	if _, _, err := Mean([]float64{1, 2}, 0); !errors.Is(err, ErrLevel) {
		t.Errorf("a level of 0: %v", err)
	}
}

// A quotient over everybody has no doubt; of like units the half-width is the one of a
// mean, reduced by the share that answered; quotients do not depend on the unit.
func TestQuotient(t *testing.T) {
	t.Parallel()
	above, below := []float64{3, 5, 4, 8, 6, 2}, []float64{10, 10, 10, 10, 10, 10}
	whole, err := Quotient(above, below, 6, 6, .95)
	if err != nil || !near(whole.Low, 28./60, 1e-12) || !near(whole.High, 28./60, 1e-12) {
		t.Errorf("%+v, %v", whole, err)
	}
	half, err := Quotient(above, below, 6, 12, .95)
	mean, in, _ := Mean([]float64{.3, .5, .4, .8, .6, .2}, .95)
	if err != nil || !near(half.High-mean, (in.High-mean)*math.Sqrt(.5), 1e-12) || !near(mean-half.Low, half.High-mean, 1e-12) {
		t.Errorf("%+v of %+v, %v", half, in, err)
	}
	for _, bad := range [][2][]float64{{{1}, {1}}, {{1, 2}, {1}}, {{1, 2}, {0, 0}}} {
		if _, err := Quotient(bad[0], bad[1], 2, 4, .95); !errors.Is(err, ErrEmpty) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// Of a thousand samples of a known population, about 95 in a hundred intervals hold its
// quotient.
func TestQuotientHoldsTheTruth(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1977, 6))
	const units, sampled = 120, 40
	above, below := make([]float64, units), make([]float64, units)
	sum, base := 0.0, 0.0
	for i := range above {
		below[i] = 5 + 40*chance.Float64()
		above[i] = below[i] * (.2 + .5*chance.Float64())
		sum, base = sum+above[i], base+below[i]
	}
	held := 0
	for range 1000 {
		var n, d []float64
		for _, i := range chance.Perm(units)[:sampled] {
			n, d = append(n, above[i]), append(d, below[i])
		}
		in, err := Quotient(n, d, sampled, units, .95)
		if err != nil {
			t.Fatal(err)
		}
		if in.Low <= sum/base && sum/base <= in.High {
			held++
		}
	}
	if held < 930 || held > 970 {
		t.Errorf("%d of 1000", held)
	}
}
