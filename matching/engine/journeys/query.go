package journeys

import (
	"slices"

	"maillage/territories"
)

// PeopleFor answers for a position, which need not be in the index, on a day.
func (v *View) PeopleFor(p *Position, asOf territories.Date, o Options) (c Candidates) {
	v.PeopleInto(&c, p, asOf, o)
	return c
}

// PeopleInto is PeopleFor in the room of an answer that is no longer needed: what
// c held is written over.
func (v *View) PeopleInto(c *Candidates, p *Position, asOf territories.Date, o Options) {
	s := v.x.scratch(v)
	defer v.x.tools.Put(s)
	school := v.school
	if o.Untaught {
		school = nil
	}
	q := v.x.rules.ask(p, asOf, school, s.values)
	q.untaught, s.values = o.Untaught, q.values
	defer q.clean()
	h := hunt{v: v, q: &q, s: s, o: o}
	if o.Near > 0 || !q.placed {
		h.whole()
	} else {
		h.quick()
	}
	h.answer(c)
}

// hunt is one query for a position.
type hunt struct {
	v    *View
	q    *question
	s    *scratch
	o    Options
	once bool // one list is walked: nobody is met twice
}

// answer ranks what was found. With a limit, only those whose score can be among
// the first are looked at.
func (h *hunt) answer(c *Candidates) {
	least := h.cut()
	ranks := h.s.ranks[:0]
	for i := range h.s.found {
		if f := &h.s.found[i]; f.score >= least {
			ranks = append(ranks, rank{at: f.slot, score: f.score})
		}
	}
	h.s.ranks = ranks
	h.s.fetched = h.v.people.fetch(ranks)
	for i := range ranks {
		ranks[i] = h.rank(ranks[i].at, int(ranks[i].score))
	}
	total, first := len(h.s.found), best(ranks, h.o.Limit)
	h.q.answer(c, total, first, nearest(h.s.nears, h.o), h.o, func(slot uint32) *who {
		h.v.people.read(slot, &h.s.who)
		return &h.s.who
	})
}

func (h *hunt) rank(slot uint32, score int) rank {
	p, c := h.v.people.card(slot)
	return h.v.x.rules.rankOf(h.q.p.ID, c.id, p.dossier(c), score, slot)
}

// cut is the score under which none is among the first.
func (h *hunt) cut() int32 {
	if h.o.Limit <= 0 {
		return 0
	}
	var scores [101]int
	for i := range h.s.found {
		scores[h.s.found[i].score]++
	}
	above := 0
	for least := 100; least > 0; least-- {
		if above += scores[least]; above >= h.o.Limit {
			return int32(least)
		}
	}
	return 0
}

// whole judges everybody who can be a match or a near miss, one by one.
func (h *hunt) whole() {
	far, least := h.q.reach, closeEnough
	if h.o.Near > 0 {
		far, least = far+nearKm, nearEnough
	}
	h.runs(far)
	for _, x := range h.q.near {
		if x.value < least || int(x.code) >= len(h.v.offers) || h.v.offers[x.code] == nil {
			continue
		}
		for _, r := range h.s.runs {
			if r.from == nowhere || !h.q.placed {
				h.v.offers[x.code].within(r, h.judgeAll)
				continue
			}
			h.v.offers[x.code].within(r, func(spots []spot) { h.judgeNear(spots, x.value) })
		}
	}
	h.s.forget()
}

// judgeNear judges those who miss one thing at most, as far as a spot tells:
// beyond the reach, beyond their range, or by a neighbouring occupation.
func (h *hunt) judgeNear(spots []spot, value float64) {
	for i := range spots {
		s := &spots[i]
		d, misses := s.at.chord2(h.q.at), 0
		for _, far := range [...]bool{value < closeEnough || s.tag&tagUnwished != 0, farther(d, float32(h.q.reach)), farther(d, s.km)} {
			if far {
				misses++
			}
		}
		if misses > 1 || farther(d, s.km+nearKm) {
			continue
		}
		if slot := s.tag.slot(); h.s.meet(slot) {
			h.judge(slot)
		}
	}
}

// farther says for sure that a chord is longer than some kilometres.
func farther(chord2, km float32) bool {
	limit := km*(1/earth) + slack
	return chord2 > limit*limit
}

// runs lists where people can live; those whose home isn't known are everywhere.
func (h *hunt) runs(km float64) {
	h.s.runs = append(h.s.runs[:0], run{nowhere, nowhere})
	if !h.q.placed {
		h.s.runs = append(h.s.runs, run{0, nowhere - 1})
		return
	}
	h.s.runs = around(h.q.point, km, h.s.runs)
}

func (h *hunt) judgeAll(spots []spot) {
	for i := range spots {
		if slot := spots[i].tag.slot(); h.s.meet(slot) {
			h.judge(slot)
		}
	}
}

// judge looks at one person whole.
func (h *hunt) judge(slot uint32) {
	w := &h.s.who
	h.v.people.read(slot, w)
	if h.o.Employer != 0 && w.said().employer != h.o.Employer {
		return
	}
	r := h.q.reading(w)
	switch x := h.q.judge(w, &r); {
	case x.matches():
		h.s.found = append(h.s.found, find{slot, int32(x.score)})
	case h.o.Near > 0 && x.near():
		h.s.nears = append(h.s.nears, h.rank(slot, x.score))
	}
}

// PositionsFor answers for a person, who need not be in the index, on a day.
func (v *View) PositionsFor(p *Person, asOf territories.Date, o Options) Prospects {
	w := v.x.rules.read(p, nil)
	h := v.prizes(&w, asOf, o)
	return h.answer()
}

func (v *View) prizes(w *who, asOf territories.Date, o Options) prizes {
	h := prizes{r: v.x.rules, w: w, s: v.school, o: o, asOf: asOf}
	if w.available {
		for _, slot := range v.openings(w, o.Near > 0) {
			if x := v.positions[slot]; !o.leaves(x, asOf) {
				h.judge(x)
			}
		}
	}
	return h
}

// openings lists the positions that a person can reach, or nearly, in an
// occupation close to one of theirs.
func (v *View) openings(w *who, near bool) []uint32 {
	far, least, spare := w.farthest(), closeEnough, 0.0
	if near {
		least, spare = nearEnough, nearKm
	}
	runs := []run{{nowhere, nowhere}, {0, nowhere - 1}}
	if w.traits&placed != 0 && far < unlimited {
		runs = around(w.point, far+spare, runs[:1])
	}
	var out []uint32
	for _, code := range v.kin(w, least) {
		for _, r := range runs {
			v.asks[code].within(r, func(spots []spot) {
				for i := range spots {
					if s := &spots[i]; w.traits&placed == 0 || r.from == nowhere || arc(w.at.chord2(s.at)) <= float64(s.km)+spare+1 {
						out = append(out, s.tag.slot())
					}
				}
			})
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// kin lists the occupations asked somewhere that are close to one of a person's, and
// every trade.
func (v *View) kin(w *who, least float64) []uint32 {
	var out []uint32
	if w.learns() && len(v.asks) > 0 && v.asks[everyTrade] != nil {
		out = append(out, everyTrade)
	}
	for _, o := range w.occs {
		for _, x := range v.x.rules.book.relatives(o &^ heldBit) {
			if x.value >= least && int(x.code) < len(v.asks) && v.asks[x.code] != nil {
				out = append(out, x.code)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
