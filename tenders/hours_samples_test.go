package tenders

import (
	"context"
	"maps"
	"path/filepath"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// TestHoursOfSamples reads the real notices and tells what comes after their
// awards; the table of docs/after-award.md is its log.
func TestHoursOfSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: imports every real notice and contract")
	}
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.load(filepath.Join(dir, "eforms"), filepath.Join(dir, "boamp"), filepath.Join(dir, "decp"), filepath.Join(dir, "ocds"))
		got := h.counted()
		t.Log(got)
		want := map[string]int{"award notices": 3960, "parts won": 3792, "under a clause": 10, "with a share": 2, "with a SIRET": 6, "with a duration": 8,
			"hours closed": 9, "hours published": 1, "open": 1}
		if !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// counted counts what was awarded and what is known of the hours to fill.
func (h *house) counted() map[string]int {
	h.t.Helper()
	n := map[string]int{}
	rows := map[string][]noticeRow{}
	var all []noticeRow
	if err := h.store.Read().NewSelect().Model(&all).Where("n.key <> ''").Order("n.id").Scan(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	for _, r := range all {
		rows[r.Key] = append(rows[r.Key], r)
		if r.Family == Award {
			n["award notices"]++
		}
	}
	for _, list := range rows {
		if !anyRow(list, ofAward) {
			continue
		}
		for _, p := range afterAward(list) {
			n["parts won"]++
			for key, is := range map[string]bool{
				"under a clause": p.says, "with hours": p.says && p.asked.hours > 0, "with a share": p.says && p.asked.share > 0,
				"with publics": p.says && len(p.asked.publics) > 0, "with a facilitator": p.says && p.asked.facilitator != "",
				"with a duration": p.says && p.insertion().Months > 0, "with a SIRET": p.says && p.holders[0].SIRET != "",
			} {
				if is {
					n[key]++
				}
			}
		}
	}
	for _, o := range h.hours() {
		n["hours "+string(o.State)]++
		if o.Open(testNow) && o.State == opportunities.Published {
			n["open"]++
		}
	}
	return n
}
