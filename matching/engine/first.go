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
	least := h.cut(limit)
	sure, edge := h.s.ranks[:0], h.s.edge[:0]
	for i := range h.s.found {
		f := &h.s.found[i]
		switch {
		case !f.matches || int(f.score) < least:
		case int(f.score) > least || limit <= 0:
			sure = append(sure, h.rank(f, i))
		default:
			edge = append(edge, h.rank(f, i))
		}
	}
	h.s.edge = edge
	if limit > len(sure) && len(edge) > 0 {
		sure = append(sure, best(likely(edge, limit-len(sure)), limit-len(sure), compareRanks)...)
	}
	h.s.ranks = sure
	slices.SortFunc(sure, compareRanks)
	return sure
}

// likely keeps, of ranks of one score, those that can be among the first few:
// draws are spread evenly, so that a low one is enough where nothing was proposed
// to so many enterprises. All are kept when too few have one.
func likely(edge []rank, few int) []rank {
	const spare = 4 // deviations of how many draws are low
	want := float64(few) + spare*math.Sqrt(float64(few))
	if want >= float64(len(edge)) {
		return edge
	}
	least := uint64(want / float64(len(edge)) * math.MaxUint64)
	n := 0
	for i := range edge { // swapped, so that nothing is lost
		if edge[i].last == 0 && edge[i].draw < least {
			edge[n], edge[i] = edge[i], edge[n]
			n++
		}
	}
	if n < few {
		return edge
	}
	return edge[:n]
}

func (h *hunter) rank(f *find, at int) rank {
	return rank{score: int32(f.score), at: int32(at), id: f.id, last: h.v.last(f.slot), draw: h.v.x.rules.draw(h.q.lot.ID, f.id)}
}

// cut counts the matches and finds the score under which none is among the first.
func (h *hunter) cut(limit int) (least int) {
	var scores [101]int
	for i := range h.s.found {
		if f := &h.s.found[i]; f.matches {
			scores[f.score]++
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
