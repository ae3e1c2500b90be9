package placement_test

import (
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// A position whose places are all taken is filled wherever it is read, and stays
// so when the journey of who was hired is erased.
func TestAFilledPositionIsFilledEverywhere(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(8)
		far := r.cook()
		far.Commune = "26281"
		away := r.person(far)
		lot := r.publish(r.kitchen()).Lots[0].ID
		b := r.keep(r.cip, "a", placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}, PerPost: 5})
		r.agree(lot, folk[6], folk[7])
		waits, hired := r.propose(lot, folk[6]), r.propose(lot, folk[7])
		_, err := r.placement.Answer(r.employer, lot, hired.Ref, 0, placement.Reply{State: placement.Hired})
		r.must(err)
		r.work()
		look := func(when string) {
			list, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
			r.must(err)
			got, err := r.placement.ReadBatch(r.cip, b.ID)
			r.must(err)
			w, err := r.placement.WhatIf(r.cip, away.ID)
			r.must(err)
			e, err := r.placement.Exposure(system(), 5, 0)
			r.must(err)
			received, err := r.placement.Received(r.employer, lot)
			r.must(err)
			for where, h := range map[string]placement.Head{"list": list.Position, "batch": got.Positions[0].Position, "what-if": w.Gains[0].Positions[0], "cards": received.Position} {
				if h.Open || !h.Filled {
					t.Errorf("%s, the %s says open %v, filled %v", when, where, h.Open, h.Filled)
				}
			}
			if w.Gains[0].Open != 0 || len(e.Open) != 0 || len(got.Stale) == 0 {
				t.Errorf("%s, it counts as open: what-if %d, audit %d; the batch says %v", when, w.Gains[0].Open, len(e.Open), got.Stale)
			}
			for i, p := range []people.ID{folk[1].ID, away.ID} {
				if of, err := r.placement.PositionsFor(r.cip, p, placement.Query{Near: 20}); err != nil || of.Total != 0 || len(of.Positions) != 0 || len(of.Near) != 0 {
					t.Errorf("%s, person %d has %+v, %v", when, i, of, err)
				}
			}
			_, err = r.people.Ask(r.cip, folk[1].ID, int64(lot))
			r.refused(err, "position-filled")
		}
		look("once filled")
		if p, _, err := r.placement.Get(r.cip, waits.ID); err != nil || !p.State.Runs() {
			t.Errorf("who was presented before is %v, %v", p, err)
		}
		r.must(r.people.Erase(r.cip, folk[7].ID, 0))
		r.work()
		look("once erased")
		cur, err := r.lots.Get(system(), wholeOf(r, lot))
		r.must(err)
		cur.Lots[0].Posts = 2
		_, err = r.lots.Update(system(), opportunities.By{}, 0, cur)
		r.must(err)
		if got, err := r.placement.PeopleFor(r.cip, lot, placement.Query{}); err != nil || !got.Position.Open {
			t.Errorf("with one place more it is %+v, %v", got.Position, err)
		}
	})
}

// wholeOf is the opportunity of a position.
func wholeOf(r *room, lot opportunities.LotID) opportunities.ID {
	all, err := r.lots.Positions(system(), lot)
	r.must(err)
	return all[0].OpportunityID
}
