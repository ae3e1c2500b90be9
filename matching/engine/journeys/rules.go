package journeys

import (
	"math/bits"

	"maillage/matching/engine"
	"maillage/territories"
)

// nearKm is how far outside a position's reach, or a person's range, a pair is
// still a near miss.
const nearKm = 50

// Config says what the engine stands on; its zero value works for things that
// have their own points.
type Config struct {
	// Atlas places those that have none by their commune.
	Atlas *territories.Atlas
	// Seed settles the order of what nothing else tells apart.
	Seed uint64
}

// Rules compare a person and a position. They hold neither, and any number of
// readers may share them.
type Rules struct {
	atlas *territories.Atlas
	seed  uint64
	book  codebook
}

// NewRules makes rules.
func NewRules(cfg Config) *Rules {
	r := &Rules{atlas: cfg.Atlas, seed: cfg.Seed}
	r.book.trade(everyTradeText)
	return r
}

// verdict is what a person is to a position.
type verdict struct {
	score      int
	confidence int
	missed     uint16 // gates, by criterion
	spoken     bool   // the one that is missed can be spoken of
}

func (v *verdict) matches() bool { return v.missed == 0 }

// near says that one gate only is missed, and that it can be spoken of.
func (v *verdict) near() bool { return v.spoken && bits.OnesCount16(v.missed) == 1 }

// gateOf is the gate that a near miss misses.
func gateOf(missed uint16) Criterion { return Criterion(bits.TrailingZeros16(missed)) }

// gaugeOf measures between a person and the place of the question.
func (q *question) gaugeOf(w *who) gauge {
	g := gauge{exact: q.exact, far: -1, p: w.point, q: q.point, known: q.placed && w.traits&placed != 0}
	if g.known {
		g.km = arc(w.at.chord2(q.at))
	}
	return g
}

// reading is what several questions read of a pair, measured once.
type reading struct {
	gauge
	fit
	way
}

func (q *question) reading(w *who) (r reading) {
	r.gauge = q.gaugeOf(w)
	r.fit = q.fits(w)
	r.way = q.travels(w, &r.gauge)
	return r
}

// judge asks every question of one person.
func (q *question) judge(w *who, r *reading) verdict {
	var t tally
	spoken := true
	ask := func(c Criterion, m mark, near bool) {
		t.add(c, true, m)
		if m.state == Missed && !near {
			spoken = false
		}
	}
	m, near := q.available(w)
	ask(Available, m, near)
	ask(Trade, r.fit.mark(), r.class == neighbour)
	ask(Reach, q.reaches(&r.gauge), r.known && r.within(q.reach+nearKm))
	ask(Travel, r.way.mark, r.near(&r.gauge))
	for _, p := range [...]struct {
		c    Criterion
		list []want
	}{{Licences, q.licences}, {Languages, q.languages}, {Entry, q.entry}} {
		if len(p.list) > 0 {
			held := q.holds(w, p.list)
			ask(p.c, gate(held.state), held.trainable || q.untaught)
		}
	}
	if len(q.gives) > 0 {
		ask(Outcomes, gate(q.gains(w)), false)
	}
	q.grade(&t, w)
	return verdict{score: t.score(), confidence: t.confidence(), missed: t.missed, spoken: spoken}
}

// grade asks what only counts.
func (q *question) grade(t *tally, w *who) {
	if !q.p.Hours.IsZero() {
		t.add(WeeklyHours, false, q.hours(w).mark)
	}
	if q.slots != 0 {
		t.add(TimeSlots, false, q.timeSlots(w))
	}
	if len(q.skills) > 0 {
		t.add(Skills, false, q.skilled(w))
	}
	if q.p.Years > 0 {
		m, _ := q.experience(w)
		t.add(Experience, false, m)
	}
}

// draw orders what nothing else tells apart: a hash of the seed and of the pair.
func (r *Rules) draw(position PositionID, person PersonID) uint64 {
	return engine.Draw(r.seed, int64(position), int64(person))
}
