package mesh

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Seams counts the segments of borders found while building a coverage.
type Seams struct {
	// Shared are borders between two areas, Open those of one area alone.
	Shared int `json:"shared"`
	Open   int `json:"open"`
	// Overlaps are segments that two areas claim on the same side: the drawing
	// stays right, the borders of unions may keep a line there.
	Overlaps int `json:"overlaps"`
}

// Build makes a coverage of areas drawn apart, one a face: nil or empty for a
// face without a place. Corners are rounded to the microdegree; rings may turn
// either way. Where two neighbours go through the same corners their border
// becomes one; where they do not, both lines stay.
func Build(areas []orb.MultiPolygon) (*Coverage, Seams) {
	var segments []segment
	for face, area := range areas {
		for _, polygon := range area {
			for i, ring := range polygon {
				segments = appendRing(segments, int32(face), ring, i == 0)
			}
		}
	}
	arcs, seams := pair(segments)
	return newCoverage(len(areas), number(arcs), arcs), seams
}

// segment is a piece of a border; the face is on the left when going from a to b,
// or on the right when it was turned to bring the lower end first.
type segment struct {
	a, b   Vertex
	face   int32
	turned bool
}

func appendRing(to []segment, face int32, ring orb.Ring, outer bool) []segment {
	line := make(Ring, len(ring))
	for i, p := range ring {
		line[i] = vertexOf(p)
	}
	area := line.Area2()
	if area == 0 {
		return to
	}
	if (area > 0) != outer {
		slices.Reverse(line)
	}
	for i := 1; i < len(line); i++ {
		s := segment{a: line[i-1], b: line[i], face: face}
		switch order := compareVertex(s.a, s.b); {
		case order == 0:
			continue
		case order > 0:
			s.a, s.b, s.turned = s.b, s.a, true
		}
		to = append(to, s)
	}
	return to
}

func compareVertex(a, b Vertex) int {
	return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y))
}

// pair brings together the two sides of each border.
func pair(segments []segment) ([]Arc, Seams) {
	slices.SortStableFunc(segments, func(s, t segment) int {
		return cmp.Or(compareVertex(s.a, t.a), compareVertex(s.b, t.b))
	})
	var seams Seams
	arcs := make([]Arc, 0, len(segments)/2)
	for i := 0; i < len(segments); {
		end := i + 1
		for end < len(segments) && segments[end].a == segments[i].a && segments[end].b == segments[i].b {
			end++
		}
		arcs = seams.match(arcs, segments[i:end])
		i = end
	}
	return arcs, seams
}

// match makes arcs of segments with the same ends: one side with the other while
// both last, then what remains alone.
func (s *Seams) match(arcs []Arc, same []segment) []Arc {
	var left, right []int32
	for _, seg := range same {
		if seg.turned {
			right = append(right, seg.face)
			continue
		}
		left = append(left, seg.face)
	}
	s.Overlaps += max(0, len(left)-1) + max(0, len(right)-1)
	for i := range max(len(left), len(right)) {
		a := Arc{Left: Outside, Right: Outside, Points: []Vertex{same[0].a, same[0].b}}
		if i < len(left) {
			a.Left = left[i]
		}
		if i < len(right) {
			a.Right = right[i]
		}
		if a.Left == Outside || a.Right == Outside {
			s.Open++
		} else {
			s.Shared++
		}
		arcs = append(arcs, a)
	}
	return arcs
}

// number gives each distinct end a node and tells how many there are.
func number(arcs []Arc) int {
	nodes := make(map[Vertex]int32, len(arcs))
	at := func(v Vertex) int32 {
		n, known := nodes[v]
		if !known {
			n = int32(len(nodes))
			nodes[v] = n
		}
		return n
	}
	for i := range arcs {
		arcs[i].from, arcs[i].to = at(arcs[i].Points[0]), at(arcs[i].Points[1])
	}
	return len(nodes)
}

// Under lays a coverage under this one, of as many faces: a face that is empty
// here keeps its area of the other. Both keep their own borders where they meet.
func (c *Coverage) Under(other *Coverage) *Coverage {
	group := make([]int32, c.faces)
	for f := range group {
		group[f] = Outside
		if c.Empty(f) {
			group[f] = int32(f)
		}
	}
	rest := other.Merge(group, c.faces)
	arcs := slices.Clone(c.arcs)
	for _, a := range rest.arcs {
		a.from += int32(c.nodes)
		a.to += int32(c.nodes)
		arcs = append(arcs, a)
	}
	return newCoverage(c.faces, c.nodes+rest.nodes, arcs)
}
