package matching_test

import (
	"fmt"
	"testing"
	"time"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Pages follow each other without gap nor repetition, and the counts agree.
func TestPagesAndCounts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		for i := range 25 {
			o := gardener()
			o.Name = fmt.Sprint("Membre ", i)
			o.Activities[0].FTE = float64(i%4 + 1)
			r.save(o)
		}
		o := r.publish(tender())
		lot := o.Lots[0].ID
		r.work()
		seen, last, pages := map[network.ID]bool{}, 101, 0
		for after := 0; ; pages++ {
			a, err := r.matches.MatchesOfLot(r.ctx, lot, matching.Query{Limit: 10, After: after})
			r.must(err)
			for i, m := range a.Matches {
				if m.Rank != after+i+1 || m.Score > last || seen[m.Organisation.ID] {
					t.Fatalf("rank %d, score %d after %d, seen %v", m.Rank, m.Score, last, seen[m.Organisation.ID])
				}
				seen[m.Organisation.ID], last = true, m.Score
			}
			if after = a.Next; after == 0 {
				break
			}
		}
		if len(seen) != 25 || pages != 2 {
			t.Fatalf("%d candidates over %d pages", len(seen), pages+1)
		}
		for id, said := range map[matching.ID]matching.Said{1: {Reply: matching.Interested}, 2: {Reply: matching.NotForUs, Motive: matching.TooFar}} {
			_, err := r.reply(id, said)
			r.must(err)
		}
		counts, err := r.matches.CountsOfLots(r.ctx, lot, lot+99)
		r.must(err)
		if want := (matching.Counts{Proposed: 25, Interested: 1, NotForUs: 1}); counts[lot] != want || len(counts) != 1 {
			t.Fatalf("counts %+v, want %+v", counts, want)
		}
		m, err := r.matches.Get(r.ctx, 1)
		r.must(err)
		byOrganisation, err := r.matches.CountsOfOrganisations(r.ctx, m.OrganisationID)
		r.must(err)
		if want := (matching.Counts{Proposed: 1, Interested: 1}); byOrganisation[m.OrganisationID] != want {
			t.Fatalf("counts %+v, want %+v", byOrganisation, want)
		}
		if _, err := r.matches.MatchesOfLot(r.ctx, lot+99, matching.Query{}); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("a lot that isn't there: %v", err)
		}
		if _, err := r.matches.Get(r.ctx, 999); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("a match that isn't there: %v", err)
		}
	})
}

// An officer sees who could answer a draft; nothing is kept nor proposed.
func TestADraftIsAnsweredAndNotProposed(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	member := r.save(gardener())
	draft, err := r.lots.Create(r.ctx, opportunities.By{}, tender())
	r.must(err)
	r.work()
	a, err := r.matches.MatchesOfLot(r.ctx, draft.Lots[0].ID, matching.Query{})
	r.must(err)
	if a.Total != 1 || a.Matches[0].Match != 0 || len(r.rows()) != 0 {
		t.Fatalf("a draft: %+v, rows %v", a, r.rows())
	}
	b, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{Passed: true})
	r.must(err)
	if b.Total != 0 {
		t.Fatalf("a member sees a draft: %+v", b)
	}
}

// Who calls for partners is no candidate of its own call.
func TestACallForPartnersLeavesItsAuthorOut(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	author := r.save(gardener())
	other := gardener()
	other.Name = "Ronce & Compas"
	partner := r.save(other)
	call := tender()
	call.Kind = opportunities.PartnerCall
	id := int64(author.ID)
	call.PublisherID = &id
	o := r.publish(call)
	r.work()
	a, err := r.matches.MatchesOfLot(r.ctx, o.Lots[0].ID, matching.Query{})
	r.must(err)
	if a.Total != 1 || a.Matches[0].Organisation.ID != partner.ID {
		t.Fatalf("candidates %+v", a.Matches)
	}
}

// An enterprise whose trade nobody has said is never kept as a match.
func TestToBeSpecifiedStandsApart(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	o := gardener()
	o.Activities = nil
	member := r.save(o)
	offer := r.publish(tender())
	r.work()
	a, err := r.matches.MatchesOfLot(r.ctx, offer.Lots[0].ID, matching.Query{Apart: 5})
	r.must(err)
	if a.Total != 0 || a.ApartTotal != 1 || a.Apart[0].Organisation.ID != member.ID || len(r.rows()) != 0 {
		t.Fatalf("answer %+v", a)
	}
	// It says its trade: it is ranked at once. It takes it back: withdrawn, to be specified.
	said, err := r.network.ConfirmActivities(r.ctx, member.ID, 0, gardener().Activities)
	r.must(err)
	r.work()
	if len(r.rows()) != 1 {
		t.Fatal("a confirmed trade makes no match")
	}
	said.Activities[0].Codes = nil
	r.save(said)
	r.work()
	m, err := r.matches.Get(r.ctx, 1)
	r.must(err)
	if m.State != matching.Withdrawn || m.Reason != matching.ReasonUnspecified {
		t.Fatalf("%+v", m)
	}
}

// Working days are those of the place: the 27th of April is none in Mayotte.
func TestDaysLeftAreThoseOfThePlace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		asOf, deadline := time.Date(2027, 4, 26, 8, 0, 0, 0, time.UTC), time.Date(2027, 4, 28, 11, 0, 0, 0, time.UTC)
		for commune, want := range map[string]int{"97611": 1, "26362": 2} {
			o := tender()
			o.Deadline, o.Place = &deadline, opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:` + commune + `"}`}
			for i := range o.Lots {
				o.Lots[i].Place, o.Lots[i].Deadline = opportunities.Place{}, nil
			}
			a, err := r.matches.MatchesOfLot(r.ctx, r.publish(o).Lots[0].ID, matching.Query{AsOf: asOf})
			r.must(err)
			if a.Lot == nil || a.Lot.WorkingDays == nil || *a.Lot.WorkingDays != want {
				t.Errorf("at %s: %+v, want %d", commune, a.Lot, want)
			}
		}
	})
}
