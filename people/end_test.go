package people_test

import (
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

// A mistyped year neither erases a journey at once nor keeps it for ever, and
// the months before it is erased run from the day the end was said.
func TestAnEndIsBounded(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		id := h.made(h.gardener()).ID // entered on 2026-01-05; today is 2026-11-23
		for _, on := range []string{"2006-11-20", "2026-01-04", "2099-01-01", "2026-12-25", "hier"} {
			_, err := h.End(h.as(), id, 0, on)
			wantKind(t, err, fault.KindInvalid)
		}
		old := h.gardener()
		old.Key, old.EnteredOn = "P13", "2019-01-07"
		late := h.made(old).ID
		_, err := h.End(h.as(), late, 0, "2020-01-06")
		must(t, err)
		_, err = h.End(h.as(), id, 0, "2026-12-24")
		must(t, err)
		erased, err := h.EraseLate(system())
		must(t, err)
		if erased != 0 {
			t.Fatalf("%d erased on the day their end was said", erased)
		}
		h.clock.Advance((people.KeptMonths*31 + 40) * 24 * time.Hour)
		if erased, err = h.EraseLate(system()); err != nil || erased != 2 {
			t.Errorf("%d erased, %v", erased, err)
		}
	})
}
