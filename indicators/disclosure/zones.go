package disclosure

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
)

// Place is a commune, or any small territory, with what it contributes.
type Place struct {
	Code      string
	Neighbour []string           // codes of the places it touches
	Parts     map[string]float64 // what each economic group contributes: persons, hours…
}

// Zone is contiguous places told as one.
type Zone struct {
	Places []string // sorted
	Safe   bool     // false when the rules still refuse it and it has no neighbour left
}

// zone is a zone under way.
type zone struct {
	places     []string
	parts      map[string]float64
	neighbours map[int]bool
	count      float64
	joined     int // zones that came in
	gone       bool
}

// Zones grows contiguous zones until the rules accept each: the smallest that is
// refused joins the smallest of its neighbours, again and again. A zone is judged
// as a cell whose count and value are the sum of its parts, each group being one
// contributor wherever it is. What touches nothing and is refused stays apart,
// unsafe: it is for the caller to hide. Empty places join too, so that the
// outline of a zone does not tell where nothing is.
//
// The result does not depend on the order of the places. Neighbours that are not
// among the places are not there.
func Zones(places []Place, rules Rules) []Zone {
	zones := seeds(places)
	queue := &waiting{zones: zones}
	for i := range zones {
		queue.put(i, rules)
	}
	for queue.Len() > 0 {
		at := heap.Pop(queue).(turn)
		if zones[at.zone].gone || zones[at.zone].joined != at.joined {
			continue // it grew, or went, since it was put there
		}
		if to := smallest(zones, zones[at.zone].neighbours); to >= 0 {
			join(zones, to, at.zone)
			queue.put(to, rules)
		}
	}
	return finished(zones, rules)
}

// turn is a refused zone as it was when it was put in the queue.
type turn struct {
	zone, joined int
	size         size
}

// waiting is the refused zones, the smallest first.
type waiting struct {
	zones []*zone
	turns []turn
}

func (w *waiting) put(i int, rules Rules) {
	if !w.zones[i].accepted(rules) {
		heap.Push(w, turn{i, w.zones[i].joined, w.zones[i].size()})
	}
}

func (w *waiting) Len() int           { return len(w.turns) }
func (w *waiting) Less(a, b int) bool { return w.turns[a].size.compare(w.turns[b].size) < 0 }
func (w *waiting) Swap(a, b int)      { w.turns[a], w.turns[b] = w.turns[b], w.turns[a] }
func (w *waiting) Push(x any)         { w.turns = append(w.turns, x.(turn)) }

func (w *waiting) Pop() any {
	last := w.turns[len(w.turns)-1]
	w.turns = w.turns[:len(w.turns)-1]
	return last
}

func seeds(places []Place) []*zone {
	sorted := slices.Clone(places)
	slices.SortFunc(sorted, func(a, b Place) int { return cmp.Compare(a.Code, b.Code) })
	at := map[string]int{}
	var zones []*zone
	for i, p := range sorted {
		at[p.Code] = i
		z := &zone{places: []string{p.Code}, parts: maps.Clone(p.Parts), neighbours: map[int]bool{}}
		for _, group := range slices.Sorted(maps.Keys(p.Parts)) {
			z.count += p.Parts[group]
		}
		zones = append(zones, z)
	}
	for i, p := range sorted {
		for _, code := range p.Neighbour {
			if other, there := at[code]; there && other != i {
				zones[i].neighbours[other], zones[other].neighbours[i] = true, true
			}
		}
	}
	return zones
}

// size orders zones: fewest groups, then least, then fewest places, then by code.
type size struct {
	groups int
	count  float64
	places int
	first  string
}

func (z *zone) size() size { return size{len(z.parts), z.count, len(z.places), z.places[0]} }

func (s size) compare(o size) int {
	return cmp.Or(cmp.Compare(s.groups, o.groups), cmp.Compare(s.count, o.count),
		cmp.Compare(s.places, o.places), cmp.Compare(s.first, o.first))
}

// accepted reports whether the rules let the zone be told. An empty one is not:
// it would say that nothing is there.
func (z *zone) accepted(rules Rules) bool {
	if z.count <= 0 {
		return false
	}
	top := slices.Collect(maps.Values(z.parts))
	slices.SortFunc(top, func(a, b float64) int { return cmp.Compare(b, a) })
	return rules.Judge(Cell{Value: z.count, Count: z.count, Contributors: float64(len(z.parts)), Top: top}) == NoRule
}

func smallest(zones []*zone, among map[int]bool) int {
	best := -1
	for _, i := range slices.Sorted(maps.Keys(among)) {
		if best < 0 || zones[i].size().compare(zones[best].size()) < 0 {
			best = i
		}
	}
	return best
}

// join gives the places, the parts and the neighbours of one zone to another.
func join(zones []*zone, to, from int) {
	a, b := zones[to], zones[from]
	a.places, a.joined = append(a.places, b.places...), a.joined+1
	slices.Sort(a.places)
	for group, part := range b.parts {
		if a.parts == nil {
			a.parts = map[string]float64{}
		}
		a.parts[group] += part
	}
	a.count += b.count
	for i := range b.neighbours {
		delete(zones[i].neighbours, from)
		if i != to {
			a.neighbours[i], zones[i].neighbours[to] = true, true
		}
	}
	b.gone = true
}

func finished(zones []*zone, rules Rules) []Zone {
	var all []Zone
	for _, z := range zones {
		if !z.gone {
			all = append(all, Zone{z.places, z.accepted(rules)})
		}
	}
	slices.SortFunc(all, func(a, b Zone) int { return cmp.Compare(a.Places[0], b.Places[0]) })
	return all
}
