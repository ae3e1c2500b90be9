package territories

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Polygon is a drawn perimeter: the communes whose representative point is
// inside it or on its edge. It accepts a polygon or a multipolygon in
// degrees; holes are holes. Coordinates count to the millionth of a degree
// (10 cm). The figure is not checked for crossing itself: a point is inside
// when it is inside an odd number of the rings of one of the polygons.
func Polygon(g orb.Geometry) Expr {
	n := node{op: opPolygon}
	switch g := g.(type) {
	case orb.Polygon:
		n.shape, n.fault = canonicalShape(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		n.shape, n.fault = canonicalShape(g)
	default:
		n.fault = unread("un périmètre se dessine avec un Polygon ou un MultiPolygon, non %T", "a perimeter is drawn with a Polygon or a MultiPolygon, not %T", g)
	}
	for _, p := range n.shape {
		for _, r := range p {
			n.vertices += len(r)
		}
	}
	if n.fault == nil && len(n.shape) == 0 {
		n.fault = unread("le périmètre dessiné est vide", "the drawn perimeter is empty")
	}
	vertices := n.vertices
	e := leaf(n)
	e.n.vertices = vertices
	return e
}

// canonicalShape gives one writing to each figure: rounded, closed rings,
// outer ones counter-clockwise and holes clockwise (RFC 7946), each from its
// least vertex, holes and polygons sorted.
func canonicalShape(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	out := make(orb.MultiPolygon, 0, len(mp))
	for _, p := range mp {
		q := make(orb.Polygon, 0, len(p))
		for i, r := range p {
			ring, err := canonicalRing(r, i == 0)
			if err != nil {
				return nil, err
			}
			q = append(q, ring)
		}
		if len(q) > 0 {
			slices.SortFunc(q[1:], compareRings)
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(p, q orb.Polygon) int { return slices.CompareFunc(p, q, compareRings) })
	return slices.CompactFunc(out, orb.Polygon.Equal), nil
}

func canonicalRing(r orb.Ring, outer bool) (orb.Ring, error) {
	out := make(orb.Ring, 0, len(r))
	for _, p := range r {
		if !validPoint(p) {
			return nil, unread("le sommet %v n'est pas une longitude et une latitude en degrés", "the vertex %v is not a longitude and a latitude in degrees", [2]float64(p))
		}
		if p = roundPoint(p); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	area := signedArea(out)
	if len(out) < 3 || area == 0 {
		return nil, unread("un contour de %d sommets distincts n'enferme rien", "a ring of %d distinct vertices encloses nothing", len(out))
	}
	if (area > 0) != outer {
		slices.Reverse(out)
	}
	least := 0
	for i := range out {
		if comparePoints(out[i], out[least]) < 0 {
			least = i
		}
	}
	out = append(out[least:len(out):len(out)], out[:least]...)
	return append(out, out[0]), nil
}

// signedArea is positive for an open ring turning counter-clockwise.
func signedArea(r orb.Ring) float64 {
	var sum float64
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sum += (p[0]-r[0][0])*(q[1]-r[0][1]) - (q[0]-r[0][0])*(p[1]-r[0][1])
	}
	return sum
}

func comparePoints(p, q orb.Point) int {
	return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]))
}

func compareRings(r, s orb.Ring) int { return slices.CompareFunc(r, s, comparePoints) }

func printShape(mp orb.MultiPolygon) string {
	var b strings.Builder
	if len(mp) == 1 {
		b.WriteString(`{"type":"Polygon","coordinates":`)
		printPolygon(&b, mp[0])
	} else {
		b.WriteString(`{"type":"MultiPolygon","coordinates":[`)
		for i, p := range mp {
			if i > 0 {
				b.WriteByte(',')
			}
			printPolygon(&b, p)
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
	return b.String()
}

func printPolygon(b *strings.Builder, p orb.Polygon) {
	b.WriteByte('[')
	for i, r := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('[')
		for j, v := range r {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString("[" + decimal(v[0]) + "," + decimal(v[1]) + "]")
		}
		b.WriteByte(']')
	}
	b.WriteByte(']')
}

// edge is a side of a ring, from its lower end up.
type edge struct{ low, high orb.Point }

// inside marks the communes whose point is in a figure. Each band of
// latitude looks only at the edges that cross it, so that a figure of twenty
// thousand vertices over the whole country costs milliseconds.
func (g *grid) inside(p orb.Polygon, b *builder) {
	bound := p.Bound()
	edges := edgesOf(p)
	from := max(bandOf(bound.Min[1])-g.south, 0)
	to := min(bandOf(bound.Max[1])-g.south, len(g.bands)-1)
	var near []edge
	for i := from; i <= to; i++ {
		run := between(g.bands[i], bound.Min[0], bound.Max[0])
		if len(run) == 0 {
			continue
		}
		south := float64(i+g.south) / bandsPerDegree
		north := south + 1.0/bandsPerDegree
		near = near[:0]
		for _, e := range edges {
			if e.low[1] <= north && e.high[1] >= south {
				near = append(near, e)
			}
		}
		for k := range run {
			if crossesOdd(near, g.points[run[k].ord]) {
				b.add(int(run[k].ord))
			}
		}
	}
}

func edgesOf(p orb.Polygon) []edge {
	var out []edge
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			e := edge{r[i-1], r[i]}
			if e.low[1] > e.high[1] {
				e.low, e.high = e.high, e.low
			}
			out = append(out, e)
		}
	}
	return out
}

// crossesOdd counts the edges east of a point; a point on an edge is inside.
func crossesOdd(edges []edge, p orb.Point) bool {
	odd := false
	for i := range edges {
		e := &edges[i]
		if p[1] < e.low[1] || p[1] > e.high[1] {
			continue
		}
		side := (e.high[0]-e.low[0])*(p[1]-e.low[1]) - (p[0]-e.low[0])*(e.high[1]-e.low[1])
		if side == 0 && p[0] >= math.Min(e.low[0], e.high[0]) && p[0] <= math.Max(e.low[0], e.high[0]) {
			return true
		}
		if p[1] < e.high[1] && side > 0 {
			odd = !odd
		}
	}
	return odd
}
