package placement_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// session is a training for people in journeys, in Valence, that gives a CACES.
func (r *room) session(audience opportunities.Audience) *opportunities.Opportunity {
	id := int64(r.here.ID)
	return r.publish(&opportunities.Opportunity{Kind: opportunities.TrainingSession, Title: "CACES R489", Source: "member", PublisherID: &id,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:26362"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: "Valence", Posts: 8, StartsOn: "2027-01-11", EndsOn: "2027-01-15", Codes: rome("N1101"),
			Terms: &opportunities.Terms{Audience: audience, Outcomes: []opportunities.Gain{{Code: "caces-r489-3"}}, Leads: []nomenclatures.ROME{"N1101"}}}}})
}

func find(all []placement.Candidate, id people.ID) *placement.Candidate {
	for i := range all {
		if all[i].Person.ID == id {
			return &all[i]
		}
	}
	return nil
}

// The counsellor reads why, what is held and missing, the training that closes a
// gap, what the law asks of the structure, where the agreement stands and what was
// proposed: beside the match, never instead of it.
func TestTheCounsellorReadsEverything(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(7)
		school, staff := r.session(opportunities.ForJourneys), r.session(opportunities.ForStaff)
		need := r.kitchen()
		need.Lots[0].StartsOn = "2027-02-01" // once the session has ended
		need.Lots[0].Terms.Aptitudes = append(need.Lots[0].Terms.Aptitudes, opportunities.Wanted{Code: "caces-r489-3", Required: true})
		lot := r.publish(need).Lots[0].ID
		able := r.cook()
		able.Profile.Aptitudes = append(able.Profile.Aptitudes, people.Holding{Code: "caces-r489-3"})
		ready := r.person(able)
		r.must(r.people.SetRights(r.cip, ready.ID, 0, []people.Right{{Kind: people.PassIAE, From: "2024-11-01", Until: "2026-10-31"}}))
		r.agree(lot, ready)
		r.propose(lot, ready)
		got, err := r.placement.PeopleFor(r.cip, lot, placement.Query{Near: 50})
		r.must(err)
		if got.Total != 1 || got.Asked != 1 || got.Room != 2 || len(got.Near) != 7 {
			t.Fatalf("%d match, %d nearly, asked %d, room %d", got.Total, len(got.Near), got.Asked, got.Room)
		}
		c := got.People[0]
		if c.Person.ID != ready.ID || len(c.Alerts) != 1 || c.Alerts[0].Kind != people.AlertPassEnded || !c.Agreement.Holds || c.Proposal == nil || c.Proposal.State != placement.Proposed {
			t.Errorf("of who is ready: %+v", c)
		}
		if c.Person.WaitingDays == nil || *c.Person.WaitingDays != 266 || c.Person.Town != "Valence" || c.Person.LastProposed == nil {
			t.Errorf("the head says %+v", c.Person)
		}
		for _, f := range c.Criteria {
			if f.Sentence.FR == "" || f.Sentence.FR == f.Sentence.EN || strings.ContainsAny(f.Sentence.FR, "{}") {
				t.Errorf("%s is said %+v", f.Criterion, f.Sentence)
			}
		}
		near := find(got.Near, folk[0].ID)
		if near == nil || near.Missed != "licences" || near.Change == nil || len(near.Trainings) != 1 || near.Trainings[0].Lot != school.Lots[0].ID || near.Trainings[0].Places != 8 {
			t.Fatalf("of who misses a licence: %+v", near)
		}
		if near.Agreement.Holds || near.Proposal != nil || len(near.Missing) != 1 {
			t.Errorf("of who misses a licence: %+v", near)
		}
		of, err := r.placement.PositionsFor(r.cip, folk[0].ID, placement.Query{Near: 50})
		r.must(err)
		for _, c := range slices.Concat(of.Positions, of.Near) {
			if c.Position.Lot == staff.Lots[0].ID {
				t.Error("a training of the staff is proposed to somebody in a journey")
			}
		}
		opened, err := r.placement.WhatIf(r.cip, folk[0].ID)
		r.must(err)
		if len(opened.Gains) == 0 || opened.Gains[0].Change.Code != "caces-r489-3" || opened.Gains[0].Open != 1 || len(opened.Gains[0].Trainings) != 1 || opened.Gains[0].Trainings[0].Title != "CACES R489" || opened.Gains[0].Positions[0].Lot != lot {
			t.Errorf("a licence would open %+v", opened.Gains)
		}
		board, err := r.placement.Board(r.cip)
		r.must(err)
		if len(board.Running) != 1 || board.Late != 0 || board.FreshFor != 1 || len(board.Fresh) != 1 {
			t.Errorf("the board says %+v", board)
		}
	})
}

