package engine

import (
	"math"
	"slices"

	"maillage/territories"
)

// zonesKept is how many zones a query remembers having measured.
const zonesKept = 256

// alikeKept is how many verdicts a query remembers to give them again.
const (
	alikeBits = 9
	alikeKept = 1 << alikeBits
)

// scratch is what one query writes on; it is used again by the next ones.
type scratch struct {
	round    uint32
	table    table // where those found are
	zones    [zonesKept]measured
	page     uint32 // of the list being walked: its codes are equally close to the lot's
	alike    [alikeKept]judged
	near     []relative
	found    []find
	verdicts []verdict
	ranks    []rank // that are among the first, for sure
	edge     []rank // of the score that some of the first have
	first    []rival
	fetched  float64 // see ground.fetch
}

// measured is how much of the lot's place a zone covers.
type measured struct {
	round uint32
	area  *territories.Perimeter
	cover cover
}

// likeness is all that tells apart, for one lot, two activities judged by their
// entries whose codes are equally close.
type likeness struct {
	cover  cover
	fte    float64
	traits traits
	modes  Modes
}

// place spreads the likenesses over what is kept.
func (l likeness) place() uint64 {
	h := math.Float64bits(l.fte)*0x9e3779b97f4a7c15 ^ math.Float64bits(l.cover.share)*0xbf58476d1ce4e5b9 ^
		(uint64(l.traits)<<8|uint64(l.modes))*0x94d049bb133111eb
	return h >> (64 - alikeBits)
}

// judged is where the verdict on a likeness is; another page's is void.
type judged struct {
	likeness
	page    uint32
	verdict int32
}

// find is an enterprise found, by its best activity so far.
type find struct {
	id      EnterpriseID
	slot    uint32
	verdict int32 // in verdicts
	part    uint16
	score   uint8
	matches bool // else it misses one gate
}

// take gives a find its activity and the verdict on it.
func (s *scratch) take(f *find, part uint16, verdict int32) {
	v := &s.verdicts[verdict]
	f.part, f.verdict, f.score, f.matches = part, verdict, uint8(v.score), v.matches()
}

// verdict gives the verdict on what was found, activity included.
func (s *scratch) verdict(f *find) verdict {
	v := s.verdicts[f.verdict]
	v.part = int(f.part)
	return v
}

func (x *Index) scratch() *scratch {
	s, ok := x.tools.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	if s.round++; s.round == 0 {
		clear(s.zones[:])
		s.round = 1
	}
	if s.page > 1<<31 {
		clear(s.alike[:])
		s.page = 0
	}
	s.found, s.verdicts = s.found[:0], s.verdicts[:0]
	return s
}

// met says that the activity kept of an enterprise is this one: its codes come
// the closest first, so that it can only do worse.
func (s *scratch) met(slot uint32, part uint16) bool {
	p := s.table.place(slot)
	return p.slot != 0 && s.found[p.at].part == part
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
