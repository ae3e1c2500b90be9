package engine

import "maillage/nomenclatures"

const (
	// usualReferences is how many similar contracts make a full track record
	// when the lot doesn't say.
	usualReferences = 2
	// sameTrade is the proximity from which a reference counts whole; down to
	// closeEnough it counts half.
	sameTrade = 0.75
)

// trackRecord asks for recent contracts in the same trade and territory. A lot
// that asks for none is met by all; a lot that doesn't say counts the
// references there are and holds nothing against those who have none.
func (q *question) trackRecord(e *Enterprise) mark {
	asked := q.lot.References
	if asked.Known && asked.Count == 0 {
		return graded(weightReferences, 1, false)
	}
	if len(e.References) == 0 && (!e.ReferencesKnown || !asked.Known) {
		return mark{counted: true, weight: weightReferences}
	}
	n := q.similar(e)
	if n == 0 && !asked.Known {
		return mark{counted: true, weight: weightReferences}
	}
	return graded(weightReferences, n/float64(q.referencesWanted()), false)
}

func (q *question) referencesWanted() int {
	if q.lot.References.Known {
		return q.lot.References.Count
	}
	return usualReferences
}

// similar counts the references: whole in the same trade, half in a close one,
// and half again where the territory is another.
func (q *question) similar(e *Enterprise) float64 {
	sum := 0.0
	for i := range e.References {
		sum += q.likeness(&e.References[i])
	}
	return sum
}

func (q *question) likeness(r *Reference) float64 {
	if r.On.Before(q.since) || r.On.Year > q.today.Year {
		return 0
	}
	best := 0.0
	for _, asked := range q.lot.Codes {
		for _, done := range r.Codes {
			if _, v := nomenclatures.Closeness(done, asked); v > best {
				best = v
			}
		}
	}
	value := 0.0
	switch {
	case best >= sameTrade:
		value = 1
	case best >= closeEnough:
		value = 0.5
	}
	if r.Place != nil && q.lot.Scope == PlaceCommunes && q.lot.Place != nil && !r.Place.Set.Intersects(q.lot.Place.Set) {
		value /= 2
	}
	return value
}

func (q *question) explainReferences(e *Enterprise) Finding {
	f := Finding{Criterion: TrackRecord, Key: "references.some", Params: &Params{Date: q.since}}
	m := q.trackRecord(e)
	if q.lot.References.Known && q.lot.References.Count == 0 {
		f.Key, f.Params = "references.not_asked", &Params{}
		return f.with(m)
	}
	if m.state == unknown {
		f.Key = "references.unknown"
		return f.with(m)
	}
	f.Params.Have, f.Params.Want = q.similar(e), float64(q.referencesWanted())
	if f.Params.Have < f.Params.Want {
		f.By, f.Unit = f.Params.Want-f.Params.Have, Contracts
	}
	if f.Params.Have == 0 {
		f.Key = "references.none"
	}
	return f.with(m)
}
