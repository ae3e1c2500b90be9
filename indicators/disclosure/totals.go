package disclosure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

const defaultTolerance = 1e-6

// addTotals computes the totals along a dimension that the table leaves out.
func (g *grid) addTotals(d int) {
	for _, l := range g.lines(d) {
		for _, f := range g.families[d] {
			if _, there := l.cells[f.parent]; there {
				continue
			}
			parts := g.parts(d, l, f)
			if len(parts) == 0 {
				continue
			}
			total := g.total(parts)
			total.Codes = slices.Clone(l.codes)
			total.Codes[d] = f.parent
			l.cells[f.parent] = g.add(total)
		}
	}
}

// parts gives the cells of a family that are in the line. What nobody has is one of
// them: a total over it is not collected.
func (g *grid) parts(d int, l line, f family) []int {
	var parts []int
	var missing [][]string
	for _, child := range f.children {
		if i, there := l.cells[child]; there {
			parts = append(parts, i)
			continue
		}
		if g.Absent == AbsentUnknown && len(g.under[d][child]) == 0 {
			codes := slices.Clone(l.codes)
			codes[d] = child
			missing = append(missing, codes)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	for _, codes := range missing {
		at := g.add(nobodyHas(codes))
		l.cells[codes[d]] = at
		parts = append(parts, at)
	}
	return parts
}

// total sums cells. The same enterprise may be behind several of them: the
// contributors are at least those of the largest part, and the largest
// contributions at most the sums of theirs, so the rules err on the safe side.
// A total over what was not collected is not collected.
func (g *grid) total(parts []int) Cell {
	t := Cell{Top: g.largestOf(parts)}
	for _, i := range parts {
		c := g.Cells[i]
		t.Value += c.Value
		t.Count += c.Count
		t.Contributors = max(t.Contributors, c.Contributors)
		if c.Given == NotCollected {
			t.Given = NotCollected
		}
	}
	return t
}

// largestOf sums the largest contributions rank by rank, by their absolute values, over
// as many ranks as the part that tells most. Nothing is known where no part tells any.
// Below zero, as one of its parts, it says that losses are told.
func (g *grid) largestOf(parts []int) []float64 {
	ranks := 0
	for _, i := range parts {
		ranks = max(ranks, len(g.Cells[i].Top))
	}
	var sum []float64
	for rank := range ranks {
		largest, sign := 0.0, 1.0
		for _, i := range parts {
			c := g.Cells[i]
			largest += c.atMost(rank, g.Negative)
			if len(c.Top) > 0 && c.Top[0] < 0 {
				sign = -1
			}
		}
		sum = append(sum, sign*largest)
	}
	return sum
}

// atMost is how large the contribution of a rank (from 0) can be, whatever its sign: as it
// is told; else no more than the last that is told, nor, where none is negative, than
// what these leave of the value.
func (c Cell) atMost(rank int, negative bool) float64 {
	told := len(c.Top)
	if rank < told {
		return math.Abs(c.Top[rank])
	}
	if c.Given == NotCollected {
		return 0
	}
	if told == 0 && rank == 0 {
		return math.Abs(c.Value)
	}
	if told == 0 {
		return 0
	}
	last := math.Abs(c.Top[told-1])
	if negative {
		return last
	}
	rest := c.Value - largest(c.Top, told)
	return max(0, min(last, rest-float64(rank-told)*last))
}

// sum is one relation of a table by its cells: the parent is the sum of its parts.
type sum struct {
	parent int
	parts  []int
	open   bool // it has other parts too, that are never negative
}

// terms writes the sum over the variables of its cells.
func (s sum) terms(place []int) []Term {
	terms := []Term{{place[s.parent], 1}}
	for _, part := range s.parts {
		terms = append(terms, Term{place[part], -1})
	}
	return terms
}

// sums gives every relation of the table, in a stable order.
func (g *grid) sums() []sum {
	var all []sum
	seen := map[string]bool{}
	for d := range g.Dimensions {
		for _, l := range g.lines(d) {
			for _, f := range g.families[d] {
				if parent, there := l.cells[f.parent]; there {
					all = g.appendSums(all, seen, d, f, parent)
				}
			}
		}
	}
	return all
}

// appendSums adds what a total is the sum of, along one dimension and within each
// cross that has its parts: they may be several ways of saying it.
func (g *grid) appendSums(all []sum, seen map[string]bool, d int, f family, parent int) []sum {
	wanted := g.crossOf(g.Cells[parent].Codes) | 1<<d
	for _, within := range g.crosses {
		if !within.holds(wanted) {
			continue
		}
		found := g.spreadAll(g.Cells[parent].Codes, d, f, within)
		if len(found.parts) == 0 {
			continue // the table stops at this level
		}
		found = g.filled(found)
		slices.Sort(found.parts)
		key := fmt.Sprint(parent, found.parts)
		if !seen[key] {
			seen[key] = true
			all = append(all, sum{parent, found.parts, found.open})
		}
	}
	return all
}

// spread is the cells that a cell is the sum of.
type spread struct {
	parts   []int
	missing [][]string // codes of the cells that nobody has, where absent means unknown
	open    bool       // more is under it, that no cell tells
}

func (s spread) and(o spread) spread {
	return spread{append(slices.Clip(s.parts), o.parts...), append(slices.Clip(s.missing), o.missing...), s.open || o.open}
}

// filled adds the cells that nobody has.
func (g *grid) filled(s spread) spread {
	for _, codes := range s.missing {
		at, there := g.index[joined(codes)]
		if !there {
			at = g.add(nobodyHas(codes))
		}
		s.parts = append(slices.Clip(s.parts), at)
	}
	return s
}

func nobodyHas(codes []string) Cell {
	return Cell{Codes: codes, Value: Unknown(), Count: Unknown(), Contributors: Unknown(), Given: NotCollected}
}

// spreadAll spreads the children of a family.
func (g *grid) spreadAll(codes []string, d int, f family, within cross) spread {
	var all spread
	for _, child := range f.children {
		to := slices.Clone(codes)
		to[d] = child
		all = all.and(g.spread(to, within))
	}
	return all
}

// spread gives the cell itself where it is there; else those under it, along any
// dimension of the cross: a total that is not published is still a sum.
func (g *grid) spread(codes []string, within cross) spread {
	if i, there := g.index[joined(codes)]; there {
		return spread{parts: []int{i}}
	}
	key := fmt.Sprint(within) + separator + joined(codes)
	found, done := g.spreads[key]
	if !done {
		found = g.spreadUnder(codes, within)
		g.spreads[key] = found
	}
	return found
}

// spreadUnder prefers the dimension along which everything is told.
func (g *grid) spreadUnder(codes []string, within cross) spread {
	var best spread
	divisible := false
	for _, d := range within.dimensions() {
		for _, f := range g.under[d][codes[d]] {
			found := g.spreadAll(codes, d, f, within)
			if !found.open {
				return found
			}
			if !divisible {
				best, divisible = found, true
			}
		}
	}
	if divisible {
		return best
	}
	if g.Absent == AbsentUnknown {
		return spread{missing: [][]string{codes}}
	}
	return spread{open: g.lacks != nil && g.lacks(codes)}
}

// check says which totals differ from the sum of their parts.
func (g *grid) check(sums []sum) []Issue {
	var issues []Issue
	for _, s := range sums {
		total := 0.0
		for _, i := range s.parts {
			total += g.Cells[i].Value
		}
		c := g.Cells[s.parent]
		if off := math.Abs(total - c.Value); off > cmp.Or(g.Tolerance, defaultTolerance)*max(1, math.Abs(c.Value)) {
			issues = append(issues, issue(g.Name, c.Line, "%s vaut %v mais ses %d parties font %v", "%s is %v but its %d parts make %v", Label(c.Codes), c.Value, len(s.parts), total))
		}
	}
	return issues
}
