package tenders

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"maillage/internal/testkit"
)

// sampleContracts reads the real awards of the essential data as contracts.
func sampleContracts(t *testing.T) (list []Running) {
	t.Helper()
	for rec := range testParser(t).Walk(context.Background(), filepath.Join(testkit.Samples(t), "tenders", "decp")) {
		if n := rec.Notice; n != nil && n.Nature == Award && n.Award != nil {
			list = append(list, running(string(n.Source)+":"+n.ID, n, 0))
		}
	}
	return list
}

// TestForecastOfSamples measures what the real awards foretell; docs/forecast.md
// quotes it.
func TestForecastOfSamples(t *testing.T) {
	t.Parallel()
	list := sampleContracts(t)
	out := Foretell(list)
	works, relaxed := 0, slices.Clone(list)
	for i := range relaxed {
		if relaxed[i].works() {
			works++
			relaxed[i].CPV = "50" + relaxed[i].CPV[2:] // as if they were services, to weigh the rule on works
		}
	}
	divisions, horizons := map[string]int{}, map[string]int{}
	for i := range out.Expected {
		divisions[string(out.Expected[i].Ending[0].CPV[:2])]++
		horizons[out.Expected[i].At("2024-11-01").On[:4]]++
	}
	t.Logf("%d contracts (%d works): unfit %v, expected %d, by division %v, by year %v", len(list), works, out.Unfit, len(out.Expected), divisions, horizons)
	want := map[string]int{UnfitDuration: 2, UnfitTrade: 22, UnfitLong: 7, UnfitShort: 183, UnfitFramework: 6, UnfitWorks: 3057}
	if len(list) != 3602 || works != 3566 || len(out.Expected) != 4 || !maps.Equal(out.Unfit, want) {
		t.Errorf("the figures of docs/forecast.md no longer hold")
	}
	free := Foretell(relaxed)
	years := map[string]int{}
	for i := range free.Expected {
		years[free.Expected[i].At("2024-11-01").On[:4]]++
	}
	t.Logf("were works services: unfit %v, expected %d, by year %v", free.Unfit, len(free.Expected), years)
}

// TestBacktestOfSamples looks among the real notices for awards that a call of
// the same buyer and trade followed: too few to judge the windows, enough to say so.
func TestBacktestOfSamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	var awards, calls []*Notice
	for rec := range testParser(t).Walk(context.Background(), filepath.Join(dir, "eforms", "ted-r209-fr"), filepath.Join(dir, "eforms", "converted-fr"), filepath.Join(dir, "boamp")) {
		n := rec.Notice
		if n == nil || n.Buyer.Name == "" || len(n.CPV) == 0 || n.Published == "" {
			continue
		}
		switch n.Nature {
		case Award:
			awards = append(awards, n)
		case Call:
			calls = append(calls, n)
		}
	}
	buyers := map[string]bool{}
	for _, a := range awards {
		buyers[foldText(a.Buyer.Name)] = true
	}
	t.Logf("%d awards of %d buyers, %d calls", len(awards), len(buyers), len(calls))
	for _, digits := range []int{3, 4, 5} {
		followed, gaps := 0, []int{}
		for _, a := range awards {
			for _, c := range calls {
				if foldText(a.Buyer.Name) == foldText(c.Buyer.Name) && a.CPV[0][:digits] == c.CPV[0][:digits] && daysFrom(a.Published, c.Published) > 180 {
					followed++
					gaps = append(gaps, daysFrom(a.Published, c.Published)/30)
					break
				}
			}
		}
		if followed > 2 {
			t.Errorf("there is now something to judge the windows by: docs/forecast.md says that there is not")
		}
		t.Logf("%d digits: %d awards followed by a call half a year later or more; months %v", digits, followed, gaps)
	}
	leadsOf(t, awards, calls)
}

// leadsOf measures the days from a call to its award, where both are there.
func leadsOf(t *testing.T, awards, calls []*Notice) {
	t.Helper()
	byID := map[string]*Notice{}
	for _, c := range calls {
		byID[c.ID] = c
	}
	days := map[string][]int{}
	for _, a := range awards {
		for _, r := range a.Related {
			if c := byID[r.ID]; c != nil {
				days[fmt.Sprint(a.Source, " ", a.Form.Subtype)] = append(days[fmt.Sprint(a.Source, " ", a.Form.Subtype)], daysFrom(c.Published, a.Published))
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(days)) {
		slices.Sort(days[k])
		t.Logf("%s: %d pairs, days %v", k, len(days[k]), days[k])
	}
}
