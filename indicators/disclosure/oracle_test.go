package disclosure_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"maillage/indicators/disclosure"
	"maillage/internal/testkit/highs"
)

// models writes the attack of every protected cell from what a reader has: the
// values that are published, nothing else. Our attack reasons from the truth;
// HiGHS does not know it.
func models(o *disclosure.Outcome) []highs.Model {
	var base highs.Model
	for _, v := range o.System.Variables {
		low, high := v.Floor, v.Ceiling
		if v.Known() {
			low, high = v.Value, v.Value
		}
		base.Lower, base.Upper = append(base.Lower, low), append(base.Upper, high)
	}
	for _, r := range o.System.Relations {
		var row highs.Row
		for _, t := range r.Terms {
			row.Terms = append(row.Terms, highs.Term{Column: t.Variable, Value: t.Factor})
		}
		if r.AtLeast {
			row.Terms = append(row.Terms, highs.Term{Column: len(base.Lower), Value: -1})
			base.Lower, base.Upper = append(base.Lower, 0), append(base.Upper, math.Inf(1))
		}
		base.Rows = append(base.Rows, row)
	}
	var all []highs.Model
	for _, i := range o.Attack.Intervals {
		for _, up := range []bool{false, true} {
			m := base
			m.Cost, m.Maximize = []highs.Term{{Column: i.Variable, Value: 1}}, up
			all = append(all, m)
		}
	}
	return all
}

// sameAsHiGHS compares every interval of an outcome.
func sameAsHiGHS(t *testing.T, outcomes ...*disclosure.Outcome) {
	t.Helper()
	var all []highs.Model
	for _, o := range outcomes {
		all = append(all, models(o)...)
	}
	answers := highs.Solve(t, all)
	for _, o := range outcomes {
		for _, i := range o.Attack.Intervals {
			for n, ours := range []float64{i.Low, i.High} {
				theirs := answers[n]
				if theirs.Status == "Optimal" && o.System.Integer {
					theirs.Value = []float64{math.Ceil(theirs.Value - 1e-6), math.Floor(theirs.Value + 1e-6)}[n]
				}
				same := theirs.Status == "Optimal" && math.Abs(theirs.Value-ours) <= 1e-6*max(1, math.Abs(ours)) ||
					theirs.Status != "Optimal" && theirs.Status != "Infeasible" && math.IsInf(ours, 0)
				if !same {
					t.Errorf("%q side %d: %v, HiGHS says %+v", o.System.Variables[i.Variable].Name, n, ours, theirs)
				}
			}
			answers = answers[2:]
		}
	}
	t.Logf("%d programs", len(all))
}

func TestInseeAgainstHiGHS(t *testing.T) {
	t.Parallel()
	task := taskOf(t, insee, "turnover_act_size.csv")
	for i := range task.Tables[0].Cells { // published figures that add up exactly, as HiGHS is given no tolerance
		c := &task.Tables[0].Cells[i]
		c.Value, c.Top[0] = math.Round(c.Value*1e4), c.Top[0]*1e4
	}
	sameAsHiGHS(t, protected(t, task))
}

// Small tables, as they are with their primaries alone, then protected.
func TestSmallTablesAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var outcomes []*disclosure.Outcome
	for seed := range 60 {
		task := rapid.Custom(func(t *rapid.T) disclosure.Task { return invented(t, 30) }).Example(seed)
		outcomes = append(outcomes, primaryOnly(t, task), protected(t, task))
	}
	sameAsHiGHS(t, outcomes...)
}
