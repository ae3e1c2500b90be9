package journeys

// hit is a spot that can be near enough.
type hit struct {
	chord2 float32
	km     float32
	tag    tag
}

// slack is how much longer than it measures a chord may be, on the unit sphere:
// 12 m, more than single precision gets wrong.
const slack = 2e-6

// quick finds the matches alone. Most people tell a place, a range and wishes,
// and are weighed by their spot; the others are judged whole. The sums are those
// of judge to the last bit, which the property on the index and the scan checks.
func (h *hunt) quick() {
	h.runs(h.q.reach)
	lists := 0
	for _, x := range h.q.near {
		if x.value >= closeEnough && int(x.code) < len(h.v.offers) && h.v.offers[x.code] != nil {
			lists++
		}
	}
	h.once = lists == 1
	for _, x := range h.q.near {
		if x.value >= closeEnough && int(x.code) < len(h.v.offers) && h.v.offers[x.code] != nil {
			h.walk(h.v.offers[x.code], x.value)
		}
	}
	h.merge()
	h.s.forget()
}

// walk goes through one list.
func (h *hunt) walk(p *posting, value float64) {
	h.s.hits = h.s.hits[:0]
	for _, r := range h.s.runs {
		if r.from == nowhere {
			p.within(r, h.judgeAll)
			continue
		}
		p.within(r, h.near)
	}
	h.weigh(value)
}

// near keeps the spots whose chord is not too long: neither the position's reach
// nor the person's range is shorter. It keeps without a branch.
func (h *hunt) near(spots []spot) {
	n := len(h.s.hits)
	if cap(h.s.hits) < n+len(spots)+1 {
		h.s.hits = append(make([]hit, 0, 2*(n+len(spots))+64), h.s.hits...)
	}
	hits, at, reach := h.s.hits[:cap(h.s.hits)], h.q.at, float32(h.q.reach/earth)+slack
	for i := range spots {
		s := &spots[i]
		d := s.at.chord2(at)
		limit := min(s.km*(1/earth)+slack, reach)
		hits[n] = hit{chord2: d, km: s.km, tag: s.tag}
		m := n + 1
		if d > limit*limit {
			m = n
		}
		n = m
	}
	h.s.hits = hits[:n]
}

// weigh scores the hits of one list.
func (h *hunt) weigh(value float64) {
	worth := worths(value)
	for i := range h.s.hits {
		x := &h.s.hits[i]
		if x.tag&tagFull != 0 {
			if slot := x.tag.slot(); h.s.meet(slot) {
				h.judge(slot)
			}
			continue
		}
		if h.o.Employer != 0 {
			continue // they have none
		}
		if km, ok := h.inside(x); ok {
			h.keep(x.tag.slot(), quickScore(worth[x.tag/tagRank&3], km, x.km))
		}
	}
}

// worths is what each rank of a wish brings. Those who only practised have a
// dossier, and are judged whole.
func worths(value float64) (out [len(rankWorth)]float64) {
	for i := range out {
		out[i] = float64(weightTrade * float64(value*rankWorth[i]))
	}
	return out
}

// inside measures a hit; where a bound is too near to tell, by the exact formula.
func (h *hunt) inside(x *hit) (km float64, ok bool) {
	km = arc(x.chord2)
	if within := min(float64(x.km), h.q.reach); km < doubtFrom && km < within-2*doubtKm {
		return km, true
	}
	w := h.v.people.at(x.tag.slot())
	g := h.q.gaugeOf(&w)
	return km, g.within(h.q.reach) && g.within(w.km)
}

// quickScore is the score of a pair that has two grades.
func quickScore(trade, km float64, within float32) int32 {
	t := travelled(km, float64(within))
	return int32(share(trade+float64(t.weight*t.value), weightTrade+weightTravel))
}

// keep remembers somebody; who is met by two of their occupations is settled at
// the end.
func (h *hunt) keep(slot uint32, score int32) {
	if h.once || h.s.meet(slot) {
		h.s.found = append(h.s.found, find{slot, score})
		return
	}
	h.s.again = append(h.s.again, find{slot, score})
}

// merge keeps the best score of those met again. They are few: they are put in a
// small table, through which all those found pass once.
func (h *hunt) merge() {
	if len(h.s.again) == 0 {
		return
	}
	t := h.s.tableOf(len(h.s.again))
	for _, f := range h.s.again {
		at := t.at(f.slot)
		t[at] = find{f.slot + 1, max(t[at].score, f.score)}
	}
	for i := range h.s.found {
		f := &h.s.found[i]
		f.score = max(f.score, t[t.at(f.slot)].score)
	}
}
