package disclosure

import (
	"cmp"
	"math/bits"
	"slices"
)

// cross is a set of dimensions, a bit for each: those in which a cell is not at the total.
type cross uint64

// maxDimensions is how many dimensions a cross can tell apart.
const maxDimensions = 64

func (c cross) has(d int) bool     { return c>>d&1 == 1 }
func (c cross) holds(o cross) bool { return o&^c == 0 }
func (c cross) size() int          { return bits.OnesCount64(uint64(c)) }

// dimensions lists those of the cross.
func (c cross) dimensions() []int {
	var all []int
	for d := range maxDimensions {
		if c.has(d) {
			all = append(all, d)
		}
	}
	return all
}

// crossOf says in which dimensions the codes are not at the total.
func (g *grid) crossOf(codes []string) cross {
	var c cross
	for d, code := range codes {
		if code != g.Dimensions[d].Total {
			c |= 1 << d
		}
	}
	return c
}

// widest keeps the crosses that no other holds, sorted.
func widest(all []cross) []cross {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b cross) int { return cmp.Or(cmp.Compare(b.size(), a.size()), cmp.Compare(a, b)) })
	var kept []cross
	for _, c := range all {
		if !slices.ContainsFunc(kept, func(o cross) bool { return o.holds(c) }) {
			kept = append(kept, c)
		}
	}
	slices.Sort(kept)
	return kept
}

// cliques gives the crosses over which tables must be read together. Tables whose
// crosses make no circle (A × B and B × C) are consistent as soon as the totals that
// they share are; those that make one (A × B, B × C and A × C) are only if some
// table of the whole circle exists (Vorob'ev, Theory of Probability and its
// Applications 7, 1962). The dimensions are left one at a time, the one that ties
// the fewest of its neighbours anew first (Lauritzen, Graphical Models, 1996, § 2.1).
func cliques(crosses []cross) []cross {
	var near [maxDimensions]cross
	var left cross
	for _, c := range crosses {
		left |= c
		for _, d := range c.dimensions() {
			near[d] |= c
		}
	}
	var all []cross
	for left != 0 {
		d := leastTied(left, &near)
		clique := near[d] & left
		all = append(all, clique)
		for _, o := range clique.dimensions() {
			near[o] |= clique
		}
		left &^= 1 << d
	}
	return widest(all)
}

// leastTied is the dimension whose neighbours lack the fewest ties.
func leastTied(left cross, near *[maxDimensions]cross) int {
	best, fewest := -1, 0
	for _, d := range left.dimensions() {
		lacking, around := 0, near[d]&left
		for _, o := range around.dimensions() {
			lacking += (around &^ near[o]).size()
		}
		if best < 0 || lacking < fewest {
			best, fewest = d, lacking
		}
	}
	return best
}
