package placement_test

import (
	"encoding/json"
	"strings"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// traits gives each person a sex, an age and a neighbourhood, turned by some places:
// in each dimension somebody of whom nothing is said, and somebody of each band of age.
func (r *room) traits(folk []*people.Person, turn int) {
	r.t.Helper()
	for i, p := range folk {
		n := (i + turn) % len(folk)
		t := people.Traits{Sex: []people.Sex{people.Woman, people.Man, ""}[n%3], BirthYear: []int{2004, 1988, 1961, 0}[n%4], QPV: []people.InQPV{people.QPVYes, people.QPVNo, ""}[n/3%3]}
		r.must(r.people.SetTraits(r.cip, p.ID, t))
	}
}

// everything is what the services say of people and positions, to each who may ask.
func (r *room) everything(folk []*people.Person, lot opportunities.LotID) string {
	r.t.Helper()
	var all []any
	keep := func(v any, err error) {
		if err != nil {
			v = fault.Of(err).Code
		}
		all = append(all, v)
	}
	keep(either(r.placement.PeopleFor(r.cip, lot, placement.Query{Limit: 50, Near: 50})))
	for _, p := range folk {
		keep(either(r.placement.PositionsFor(r.cip, p.ID, placement.Query{})))
		keep(either(r.placement.WhatIf(r.cip, p.ID)))
		keep(either(r.placement.Preview(r.cip, placement.Offer{Person: p.ID, Lot: lot})))
	}
	keep(either(r.placement.Received(r.employer, lot)))
	keep(either(r.placement.PreviewBatch(r.cip, placement.BatchRules{Source: placement.ChosenLots, Lots: []opportunities.LotID{lot}, Seed: 7})))
	out, err := json.Marshal(all)
	r.must(err)
	return string(out)
}

func either[T any](v T, err error) (any, error) { return v, err }

// Whatever the traits of whom, scores, ranks, reasons, cards and what would open
// more are the same to the byte.
func TestTraitsChangeNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(9)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[0], folk[1])
		r.propose(lot, folk[0])
		before := r.everything(folk, lot)
		if !strings.Contains(before, `"score"`) || !strings.Contains(before, `"claims"`) || !strings.Contains(before, `"reason":"served"`) {
			t.Fatalf("nothing is ranked or shown: %s", before)
		}
		for turn := range len(folk) {
			r.traits(folk, turn)
			r.work()
			if after := r.everything(folk, lot); after != before {
				t.Fatalf("traits turned by %d change what is said:\n%s\n%s", turn, before, after)
			}
		}
	})
}
