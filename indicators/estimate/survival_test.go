package estimate

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The remissions of acute leukaemia, in weeks, of E. J. Freireich and others (Blood
// 21, 1963), as E. A. Gehan gives them (Biometrika 52, 1965): the reference of most
// textbooks. A negative time is censored.
var (
	sixMP   = spells(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
	placebo = spells(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
)

func spells(times ...float64) (list []Spell) {
	for _, t := range times {
		list = append(list, Spell{Time: math.Abs(t), Event: t > 0})
	}
	return list
}

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// Shares and standard errors as published (D. R. Cox and D. Oakes, Analysis of
// Survival Data, 1984; D. Collett, Modelling Survival Data in Medical Research).
func TestTheRemissionsOfTheTextbooks(t *testing.T) {
	t.Parallel()
	c, err := AalenJohansen(sixMP, .95)
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{
		{Time: 6, AtRisk: 21, Events: 3, Survival: .857, Variance: .0764}, {Time: 7, AtRisk: 17, Events: 1, Survival: .807, Variance: .0869},
		{Time: 10, AtRisk: 15, Events: 1, Survival: .753, Variance: .0963}, {Time: 13, AtRisk: 12, Events: 1, Survival: .690, Variance: .1068},
		{Time: 16, AtRisk: 11, Events: 1, Survival: .627, Variance: .1141}, {Time: 22, AtRisk: 7, Events: 1, Survival: .538, Variance: .1282},
		{Time: 23, AtRisk: 6, Events: 1, Survival: .448, Variance: .1346},
	}
	if len(c.Steps) != len(want) || c.Events != 9 || len(c.Censored) != 12 || c.Last != 35 {
		t.Fatalf("%+v", c)
	}
	for i, s := range c.Steps {
		w := want[i] // its Variance holds the published standard error
		if s.Time != w.Time || s.AtRisk != w.AtRisk || s.Events != w.Events || !near(s.Survival, w.Survival, .0005) || !near(math.Sqrt(s.Variance), w.Variance, .00005) {
			t.Errorf("%+v, published %+v", s, w)
		}
	}
	if last := c.Steps[6]; !near(last.Low, .188, .0005) || !near(last.High, .680, .0005) {
		t.Errorf("the band at 23 weeks is %v to %v", last.Low, last.High)
	}
	median, in, ok := c.Median()
	if median != 23 || in.Low != 13 || !math.IsInf(in.High, 1) || !ok {
		t.Errorf("half after %v weeks, %+v", median, in)
	}
	if first, in, ok := c.Quantile(.25); first != 13 || in.Low != 6 || in.High != 22 || !ok {
		t.Errorf("a quarter after %v weeks, %+v", first, in)
	}
	if _, _, ok := c.Quantile(.75); ok {
		t.Error("three quarters are never reached")
	}
	other, _ := AalenJohansen(placebo, .95)
	if third, _, ok := other.Quantile(.75); third != 12 || !ok {
		t.Errorf("with placebo, three quarters after %v weeks", third)
	}
	if median, in, _ := other.Median(); median != 8 || in.Low != 4 || in.High != 11 {
		t.Errorf("with placebo, half after %v weeks, %+v", median, in)
	}
}

// The share still waiting, by another route: each censored spell hands its weight to
// those that last longer (B. Efron, The two sample problem with censored data, 1967).
func redistributed(list []Spell) map[float64]float64 {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Spell) int {
		switch {
		case a.Time != b.Time && a.Time < b.Time, a.Time == b.Time && a.Event && !b.Event:
			return -1
		case a.Time == b.Time && a.Event == b.Event:
			return 0
		}
		return 1
	})
	weights := make([]float64, len(sorted))
	for i := range weights {
		weights[i] = 1 / float64(len(sorted))
	}
	left, at := 1.0, map[float64]float64{}
	for i, s := range sorted {
		if s.Event {
			left -= weights[i]
			at[s.Time] = left
			continue
		}
		for j := i + 1; j < len(sorted); j++ {
			weights[j] += weights[i] / float64(len(sorted)-i-1)
		}
	}
	return at
}

func drawn(t *rapid.T) []Spell {
	var list []Spell
	for range rapid.IntRange(1, 60).Draw(t, "n") {
		list = append(list, Spell{Time: float64(rapid.IntRange(0, 25).Draw(t, "time")), Event: rapid.Bool().Draw(t, "event")})
	}
	return list
}

func TestTheCurveByAnotherRoute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawn(t)
		c, err := AalenJohansen(list, .95)
		if err != nil {
			t.Fatal(err)
		}
		want := redistributed(list)
		if len(want) != len(c.Steps) {
			t.Fatalf("%d steps, %d by the other route", len(c.Steps), len(want))
		}
		before := 1.0
		for _, s := range c.Steps {
			if !near(s.Survival, want[s.Time], 1e-9) {
				t.Fatalf("at %v: %v, %v by the other route", s.Time, s.Survival, want[s.Time])
			}
			if s.Survival > before || s.Low < 0 || s.Low > s.Survival+1e-12 || s.High < s.Survival-1e-12 || s.High > 1 || s.Variance < 0 {
				t.Fatalf("%+v after %v", s, before)
			}
			if got := c.Waiting(s.Time); got != s.AtRisk {
				t.Fatalf("%d wait at %v, %d at risk", got, s.Time, s.AtRisk)
			}
			before = s.Survival
		}
		if c.Events+len(c.Censored) != c.Size {
			t.Fatalf("%+v", c)
		}
	})
}

