package engine

// traits say of an activity what most questions need, beside it in its list, so
// that a common candidate is weighed without being looked at. The weights and
// the order of the questions are those of weigh: the sums are the same to the
// last bit, which the property on the index and the scan checks.
type traits uint8

const (
	plain        traits = 1 << iota // active, nobody refused, no tie, no reference, no doubt on being reachable but the next
	unconfirmed                     // nobody knows whether it can be reached
	assumedTrade                    // see Activity, as the next
	assumedZone
	referencesKnown
	sized      // its FTE are in the entry, whatever the day; 0 are unknown
	everywhere // its zone is the whole country
)

func traitsOf(e *Enterprise, a *Activity) traits {
	var t traits
	set := func(on bool, bit traits) {
		if on {
			t |= bit
		}
	}
	set(e.Active && e.Reachable != No && len(e.Refused) == 0 && len(e.Ties) == 0 && len(e.References) == 0, plain)
	set(e.Reachable == Unsaid, unconfirmed)
	set(a.AssumedTrade, assumedTrade)
	set(a.AssumedZone, assumedZone)
	set(e.ReferencesKnown, referencesKnown)
	_, always := steadyFTE(e, a)
	set(always, sized)
	return t
}

// steadyFTE gives the FTE that capacity reads, when no date can change them:
// those of the activity, else those of statuses that always hold.
func steadyFTE(e *Enterprise, a *Activity) (fte float64, always bool) {
	if a.Capacity.FTE > 0 {
		return a.Capacity.FTE, true
	}
	for i := range e.Statuses {
		s := &e.Statuses[i]
		if s.FTE > 0 && (!s.From.IsZero() || !s.Until.IsZero()) {
			return 0, false
		}
		fte += s.FTE
	}
	return fte, true
}

// quick says that the lot asks nothing that must be looked up in an enterprise
// without ties nor references, save perhaps its capacity.
func (q *question) quick() bool {
	l := q.lot
	return l.Reservation == Unreserved && len(l.Holders) == 0 && len(l.Certifications) == 0 && l.TurnoverFloor == 0 && l.InsuranceFloor == 0 &&
		l.Asked.Hours == 0 && l.Asked.Amount == 0
}

// quickly weighs an activity by its traits; ok is false when it must be looked
// at. The lot must be quick, and the enterprise not the buyer.
func (q *question) quickly(at *entry, f fit, c cover) (t tally, ok bool) {
	if at.traits&plain == 0 || q.lot.Asked.FTE > 0 && at.traits&sized == 0 {
		return tally{}, false
	}
	if at.traits&unconfirmed != 0 {
		t.silent++
	}
	t.add(bitTrade, true, q.trade(at.traits&assumedTrade != 0, f))
	t.add(bitMode, true, q.mode(at.modes))
	t.add(bitTerritory, true, q.territory(at.traits&assumedZone != 0, c))
	t.add(bitCapacity, false, q.quickCapacity(at.fte))
	t.add(bitTime, false, q.time)
	t.add(bitReferences, false, q.quickReferences(at.traits&referencesKnown != 0))
	return t, true
}

func (q *question) quickCapacity(fte float64) mark {
	if q.lot.Asked.FTE == 0 || fte == 0 {
		return mark{counted: true, weight: weightCapacity}
	}
	return graded(weightCapacity, min(1, fte/q.lot.Asked.FTE), false)
}

// quickReferences is trackRecord for an enterprise without references.
func (q *question) quickReferences(known bool) mark {
	asked := q.lot.References
	switch {
	case asked.Known && asked.Count == 0:
		return graded(weightReferences, 1, false)
	case !asked.Known || !known:
		return mark{counted: true, weight: weightReferences}
	}
	return graded(weightReferences, 0, false)
}
