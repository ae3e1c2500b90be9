package fairness_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine/fairness"
)

// The first is Newcombe's own example (1998): 56 of 70 against 48 of 80.
func TestIntervalsAreThePublishedOnes(t *testing.T) {
	t.Parallel()
	near := func(got, want float64) bool { return math.Abs(got-want) < 0.0001 }
	if d := fairness.Difference(56, 70, 48, 80); !near(d.Low, 0.0524) || !near(d.High, 0.3339) {
		t.Errorf("difference: %+v", d)
	}
	if w := fairness.Wilson(0, 20); w.Low != 0 || !near(w.High, 0.1611) {
		t.Errorf("0 of 20: %+v", w)
	}
	if w := fairness.Wilson(81, 263); !near(w.Low, 0.2553) || !near(w.High, 0.3662) {
		t.Errorf("81 of 263: %+v", w)
	}
}

// The intervals hold the truth about as often as they say, on small groups too.
func TestIntervalsCover(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	draw := func(n int, p float64) (x int) {
		for range n {
			if r.Float64() < p {
				x++
			}
		}
		return x
	}
	const rounds = 4000
	for _, c := range []struct {
		n1, n2 int
		p1, p2 float64
	}{{12, 40, 0.3, 0.4}, {30, 30, 0.2, 0.5}, {100, 300, 0.1, 0.1}} {
		inDifference, inRatio, ratios := 0, 0, 0
		for range rounds {
			x1, x2 := draw(c.n1, c.p1), draw(c.n2, c.p2)
			if d := fairness.Difference(x1, c.n1, x2, c.n2); d.Low <= c.p1-c.p2 && c.p1-c.p2 <= d.High {
				inDifference++
			}
			if _, w, ok := fairness.Ratio(x1, c.n1, x2, c.n2); ok {
				ratios++
				if w.Low <= c.p1/c.p2 && c.p1/c.p2 <= w.High {
					inRatio++
				}
			}
		}
		if low := 0.93 * rounds; float64(inDifference) < low || float64(inRatio) < 0.93*float64(ratios) {
			t.Errorf("%+v: the difference is held %d times in %d, the ratio %d in %d", c, inDifference, rounds, inRatio, ratios)
		}
	}
}

// The attacker knows the total, what is shown, and this very rule: it lists every
// set of sizes that leads to the same answer.
func TestSubtractionFindsNoSmallGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 30), 3, 5).Draw(t, "sizes")
		total := 0
		for _, n := range sizes {
			total += n
		}
		shown := fairness.Protect(sizes)
		if total < fairness.K { // said to be too few, without its total
			return
		}
		for i, n := range sizes {
			if shown[i] && n < fairness.K {
				t.Fatalf("%v shows a group of %d", sizes, n)
			}
		}
		possible := worlds(sizes, shown)
		for i, n := range sizes {
			if n > 0 && n < fairness.K && len(possible[i]) < 4 {
				t.Fatalf("%v, shown %v: a group of %d is found by subtraction", sizes, shown, n)
			}
		}
		union := 0
		for i, n := range sizes {
			if !shown[i] {
				union += n
			}
		}
		some := false
		for i := range shown {
			some = some || shown[i]
		}
		if some && union > 0 && union < fairness.K {
			t.Fatalf("%v: what is hidden is %d people together", sizes, union)
		}
	})
}

// worlds gives the values that each hidden size may have: every way to share the
// hidden sum that the rule would show alike.
func worlds(sizes []int, shown []bool) []map[int]bool {
	out := make([]map[int]bool, len(sizes))
	for i := range out {
		out[i] = map[int]bool{}
	}
	sum, hidden := 0, []int{}
	for i, n := range sizes {
		if !shown[i] && n > 0 {
			sum, hidden = sum+n, append(hidden, i)
		}
	}
	guess := append([]int(nil), sizes...)
	var share func(at, left int)
	share = func(at, left int) {
		if at == len(hidden)-1 {
			guess[hidden[at]] = left
			if left >= 1 && reflect.DeepEqual(fairness.Protect(guess), shown) {
				for _, i := range hidden {
					out[i][guess[i]] = true
				}
			}
			return
		}
		for n := 1; n < left; n++ {
			guess[hidden[at]] = n
			share(at+1, left-n)
		}
	}
	if len(hidden) > 0 {
		share(0, sum)
	}
	return out
}