// Where nobody is censored, the curve is the plain share of those who wait longer and
// Greenwood's variance that of a binomial, p(1-p)/n.
func TestWithoutCensoringItIsAShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawn(t)
		for i := range list {
			list[i].Event = true
		}
		c, err := AalenJohansen(list, .9)
		if err != nil {
			t.Fatal(err)
		}
		n := float64(len(list))
		for _, s := range c.Steps {
			longer := 0.0
			for _, one := range list {
				if one.Time > s.Time {
					longer++
				}
			}
			if p := longer / n; !near(s.Survival, p, 1e-9) || !near(s.Variance, p*(1-p)/n, 1e-9) {
				t.Fatalf("at %v: %+v, want %v", s.Time, s, p)
			}
		}
	})
}

// The order in which spells are given changes nothing.
func TestTheOrderChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawn(t)
		a, _ := AalenJohansen(list, .95)
		b, _ := AalenJohansen(rapid.Permutation(list).Draw(t, "order"), .95)
		if !slices.Equal(a.Steps, b.Steps) || !slices.Equal(a.Censored, b.Censored) || a.Last != b.Last {
			t.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestReadingACurve(t *testing.T) {
	t.Parallel()
	c, _ := AalenJohansen(sixMP, .95)
	for _, x := range []struct {
		time, share float64
		known       bool
		waiting     int
	}{{0, 1, true, 21}, {5.9, 1, true, 21}, {6, .857, true, 21}, {8, .807, true, 16}, {35, .448, true, 1}, {36, .448, false, 0}} {
		s, known := c.At(x.time)
		if !near(s.Survival, x.share, .0005) || known != x.known || c.Waiting(x.time) != x.waiting {
			t.Errorf("at %v: %v, %v, %d wait", x.time, s.Survival, known, c.Waiting(x.time))
		}
	}
	if _, _, ok := mustCurve(t, spells(-3, 5, -6, -7)).Median(); ok {
		t.Error("half is reached with one event in four")
	}
	if median, _, ok := mustCurve(t, spells(1, 2, 3, 4)).Median(); !ok || median != 2 {
		t.Errorf("half of four after %v", median)
	}
}

func mustCurve(t *testing.T, list []Spell) Curve {
	t.Helper()
	c, err := AalenJohansen(list, .95)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Past the point where few are followed, nothing of the curve is left.
func TestACurveEndsWhereFewAreFollowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, least := drawn(t), rapid.IntRange(1, 12).Draw(t, "least")
		c, _ := AalenJohansen(list, .95)
		cut := c.While(least)
		for _, s := range cut.Steps {
			if s.AtRisk < least || s.Time > cut.Last {
				t.Fatalf("%+v is shown with at least %d, up to %v", s, least, cut.Last)
			}
		}
		if cut.Last > 0 && c.Waiting(cut.Last) < least {
			t.Fatalf("%d are followed at %v, the end of the curve", c.Waiting(cut.Last), cut.Last)
		}
		if len(cut.Censored) > 0 && cut.Censored[len(cut.Censored)-1] > cut.Last || cut.Waiting(cut.Last) != c.Waiting(cut.Last) {
			t.Fatalf("past %v, %v are left", cut.Last, cut.Censored)
		}
		if !slices.Equal(cut.Steps, c.Steps[:len(cut.Steps)]) {
			t.Fatal("what is left is another curve")
		}
	})
}

func TestWhatCannotBeEstimatedIsRefused(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]Spell{"nothing": nil, "a negative time": {{Time: -1, Event: true}}, "no number": {{Time: math.NaN(), Event: true}}, "for ever": {{Time: math.Inf(1)}}} {
		if _, err := AalenJohansen(list, .95); !errors.Is(err, ErrEmpty) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, level := range []float64{0, 1, 95, math.NaN()} {
		if _, err := AalenJohansen(sixMP, level); !errors.Is(err, ErrLevel) {
			t.Errorf("level %v: %v", level, err)
		}
	}
}
