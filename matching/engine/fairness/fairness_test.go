package fairness_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

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
	drawn := func(n int, p float64) (x int) {
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
			x1, x2 := drawn(c.n1, c.p1), drawn(c.n2, c.p2)
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

// made are people with a sex, in a stratum, proposed or not.
func made(all []fairness.Subject, sex, stratum string, proposed bool, times int) []fairness.Subject {
	for range times {
		all = append(all, fairness.Subject{Who: len(all), Groups: map[fairness.Dimension]string{fairness.BySex: sex}, Stratum: stratum,
			Counted: map[fairness.Metric]bool{fairness.Proposed: true}, Yes: map[fairness.Metric]bool{fairness.Proposed: proposed}})
	}
	return all
}

func draw(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 9)) }

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
	}{{"f", "cleaning", 200, 800}, {"f", "kitchen", 100, 100}, {"m", "cleaning", 40, 160}, {"m", "kitchen", 500, 500}} {
		all = made(made(all, x.sex, x.stratum, true, x.yes), x.sex, x.stratum, false, x.no)
	}
	table := find(fairness.Audit(all, draw(1)), fairness.Proposed, fairness.BySex)
	near := func(got, want float64) bool { return math.Abs(got-want) < 0.03 }
	f, m := table.Rows[0], table.Rows[1]
	if !near(f.Rate, 0.25) || !near(m.Rate, 0.45) || !near(f.Standard, 0.35) || !near(m.Standard, 0.35) || !f.StandardKnown || f.Covered != 1 {
		t.Errorf("women %+v, men %+v", f, m)
	}
	if f.OfHighest > 0.8 || !f.RatioKnown || f.RatioWithin.High >= 1 || f.Difference.High >= 0 {
		t.Errorf("the plain rates do not say the difference: %+v", f)
	}
}

// Half of the women are one stratum of ten: their rate there is not to be had.
func TestASmallStratumGivesNoRate(t *testing.T) {
	t.Parallel()
	all := made(nil, "f", "kitchen", true, 12)
	for _, x := range []struct {
		sex, stratum string
		yes, no      int
	}{{"f", "kitchen", 0, 6}, {"f", "other", 0, 8}, {"m", "kitchen", 30, 30}} {
		all = made(made(all, x.sex, x.stratum, true, x.yes), x.sex, x.stratum, false, x.no)
	}
	for seed := range uint64(200) {
		for _, r := range find(fairness.Audit(all, draw(seed)), fairness.Proposed, fairness.BySex).Rows {
			if r.Group == "f" && (r.StandardKnown || r.Standard != 0 || r.Covered != 0) {
				t.Fatalf("a rate of a few is told: %+v", r)
			}
		}
	}
}

func TestTooFewIsSaid(t *testing.T) {
	t.Parallel()
	r := fairness.Audit(made(nil, "f", "kitchen", true, 9), draw(1))
	if table := find(r, fairness.Proposed, fairness.BySex); !table.Few || table.Total != 0 || table.Rows != nil || len(table.Untold) != 3 {
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

// What is kept is read again as it was, an interval without an upper bound too.
func TestAnIntervalIsKept(t *testing.T) {
	t.Parallel()
	for _, i := range []fairness.Interval{{Low: 0.2, High: 0.5}, {Low: 1, High: math.Inf(1)}} {
		text, err := json.Marshal(i)
		if err != nil {
			t.Fatal(err)
		}
		var got fairness.Interval
		if err := json.Unmarshal(text, &got); err != nil || got != i {
			t.Errorf("%+v is read as %+v from %s (%v)", i, got, text, err)
		}
	}
}
