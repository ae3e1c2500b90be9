package publication_test

import (
	"strings"
	"testing"
	"time"

	"maillage/indicators/publication"
	"maillage/internal/fault"
)

// Withdrawn for a wrong word, the same figures are published again under another number.
func TestAWithdrawnReleaseIsMadeAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(60, 1)
		h.publish(durable())
		v, _ := h.latest()
		_, err := h.Withdraw(h.admin(), v.Dataset, v.Version, fault.Text{FR: "Un titre était faux."})
		must(t, err)
		h.clock.Advance(24 * time.Hour)
		if r := h.publish(durable()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		again, file := h.latest()
		if again.Version != "1.0.1" || !verified(t, file).Sound() {
			t.Errorf("version %s", again.Version)
		}
	})
}

// A release of one year of the federation takes no region away from who reads.
func TestANarrowReleaseDisplacesNothing(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		h.publish(durable())
		wide, _, err := h.Table(public(), "C04", 0)
		must(t, err)
		narrow := durable()
		narrow.Level, narrow.Kinds, narrow.Years = publication.Federation, false, []int{2024}
		if r := h.publish(narrow); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		both, found, err := h.Table(public(), "C04", 0)
		must(t, err)
		if !found || len(both.Readings) != len(wide.Readings)+1 {
			t.Fatalf("%d readings, %d before", len(both.Readings), len(wide.Readings))
		}
		for _, r := range both.Readings {
			if (r.Version.ID == wide.Readings[0].Version.ID) != (r.Year == 2025) || r.Frame == 0 {
				t.Errorf("%d %s is of %s, %d asked", r.Year, r.Territory, r.Version.Dataset, r.Frame)
			}
		}
		if taken := both.Taken(2025); taken["C08"] != 1 || taken["C04"] != 1 {
			t.Errorf("%v", taken)
		}
	})
}

// Both rules of presence stand side by side; a rate follows one of them.
func TestBothRulesOfPresence(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(90, 1)
		both := publication.Plan{Indicators: []publication.Chosen{{ID: "C08", Version: 1}, {ID: "C08", Version: 2}}, Level: publication.Federation, Kinds: true, Years: []int{2025}}
		if r := h.publish(both); r.State != publication.Published {
			t.Error(r.Reason)
		}
		both.Indicators = append(both.Indicators, publication.Chosen{ID: "C07", Version: 1})
		if _, err := h.Ask(h.researcher(), asked(both)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a rate under two rules: %v", err)
		}
	})
}

// A build that could not end ends the request: it may be approved or asked again.
func TestABuildThatDiesSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(20, 1)
		r := h.start(durable())
		must(t, h.GiveUp(system(), publication.BuildRelease{ID: r.ID}))
		r, err := h.Request(h.researcher(), r.ID)
		must(t, err)
		if why := r.Why(); r.State != publication.Failed || !strings.HasSuffix(why.FR, "moins large.") || !strings.HasPrefix(why.EN, "The build") {
			t.Errorf("%s %q", r.State, r.Reason)
		}
		if _, err := h.Decide(h.admin(), r.ID, publication.Decision{Approve: true}); err != nil {
			t.Error(err)
		}
	})
}