func TestAGroupAloneIsNotSubtracted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sizes []int
		want  []bool
	}{
		{[]int{50, 40, 3}, []bool{true, false, false}},
		{[]int{50, 40, 12, 3}, []bool{true, true, false, false}},
		{[]int{50, 40, 0}, []bool{true, true, false}},
		{[]int{50, 4, 8}, []bool{true, false, false}},
		{[]int{5, 4, 8}, []bool{false, false, false}},
		{[]int{60, 50, 30, 4, 8}, []bool{true, true, true, false, false}},
	} {
		if got := fairness.Protect(c.sizes); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: shown %v, want %v", c.sizes, got, c.want)
		}
	}
}

// made is a person with a sex, in a stratum, proposed or not.
func made(sex, stratum string, proposed bool, times int) (out []fairness.Subject) {
	for range times {
		out = append(out, fairness.Subject{Groups: map[fairness.Dimension]string{fairness.BySex: sex}, Stratum: stratum,
			Counted: map[fairness.Metric]bool{fairness.Proposed: true}, Yes: map[fairness.Metric]bool{fairness.Proposed: proposed}})
	}
	return out
}

func find(r fairness.Report, m fairness.Metric, d fairness.Dimension) fairness.Table {
	for _, table := range r.Tables {
		if table.Metric == m && table.Dimension == d {
			return table
		}
	}
	return fairness.Table{}
}

// Women seek the occupation that is asked less, and are proposed as men are
// within each: the plain rates differ, the standardised ones don't.
func TestStandardisationRemovesWhatTheOccupationExplains(t *testing.T) {
	t.Parallel()
	var all []fairness.Subject
	for _, x := range []struct {
		sex, stratum string
		yes, no      int
	}{{"f", "cleaning", 20, 80}, {"f", "kitchen", 10, 10}, {"m", "cleaning", 4, 16}, {"m", "kitchen", 50, 50}} {
		all = append(append(all, made(x.sex, x.stratum, true, x.yes)...), made(x.sex, x.stratum, false, x.no)...)
	}
	table := find(fairness.Audit(all), fairness.Proposed, fairness.BySex)
	f, m := table.Rows[0], table.Rows[1]
	if f.Rate != 0.25 || m.Rate != 0.45 || math.Abs(f.Standard-m.Standard) > 1e-9 || !f.StandardKnown || math.Abs(f.Standard-0.35) > 1e-9 {
		t.Errorf("women %+v, men %+v", f, m)
	}
	if f.OfHighest > 0.8 || !f.RatioKnown || f.RatioWithin.High >= 1 || f.Difference.High >= 0 {
		t.Errorf("the plain rates do not say the difference: %+v", f)
	}
}

func TestTooFewIsSaid(t *testing.T) {
	t.Parallel()
	r := fairness.Audit(made("f", "kitchen", true, 9))
	if table := find(r, fairness.Proposed, fairness.BySex); !table.Few || table.Total != 0 || table.Rows != nil {
		t.Errorf("%+v", table)
	}
}

func TestBands(t *testing.T) {
	t.Parallel()
	on := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for got, want := range map[string]string{
		fairness.AgeBand(0, on):                 fairness.Unknown,
		fairness.AgeBand(2001, on):              "under26",
		fairness.AgeBand(1977, on):              "26to49",
		fairness.AgeBand(1976, on) + "!":        "from50!",
		fairness.WaitingBand("", on) + "?":      fairness.Unknown + "?",
		fairness.WaitingBand("2026-05-30", on):  "6to12",
		fairness.WaitingBand("2026-05-31", on):  "under6",
		fairness.DistanceBand(20, true):         "from20",
		fairness.DistanceBand(3, false) + " km": fairness.Unknown + " km",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, d := range fairness.Dimensions() {
		if g := d.Groups(); g[len(g)-1] != fairness.Unknown {
			t.Error(fmt.Sprint(d, " has no unknown group"))
		}
	}
}
