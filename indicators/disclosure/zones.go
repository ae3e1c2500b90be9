package disclosure

import (
	"cmp"
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
	queue := order(zones)
	for len(queue) > 0 {
		at := queue[0]
		if zones[at].accepted(rules) {
			queue = queue[1:]
			continue
		}
		to := smallest(zones, zones[at].neighbours)
		if to < 0 {
			queue = queue[1:]
			continue
		}
		join(zones, to, at)
		queue = order(zones)
		queue = slices.DeleteFunc(queue, func(i int) bool { return zones[i].accepted(rules) || len(zones[i].neighbours) == 0 })
	}
	return finished(zones, rules)
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

// order gives the zones that remain, the smallest first.
func order(zones []*zone) []int {
	var all []int
	for i, z := range zones {
		if !z.gone {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b int) int { return zones[a].compare(zones[b]) })
	return all
}

func (z *zone) compare(o *zone) int {
	return cmp.Or(cmp.Compare(len(z.parts), len(o.parts)), cmp.Compare(z.count, o.count),
		cmp.Compare(len(z.places), len(o.places)), cmp.Compare(z.places[0], o.places[0]))
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
		if best < 0 || zones[i].compare(zones[best]) < 0 {
			best = i
		}
	}
	return best
}

// join gives the places, the parts and the neighbours of one zone to another.
func join(zones []*zone, to, from int) {
	a, b := zones[to], zones[from]
	a.places = append(a.places, b.places...)
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
