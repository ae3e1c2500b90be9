package engine

import (
	"slices"
	"time"

	"maillage/territories"
)

// CandidatesFor answers for a lot, which need not be in the index, on a date.
func (v *View) CandidatesFor(lot *Lot, asOf time.Time, o Options) Candidates {
	x := v.x
	q := x.rules.ask(lot, asOf)
	if !q.rankable() {
		return x.rules.answer(&q, nil, nil, nil, 0, o)
	}
	s := x.scratch(v)
	defer x.tools.Put(s)
	hunt := hunter{v: v, q: &q, s: s, near: o.Near > 0}
	hunt.blocks, hunt.area = x.rules.placeOf(lot)
	hunt.run()
	matches, nears := hunt.split(o)
	var apart []*Enterprise
	if o.Apart > 0 {
		apart = v.nameless(&q, hunt.blocks)
	}
	return x.rules.answer(&q, matches, nears, apart, hunt.total, o)
}

// hunter walks the lists of the codes that are close to the lot's.
type hunter struct {
	v      *View
	q      *question
	s      *scratch
	blocks uint64
	area   *territories.Perimeter
	near   bool
	total  int
}

// run visits the closest codes first: the first time an activity is met, its fit
// is its best.
func (h *hunter) run() {
	least := closeEnough
	if h.near {
		least = nearEnough
	}
	lent := !h.q.borrows
	for _, r := range h.relatives(least) {
		if !lent && r.value < lentAnyTrade {
			h.walk(h.v.offers.special.list(), lentAnyTrade)
			lent = true
		}
		h.walk(h.v.offers.list(r.code), r.value)
	}
	if !lent {
		h.walk(h.v.offers.special.list(), lentAnyTrade)
	}
}

// relatives merges the codes close to each code of the lot, the closest first.
func (h *hunter) relatives(least float64) []relative {
	out := h.s.near[:0]
	for _, c := range h.q.lot.Codes {
		for _, r := range h.v.x.book.relatives(c) {
			if r.value < least {
				break
			}
			out = append(out, r)
		}
	}
	slices.SortFunc(out, compareRelatives)
	h.s.near = out
	return out
}

func (h *hunter) walk(list []entry, value float64) {
	asked := h.q.lot.Modes
	for i := range list {
		at := &list[i]
		far := at.blocks&h.blocks == 0
		other := asked != 0 && at.modes != 0 && asked&at.modes == 0
		if (far || other) && (!h.near || far && other || value < closeEnough) {
			continue
		}
		if !h.s.first(at.slot, at.part) {
			continue
		}
		h.weigh(at, value, far)
	}
}

func (h *hunter) weigh(at *entry, value float64, far bool) {
	r := h.v.x.rules
	v := verdict{part: int(at.part), fit: fit{known: true, value: value}}
	switch {
	case far:
		v.cover = cover{known: true}
	default:
		v.cover = r.covers(h.q.lot, at.area)
	}
	if !h.near && v.cover.known && v.cover.share == 0 {
		return
	}
	e := *h.v.enterprises.at(int(at.slot))
	v.tally = h.q.weigh(e, &e.Activities[at.part], v.fit, v.cover)
	if !v.matches() && !(h.near && v.near()) {
		return
	}
	h.s.keep(at.slot, e, v)
}

// split ranks what was found. With a limit, only as many as asked are sorted.
func (h *hunter) split(o Options) (matches, nears []rival) {
	r := h.v.x.rules
	for i := range h.s.found {
		f := &h.s.found[i]
		if f.v.matches() {
			matches = append(matches, r.rival(h.q.lot, f.e, f.v))
			continue
		}
		nears = append(nears, r.rival(h.q.lot, f.e, f.v))
	}
	h.total = len(matches)
	matches = best(matches, o.Limit, compareRivals)
	slices.SortFunc(nears, compareRivals)
	return matches, nears
}

// nameless lists the enterprises without a trade that cover some of the place.
func (v *View) nameless(q *question, blocks uint64) []*Enterprise {
	var out []*Enterprise
	seen := map[uint32]bool{}
	for _, at := range v.offers.nameless.list() {
		if at.blocks&blocks == 0 || seen[at.slot] {
			continue
		}
		e := *v.enterprises.at(int(at.slot))
		if v.x.rules.apart(q, e) {
			seen[at.slot] = true
			out = append(out, e)
		}
	}
	return out
}

// LotsFor answers for an enterprise, which need not be in the index, on a date.
func (v *View) LotsFor(e *Enterprise, asOf time.Time, o Options) Lots {
	r := v.x.rules
	var matches, nears []prize
	for slot := range v.around(e, o.Near > 0) {
		q := r.ask((*v.lots.at(int(slot))).lot, asOf)
		if q.history && !o.PassedToo {
			continue
		}
		switch w, ok := r.judge(&q, e); {
		case ok && w.matches():
			matches = append(matches, r.prize(q, e, w))
		case ok && o.Near > 0 && w.near():
			nears = append(nears, r.prize(q, e, w))
		}
	}
	total := len(matches)
	matches = best(matches, o.Limit, comparePrizes)
	slices.SortFunc(nears, comparePrizes)
	return r.answerLots(e, asOf, matches, nears, total, o)
}

// around gives the places of the lots worth comparing with an enterprise.
func (v *View) around(e *Enterprise, near bool) map[uint32]bool {
	least := closeEnough
	if near {
		least = nearEnough
	}
	found := map[uint32]bool{}
	for i := range e.Activities {
		a := &e.Activities[i]
		blocks := v.x.rules.blocksOf(a.Zone)
		for _, c := range a.Codes {
			for _, r := range v.x.book.relatives(c) {
				if r.value < least {
					break
				}
				gather(found, v.asks.list(r.code), blocks, a.Modes, near)
			}
		}
		if lends(e, a) && len(a.Codes) > 0 {
			gather(found, v.asks.special.list(), blocks, a.Modes, near)
		}
	}
	return found
}

func gather(found map[uint32]bool, list []entry, blocks uint64, modes Modes, near bool) {
	for i := range list {
		at := &list[i]
		far := at.blocks&blocks == 0
		other := modes != 0 && at.modes != 0 && modes&at.modes == 0
		if (far || other) && (!near || far && other) {
			continue
		}
		found[at.slot] = true
	}
}
