package placement_test

import (
	"slices"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// A session is told with the places that it has left, to who can follow it, for what it
// ends in time for: beside near misses, on cards and in what would open more.
func TestASessionIsToldForWhatItServes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(7)
		course := func(commune string, asks ...opportunities.Wanted) opportunities.LotID {
			o, err := r.lots.Get(system(), r.session(opportunities.ForJourneys).ID)
			r.must(err)
			o.Lots[0].Posts, o.Lots[0].Terms.Aptitudes = 2, asks
			o.Place.Perimeter = `{"territory":"commune:` + commune + `"}`
			o, err = r.lots.Update(system(), opportunities.By{}, 0, o)
			r.must(err)
			return o.Lots[0].ID
		}
		here := course("26362")
		course("26281")                                                         // Romans, farther than they go by bicycle
		course("26362", opportunities.Wanted{Code: "permis-c", Required: true}) // which they have not
		need := func(starts, ends string) opportunities.LotID {
			o := r.kitchen()
			o.Lots[0].StartsOn, o.Lots[0].EndsOn = starts, ends
			o.Lots[0].Terms.Aptitudes = append(o.Lots[0].Terms.Aptitudes, opportunities.Wanted{Code: "caces-r489-3", Required: true})
			return r.publish(o).Lots[0].ID
		}
		later, over, now := need("2027-02-01", ""), need("", "2026-12-31"), need("", "2027-06-30")
		wantTold := func(when string, p *people.Person, places int, lots ...opportunities.LotID) {
			t.Helper()
			of, err := r.placement.PositionsFor(r.cip, p.ID, placement.Query{Near: 50})
			r.must(err)
			var nears []opportunities.LotID
			for _, c := range of.Near {
				if nears = append(nears, c.Position.Lot); len(c.Trainings) != 1 || c.Trainings[0].Lot != here || c.Trainings[0].Places != places {
					t.Errorf("%s, beside %d: %+v", when, c.Position.Lot, c.Trainings)
				}
			}
			if slices.Sort(nears); !slices.Equal(nears, lots) {
				t.Errorf("%s, near %v, want %v", when, nears, lots)
			}
		}
		gain := func(p *people.Person) (out placement.Opening) {
			t.Helper()
			w, err := r.placement.WhatIf(r.cip, p.ID)
			r.must(err)
			for _, g := range w.Gains {
				if g.Change.Code == "caces-r489-3" {
					out = g
				}
			}
			return out
		}
		wantTold("at first", folk[0], 2, later, now)
		if g := gain(folk[0]); g.Total != 3 || g.Open != 2 || len(g.Trainings) != 1 || g.Trainings[0].Lot != here || g.Trainings[0].Places != 2 {
			t.Errorf("%+v", g)
		}
		for lot, told := range map[opportunities.LotID]int{later: 1, over: 0} {
			got, err := r.placement.Prepare(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
			r.must(err)
			if got.Card == nil || len(got.Card.Trainings) != told {
				t.Errorf("the card for %d: %+v, %v", lot, got.Card, got.Refused)
			}
		}
		r.agree(later, folk[2])
		r.propose(later, folk[2])
		r.agree(here, folk[1], folk[6])
		_, err := r.placement.Conclude(r.cip, folk[1].ID, here, placement.Hired)
		r.must(err)
		wantTold("with one place taken", folk[0], 1, later, now)
		if g := gain(folk[1]); len(g.Trainings) != 0 || g.Open != 0 {
			t.Errorf("who has a place in it is told %+v", g)
		}
		if cards, err := r.placement.Received(r.employer, later); err != nil || len(cards.Cards) != 1 || cards.Cards[0].Trainings[0].Places != 1 {
			t.Errorf("the card shown says %+v, %v", cards, err)
		}
		_, err = r.placement.Conclude(r.cip, folk[6].ID, here, placement.Hired)
		r.must(err)
		wantTold("full", folk[0], 0)
		if g := gain(folk[0]); len(g.Trainings) != 0 || g.Open != 0 {
			t.Errorf("full, it is told in %+v", g)
		}
	})
}

// Who is free once a session has begun is told none of it, were it in time for the position.
func TestASessionIsToldToWhoIsFree(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	r.session(opportunities.ForJourneys)
	o := r.kitchen()
	o.Lots[0].StartsOn, o.Lots[0].Terms.Aptitudes = "2027-03-01", []opportunities.Wanted{{Code: "caces-r489-3", Required: true}}
	r.publish(o)
	for from, told := range map[string]int{"": 1, "2027-01-11": 1, "2027-01-12": 0} {
		p := r.cook()
		p.AvailableOn = from
		p = r.person(p)
		of, err := r.placement.PositionsFor(r.cip, p.ID, placement.Query{Near: 50})
		r.must(err)
		w, err := r.placement.WhatIf(r.cip, p.ID)
		if r.must(err); len(of.Near) != told || len(w.Gains) != told {
			t.Errorf("free from %q: near %+v, gains %+v", from, of.Near, w.Gains)
		}
	}
}
