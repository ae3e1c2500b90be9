package engine

import (
	"slices"
	"time"

	"maillage/territories"
)

// CandidatesFor answers for a lot, which need not be in the index, on a date.
func (v *View) CandidatesFor(lot *Lot, asOf time.Time, o Options) (c Candidates) {
	v.CandidatesInto(&c, lot, asOf, o)
	return c
}

// CandidatesInto is CandidatesFor in the room of an answer that is no longer
// needed: what c held is written over, findings and figures included.
func (v *View) CandidatesInto(c *Candidates, lot *Lot, asOf time.Time, o Options) {
	x := v.x
	at := v.placed(lot)
	q := x.rules.askAt(&at, asOf)
	if !q.rankable() {
		x.rules.answer(c, &q, nil, nil, nil, 0, o)
		return
	}
	s := x.scratch()
	defer x.tools.Put(s)
	hunt := hunter{v: v, q: &q, s: s, at: &at, near: o.Near > 0, quick: q.quick()}
	hunt.everywhere = x.rules.coversAll(lot)
	hunt.buyer, hunt.buys = x.slot(&x.slots.enterprises, int64(lot.Buyer))
	hunt.run()
	matches, nears := hunt.split(o)
	var apart []*Enterprise
	if o.Apart > 0 {
		apart = v.nameless(&q, &at.blocks)
	}
	x.rules.answer(c, &q, matches, nears, apart, hunt.total, o)
}

// hunter walks the lists of the codes that are close to the lot's.
type hunter struct {
	v     *View
	q     *question
	s     *scratch
	at    *placedLot
	near  bool
	quick bool
	once  bool   // one list is walked: no activity is met twice
	buyer uint32 // where the buyer is, when it is an enterprise too
	buys  bool
	total int

	everywhere cover // of the place, by a zone that is the whole country
}

