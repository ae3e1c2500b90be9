package demo_test

import (
	"testing"

	"maillage/accounts"
	"maillage/demo"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/publication"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// The demonstration shows the two tables of the report, to the digit.
func TestTheDemonstrationHoldsTheReport(t *testing.T) {
	t.Parallel()
	testkit.Each(t, holdsTheReport)
}

func holdsTheReport(t *testing.T, st *store.Store) {
	t.Helper()
	ctx, cfg := accounts.With(t.Context(), accounts.TheSystem()), config(t, st)
	if _, err := demo.Load(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	counts := figures.NewService(figures.Config{Store: st, Atlas: cfg.Atlas})
	live, err := counts.Report(ctx, compute.COORACE)
	if err != nil {
		t.Fatal(err)
	}
	anybody := accounts.With(t.Context(), accounts.Nobody())
	if _, err := counts.Report(anybody, compute.COORACE); err == nil {
		t.Error("anybody reads the counts of today")
	}
	r, err := publication.NewService(publication.Config{Store: st, Atlas: cfg.Atlas, Counts: counts}).Report(anybody, compute.COORACE)
	if err != nil || r.Version == nil {
		t.Fatal(err, "no report is released")
	}
	want := map[string][]int64{
		"durable": {29, 25, 28, 28}, "durable.cdi": {15, 14, 15, 15}, "durable.cdd_gt6m": {13, 10, 11, 11}, "durable.creation": {1, 1, 2, 2},
		"transition": {19, 17, 18, 20}, "transition.cdd_lt6m": {13, 11, 13, 15}, "transition.aided": {6, 6, 5, 5}, "positive": {11, 12, 14, 13},
		"positive.training": {8, 7, 9, 8}, "positive.siae": {3, 5, 5, 5}, "dynamic": {59, 54, 60, 60}, "other": {41, 46, 40, 40},
		"iae_total": {80383, 74434, 82936, 11920, 12275, 13293}, "iae_insertion": {77411, 70978, 79666, 9643, 9641, 11028}, "iae_permanent": {2972, 3456, 3270, 2277, 2634, 2265},
		"proxim_total": {8400, -1, -1, 2899, 3712, 3508}, "proxim_home_workers": {8069, 8288, 9996, 2624, 3354, 3170}, "proxim_managers": {331, -1, -1, 275, 358, 338}, "ensemble": {88783, -1, -1, 14819, 15987, 16801},
	}
	lines := append(append([]figures.Line{}, r.Exits.Lines...), r.Workforce.Lines...)
	if len(lines) != len(want) {
		t.Errorf("%d lines, want %d", len(lines), len(want))
	}
	for _, line := range lines {
		for i, n := range line.Numbers {
			got := int64(-1)
			if n.Known {
				got = compute.Rounded(n.Exact, 0)
			}
			if n.Withheld || i >= len(want[line.ID]) || got != want[line.ID][i] {
				t.Errorf("%s, column %d: %d (withheld: %v), want %v", line.ID, i, got, n.Withheld, want[line.ID])
			}
		}
	}
	raised := false
	for _, a := range live.Alerts {
		raised = raised || a.Code == compute.OutOfLine && a.Measure == compute.HomeWorkerPersons && a.Year == 2011
	}
	if !raised {
		t.Errorf("the home workers of 2011 are not looked at: %+v", live.Alerts)
	}
}
