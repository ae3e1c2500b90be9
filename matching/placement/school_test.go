package placement_test

import (
	"context"
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

// A session that somebody can enter no more is told to them nowhere, and stays told to
// others: they have a place there, were not retained for good, said no, or took back their
// agreement. A place given up may be taken again, and who is asked again may say yes.
func TestASessionIsToldToWhoMayEnterIt(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		session := r.session(opportunities.ForJourneys).Lots[0].ID
		o := r.kitchen()
		o.Lots[0].StartsOn, o.Lots[0].Terms.Aptitudes = "2027-03-01", []opportunities.Wanted{{Code: "caces-r489-3", Required: true}}
		job := r.publish(o).Lots[0].ID
		other := r.person(r.cook())
		wants := func(when string, p *people.Person, told bool) {
			t.Helper()
			for of, want := range map[*people.Person]bool{p: told, other: true} {
				sides, err := r.placement.PositionsFor(r.cip, of.ID, placement.Query{Near: 50})
				r.must(err)
				from, err := r.placement.PeopleFor(r.cip, job, placement.Query{Near: 50})
				r.must(err)
				w, err := r.placement.WhatIf(r.cip, of.ID)
				r.must(err)
				courses, here := 0, find(from.Near, of.ID)
				for _, g := range w.Gains {
					courses += len(g.Trainings)
				}
				if (len(sides.Near) == 1) != want || (here != nil) != want || want && len(here.Trainings) != 1 || (courses == 1) != want {
					t.Errorf("%s, %t: near %+v, from the position %+v, what if %+v", when, want, sides.Near, here, w.Gains)
				}
			}
		}
		answer := func(p *people.Person, say func(context.Context, people.ID, int64) (*people.Agreement, error)) {
			t.Helper()
			_, err := say(r.cip, p.ID, int64(session))
			r.must(err)
		}
		note := func(p *people.Person, to placement.State) {
			t.Helper()
			_, err := r.placement.Conclude(r.cip, p.ID, session, to)
			r.must(err)
		}
		p := r.person(r.cook())
		answer(p, r.people.Ask)
		answer(p, r.people.Refuse)
		wants("refused", p, false)
		answer(p, r.people.Ask)
		wants("asked again", p, true)
		r.agree(session, p)
		wants("agreed", p, true)
		answer(p, r.people.Withdraw)
		wants("taken back", p, false)
		taken := r.person(r.cook())
		r.agree(session, taken)
		note(taken, placement.Hired)
		wants("with a place", taken, false)
		note(taken, placement.NotRetained)
		wants("given up", taken, true)
		note(taken, placement.Hired)
		wants("taken again", taken, false)
		ended := r.person(r.cook())
		r.agree(session, ended)
		note(ended, placement.NotRetained)
		wants("not retained", ended, false)
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
