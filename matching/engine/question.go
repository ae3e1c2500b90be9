package engine

import (
	"time"

	"maillage/territories"
)

// question is a lot on a date: all that the criteria read on its side, worked
// out once for every candidate.
type question struct {
	lot     *Lot
	asOf    time.Time
	today   territories.Date
	day     territories.Date // when a candidate must qualify: the deadline's, else today
	since   territories.Date // references count from here
	history bool             // it can no longer be answered: ended, or the deadline has passed
	left    int              // working days left
	needed  int              // working days an answer takes
	borrows bool
	time    mark
	centre  int  // most populated commune of the place, from which distances are measured
	placed  bool // there is one
}

// ask reads a lot on a date.
func (r *Rules) ask(lot *Lot, asOf time.Time) question {
	q := r.dated(lot, asOf)
	q.centre, q.placed = r.centre(lot)
	return q
}

// askAt reads a lot whose place was read before.
func (r *Rules) askAt(p *placedLot, asOf time.Time) question {
	q := r.dated(p.lot, asOf)
	q.centre, q.placed = p.centre, p.centre >= 0
	return q
}

func (r *Rules) dated(lot *Lot, asOf time.Time) question {
	loc := r.zone
	q := question{lot: lot, asOf: asOf, borrows: lot.borrows(), needed: lot.DaysNeeded}
	q.today = territories.DateOf(asOf.In(loc))
	q.day = q.today
	if q.needed == 0 {
		q.needed = lot.Kind.usualDays()
	}
	q.history = !lot.Ended.IsZero() && !asOf.Before(lot.Ended)
	if !lot.Deadline.IsZero() {
		q.day = territories.DateOf(lot.Deadline.In(loc))
		q.history = q.history || asOf.After(lot.Deadline)
		q.left = lot.Holidays.WorkingDays(asOf, lot.Deadline, loc)
	}
	q.since = lot.References.Since
	if q.since.IsZero() {
		q.since = yearsBefore(q.today, 3)
	}
	q.time = q.timeLeft()
	return q
}

// rankable says that the lot names a trade, or takes people lent in any.
func (q *question) rankable() bool { return q.lot.Rankable() }

func yearsBefore(d territories.Date, years int) territories.Date {
	return territories.Date{Year: d.Year - years, Month: d.Month, Day: d.Day}
}

// fit is how close the trade of an activity is to the lot's, 0 to 1. known is
// false when one side says nothing of its trade.
type fit struct {
	known bool
	value float64
}

// cover is how much of the lot's place a zone covers. known is false when the
// place or the zone isn't known.
type cover struct {
	known bool
	share float64 // of the population; of the communes where nobody lives
}

// tally sums the marks of one candidate for one lot.
type tally struct {
	missed           uint16 // gates missed, one bit a criterion
	silent           int    // ungraded gates whose answer is unknown
	points, known    float64
	trusted, applied float64
}

const (
	bitOpen = iota
	bitReservation
	bitTrade
	bitMode
	bitTerritory
	bitCapacity
	bitCertification
	bitTime
	bitReferences
	bitTies
)

func (t *tally) add(bit int, isGate bool, m mark) {
	if isGate && m.state == missed {
		t.missed |= 1 << bit
	}
	if !m.counted {
		if isGate && m.state == unknown {
			t.silent++
		}
		return
	}
	t.applied += m.weight
	if m.state == unknown {
		return
	}
	t.known += m.weight
	t.points += m.weight * m.value
	if m.assumed {
		t.trusted += m.weight / 2
		return
	}
	t.trusted += m.weight
}

// score is the share of the points among the known ones, out of 100, rounded
// once.
func (t *tally) score() int {
	if t.known == 0 {
		return 0
	}
	return int(100*t.points/t.known + 0.5)
}

// confidence is 0 to 100: the share of the weights that rests on known facts, a
// supposed one counting half, less ten for each gate that nothing answers.
func (t *tally) confidence() int {
	if t.applied == 0 {
		return 0
	}
	return max(0, int(100*t.trusted/t.applied+0.5)-10*t.silent)
}

// Confidence is how far a score can be trusted.
type Confidence string

// The levels of confidence, and where they begin.
const (
	High   Confidence = "high"   // from 90
	Medium Confidence = "medium" // from 70
	Low    Confidence = "low"
)

// LevelOf reads a confidence, 0 to 100, as a level.
func LevelOf(confidence int) Confidence {
	switch {
	case confidence >= 90:
		return High
	case confidence >= 70:
		return Medium
	}
	return Low
}

// weigh asks the ten questions of one activity of one enterprise.
func (q *question) weigh(e *Enterprise, a *Activity, f fit, c cover) tally {
	var t tally
	t.add(bitOpen, true, q.open(e))
	t.add(bitReservation, true, q.reserved(e))
	t.add(bitTrade, true, q.trade(a.AssumedTrade, f))
	t.add(bitMode, true, q.mode(a.Modes))
	t.add(bitTerritory, true, q.territory(a.AssumedZone, c))
	t.add(bitCapacity, false, q.capacity(e, a))
	certified, required := q.certified(e)
	t.add(bitCertification, required, certified)
	t.add(bitTime, false, q.time)
	t.add(bitReferences, false, q.trackRecord(e))
	t.add(bitTies, false, q.tied(e))
	return t
}
