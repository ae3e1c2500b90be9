package publication_test

import (
	"context"
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

// What ended an attempt is on the request while others follow; the last one ends it, and
// it may be approved or asked again. A build that takes too long twice is not tried more.
func TestABuildThatDiesSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(20, 1)
		for _, c := range []struct {
			attempt      publication.Attempt
			last         bool
			before, says string
		}{
			{publication.Attempt{Number: 5, Most: 5}, true, "L’essai 4 sur 5", "à la demande"},
			{publication.Attempt{Number: 2, Most: 5, Trouble: publication.TooLong}, true, "L’essai 1 a été arrêté au bout", "moins d’années"},
			{publication.Attempt{Number: 5, Most: 5, Trouble: publication.Interrupted}, false, "L’essai 4 a été interrompu", "L’essai 5 a été interrompu"},
		} {
			r := h.start(durable())
			ctx, kill := context.WithCancel(system())
			if err := h.worker(kill).Build(ctx, publication.BuildRelease{ID: r.ID}); err == nil {
				t.Error("a killed build says that it is done")
			}
			prior := c.attempt
			prior.Number--
			for _, a := range []publication.Attempt{prior, c.attempt} {
				must(t, h.Stumble(system(), publication.BuildRelease{ID: r.ID}, a))
				r, err := h.Request(h.researcher(), r.ID)
				must(t, err)
				want := c.before
				if a == c.attempt {
					want = c.says
				}
				if why := r.Why(); a.Last() != (r.State == publication.Failed) || a.Last() != (a == c.attempt && c.last) || !strings.Contains(why.FR, want) || why.EN == "" || why.EN == why.FR {
					t.Errorf("%+v: %s %q", a, r.State, r.Reason)
				}
			}
			if c.last {
				_, err := h.Decide(h.admin(), r.ID, publication.Decision{Approve: true})
				must(t, err)
			}
			must(t, h.Build(system(), publication.BuildRelease{ID: r.ID}))
			if r, err := h.Request(h.researcher(), r.ID); err != nil || r.State != publication.Published && !strings.Contains(r.Reason, "Rien n’a changé") || r.State == publication.Published && r.Reason != "" {
				t.Errorf("%v, %s %q", err, r.State, r.Reason)
			}
		}
	})
}
