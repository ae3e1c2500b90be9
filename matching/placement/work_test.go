package placement_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/followup/tenure"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// hire has a person presented, met and hired.
func (r *room) hire(lot opportunities.LotID, p *people.Person) string {
	r.t.Helper()
	r.agree(lot, p)
	made := r.propose(lot, p)
	_, err := r.placement.Answer(r.employer, lot, made.Ref, 0, placement.Reply{State: placement.Hired})
	r.must(err)
	return made.Ref
}

// found is who suits a position, and who would but for a job, by another process.
func (r *room) found(by *placement.Service, lot opportunities.LotID) (suits []people.ID, hired []placement.PersonHead) {
	r.t.Helper()
	got, err := by.PeopleFor(r.cip, lot, placement.Query{})
	r.must(err)
	for _, c := range got.People {
		suits = append(suits, c.Person.ID)
	}
	slices.Sort(suits)
	return suits, got.Hired
}

func idsOf(all []*people.Person) (out []people.ID) {
	for _, p := range all {
		out = append(out, p.ID)
	}
	return out
}

// lasting is a kitchen with no end said, of several places; the other one ends.
func (r *room) lasting() *opportunities.Opportunity {
	o := r.kitchen()
	o.Title, o.Lots[0].Posts, o.Lots[0].Terms.Contract = "Cuisine, CDI", 4, opportunities.Permanent
	return o
}

// Who was hired for a job is no free candidate: not of a list, where it is said, nor of
// the board, a batch, the reach of positions, or the next process, until they have left.
// Their waiting begins again.
func TestWhoWasHiredIsNoFreeCandidate(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(7)
		first, second := r.publish(r.lasting()).Lots[0].ID, r.publish(r.kitchen()).Lots[0].ID
		elsewhere := r.process()
		if suits, hired := r.found(elsewhere, second); !slices.Equal(suits, idsOf(folk)) || len(hired) != 0 {
			t.Fatalf("at first %v, hired %+v", suits, hired)
		}
		ref := r.hire(first, folk[0])
		look := func(when string, by *placement.Service, want []*people.Person) {
			t.Helper()
			suits, hired := r.found(by, second)
			if !slices.Equal(suits, idsOf(want)) {
				t.Errorf("%s, %v suit", when, suits)
			}
			board, err := by.Board(r.cip)
			r.must(err)
			for _, f := range board.Fresh {
				if f.People != len(want) {
					t.Errorf("%s, the board counts %d for %d", when, f.People, f.Position.Lot)
				}
			}
			batch, err := by.PreviewBatch(r.cip, placement.BatchRules{})
			r.must(err)
			if len(batch.People) != len(want) {
				t.Errorf("%s, a batch is of %d people", when, len(batch.People))
			}
			of, err := by.PositionsFor(r.cip, folk[0].ID, placement.Query{})
			r.must(err)
			if free := len(want) == len(folk); free != (of.Total > 0) || free != (of.Person.Post == nil) || free == (len(hired) == 1) {
				t.Errorf("%s, their page has %d positions, %+v; the list says %+v", when, of.Total, of.Person.Post, hired)
			}
			if len(hired) == 1 && (hired[0].ID != folk[0].ID || !strings.Contains(hired[0].Post.Words.FR, "7\u00a0décembre 2026") || !strings.Contains(hired[0].Post.Words.FR, "Cuisine, CDI")) {
				t.Errorf("%s, the list says %+v", when, hired[0])
			}
		}
		look("once hired", r.placement, folk[1:])
		look("in another process", elsewhere, folk[1:])
		look("read from nothing", r.process(), folk[1:])

		r.clock.Advance(20 * 24 * time.Hour)
		r.found(elsewhere, second) // the index of the day: what follows comes by the journal
		tenures := tenure.NewService(tenure.Config{Store: st, Now: r.clock.Now})
		tell := func(to tenure.State, motive tenure.Motive) {
			_, err := tenures.Tell(r.cip, ref, 0, to, motive)
			r.must(err)
		}
		tell(tenure.Left, tenure.TrialEnded)
		look("once gone", elsewhere, folk)
		of, err := r.placement.PositionsFor(r.cip, folk[0].ID, placement.Query{})
		r.must(err)
		if n := of.Person.WaitingDays; n == nil || *n != 0 {
			t.Errorf("they have waited since they left: %v", n)
		}
		r.clock.Advance(100 * 24 * time.Hour)
		r.found(elsewhere, second)
		tell(tenure.InPost3, tenure.NoMotive) // said by mistake
		if suits, _ := r.found(elsewhere, second); slices.Contains(suits, folk[0].ID) {
			t.Error("they are in post again and looked for")
		}
	})
}

// A job that ends frees them for what begins after; a first day that the structure says
// for after the job began does too; missions and immersions bind nobody.
func TestAJobThatEndsFreesForWhatBeginsAfter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(8)
		short := r.kitchen()
		short.Lots[0].Posts, short.Lots[0].EndsOn = 3, "2027-01-31"
		job := r.publish(short)
		soon, later := r.kitchen(), r.kitchen()
		later.Lots[0].StartsOn = "2027-02-01"
		before, after := r.publish(soon).Lots[0].ID, r.publish(later).Lots[0].ID
		elsewhere := r.process()
		r.found(elsewhere, before)
		r.hire(job.Lots[0].ID, folk[0])
		want := func(when string, lot opportunities.LotID, is bool) {
			t.Helper()
			if suits, hired := r.found(elsewhere, lot); slices.Contains(suits, folk[0].ID) != is || len(hired) != 0 {
				t.Errorf("%s: %v suit, hired %+v", when, suits, hired)
			}
		}
		want("what begins before the end", before, false)
		want("what begins after it", after, true)

		job, err := r.lots.Get(system(), job.ID)
		r.must(err)
		job.Lots[0].EndsOn = "2027-02-28" // the job lasts longer
		_, err = r.lots.Update(system(), opportunities.By{}, 0, job)
		r.must(err)
		want("once the job lasts longer", after, false)

		p, err := r.people.Get(r.cip, folk[0].ID)
		r.must(err)
		p.AvailableOn = "2027-01-15"
		_, err = r.people.Update(r.cip, 0, p)
		r.must(err)
		want("once the structure says otherwise", after, true)
		want("not before", before, false)

		trial := r.kitchen()
		trial.Kind, trial.Lots[0].Terms.Contract, trial.Lots[0].Terms.Hours = opportunities.Immersion, "", 0
		trial.Lots[0].EndsOn = "2026-12-18"
		r.hire(r.publish(trial).Lots[0].ID, folk[1])
		if suits, _ := r.found(elsewhere, before); !slices.Contains(suits, folk[1].ID) {
			t.Error("an immersion takes somebody out of the candidates")
		}
	})
}

// Somebody hired is not of those whom a position reaches.
func TestWhoWasHiredIsNotReached(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st, func(c *placement.Config) { c.Crowd = -1 })
		lot := r.publish(r.lasting()).Lots[0].ID
		var folk []*people.Person
		for i := range 5 {
			r.baker(i)
			folk = append(folk, r.person(r.cookOf(i)))
		}
		r.wantSaid("of five", placement.Some)
		r.hire(lot, folk[3])
		r.wantSaid("once one is hired", placement.Unsaid)
	})
}
