package matching_test

import (
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// TestWhatOnlyPeopleAnswerIsNoEnterprises: no member is a candidate of an
// immersion or a session of training, neither by the jobs, nor from nothing, nor
// asked directly; a need that becomes an immersion loses its matches.
func TestWhatOnlyPeopleAnswerIsNoEnterprises(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lender := gardener()
		lender.Activities[0].Modes = []network.Mode{network.Staffing, network.Provision}
		member := r.save(lender)
		need := tender()
		need.Kind = opportunities.JobNeed
		was := r.publish(need)
		welcome := tender()
		welcome.Kind = opportunities.Immersion
		here := r.publish(welcome)
		session := tender()
		session.Kind, session.Lots[0].StartsOn = opportunities.TrainingSession, "2027-01-11"
		session.Lots[0].Terms = &opportunities.Terms{Audience: opportunities.ForJourneys, Outcomes: []opportunities.Gain{{Code: "tonte"}}}
		learn := r.publish(session)
		draft := tender()
		draft.Kind = opportunities.Immersion
		draft, err := r.lots.Create(r.ctx, opportunities.By{}, draft)
		r.must(err)
		r.work()
		if got := r.rows(); len(got) != 1 {
			t.Fatalf("%d matches: the need has one, what is for people none", len(got))
		}
		for _, o := range []*opportunities.Opportunity{here, learn, draft} {
			a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
			r.must(err)
			if a.Total != 0 || len(a.Matches) != 0 {
				t.Errorf("%s has candidates %+v", o.Kind, a.Matches)
			}
		}
		a, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{Passed: true})
		r.must(err)
		if a.Total != 1 || a.Matches[0].Lot.Kind != opportunities.JobNeed {
			t.Fatalf("lots for the member: %+v", a.Matches)
		}
		kept := a.Matches[0].Match
		was.Kind = opportunities.Immersion
		_, err = r.lots.Update(r.ctx, opportunities.By{}, 0, was)
		r.must(err)
		r.work()
		m, err := r.matches.Get(r.ctx, kept)
		r.must(err)
		if len(r.rows()) != 0 || m.State != matching.Withdrawn || m.Reason != matching.ReasonForPeople {
			t.Errorf("a need that became an immersion: %s %s, %d matches", m.State, m.Reason, len(r.rows()))
		}
	})
}
