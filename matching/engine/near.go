package engine

import (
	"math"
	"math/bits"
)

// gates are the criteria that can be missed, by bit.
func gateOf(missed uint16) Criterion {
	return Criteria()[bits.TrailingZeros16(missed)]
}

// nearMiss writes a near miss out; ok is false when the zone stops too far from
// the place to be worth saying.
func (r *Rules) nearMiss(q *question, e *Enterprise, v verdict, o Options) (Near, bool) {
	n := Near{Missed: gateOf(v.tally.missed)}
	a := &e.Activities[v.part]
	if n.Missed == Territory {
		if q.lot.Place == nil || r.farther(a.Zone.Set, q.lot.Place.Set, nearKm) {
			return Near{}, false
		}
		km, _, ok := r.gap(a.Zone.Set, q.lot.Place.Set)
		if !ok || km > nearKm {
			return Near{}, false
		}
	}
	n.Match = r.explain(q, e, v, o)
	n.Change = r.change(q, e, a, n.Missed)
	return n, true
}

// change says what would make the miss a match.
func (r *Rules) change(q *question, e *Enterprise, a *Activity, missed Criterion) Change {
	switch missed {
	case Territory:
		return r.widen(q, a)
	case ServiceMode:
		if hours := q.lot.InsertionHours; hours > 0 && lends(e, a) {
			return Change{Key: "change.hours", Params: Params{Want: hours}}
		}
		return Change{Key: "change.mode", Params: Params{AskedModes: q.lot.Modes, Modes: a.Modes}}
	case Trade:
		f := q.explainTrade(e, a, fit{known: true})
		return Change{Key: "change.trade", Params: Params{Asked: f.Params.Asked}}
	case Certifications:
		f := q.explainCertified(e)
		return Change{Key: "change." + f.Key, Params: *f.Params}
	}
	f := q.explainReserved(e)
	return Change{Key: "change." + f.Key, Params: *f.Params}
}

// widen says how many km more, by steps of five, would reach the place, and what
// share of its inhabitants.
func (r *Rules) widen(q *question, a *Activity) Change {
	km, ord, _ := r.gap(a.Zone.Set, q.lot.Place.Set)
	step := 5 * math.Max(1, math.Ceil(km/5))
	reached, total := r.within(a.Zone.Set, q.lot.Place.Set, step), q.lot.Place.Population
	p := Params{Km: step, HasKm: true, Commune: r.atlas.Commune(ord).Name, Population: reached, OfPeople: total}
	return Change{Key: "change.wider", Params: p}
}
