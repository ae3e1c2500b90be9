package engine

import (
	"cmp"
	"math/bits"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// nearKm is how far outside a zone a lot is still a near miss.
const nearKm = 50

// Config says what the engine stands on. Atlas is required.
type Config struct {
	Atlas *territories.Atlas
	// Seed settles the order of candidates that nothing else tells apart.
	Seed uint64
	// Zone is the calendar on which days are counted; default Europe/Paris.
	Zone *time.Location
}

// Rules compare a lot and an enterprise. They hold no candidate and don't
// change: any number of readers may share them.
type Rules struct {
	ground
	seed  uint64
	zone  *time.Location
	cells cells
}

// NewRules reads the map once.
func NewRules(cfg Config) *Rules {
	if cfg.Zone == nil {
		cfg.Zone = Paris()
	}
	return &Rules{ground: newGround(cfg.Atlas), seed: cfg.Seed, zone: cfg.Zone}
}

// Paris is the calendar of metropolitan France. It falls back on the winter offset where the machine has no zone table.
func Paris() *time.Location {
	if loc, err := time.LoadLocation("Europe/Paris"); err == nil {
		return loc
	}
	return time.FixedZone("CET", 3600)
}

// verdict is what one activity of an enterprise is to a lot.
type verdict struct {
	part       int // index of the activity
	score      int
	confidence int
	fit        fit
	cover      cover
	tally      tally
}

// settle fills the two figures of a verdict from its tally.
func (v *verdict) settle() { v.score, v.confidence = v.tally.score(), v.tally.confidence() }

func (v *verdict) matches() bool { return v.tally.missed == 0 }

// near says that one gate only is missed, and that it can be spoken of: an
// enterprise that is closed, or that the buyer excludes, is no near miss, nor is
// a trade that has nothing in common.
func (v *verdict) near() bool {
	switch {
	case bits.OnesCount16(v.tally.missed) != 1, v.tally.missed == 1<<bitOpen:
		return false
	case v.tally.missed == 1<<bitTrade:
		return v.fit.value >= nearEnough
	}
	return true
}

// judge weighs every activity that names a trade and keeps the best: the fewest
// gates missed, then the score, the confidence and the lowest identifier, so
// that the order of activities changes nothing.
func (r *Rules) judge(q *question, e *Enterprise) (best verdict, ok bool) {
	for i := range e.Activities {
		a := &e.Activities[i]
		f := q.fits(e, a, nomenclatures.Closeness)
		if !f.known {
			continue
		}
		v := verdict{part: i, fit: f, cover: r.covers(q.lot, a.Zone)}
		v.tally = q.weigh(e, a, f, v.cover)
		if v.settle(); !ok || surpasses(e, &v, &best) {
			best, ok = v, true
		}
	}
	return best, ok
}

func surpasses(e *Enterprise, v, w *verdict) bool {
	if order := compareVerdicts(v, w); order != 0 {
		return order < 0
	}
	return e.Activities[v.part].ID < e.Activities[w.part].ID
}

func compareVerdicts(v, w *verdict) int {
	if a, b := bits.OnesCount16(v.tally.missed), bits.OnesCount16(w.tally.missed); a != b {
		return a - b
	}
	if a, b := v.near(), w.near(); a != b {
		if a {
			return -1
		}
		return 1
	}
	return cmp.Or(w.score-v.score, w.confidence-v.confidence)
}

// Missed tells the first gate that keeps an enterprise from a lot; ok is false
// when none does, and the criterion is Trade when no activity names one.
func (r *Rules) Missed(lot *Lot, e *Enterprise, asOf time.Time) (c Criterion, ok bool) {
	q := r.ask(lot, asOf)
	v, judged := r.judge(&q, e)
	if !judged {
		return Trade, true
	}
	if v.matches() {
		return "", false
	}
	return gateOf(v.tally.missed), true
}

// Unspecified says that no activity of the enterprise names its trade: it stands
// apart, to be specified.
func (e *Enterprise) Unspecified() bool { return unspecified(e) }

// Rankable says that the lot names a trade, or takes people lent in any.
func (l *Lot) Rankable() bool { return len(l.Codes) > 0 || l.borrows() }

// unspecified says that no activity of the enterprise names its trade.
func unspecified(e *Enterprise) bool {
	for i := range e.Activities {
		if len(e.Activities[i].Codes) > 0 {
			return false
		}
	}
	return true
}

// apart says that an enterprise without a trade covers some of the place, and
// that nothing else stands in the way.
func (r *Rules) apart(q *question, e *Enterprise) bool {
	if q.open(e).state == missed || q.reserved(e).state == missed {
		return false
	}
	for i := range e.Activities {
		if c := r.covers(q.lot, e.Activities[i].Zone); c.known && c.share > 0 {
			return true
		}
	}
	return false
}

// draw orders what nothing else tells apart: a hash of the seed and of the pair.
func (r *Rules) draw(lot LotID, e EnterpriseID) uint64 { return Draw(r.seed, int64(lot), int64(e)) }

// Draw is the same on every machine for a seed and a pair, and tells nothing of them.
func Draw(seed uint64, a, b int64) uint64 {
	h := seed ^ 0x9e3779b97f4a7c15
	for _, v := range [2]uint64{uint64(a), uint64(b)} {
		h ^= v
		h ^= h >> 30
		h *= 0xbf58476d1ce4e5b9
		h ^= h >> 27
		h *= 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}
