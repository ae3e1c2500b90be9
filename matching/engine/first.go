package engine

import (
	"cmp"
	"math"
	"slices"
)

// rank is a match found before anything is read of it.
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

// first ranks the first matches (limit 0: all). Those above the score of the last
// of them are first for sure; of that score, which many often have, only the best
// are kept.
func (h *hunter) first(limit int) []rank {
	c := h.cut(limit)
	sure := h.s.ranks[:0]
	if c.above > 0 {
		sure = h.above(sure, c.least)
	}
	if c.places > 0 {
		sure = append(sure, best(h.edge(c), c.places, compareRanks)...)
	}
	h.s.ranks = sure
	slices.SortFunc(sure, compareRanks)
	return sure
}

// above ranks the matches above a score.
func (h *hunter) above(out []rank, score int) []rank {
	for i := range h.s.found {
		if f := &h.s.found[i]; f.matches && int(f.score) > score {
			out = append(out, h.rank(f, i))
		}
	}
	return out
}

// edge ranks, of the matches of the score at which the first ones end, those that
// can be among them. Draws are spread evenly: a low one is enough where nothing
// was proposed to as many enterprises. All are ranked when too few have one.
func (h *hunter) edge(c cut) []rank {
	const spare = 4 // deviations of how many draws are low
	out, low := h.s.edge[:0], uint64(math.MaxUint64)
	if want := float64(c.places) + spare*math.Sqrt(float64(c.places)); want < float64(c.equal) {
		low = uint64(want / float64(c.equal) * math.MaxUint64)
	}
	for i := range h.s.found {
		f := &h.s.found[i]
		if !f.matches || int(f.score) != c.least {
			continue
		}
		if draw := h.v.x.rules.draw(h.q.lot.ID, f.id); draw <= low {
			if h.v.last(f.slot) == 0 {
				out = append(out, rank{score: int32(f.score), at: int32(i), id: f.id, draw: draw})
			}
		}
	}
	if h.s.edge = out; len(out) < c.places {
		out = out[:0]
		for i := range h.s.found {
			if f := &h.s.found[i]; f.matches && int(f.score) == c.least {
				out = append(out, h.rank(f, i))
			}
		}
		h.s.edge = out
	}
	return out
}

func (h *hunter) rank(f *find, at int) rank {
	return rank{score: int32(f.score), at: int32(at), id: f.id, last: h.v.last(f.slot), draw: h.v.x.rules.draw(h.q.lot.ID, f.id)}
}

// cut is where the first matches end.
type cut struct {
	least  int // score of the last of them; -1: all are wanted
	above  int // matches above it
	equal  int // matches of that score
	places int // left for them
}

// cut counts the matches and finds the score under which none is among the first.
func (h *hunter) cut(limit int) cut {
	var scores [101]int
	for i := range h.s.found {
		if f := &h.s.found[i]; f.matches {
			scores[f.score]++
			h.total++
		}
	}
	if limit <= 0 || h.total <= limit {
		return cut{least: -1, above: h.total}
	}
	c := cut{least: 100}
	for ; c.above+scores[c.least] < limit; c.least-- {
		c.above += scores[c.least]
	}
	c.equal, c.places = scores[c.least], limit-c.above
	return c
}
