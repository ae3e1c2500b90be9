package mesh

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Outside is the face beyond the last border: the sea, a neighbouring country, a
// commune without a place.
const Outside = -1

// Vertex is a corner of a coverage, in whole units of its plane: microdegrees of
// longitude and latitude unless the coverage was projected.
type Vertex struct{ X, Y int32 }

// point gives the vertex back in degrees; the division keeps decimals short.
func (v Vertex) point() orb.Point {
	return orb.Point{float64(v.X) / microdegrees, float64(v.Y) / microdegrees}
}

const microdegrees = 1e6

// vertexOf rounds a position to the microdegree (11 cm at most).
func vertexOf(p orb.Point) Vertex {
	return Vertex{int32(math.Round(p[0] * microdegrees)), int32(math.Round(p[1] * microdegrees))}
}

// Arc is a border between two faces, from one node to another: walking along its
// points, one face lies on the left and the other on the right, seen with the
// second axis up. Between its ends no other border meets it, so that whatever is
// done to an arc is done for both sides at once.
type Arc struct {
	Left, Right int32
	Points      []Vertex
	from, to    int32
}

// Coverage is a partition of a part of the plane into numbered faces, kept as the
// borders between them. Two neighbours share the very same arc: they can neither
// gape nor overlap, and the border of any union is the arcs whose two sides
// differ. It is immutable and safe for concurrent use.
type Coverage struct {
	faces int
	nodes int
	arcs  []Arc
	// The sides of face f are sides[first[f]:first[f+1]]: twice the number of an
	// arc, plus one where the face is on its right.
	first []int32
	sides []int32
	// mirrored tells that a projection swapped left and right.
	mirrored bool
}

// Faces is the number of faces, empty ones included.
func (c *Coverage) Faces() int { return c.faces }

// Arcs lists the borders; the result must not be modified.
func (c *Coverage) Arcs() []Arc { return c.arcs }

// newCoverage joins arcs end to end wherever only two of them meet and both part
// the same faces, then files them by face. Arcs with equal sides are dropped.
// Nodes are numbered below nodes.
func newCoverage(faces, nodes int, arcs []Arc) *Coverage {
	c := &Coverage{faces: faces, nodes: nodes, arcs: join(nodes, orient(arcs))}
	c.index()
	return c
}

// orient drops the arcs that part nothing and turns the others so that the lower
// face is on the left, and the outside on the right.
func orient(arcs []Arc) []Arc {
	kept := arcs[:0]
	for _, a := range arcs {
		if a.Left == a.Right {
			continue
		}
		if a.Left == Outside || (a.Right != Outside && a.Right < a.Left) {
			a = a.reversed()
		}
		kept = append(kept, a)
	}
	return kept
}

func (a Arc) reversed() Arc {
	points := slices.Clone(a.Points)
	slices.Reverse(points)
	return Arc{Left: a.Right, Right: a.Left, Points: points, from: a.to, to: a.from}
}

