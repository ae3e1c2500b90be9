package tenders

import (
	"context"
	"fmt"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// reports applies one notice and tells the counts: made, updated, unchanged.
func (h *house) reports(n *Notice) string {
	h.t.Helper()
	im := &importer{Service: h.Service, batch: []Record{record(n)}, report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
	if err := im.flush(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprint(im.report.Made, im.report.Updated, im.report.Unchanged)
}

// TestWhatAnImportReports: a notice that changes the hours to fill of a
// procurement only is an update.
func TestWhatAnImportReports(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	const bati = "44306184100047"
	held := func(months int) func(*draft) {
		return contract("Rénovation du groupe scolaire", "2026-11-10", months, "Clause sociale")
	}
	steps := []struct {
		what   string
		notice *Notice
		want   string
	}{
		{"a call", p.notice(BOAMP, "26-1", "10-01", Call, Call, described(clause)), "1 0 0"},
		{"its award", p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "Bâtir SA", bati)), "0 1 0"},
		{"its contract gives the duration", p.notice(DECP, "212602818:77", "11-15", Award, Award, won("", "Bâtir SA", bati), held(12)), "0 1 0"},
		{"the contract is made longer", p.notice(DECP, "212602818:77", "11-18", Award, Award, won("", "Bâtir SA", bati), held(18)), "0 1 0"},
		{"the award once more", p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "Bâtir SA", bati)), "0 0 1"},
		{"the award cancelled", p.notice(BOAMP, "26-3", "11-20", Cancellation, Call, changing(BOAMP, "26-2")), "0 1 0"},
		{"cancelled again, in the same words", p.notice(BOAMP, "26-4", "11-20", Cancellation, Call, changing(BOAMP, "26-2")), "0 0 1"},
	}
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		for _, s := range steps {
			if got := h.reports(s.notice); got != s.want {
				t.Errorf("%s: made, updated, unchanged %s, want %s", s.what, got, s.want)
			}
		}
	})
}
