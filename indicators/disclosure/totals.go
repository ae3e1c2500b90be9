package disclosure

import (
	"cmp"
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
			parts := g.parts(l, f)
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

// parts gives the cells of a family that are in the line.
func (g *grid) parts(l line, f family) []int {
	var parts []int
	for _, child := range f.children {
		if i, there := l.cells[child]; there {
			parts = append(parts, i)
		}
	}
	return parts
}

// total sums cells. The same enterprise may be behind several of them: the
// contributors are at least those of the largest part, and the largest
// contributions at most the sums of theirs, so the rules err on the safe side.
// A total over what was not collected is not collected.
func (g *grid) total(parts []int) Cell {
	t := Cell{}
	for n, i := range parts {
		c := g.Cells[i]
		t.Value += c.Value
		t.Count += c.Count
		t.Contributors = max(t.Contributors, c.Contributors)
		t.Top = added(t.Top, c.Top, n == 0)
		if c.Given == NotCollected {
			t.Given = NotCollected
		}
	}
	return t
}

// added sums the largest contributions rank by rank; unknown in a part is unknown.
func added(sum, top []float64, first bool) []float64 {
	if first {
		return slices.Clone(top)
	}
	if len(sum) == 0 || len(top) == 0 {
		return nil
	}
	for i := range sum {
		if i < len(top) {
			sum[i] += top[i]
		}
	}
	return sum
}

// sum is one relation of a table by its cells: the parent is the sum of its parts.
type sum struct {
	parent int
	parts  []int
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
	for d := range g.Dimensions {
		for _, l := range g.lines(d) {
			for _, f := range g.families[d] {
				if parent, there := l.cells[f.parent]; there {
					all = g.appendSum(all, d, l, f, parent)
				}
			}
		}
	}
	return all
}

func (g *grid) appendSum(all []sum, d int, l line, f family, parent int) []sum {
	parts, missing := g.spread(d, l, f)
	if len(parts) == 0 {
		return all // the table stops at this level
	}
	for _, code := range missing {
		codes := slices.Clone(l.codes)
		codes[d] = code
		at, there := g.index[joined(codes)]
		if !there {
			at = g.add(Cell{Codes: codes, Value: Unknown(), Count: Unknown(), Contributors: Unknown(), Given: NotCollected})
		}
		parts = append(parts, at)
	}
	return append(all, sum{parent, parts})
}

// spread gives the parts of a family that are in the line, each absent
// intermediate total replaced by its own parts, and the leaves nobody has.
func (g *grid) spread(d int, l line, f family) (parts []int, missing []string) {
	for _, child := range f.children {
		if i, there := l.cells[child]; there {
			parts = append(parts, i)
			continue
		}
		at := slices.IndexFunc(g.families[d], func(o family) bool { return o.parent == child })
		if at < 0 {
			if g.Absent == AbsentUnknown {
				missing = append(missing, child)
			}
			continue
		}
		more, absent := g.spread(d, l, g.families[d][at])
		parts, missing = append(parts, more...), append(missing, absent...)
	}
	return parts, missing
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