// run visits the closest codes first: the first time an activity is met, its fit
// is its best.
func (h *hunter) run() {
	least := closeEnough
	if h.near {
		least = nearEnough
	}
	lent := !h.q.borrows
	near := h.relatives(least)
	h.once = len(near) == 1 && lent
	if !h.once {
		h.s.table = h.s.table.sized(h.most(near))
	}
	for _, r := range near {
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

// most bounds how many activities can be found.
func (h *hunter) most(near []relative) int {
	n := 0
	for _, r := range near {
		n += len(h.v.offers.list(r.code))
	}
	if h.q.borrows {
		n += len(h.v.offers.special.list())
	}
	return min(n, h.v.count[0])
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
	h.s.page++
	for i := range list {
		at := &list[i]
		far := !at.blocks.meet(&h.at.blocks)
		other := asked != 0 && at.modes != 0 && asked&at.modes == 0
		if (far || other) && (!h.near || far && other || value < closeEnough) {
			continue
		}
		if h.once || !h.s.met(at.slot, at.part) {
			h.meet(at, value, far)
		}
	}
}

// meet judges one activity, from its entry alone where that is enough.
func (h *hunter) meet(at *entry, value float64, far bool) {
	c := cover{known: true}
	if !far {
		c = h.covers(at)
	}
	if !h.near && c.known && c.share == 0 {
		return
	}
	if h.quick && at.traits&plain != 0 && (!h.buys || h.buyer != at.slot) {
		h.keep(at, h.alike(at, value, c))
		return
	}
	h.keep(at, h.weigh(at, value, c))
}

// alike gives the verdict on an activity judged by its entry: many activities
// differ in nothing that counts, and are judged once.
func (h *hunter) alike(at *entry, value float64, c cover) int32 {
	key := likeness{traits: at.traits, modes: at.modes, fte: at.fte, cover: c}
	place := &h.s.alike[key.place()]
	if place.page == h.s.page && place.likeness == key {
		return place.verdict
	}
	v := verdict{fit: fit{known: true, value: value}, cover: c}
	t, quickly := h.q.quickly(at, v.fit, c)
	if !quickly {
		return h.weigh(at, value, c)
	}
	v.tally = t
	*place = judged{page: h.s.page, likeness: key, verdict: h.rule(&v)}
	return place.verdict
}

// weigh judges an activity by looking at its enterprise.
func (h *hunter) weigh(at *entry, value float64, c cover) int32 {
	e := *h.v.enterprises.at(int(at.slot))
	v := verdict{fit: fit{known: true, value: value}, cover: c}
	v.tally = h.q.weigh(e, &e.Activities[at.part], v.fit, c)
	return h.rule(&v)
}

// rule writes a verdict down and tells where; -1 for one that is of no use.
func (h *hunter) rule(v *verdict) int32 {
	if !v.matches() && (!h.near || !v.near()) {
		return -1
	}
	v.settle()
	h.s.verdicts = append(h.s.verdicts, *v)
	return int32(len(h.s.verdicts) - 1)
}

// covers remembers the last zones measured: many activities share theirs.
func (h *hunter) covers(at *entry) cover {
	switch {
	case at.traits&everywhere != 0:
		return h.everywhere
	case at.area == nil:
		return cover{}
	}
	m := &h.s.zones[at.zone%zonesKept]
	if m.round != h.s.round || m.area != at.area {
		*m = measured{round: h.s.round, area: at.area, cover: h.measure(at.area)}
	}
	return m.cover
}

// measure is covers for one place: most places are a single commune, which is in
// a zone or isn't.
func (h *hunter) measure(zone *territories.Perimeter) cover {
	switch {
	case h.at.only < 0:
		return h.v.x.rules.covers(h.q.lot, zone)
	case zone.Set.Contains(h.at.only):
		return cover{known: true, share: 1}
	}
	return cover{known: true}
}

// keep remembers the best activity of an enterprise.
func (h *hunter) keep(at *entry, verdict int32) {
	if verdict < 0 {
		return
	}
	s := h.s
	old := h.found(at.slot)
	if old == nil {
		s.found = append(s.found, find{id: at.id, slot: at.slot})
		s.take(&s.found[len(s.found)-1], at.part, verdict)
		return
	}
	v, w := s.verdict(old), s.verdicts[verdict]
	if w.part = int(at.part); surpasses(*h.v.enterprises.at(int(at.slot)), &w, &v) {
		s.take(old, at.part, verdict)
	}
}

// found gives what was found of an enterprise, nil when nothing was: it then is
// about to be. In one list, the activities of an enterprise are together.
func (h *hunter) found(slot uint32) *find {
	s := h.s
	if h.once {
		if n := len(s.found) - 1; n >= 0 && s.found[n].slot == slot {
			return &s.found[n]
		}
		return nil
	}
	p := s.table.place(slot)
	if p.slot == 0 {
		*p = place{slot: slot + 1, at: int32(len(s.found))}
		return nil
	}
	return &s.found[p.at]
}

// split ranks what was found.
func (h *hunter) split(o Options) (matches, nears []rival) {
	for i := range h.s.found {
		if f := &h.s.found[i]; !f.matches {
			nears = append(nears, h.rival(f))
		}
	}
	slices.SortFunc(nears, compareRivals)
	matches = h.s.first[:0]
	for _, r := range h.first(o.Limit) {
		f := &h.s.found[r.at]
		matches = append(matches, rival{e: *h.v.enterprises.at(int(f.slot)), v: h.s.verdict(f), score: int(r.score), last: r.last, draw: r.draw})
	}
	h.s.first = matches
	h.s.fetched = h.v.x.rules.fetch(matches)
	return matches, nears
}

// fetch touches enterprises before they are read one by one, so that the processor
// waits for their memory once and not for each.
func (g ground) fetch(matches []rival) (sum float64) {
	for i := range matches {
		e := matches[i].e
		a := &e.Activities[matches[i].v.part]
		sum += float64(len(e.Ties)) + a.Capacity.FTE
		if len(a.Codes) > 0 {
			sum += float64(len(a.Codes[0].Value))
		}
		if e.Site >= 0 && e.Site < len(g.spots) {
			sum += g.spots[e.Site].cosine
		}
	}
	return sum
}

func (h *hunter) rival(f *find) rival {
	return h.v.x.rules.rival(h.q.lot, *h.v.enterprises.at(int(f.slot)), h.s.verdict(f))
}

// nameless lists the enterprises without a trade that cover some of the place.
func (v *View) nameless(q *question, in *blocks) []*Enterprise {
	var out []*Enterprise
	seen := map[uint32]bool{}
	for _, at := range v.offers.nameless.list() {
		if !at.blocks.meet(in) || seen[at.slot] {
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
		q := r.askAt(*v.lots.at(int(slot)), asOf)
		if o.leaves(&q) {
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
		in := v.x.rules.blocksOf(a.Zone)
		for _, c := range a.Codes {
			for _, r := range v.x.book.relatives(c) {
				if r.value < least {
					break
				}
				gather(found, v.asks.list(r.code), &in, a.Modes, near)
			}
		}
		if lends(e, a) && len(a.Codes) > 0 {
			gather(found, v.asks.special.list(), &in, a.Modes, near)
		}
	}
	return found
}

func gather(found map[uint32]bool, list []entry, in *blocks, modes Modes, near bool) {
	for i := range list {
		at := &list[i]
		far := !at.blocks.meet(in)
		other := modes != 0 && at.modes != 0 && modes&at.modes == 0
		if (far || other) && (!near || far && other) {
			continue
		}
		found[at.slot] = true
	}
}
