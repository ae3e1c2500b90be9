package estimate

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Eight people, by hand: events at 1, 3 and 6, other ends at 2 and 5, one censored at
// 4, two at 7. F = 1/8; + 6/8·1/6 = 1/4; + (5/8·3/4)·1/3 = 13/32. Until somebody is
// censored the variance is that of a share, F(1-F)/8. One minus Kaplan–Meier would
// say 1 - 7/8·5/6·2/3 = 51 %.
func TestOtherEndsAreNotWaits(t *testing.T) {
	t.Parallel()
	list := append(spells(1, 3, -4, 6, -7, -7), Spell{Time: 2, Other: true}, Spell{Time: 5, Other: true})
	c, err := AalenJohansen(list, .95)
	if err != nil || len(c.Steps) != 3 || len(c.Others) != 2 || len(c.Censored) != 3 || c.Events != 3 {
		t.Fatalf("%+v, %v", c, err)
	}
	for i, want := range []Step{
		{Time: 1, AtRisk: 8, Survival: 7. / 8, Variance: 7. / 512},
		{Time: 3, AtRisk: 6, Survival: 3. / 4, Otherwise: 1. / 8, Variance: 3. / 128},
		{Time: 6, AtRisk: 3, Survival: 19. / 32, Otherwise: 9. / 32, Variance: byHand()},
	} {
		s := c.Steps[i]
		if s.Time != want.Time || s.AtRisk != want.AtRisk || !near(s.Survival, want.Survival, 1e-12) || !near(s.Otherwise, want.Otherwise, 1e-12) || !near(s.Variance, want.Variance, 1e-12) {
			t.Errorf("%+v, by hand %+v", s, want)
		}
	}
	if _, _, ok := c.Median(); ok {
		t.Error("half is said to have had the event: 13 in 32 did")
	}
}

// byHand is the variance at 6, term by term: times 1, 2, 3, 5 and 6.
func byHand() float64 {
	f, sum := 13./32, 0.0
	for _, x := range []struct{ at, before, n, own, all float64 }{{1. / 8, 1, 8, 1, 1}, {1. / 8, 7. / 8, 7, 0, 1}, {1. / 4, 6. / 8, 6, 1, 1}, {1. / 4, 5. / 8, 4, 0, 1}, {13. / 32, 15. / 32, 3, 1, 1}} {
		sum += (f-x.at)*(f-x.at)*x.all/(x.n*(x.n-x.all)) + x.before*x.before*x.own*(x.n-x.own)/(x.n*x.n*x.n) - 2*(f-x.at)*x.before*x.own/(x.n*x.n)
	}
	return sum
}

// ended draws spells of which some end otherwise.
func ended(t *rapid.T) []Spell {
	list := drawn(t)
	for i := range list {
		list[i].Other = !list[i].Event && rapid.Bool().Draw(t, "other")
	}
	return list
}

// Without other ends it is Kaplan–Meier, variance and band included.
func TestWithoutOtherEndsItIsKaplanMeier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawn(t)
		a, _ := AalenJohansen(list, .95)
		k, err := kaplanMeier(list, .95)
		if err != nil || len(a.Steps) != len(k.Steps) || !slices.Equal(a.Censored, k.Censored) || a.Events != k.Events || a.Last != k.Last {
			t.Fatalf("%+v\n%+v", a, k)
		}
		for i, s := range a.Steps {
			w := k.Steps[i]
			if s.Time != w.Time || s.AtRisk != w.AtRisk || s.Events != w.Events || !near(s.Survival, w.Survival, 1e-9) || !near(s.Variance, w.Variance, 1e-9) || !near(s.Low, w.Low, 1e-6) || !near(s.High, w.High, 1e-6) {
				t.Fatalf("%+v, Kaplan–Meier %+v", s, w)
			}
		}
	})
}

// Those who had the event, those who ended otherwise and those who still wait (by
// Kaplan–Meier, any end being one) are everybody.
func TestTheSharesAreOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := ended(t)
		c, err := AalenJohansen(list, .95)
		if err != nil {
			t.Fatal(err)
		}
		ends := slices.Clone(list)
		for i := range ends {
			ends[i].Event, ends[i].Other = list[i].Event || list[i].Other, false
		}
		k, _ := kaplanMeier(ends, .95)
		before := 1.0
		for _, s := range c.Steps {
			waits, _ := k.At(s.Time)
			if !near((1-s.Survival)+s.Otherwise+waits.Survival, 1, 1e-9) {
				t.Fatalf("%+v and %v who wait", s, waits.Survival)
			}
			if s.Survival > before || s.Low < 0 || s.Low > s.Survival+1e-9 || s.High < s.Survival-1e-9 || s.High > 1 || math.IsNaN(s.High+s.Low) {
				t.Fatalf("%+v after %v", s, before)
			}
			if c.Waiting(s.Time) != s.AtRisk {
				t.Fatalf("%d wait, %d at risk", c.Waiting(s.Time), s.AtRisk)
			}
			before = s.Survival
		}
		if c.Events+len(c.Censored)+len(c.Others) != c.Size {
			t.Fatalf("%+v", c)
		}
	})
}

// Without censoring it is the plain share, with the variance of one.
func TestWithoutCensoringTheIncidenceIsAShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, n := drawn(t), 0.0
		for i := range list {
			list[i].Other = !list[i].Event
			n++
		}
		c, _ := AalenJohansen(list, .95)
		for _, s := range c.Steps {
			had := 0.0
			for _, one := range list {
				if one.Event && one.Time <= s.Time {
					had++
				}
			}
			if p := had / n; !near(1-s.Survival, p, 1e-9) || !near(s.Variance, p*(1-p)/n, 1e-9) {
				t.Fatalf("%+v, want %v", s, p)
			}
		}
	})
}

// No step, no tick and no other end of fewer than so many is told; shares are those of
// the whole curve at the same time.
func TestStepsAreToldOfSoMany(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := AalenJohansen(ended(t), .95)
		told := c.Told(5)
		events := 0
		for _, s := range told.Steps {
			whole, _ := c.At(s.Time)
			if s.Events < 5 || s.Survival != whole.Survival || s.Low != whole.Low || s.AtRisk != told.Waiting(s.Time) || s.AtRisk < whole.AtRisk || s.Time > told.Last {
				t.Fatalf("%+v of %+v", s, whole)
			}
			events += s.Events
		}
		if events != told.Events {
			t.Fatalf("%d events, %d told", events, told.Events)
		}
		for _, times := range [][]float64{told.Censored, told.Others} {
			for i := 0; i < len(times); {
				n := i
				for n < len(times) && times[n] == times[i] {
					n++
				}
				if n-i < 5 {
					t.Fatalf("%d left at %v", n-i, times[i])
				}
				i = n
			}
		}
	})
}

func TestIncidenceRefusesWhatCannotBeEstimated(t *testing.T) {
	t.Parallel()
	if _, err := AalenJohansen([]Spell{{Time: math.NaN()}}, .95); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
	if _, err := AalenJohansen(sixMP, 95); !errors.Is(err, ErrLevel) {
		t.Error(err)
	}
}
