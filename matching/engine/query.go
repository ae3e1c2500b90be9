package engine

import (
	"cmp"
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
	hunt := hunter{v: v, q: &q, s: s, near: o.Near > 0, quick: q.quick()}
	hunt.everywhere = x.rules.coversAll(lot)
	hunt.blocks, hunt.area = x.rules.placeOf(lot)
	hunt.buyer, hunt.buys = x.slot(&x.slots.enterprises, int64(lot.Buyer))
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
	quick  bool
	once   bool   // one list is walked: no activity is met twice
	buyer  uint32 // where the buyer is, when it is an enterprise too
	buys   bool
	total  int

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
		far := at.blocks&h.blocks == 0
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
	m := &h.s.zones[at.area.ID%zonesKept]
	if m.round != h.s.round || m.area != at.area {
		*m = measured{round: h.s.round, area: at.area, cover: h.v.x.rules.covers(h.q.lot, at.area)}
	}
	return m.cover
}

// keep remembers the best activity of an enterprise.
func (h *hunter) keep(at *entry, verdict int32) {
	if verdict < 0 {
		return
	}
	s := h.s
	if !s.has(at.slot) {
		s.seen[at.slot/64] |= 1 << (at.slot % 64)
		s.at[at.slot] = int32(len(s.found))
		s.found = append(s.found, find{slot: at.slot, part: at.part, verdict: verdict})
		return
	}
	old := &s.found[s.at[at.slot]]
	v, w := s.verdict(old), s.verdicts[verdict]
	if w.part = int(at.part); surpasses(*h.v.enterprises.at(int(at.slot)), &w, &v) {
		old.part, old.verdict = at.part, verdict
	}
}

// split ranks what was found. With a limit, only those whose score can be among
// the first are looked at.
func (h *hunter) split(o Options) (matches, nears []rival) {
	least, ranks := h.cut(o.Limit), h.s.ranks[:0]
	for i := range h.s.found {
		f := &h.s.found[i]
		v := &h.s.verdicts[f.verdict]
		if !v.matches() {
			nears = append(nears, h.rival(f))
			continue
		}
		if v.score >= least {
			c := h.v.cards.at(int(f.slot))
			ranks = append(ranks, rank{score: int32(v.score), at: int32(i), id: c.id, last: c.last})
		}
	}
	for i := range ranks { // apart from the loop above, whose reads go far
		ranks[i].draw = h.v.x.rules.draw(h.q.lot.ID, ranks[i].id)
	}
	h.s.ranks = ranks
	ranks = best(ranks, o.Limit, compareRanks)
	matches = h.s.first[:0]
	for i := range ranks {
		r, f := &ranks[i], &h.s.found[ranks[i].at]
		matches = append(matches, rival{e: *h.v.enterprises.at(int(f.slot)), v: h.s.verdict(f), score: int(r.score), last: r.last, draw: r.draw})
	}
	h.s.first = matches
	slices.SortFunc(nears, compareRivals)
	return matches, nears
}

// rank is a rival before anything is read of it.
type rank struct {
	score int32
	at    int32 // in found
	id    EnterpriseID
	last  int64
	draw  uint64
}

// compareRanks is compareRivals.
func compareRanks(a, b rank) int {
	switch {
	case a.score != b.score:
		return int(b.score - a.score)
	case a.last != b.last:
		return cmp.Compare(a.last, b.last)
	case a.draw != b.draw:
		return cmp.Compare(a.draw, b.draw)
	}
	return cmp.Compare(a.id, b.id)
}

func (h *hunter) rival(f *find) rival {
	return h.v.x.rules.rival(h.q.lot, *h.v.enterprises.at(int(f.slot)), h.s.verdict(f))
}

// cut counts the matches and finds the score under which none is among the first.
func (h *hunter) cut(limit int) (least int) {
	var scores [101]int
	for i := range h.s.found {
		if v := &h.s.verdicts[h.s.found[i].verdict]; v.matches() {
			scores[v.score]++
			h.total++
		}
	}
	if limit <= 0 {
		return 0
	}
	above := 0
	for least = 100; least > 0; least-- {
		if above += scores[least]; above >= limit {
			return least
		}
	}
	return 0
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
