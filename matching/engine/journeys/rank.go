package journeys

import (
	"cmp"
	"math"
	"slices"
)

// rank is a match before anything is written of it. Of equal scores the longest
// waiting comes first, then the least recently proposed, then the draw.
type rank struct {
	score   int32
	at      uint32 // where it was found
	waiting day    // since when; noWait where it isn't known
	last    int64  // when last proposed, 0: never
	draw    uint64
	id      int64
}

// noWait is after any day.
const noWait day = math.MaxInt32

func compareRanks(a, b rank) int {
	switch {
	case a.score != b.score:
		return int(b.score - a.score)
	case a.waiting != b.waiting:
		return cmp.Compare(a.waiting, b.waiting)
	case a.last != b.last:
		return cmp.Compare(a.last, b.last)
	case a.draw != b.draw:
		return cmp.Compare(a.draw, b.draw)
	}
	return cmp.Compare(a.id, b.id)
}

// rankOf ranks a person for a position.
func (r *Rules) rankOf(p PositionID, id PersonID, d *dossier, score int, at uint32) rank {
	k := rank{score: int32(score), at: at, waiting: noWait, draw: r.draw(p, id), id: int64(id)}
	if d == nil {
		return k
	}
	if k.last = d.proposed; d.waiting != noDay {
		k.waiting = d.waiting
	}
	return k
}

// best sorts the first items, keeping limit of them (0: all) through a bounded
// heap whose root is the worst one kept.
func best(items []rank, limit int) []rank {
	if limit <= 0 || len(items) <= limit {
		slices.SortFunc(items, compareRanks)
		return items
	}
	heap := items[:limit]
	for i := limit/2 - 1; i >= 0; i-- {
		sink(heap, i)
	}
	for _, it := range items[limit:] {
		if compareRanks(it, heap[0]) < 0 {
			heap[0] = it
			sink(heap, 0)
		}
	}
	slices.SortFunc(heap, compareRanks)
	return heap
}

func sink(heap []rank, i int) {
	for {
		worst := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && compareRanks(heap[child], heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		heap[i], heap[worst] = heap[worst], heap[i]
		i = worst
	}
}
