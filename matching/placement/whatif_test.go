package placement_test

import (
	"slices"
	"testing"

	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// Each of the ranges told opens more than a shorter one, and what it says once it is
// written in the journey.
func TestALongerRangeIsToldForWhatItOpensMore(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	p := r.cook()
	p.Profile.Mobility = []people.Mobility{{Mode: people.Transit, Km: 8, Slots: nomenclatures.Every(0, 4, nomenclatures.Morning)}, {Mode: people.OnFoot, Km: 2}}
	p = r.person(p)
	place := func(commune string, slots nomenclatures.Slots) opportunities.LotID {
		o := r.kitchen()
		o.Place.Perimeter = `{"territory":"commune:` + commune + `"}`
		o.Lots[0].Terms.Slots = slots
		return r.publish(o).Lots[0].ID
	}
	weekdays, daily := nomenclatures.Every(0, 4, nomenclatures.Morning), nomenclatures.Every(0, 5, nomenclatures.Morning)
	byBus := place("26281", weekdays)            // Romans, 17 km away
	onFoot := place("26281", daily)              // by Saturday too: on foot
	farther := place("26198", weekdays)          // Montélimar, 43 km away
	place("26281", nomenclatures.AllWeek&^daily) // never by bus, and far on foot
	w, err := r.placement.WhatIf(r.cip, p.ID)
	r.must(err)
	var ranges []float64
	for _, g := range w.Gains {
		if g.Change.Kind != "range" {
			continue
		}
		ranges = append(ranges, g.Change.Km)
		if opened := r.opened(p, g.Change.Km); !slices.Equal(opened, lotsOf(g)) {
			t.Errorf("%v km farther tells %v, and opens %v", g.Change.Km, lotsOf(g), opened)
		}
	}
	slices.Sort(ranges)
	if !slices.Equal(ranges, []float64{10, 20, 40}) {
		t.Errorf("ranges %v; positions %d, %d, %d", ranges, byBus, onFoot, farther)
	}
}

func lotsOf(g placement.Opening) (out []opportunities.LotID) {
	for _, h := range g.Positions {
		out = append(out, h.Lot)
	}
	slices.Sort(out)
	return out
}

// opened writes a wider range in a copy of the journey, and lists what suits it.
func (r *room) opened(p *people.Person, km float64) (out []opportunities.LotID) {
	q := r.cook()
	q.Profile.Mobility = slices.Clone(p.Profile.Mobility)
	for i := range q.Profile.Mobility {
		q.Profile.Mobility[i].Km += km
	}
	found, err := r.placement.PositionsFor(r.cip, r.person(q).ID, placement.Query{})
	r.must(err)
	for _, c := range found.Positions {
		out = append(out, c.Position.Lot)
	}
	slices.Sort(out)
	return out
}
