package matching_test

import (
	"context"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/opportunities"
)

func (r *room) foresee(id opportunities.ID, end opportunities.ForecastEnd) *opportunities.Opportunity {
	r.t.Helper()
	o := tender()
	o.Kind, o.Key, o.Deadline = opportunities.Expected, "expected:212601652:7731:26:1", nil
	o.Forecast = &opportunities.Forecast{On: "2027-02-01", From: "2026-12-15", Until: "2027-04-01", Ends: "2027-04-01", Confidence: 0.5, End: end}
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := r.lots.Foresee(ctx, tx, opportunities.Foresight{ID: id, Opportunity: *o})
		return err
	}))
	out, err := r.lots.ByKey(r.ctx, o.Key)
	r.must(err)
	r.work()
	return out
}

// TestAnExpectedCallIsNotToAnswer: it is kept with its matches, apart from what
// is open; nobody replies to it; once it came out its matches go, and are no history.
func TestAnExpectedCallIsNotToAnswer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		o := r.foresee(0, "")
		if len(r.rows()) != 1 {
			t.Fatalf("matches %v", r.rows())
		}
		for asked, want := range map[bool]int{false: 0, true: 1} {
			a, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{Expected: asked, Passed: true})
			r.must(err)
			counts, err := r.matches.CountsOfOrganisations(r.ctx, member.ID)
			r.must(err)
			if a.Total != want || counts[member.ID].Proposed != 0 {
				t.Errorf("asked for %v: %d", asked, a.Total)
			}
		}
		a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
		r.must(err)
		if a.Total != 1 || a.History {
			t.Fatalf("candidates %+v", a)
		}
		if _, err := r.reply(a.Matches[0].Match, matching.Said{Reply: matching.Interested}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a reply to what nobody has published: %v", err)
		}
		r.foresee(o.ID, opportunities.CameOut)
		if len(r.rows()) != 0 {
			t.Errorf("matches of a call that came out: %v", r.rows())
		}
		m, err := r.matches.Get(r.ctx, a.Matches[0].Match)
		r.must(err)
		if m.State != matching.Withdrawn || m.Reason != matching.ReasonForecastOver {
			t.Errorf("%s %s", m.State, m.Reason)
		}
	})
}
