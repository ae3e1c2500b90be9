package placement_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// amend changes a position as its employer does at every door.
func (r *room) amend(id opportunities.ID, f func(o *opportunities.Opportunity)) {
	r.t.Helper()
	cur, err := r.lots.Get(r.employer, id)
	r.must(err)
	wanted := *cur
	wanted.Lots = append([]opportunities.Lot{}, cur.Lots...)
	terms := *cur.Lots[0].Terms
	wanted.Lots[0].Terms = &terms
	f(&wanted)
	who := accounts.From(r.employer)
	r.must(r.lots.Amend(r.employer, who, cur, &wanted))
	_, err = r.lots.Update(r.employer, opportunities.By{UserID: int64(who.UserID)}, 0, &wanted)
	r.must(err)
}

// presentedTo is what the employer reads of a position, the position apart.
func (r *room) presentedTo(lot opportunities.LotID) string {
	r.t.Helper()
	got, err := r.placement.Received(r.employer, lot)
	r.must(err)
	out, err := json.Marshal(got.Cards)
	r.must(err)
	return string(out)
}

// crossing is six people who can be at one place or time, six at another, and one
// who can be at both, or like the first.
type crossing struct {
	name  string
	make  func(r *room, first, second bool) *people.Person
	amend func(o *opportunities.Opportunity)
}

func crossings() []crossing {
	morning, evening := nomenclatures.Every(0, 4, nomenclatures.Morning), nomenclatures.Every(0, 4, nomenclatures.Evening)
	return []crossing{
		{"hours", func(r *room, first, second bool) *people.Person {
			p := r.cook()
			if p.Profile.Slots = 0; first {
				p.Profile.Slots |= morning
			}
			if second {
				p.Profile.Slots |= evening
			}
			return r.person(p)
		}, func(o *opportunities.Opportunity) { o.Lots[0].Terms.Slots = evening }},
		{"place", func(r *room, first, second bool) *people.Person {
			p := r.cook()
			p.Commune = map[bool]territories.CommuneCode{true: "26362", false: "26281"}[first]
			if first && second {
				p.Commune, p.Profile.Mobility = "26004", []people.Mobility{{Mode: people.Bicycle, Km: 14}}
			}
			return r.person(p)
		}, func(o *opportunities.Opportunity) { o.Place.Perimeter = `{"territory":"commune:26281"}` }},
	}
}

// An employer who changes the place or the hours of a position asks nothing by it:
// every card that waits goes, whoever it is of, before and after any job.
func TestAChangeOfPlaceOrHoursAnswersNothing(t *testing.T) {
	t.Parallel()
	for _, c := range crossings() {
		for _, both := range []bool{true, false} {
			t.Run(fmt.Sprint(c.name, both), func(t *testing.T) {
				testkit.Each(t, func(t *testing.T, st *store.Store) { open(t, st).crosses(c, both) })
			})
		}
	}
}

func (r *room) crosses(c crossing, both bool) {
	r.t.Helper()
	x := c.make(r, true, both)
	for range 6 {
		c.make(r, true, false)
		c.make(r, false, true)
	}
	o := r.publish(r.kitchen())
	lot := o.Lots[0].ID
	r.agree(lot, x)
	first := r.propose(lot, x)
	r.amend(o.ID, func(o *opportunities.Opportunity) { o.Lots[0].Terms.Aptitudes = nil })
	r.work()
	if r.presentedTo(lot) == "[]" {
		r.t.Error("a card goes for another change")
	}
	r.amend(o.ID, c.amend)
	for _, when := range []string{"before", "after"} {
		if got := r.presentedTo(lot); got != "[]" {
			r.t.Errorf("%s the jobs the employer reads %s", when, got)
		}
		r.work()
	}
	p, _, err := r.placement.Get(r.cip, first.ID)
	r.must(err)
	if p.State != placement.Withdrawn || p.Reason == nil {
		r.t.Errorf("the proposal is %v", p.State)
	}
	r.again(lot, x, both)
}

// again presents somebody anew: with a new agreement, and a card that says nothing
// which, with what was told, only they could be.
func (r *room) again(lot opportunities.LotID, x *people.Person, both bool) {
	r.t.Helper()
	_, err := r.placement.Propose(r.cip, placement.Offer{Person: x.ID, Lot: lot})
	r.refused(err, "agreement-moved")
	r.clock.Advance(time.Hour)
	_, err = r.people.Withdraw(r.cip, x.ID, int64(lot))
	r.must(err)
	r.agree(lot, x)
	made := r.propose(lot, x)
	if told, _ := r.placement.SheetWords(&made.Sheet); both {
		for _, w := range told {
			if w.EN == "Can be there at these hours" {
				r.t.Errorf("one person alone can be at both, and is told to be: %v", told)
			}
		}
	}
}
