package engine

import (
	"slices"

	"maillage/nomenclatures"
)

// tied looks for what the enterprise and the lot share: a convention that covers
// the sector and the place, a pole or a group of the one who calls for partners.
// A tie only ever helps. One to which the buyer belongs is never counted: it is
// flagged, because it would favour a candidate over another.
func (q *question) tied(e *Enterprise) mark {
	for i := range e.Ties {
		if q.counts(&e.Ties[i]) {
			return graded(weightTie, 1, false)
		}
	}
	return mark{state: met}
}

func (q *question) counts(t *Tie) bool {
	return !slices.Contains(q.lot.BuyerTies, t.TieRef) && q.concerns(t)
}

// concerns says whether a tie has to do with the lot.
func (q *question) concerns(t *Tie) bool {
	if !t.on(q.day) {
		return false
	}
	if t.Kind == Convention {
		return q.inSector(t) && q.inTerritory(t)
	}
	return slices.Contains(q.lot.IssuerTies, t.TieRef)
}

func (q *question) inSector(t *Tie) bool {
	if len(t.Codes) == 0 {
		return true
	}
	for _, asked := range q.lot.Codes {
		for _, c := range t.Codes {
			if _, v := nomenclatures.Closeness(c, asked); v >= closeEnough {
				return true
			}
		}
	}
	return false
}

func (q *question) inTerritory(t *Tie) bool {
	switch {
	case t.Territory == nil || q.lot.Scope == PlaceCountry:
		return true
	case q.lot.Place == nil:
		return false
	}
	return t.Territory.Set.Intersects(q.lot.Place.Set)
}

// explainTies tells the tie that counts, or the one that the buyer shares; ok is
// false where there is nothing to say.
func (q *question) explainTies(e *Enterprise) (f Finding, ok bool) {
	f = Finding{Criterion: Ties, Params: &Params{}}
	for i := range e.Ties {
		t := &e.Ties[i]
		shared := slices.Contains(q.lot.BuyerTies, t.TieRef)
		if !shared && !q.concerns(t) {
			continue
		}
		key := "ties." + string(t.Kind)
		if shared {
			key = "ties.buyer"
		}
		if !ok || lessTie(key, t.Name, f.Key, f.Params.Name) {
			f.Key, f.Params.Name, f.Params.Status, ok = key, t.Name, string(t.Kind), true
		}
	}
	return f.with(q.tied(e)), ok
}

// lessTie shows first the tie shared with the buyer, then by name: a person must
// see the flag whatever the order of the ties.
func lessTie(key, name, otherKey, other string) bool {
	a, b := key == "ties.buyer", otherKey == "ties.buyer"
	if a != b {
		return a
	}
	if key != otherKey {
		return key < otherKey
	}
	return name < other
}
