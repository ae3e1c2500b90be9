package tenders

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// on is a record that names nothing: only its buyer, title and dates tell of
// which procurement it is.
func on(id, day, nature, deadline string, more map[string]any) string {
	all := map[string]any{"dateparution": day}
	maps.Copy(all, more)
	status := "INITIAL"
	if nature == "RECTIFICATIF" {
		status = nature
	}
	if deadline != "" {
		deadline += "T12:00:00+00:00"
	}
	return boampRecord(id, nature, status, deadline, all)
}

// lives are what became of the procurements: state and day of deadline.
func (h *house) lives() (out []string) {
	for _, o := range h.all() {
		if list, err := h.Told(h.t.Context(), o.Key); err != nil || len(list) == 0 {
			continue // its notices are told by another one
		}
		day := ""
		if o.Deadline != nil {
			day = o.Deadline.Format("2006-01-02")
		}
		out = append(out, fmt.Sprint(o.State, " ", day))
	}
	slices.Sort(out)
	return out
}

// permutations of the numbers under n.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, p := range permutations(n - 1) {
		for at := 0; at <= len(p); at++ {
			all = append(all, slices.Insert(slices.Clone(p), at, n-1))
		}
	}
	return all
}

// TestWhatNamesNothingIsPlacedByItsDates: a cancellation, a correction or an
// award that names no call goes to the same one in every order of reading.
func TestWhatNamesNothingIsPlacedByItsDates(t *testing.T) {
	t.Parallel()
	won := map[string]any{"titulaire": []string{"ACME"}}
	for name, c := range map[string]struct {
		records []string
		want    []string
	}{
		"cancelled and republished on one day": {[]string{on("26-100", "2026-11-02", "APPEL_OFFRE", "2026-12-10", nil),
			on("26-200", "2026-11-20", "APPEL_OFFRE", "2027-01-10", nil), on("26-201", "2026-11-20", "ANNULATION", "", nil)},
			[]string{"cancelled 2026-12-10", "published 2027-01-10"}},
		"the same, with the other numbers": {[]string{on("26-1", "2026-11-02", "APPEL_OFFRE", "2026-12-10", nil),
			on("26-3", "2026-11-20", "APPEL_OFFRE", "2027-01-10", nil), on("26-2", "2026-11-20", "ANNULATION", "", nil)},
			[]string{"cancelled 2026-12-10", "published 2027-01-10"}},
		"republished with the same deadline": {[]string{on("26-100", "2026-11-02", "APPEL_OFFRE", "2026-12-10", nil),
			on("26-200", "2026-11-20", "APPEL_OFFRE", "2026-12-10", nil), on("26-201", "2026-11-20", "ANNULATION", "", nil)},
			[]string{"published 2026-12-10"}},
		"republished later, then corrected": {[]string{on("26-1", "2026-06-02", "APPEL_OFFRE", "2026-07-10", nil), on("26-2", "2026-07-20", "ANNULATION", "", nil),
			on("26-3", "2026-08-02", "APPEL_OFFRE", "2026-12-15", nil), on("26-4", "2026-08-20", "RECTIFICATIF", "2026-12-28", nil)},
			[]string{"cancelled 2026-07-10", "published 2026-12-28"}},
		"a yearly call": {[]string{on("25-1", "2025-11-02", "APPEL_OFFRE", "2025-12-10", nil), on("26-2", "2026-02-02", "ATTRIBUTION", "", won),
			on("26-3", "2026-11-02", "APPEL_OFFRE", "2026-12-15", nil), on("26-4", "2026-11-20", "ANNULATION", "", nil)},
			[]string{"awarded 2025-12-10", "cancelled 2026-12-15"}},
		"an award while the next call is open": {[]string{on("25-1", "2025-11-02", "APPEL_OFFRE", "2025-12-10", nil), on("26-3", "2026-11-02", "APPEL_OFFRE", "2026-12-15", nil),
			on("26-4", "2026-11-20", "ATTRIBUTION", "", won)}, []string{"awarded 2025-12-10", "published 2026-12-15"}},
		"two identical calls": {[]string{on("26-1", "2026-11-02", "APPEL_OFFRE", "2026-12-10", nil), on("26-2", "2026-11-02", "APPEL_OFFRE", "2026-12-10", nil),
			on("26-3", "2026-11-04", "ANNULATION", "", nil), on("26-4", "2026-11-04", "APPEL_OFFRE", "2026-12-22", nil)},
			[]string{"cancelled 2026-12-10", "published 2026-12-22"}},
		"an award that names two calls": {[]string{on("26-1", "2026-09-02", "APPEL_OFFRE", "2026-10-10", nil), on("26-2", "2026-09-03", "APPEL_OFFRE", "2026-10-12", nil),
			on("26-3", "2026-11-04", "ATTRIBUTION", "", map[string]any{"annonces_anterieures": "26-1, 26-2"})}, []string{"awarded 2026-10-10", "closed 2026-10-12"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) {
				h := newHouse(t, st)
				for _, order := range permutations(len(c.records)) {
					wipe(t, st)
					h.loadAll(c.records, order)
					if got := h.lives(); !slices.Equal(got, c.want) {
						t.Errorf("order %v: %q, want %q", order, got, c.want)
					}
					before := fmt.Sprint(revisions(h.all()))
					if r := h.loadAll(c.records, order); r.Unchanged != len(order) || fmt.Sprint(revisions(h.all())) != before {
						t.Errorf("order %v, again: %+v", order, r)
					}
				}
			})
		})
	}
}

// strangersOf draws notices of one buyer and title that name nothing, or now and
// then one another: several calls, some identical, some of one day.
func strangersOf(t *rapid.T) []string {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	var records []string
	for i := range rapid.IntRange(2, 6).Draw(t, "notices") {
		nature := pick("nature", "APPEL_OFFRE", "APPEL_OFFRE", "APPEL_OFFRE", "RECTIFICATIF", "ANNULATION", "ANNULATION", "ATTRIBUTION")
		more := map[string]any{"annonces_anterieures": pick("names", "", "", "", "26-900000", "26-900010")}
		records = append(records, on(fmt.Sprintf("26-%06d", 900000+10*i), pick("day", "2025-11-20", "2026-11-02", "2026-11-20", "2026-11-21", "2026-12-02"),
			nature, pick("deadline", "", "2026-01-10", "2026-12-20", "2027-01-20"), more))
	}
	return records
}

// TestStrangersInAnyOrder: what stands in the end is told by the set of the
// notices, whatever the order in which they were read.
func TestStrangersInAnyOrder(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHouse(t, st)
	for seed := range 60 {
		records := rapid.Custom(strangersOf).Example(seed)
		var want []string
		for turn := range 4 {
			wipe(t, st)
			order := rand.New(rand.NewPCG(uint64(seed), uint64(turn))).Perm(len(records))
			h.loadAll(records, order)
			got := h.stands()
			if turn == 0 {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("seed %d, order %v of %q:\n%s\nwant\n%s", seed, order, records, got, want)
			}
		}
	}
}

// stands is all that stands, without what gave way to another procurement.
func (h *house) stands() []string {
	return standing(slices.DeleteFunc(h.all(), func(o *opportunities.Opportunity) bool {
		list, err := h.Told(h.t.Context(), o.Key)
		return err != nil || len(list) == 0
	}))
}
