package placement_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// firstAid is a training that gives first aid, in a commune.
func (r *room) firstAid(commune, starts string, asks ...opportunities.Wanted) *opportunities.Opportunity {
	id := int64(r.here.ID)
	return r.publish(&opportunities.Opportunity{Kind: opportunities.TrainingSession, Title: "Secours " + commune, Source: "member", PublisherID: &id,
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: `{"territory":"commune:` + commune + `"}`},
		Lots: []opportunities.Lot{{Number: "1", Title: "Secours " + commune, Posts: 8, StartsOn: starts, EndsOn: starts, Codes: rome("G1602"), Terms: &opportunities.Terms{
			Audience: opportunities.ForJourneys, Aptitudes: asks, Outcomes: []opportunities.Gain{{Code: "sst"}}, Leads: []nomenclatures.ROME{"G1602"}}}}})
}

// Two people who differ by where they live, and by what nobody asks, are told
// the same session: the one nearest to the position.
func TestACardTellsTheSameSessionToAll(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	driver := func(commune string, more ...people.Holding) *people.Person {
		p := r.cook()
		p.Commune, p.Profile.Aptitudes = "26362", append([]people.Holding{{Code: "permis-b"}}, more...)
		if commune != "" {
			p.Commune = "26108"
		}
		p.Profile.Mobility = []people.Mobility{{Mode: people.Car, Km: 40}}
		return r.person(p)
	}
	var folk []*people.Person
	for range 10 {
		folk = append(folk, driver(""))
	}
	crest, skilled := driver("26108"), driver("", people.Holding{Code: "caces-r489-3"})
	here := r.firstAid("26362", "2027-02-01")
	r.firstAid("26108", "2027-01-11")
	r.firstAid("26362", "2027-01-04", opportunities.Wanted{Code: "caces-r489-3", Required: true})
	need := r.kitchen()
	need.Lots[0].StartsOn = "2027-03-01" // once the sessions have ended
	need.Lots[0].Posts, need.Lots[0].Terms.Aptitudes = 2, []opportunities.Wanted{{Code: "permis-b", Required: true}, {Code: "sst", Required: true}}
	lot := r.publish(need).Lots[0].ID
	r.agree(lot, folk[0], crest, skilled)
	for _, p := range []*people.Person{folk[0], crest, skilled} {
		r.propose(lot, p)
	}
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	for _, c := range got.Cards {
		if len(got.Cards) != 3 || len(c.Trainings) != 1 || c.Trainings[0].Lot != here.Lots[0].ID {
			t.Errorf("%d cards; %s tells %+v", len(got.Cards), c.Label, c.Trainings)
		}
	}
}

// An agreement taken back and given again is another one: nothing is shown until
// somebody proposes again, and the old card is not the answer.
func TestAnAgreementGivenAgainShowsNothingByItself(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		p := r.crowd(7)[0]
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, p)
		first := r.propose(lot, p)
		_, err := r.people.Give(r.cip, p.ID, int64(lot), "2027-01-15") // said again, it is the same
		r.must(err)
		r.sees(lot, 1)
		r.clock.Advance(time.Hour)
		_, err = r.people.Withdraw(r.cip, p.ID, int64(lot))
		r.must(err)
		r.agree(lot, p)
		r.sees(lot, 0)
		r.clock.Advance(time.Hour)
		second := r.propose(lot, p)
		if second.ID == first.ID {
			t.Error("the card of the agreement taken back is proposed")
		}
		r.sees(lot, 1)
		r.work()
		r.sees(lot, 1)
		old, _, err := r.placement.Get(r.cip, first.ID)
		r.must(err)
		if old.State != placement.Withdrawn {
			t.Errorf("the first is %s", old.State)
		}
	})
}

func (r *room) sees(lot opportunities.LotID, cards int) {
	r.t.Helper()
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	if len(got.Cards) != cards {
		r.t.Errorf("the employer sees %d cards, want %d", len(got.Cards), cards)
	}
}

// A card that may not be shown takes nobody's place, before any job has passed.
func TestAnAgreementTakenBackLeavesItsPlace(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	folk := r.crowd(12)
	lot := r.publish(r.kitchen()).Lots[0].ID
	r.agree(lot, folk[:4]...)
	for _, p := range folk[:3] {
		r.propose(lot, p)
	}
	_, err := r.people.Withdraw(r.cip, folk[0].ID, int64(lot))
	r.must(err)
	found, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	if found.Asked != 2 || found.Room != 1 {
		t.Errorf("%d asked about, %d more", found.Asked, found.Room)
	}
	r.propose(lot, folk[3])
	r.sees(lot, 3)
}

// A card is looked at again when others leave and when its person's record is
// corrected: at once by who reads it, soon by who made it, with the reason.
func TestACardIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*room, []*people.Person){
		"the others leave": func(r *room, folk []*people.Person) {
			for _, p := range folk[1:] {
				_, err := r.people.End(r.cip, p.ID, 0, "")
				r.must(err)
			}
		},
		"the record is corrected": func(r *room, folk []*people.Person) {
			p, err := r.people.Get(r.cip, folk[0].ID)
			r.must(err)
			p.Profile.Aptitudes = slices.DeleteFunc(p.Profile.Aptitudes, func(h people.Holding) bool { return h.Code == "sst" })
			_, err = r.people.Update(r.cip, 0, p)
			r.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) {
				r := open(t, st)
				folk := r.crowd(8)
				lot := r.publish(r.kitchen()).Lots[0].ID
				r.agree(lot, folk[0])
				made := r.propose(lot, folk[0])
				r.work()
				r.sees(lot, 1)
				change(r, folk)
				r.sees(lot, 0)
				r.work()
				now, _, err := r.placement.Get(r.cip, made.ID)
				r.must(err)
				if now.State != placement.Withdrawn || now.Reason == nil || now.Reason.EN == "" {
					t.Errorf("the counsellor reads %s, %v", now.State, now.Reason)
				}
			})
		})
	}
}

// What was said of a person to employers is theirs to read, and goes with them,
// answered or not, in the transaction that erases or deletes the journey.
func TestProposalsGoWithTheJourney(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[:2]...)
		for _, p := range folk[:2] {
			made := r.propose(lot, p)
			_, err := r.placement.Answer(r.employer, lot, made.Ref, 0, placement.Reply{State: placement.Interested})
			r.must(err)
		}
		kept, err := r.placement.KeptOf(r.cip, folk[0].ID)
		r.must(err)
		raw, err := json.Marshal(kept)
		r.must(err)
		if len(kept) != 1 || len(kept[0].Events) != 2 || len(kept[0].Card.Claims) == 0 || kept[0].Head.Employer != r.hotel.Name {
			t.Errorf("the person reads %s", raw)
		}
		_, err = r.placement.KeptOf(r.other, folk[0].ID)
		r.refused(err, "not-found")
		_, err = r.placement.KeptOf(r.employer, folk[0].ID)
		r.refused(err, "forbidden")
		r.must(r.people.Erase(r.cip, folk[0].ID, 0))
		r.must(r.people.Delete(r.cip, folk[1].ID, 0))
		if p, e := r.count("proposals"), r.count("proposal_events"); p+e != 0 {
			t.Errorf("%d proposals and %d events are left", p, e)
		}
		r.work()
		r.sees(lot, 0)
	})
}