// join walks the arcs in order; each chain begins where a border really ends, and
// what is left afterwards is rings around a single face or a group of them.
func join(nodes int, arcs []Arc) []Arc {
	next := followers(nodes, arcs)
	preceded := make([]bool, len(arcs))
	for _, n := range next {
		if n >= 0 {
			preceded[n] = true
		}
	}
	done := make([]bool, len(arcs))
	joined := make([]Arc, 0, len(arcs))
	for _, rings := range []bool{false, true} {
		for i := range arcs {
			if !done[i] && (rings || !preceded[i]) {
				joined = append(joined, chain(arcs, next, done, i))
			}
		}
	}
	slices.SortStableFunc(joined, func(a, b Arc) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return joined
}

// followers gives for each arc the one that continues it, or -1.
func followers(nodes int, arcs []Arc) []int32 {
	degree := make([]int8, nodes)
	starting := make([]int32, nodes)
	for i, a := range arcs {
		starting[a.from] = int32(i)
		degree[a.from] = min(degree[a.from]+1, 3)
		degree[a.to] = min(degree[a.to]+1, 3)
	}
	next := make([]int32, len(arcs))
	for i, a := range arcs {
		next[i] = -1
		if degree[a.to] != 2 || a.from == a.to {
			continue
		}
		n := arcs[starting[a.to]]
		if n.from == a.to && n.Left == a.Left && n.Right == a.Right {
			next[i] = starting[a.to]
		}
	}
	return next
}

func chain(arcs []Arc, next []int32, done []bool, i int) Arc {
	out := arcs[i]
	done[i] = true
	if n := next[i]; n < 0 || done[n] {
		return out
	}
	out.Points = slices.Clone(out.Points)
	for n := next[i]; n >= 0 && !done[n]; n = next[n] {
		done[n] = true
		out.Points = append(out.Points, arcs[n].Points[1:]...)
		out.to = arcs[n].to
	}
	return out
}

func (c *Coverage) index() {
	c.first = make([]int32, c.faces+1)
	each := func(visit func(face int32, side int32)) {
		for i, a := range c.arcs {
			visit(a.Left, int32(2*i))
			if a.Right != Outside {
				visit(a.Right, int32(2*i+1))
			}
		}
	}
	each(func(face, _ int32) { c.first[face+1]++ })
	for f := range c.faces {
		c.first[f+1] += c.first[f]
	}
	c.sides = make([]int32, c.first[c.faces])
	at := slices.Clone(c.first)
	each(func(face, side int32) {
		c.sides[at[face]] = side
		at[face]++
	})
}

// Merge gives the coverage whose faces are groups of these faces: group[f] is the
// new face of f, Outside to leave it out. Borders inside a group are gone.
func (c *Coverage) Merge(group []int32, faces int) *Coverage {
	of := func(f int32) int32 {
		if f == Outside {
			return Outside
		}
		return group[f]
	}
	var arcs []Arc
	for _, a := range c.arcs {
		a.Left, a.Right = of(a.Left), of(a.Right)
		if a.Left != a.Right {
			arcs = append(arcs, a)
		}
	}
	return newCoverage(faces, c.nodes, arcs)
}

// Neighbours lists the faces that share a border with f, in order.
func (c *Coverage) Neighbours(f int) []int {
	var out []int
	for _, s := range c.sides[c.first[f]:c.first[f+1]] {
		a := c.arcs[s>>1]
		other := a.Right
		if s&1 == 1 {
			other = a.Left
		}
		if other != Outside {
			out = append(out, int(other))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Plane is where a coverage is projected to: a function of the vertex alone, and
// whether it turns the figure over, as it does where the second axis points down.
type Plane struct {
	To       func(Vertex) Vertex
	Mirrored bool
}

// Exact, as a tolerance, keeps every corner.
const Exact = -1

// Project moves every vertex to a plane, then forgets the corners that no border
// needs within the tolerance (in units of the plane). Each arc is treated once
// and keeps its ends: neighbours still fit.
func (c *Coverage) Project(plane Plane, tolerance float64) *Coverage {
	out := *c
	out.mirrored = c.mirrored != plane.Mirrored
	out.arcs = make([]Arc, len(c.arcs))
	var scratch []Vertex
	for i, a := range c.arcs {
		out.arcs[i], scratch = a.project(plane, tolerance, scratch)
	}
	return &out
}

// Part is Project for some faces only, which become 0, 1, 2… of the result: what
// a tile needs, without touching the rest. Only the shapes of the result mean
// anything, not what lies beyond its borders.
func (c *Coverage) Part(faces []int, plane Plane, tolerance float64) *Coverage {
	out := &Coverage{faces: len(faces), nodes: c.nodes, mirrored: c.mirrored != plane.Mirrored}
	out.first = make([]int32, 1, len(faces)+1)
	seen := make(map[int32]int32, 4*len(faces))
	var scratch []Vertex
	for _, f := range faces {
		for _, s := range c.sides[c.first[f]:c.first[f+1]] {
			at, known := seen[s>>1]
			if !known {
				at = int32(len(out.arcs))
				seen[s>>1] = at
				var a Arc
				a, scratch = c.arcs[s>>1].project(plane, tolerance, scratch)
				out.arcs = append(out.arcs, a)
			}
			out.sides = append(out.sides, at<<1|s&1)
		}
		out.first = append(out.first, int32(len(out.sides)))
	}
	return out
}

// project moves one arc; scratch is room to work in, given back larger.
func (a Arc) project(plane Plane, tolerance float64, scratch []Vertex) (Arc, []Vertex) {
	scratch = scratch[:0]
	for _, v := range a.Points {
		scratch = append(scratch, plane.To(v))
	}
	line := scratch
	if tolerance != Exact {
		line = simplify(line, tolerance)
	}
	a.Points = slices.Clone(line)
	return a, scratch
}
