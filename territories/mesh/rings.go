package mesh

import "slices"

// Ring is a closed line of vertices, the first repeated at the end.
type Ring []Vertex

// Area2 is twice the signed area: positive when the ring turns from the first
// axis to the second (counter-clockwise where the second axis points up).
func (r Ring) Area2() int64 {
	var sum int64
	for i := 1; i < len(r); i++ {
		sum += int64(r[i-1].X)*int64(r[i].Y) - int64(r[i].X)*int64(r[i-1].Y)
	}
	return sum
}

// contains tells whether a point at twice its coordinates is inside the ring.
// Doubled, so that the middle of a segment is a whole point.
func (r Ring) contains(x2, y2 int64) bool {
	in := false
	for i := 1; i < len(r); i++ {
		ax, ay, bx, by := 2*int64(r[i-1].X), 2*int64(r[i-1].Y), 2*int64(r[i].X), 2*int64(r[i].Y)
		if (ay > y2) == (by > y2) {
			continue
		}
		side := (bx-ax)*(y2-ay) - (x2-ax)*(by-ay)
		if (side > 0) == (by > ay) {
			in = !in
		}
	}
	return in
}

// Shape is an area without a name: each part is an outer ring followed by its
// holes.
type Shape [][]Ring

// Shape assembles the borders of a face into simple rings: outer ones have a
// positive area and holes a negative one (counter-clockwise and clockwise in
// degrees, as RFC 7946 wants), parts that touch at a corner stay apart. It is empty for a face without a place, or too small for the unit
// of a projected coverage.
func (c *Coverage) Shape(f int) Shape {
	var outer, holes []Ring
	for _, r := range c.rings(f) {
		switch area := r.Area2(); {
		case area > 0:
			outer = append(outer, r)
		case area < 0:
			holes = append(holes, r)
		}
	}
	return nest(outer, holes)
}

// nest gives each hole to the smallest outer ring around it. A hole that none
// contains, which only a coarse projection makes, is dropped.
func nest(outer, holes []Ring) Shape {
	if len(outer) == 0 {
		return nil
	}
	shape := make(Shape, len(outer))
	for i, r := range outer {
		shape[i] = []Ring{r}
	}
	for _, h := range holes {
		if at := around(outer, h); at >= 0 {
			shape[at] = append(shape[at], h)
		}
	}
	return shape
}

func around(outer []Ring, hole Ring) int {
	best, least := -1, int64(0)
	x2, y2 := int64(hole[0].X)+int64(hole[1].X), int64(hole[0].Y)+int64(hole[1].Y)
	for i, r := range outer {
		if !r.contains(x2, y2) {
			continue
		}
		if area := r.Area2(); best < 0 || area < least {
			best, least = i, area
		}
	}
	return best
}

// directed is an arc walked with the face on the left.
type directed struct {
	from, to int32
	side     int32
}

// rings chains the sides of a face. Where the face touches itself at a node, the
// walk is cut there, so that every ring is simple.
func (c *Coverage) rings(f int) []Ring {
	sides := c.sides[c.first[f]:c.first[f+1]]
	todo := make([]directed, len(sides))
	for i, s := range sides {
		a := &c.arcs[s>>1]
		todo[i] = directed{a.from, a.to, s}
		if s&1 == 1 {
			todo[i].from, todo[i].to = a.to, a.from
		}
	}
	slices.SortFunc(todo, func(a, b directed) int {
		if a.from != b.from {
			return int(a.from) - int(b.from)
		}
		return int(a.side) - int(b.side)
	})
	return c.walk(todo)
}

// walk takes directed arcs sorted by their first node.
func (c *Coverage) walk(todo []directed) []Ring {
	var rings []Ring
	used := make([]bool, len(todo))
	for i := range todo {
		var path []directed
		for at := i; at >= 0 && !used[at]; at = leaving(todo, used, path) {
			used[at] = true
			path = append(path, todo[at])
			if loop := closing(path); loop >= 0 {
				rings = append(rings, c.ring(path[loop:]))
				path = path[:loop]
			}
			if len(path) == 0 {
				break
			}
		}
	}
	return rings
}

// closing finds where on the path its last node was left before, or -1.
func closing(path []directed) int {
	last := path[len(path)-1].to
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].from == last {
			return i
		}
	}
	return -1
}

func leaving(todo []directed, used []bool, path []directed) int {
	node := path[len(path)-1].to
	at, _ := slices.BinarySearchFunc(todo, node, func(d directed, n int32) int { return int(d.from) - int(n) })
	for ; at < len(todo) && todo[at].from == node; at++ {
		if !used[at] {
			return at
		}
	}
	return -1
}

func (c *Coverage) ring(path []directed) Ring {
	n := 1
	for _, d := range path {
		n += len(c.arcs[d.side>>1].Points) - 1
	}
	ring := make(Ring, 0, n)
	add := func(v Vertex) {
		if len(ring) == 0 || ring[len(ring)-1] != v { // a projection makes points fall together
			ring = append(ring, v)
		}
	}
	for _, d := range path {
		points := c.arcs[d.side>>1].Points
		if d.side&1 == 0 {
			for _, v := range points {
				add(v)
			}
			continue
		}
		for i := len(points) - 1; i >= 0; i-- {
			add(points[i])
		}
	}
	if c.mirrored {
		slices.Reverse(ring)
	}
	return ring
}
