package engine

import "slices"

// scratch is what one query writes on; it is used again by the next ones.
type scratch struct {
	round uint32
	seen  []stamp // by slot of enterprise
	near  []relative
	found []find
}

// stamp is what this round knows of an enterprise; another round's is void.
type stamp struct {
	round uint32
	parts uint64 // activities already met; the 64th and the next are met again
	at    int32  // in found, -1: nowhere
}

type find struct {
	e *Enterprise
	v verdict
}

func (x *Index) scratch(v *View) *scratch {
	s, ok := x.tools.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	if len(s.seen) < v.enterprises.n {
		s.seen = make([]stamp, v.enterprises.n+v.enterprises.n/8)
		s.round = 0
	}
	if s.round++; s.round == 0 {
		clear(s.seen)
		s.round = 1
	}
	clear(s.found)
	s.found = s.found[:0]
	return s
}

// first says that an activity is met for the first time in this round.
func (s *scratch) first(slot uint32, part uint16) bool {
	st := &s.seen[slot]
	if st.round != s.round {
		*st = stamp{round: s.round, at: -1}
	}
	if part >= 64 {
		return true
	}
	bit := uint64(1) << part
	if st.parts&bit != 0 {
		return false
	}
	st.parts |= bit
	return true
}

// keep remembers the best activity of an enterprise.
func (s *scratch) keep(slot uint32, e *Enterprise, v verdict) {
	st := &s.seen[slot]
	if st.at < 0 {
		st.at = int32(len(s.found))
		s.found = append(s.found, find{e: e, v: v})
		return
	}
	if old := &s.found[st.at]; surpasses(e, &v, &old.v) {
		old.v = v
	}
}

// best sorts the first items, keeping limit of them (0: all) through a bounded
// heap whose root is the worst one kept.
func best[T any](items []T, limit int, compare func(a, b T) int) []T {
	if limit <= 0 || len(items) <= limit {
		slices.SortFunc(items, compare)
		return items
	}
	heap := items[:limit]
	for i := limit/2 - 1; i >= 0; i-- {
		sink(heap, i, compare)
	}
	for _, it := range items[limit:] {
		if compare(it, heap[0]) < 0 {
			heap[0] = it
			sink(heap, 0, compare)
		}
	}
	slices.SortFunc(heap, compare)
	return heap
}

func sink[T any](heap []T, i int, compare func(a, b T) int) {
	for {
		worst := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && compare(heap[child], heap[worst]) > 0 {
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