// What a change is said to open is what the person finds once it is made: one more
// occupation opens positions that its present wishes come nowhere near.
func TestAChangeOpensWhatItSays(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	p := r.person(r.cook())
	for _, code := range []string{"G1601", "G1602", "G1603", "G1604", "G1605", "G1501", "G1502", "G1801", "G1803", "D1101", "D1102", "D1106", "K1304", "K2204"} {
		o := r.kitchen()
		o.Title, o.Lots[0].Codes, o.Lots[0].Title = "Poste "+code, rome(code), "Lot "+code
		r.publish(o)
	}
	total := func() int {
		found, err := r.placement.PositionsFor(r.cip, p.ID, placement.Query{})
		r.must(err)
		return found.Total
	}
	before := total()
	opened, err := r.placement.WhatIf(r.cip, p.ID)
	r.must(err)
	tried, wished := 0, p.Profile.Wished
	for _, g := range opened.Gains {
		if g.Change.Kind != "occupation" {
			continue
		}
		tried++
		p.Profile.Wished = append(slices.Clip(wished), people.Wish{ROME: nomenclatures.ROME(g.Change.Code)})
		p, err = r.people.Update(r.cip, 0, p)
		r.must(err)
		if got := total() - before; got != g.Open || g.Total != g.Open {
			t.Errorf("%s opens %d, said %d open of %d", g.Change.Code, got, g.Open, g.Total)
		}
	}
	if tried < 2 {
		t.Errorf("%d occupations are tried", tried)
	}
}

// What the law alerts about excludes nobody and moves no score.
func TestAnAlertExcludesNobody(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	p := r.person(r.cook())
	lot := r.publish(r.kitchen()).Lots[0].ID
	before, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	r.must(r.people.SetRights(r.cip, p.ID, 0, []people.Right{{Kind: people.PassIAE, From: "2024-01-01", Until: "2026-01-31"}, {Kind: people.FirstMission, From: "2026-01-05"}}))
	r.must(r.people.SetHours(r.cip, p.ID, 0, []people.MonthHours{{Month: "2026-02", Hours: 200}, {Month: "2026-03", Hours: 200}, {Month: "2026-04", Hours: 100}}))
	after, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	if before.Total != 1 || after.Total != 1 || before.People[0].Score != after.People[0].Score || len(after.People[0].Alerts) < 2 {
		t.Errorf("before %+v, after %+v", before.People, after.People)
	}
}

// Of a position in several communes no distance is told, and who lives too far
// from each of them is left out; of one nobody knows where, nobody is.
func TestAPlaceOfSeveralCommunesIsNoPoint(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	near, far := r.cook(), r.cook()
	far.Commune = "59350" // Lille
	here, there := r.person(near), r.person(far)
	several := r.kitchen()
	several.Place.Perimeter = `{"territory":"departement:26"}`
	lot := r.publish(several).Lots[0].ID
	unknown := r.kitchen()
	unknown.Place = opportunities.Place{Scope: opportunities.PlaceUnknown, Words: "à préciser"}
	somewhere := r.publish(unknown).Lots[0].ID
	for id, want := range map[opportunities.LotID][]people.ID{lot: {here.ID}, somewhere: {here.ID, there.ID}} {
		got, err := r.placement.PeopleFor(r.cip, id, placement.Query{Near: 50})
		r.must(err)
		var ids []people.ID
		for _, c := range got.People {
			ids = append(ids, c.Person.ID)
			for _, f := range c.Criteria {
				if f.Criterion == "reach" && f.State != "unknown" {
					t.Errorf("the distance is said to be known: %+v", f)
				}
			}
		}
		slices.Sort(ids)
		if !slices.Equal(ids, want) || got.Total != len(want) {
			t.Errorf("position %d: %v, %d in all, want %v", id, ids, got.Total, want)
		}
		for _, p := range []*people.Person{here, there} {
			back, err := r.placement.PositionsFor(r.cip, p.ID, placement.Query{})
			r.must(err)
			found := slices.ContainsFunc(back.Positions, func(c placement.Candidate) bool { return c.Position.Lot == id })
			if found != slices.Contains(want, p.ID) {
				t.Errorf("person %d and position %d: found %v", p.ID, id, found)
			}
		}
	}
}

// A licence that lapses today is no longer held tomorrow, without a change.
func TestALicenceLapsesWithTheDays(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	p := r.cook()
	p.Profile.Aptitudes[0].Until = "2026-11-23"
	r.person(p)
	lot := r.publish(r.kitchen()).Lots[0].ID
	for want := 1; want >= 0; want-- {
		got, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
		r.must(err)
		if got.Total != want {
			t.Errorf("on %s %d people match, want %d", r.clock.Now(), got.Total, want)
		}
		r.clock.Advance(24 * time.Hour)
	}
}

// What the person would rather not be told is not, and what stays unsaid narrows nothing.
func TestAClaimCanBeLeftOut(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(7)
	lot := r.publish(r.kitchen()).Lots[0].ID
	whole, err := r.placement.Preview(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot})
	r.must(err)
	some, err := r.placement.Preview(r.cip, placement.Offer{Person: folk[0].ID, Lot: lot, Without: whole.Claims[4:5]})
	r.must(err)
	if len(some.Claims) != len(whole.Claims)-1 || slices.Contains(some.Claims, whole.Claims[4]) {
		t.Errorf("%+v without %+v is %+v", whole.Claims, whole.Claims[4], some.Claims)
	}
}
