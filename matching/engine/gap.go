package engine

import (
	"math"

	"maillage/territories"
)

// vector3 is a point of the unit sphere; the zero one stands for no point.
type vector3 struct{ x, y, z float64 }

// sphere places every commune on the unit sphere, where comparing distances
// takes three products.
func sphere(a *territories.Atlas) []vector3 {
	out := make([]vector3, a.Len())
	for i := range out {
		c := a.Commune(i)
		if !c.HasPoint {
			continue
		}
		lon, lat := c.Point[0]*math.Pi/180, c.Point[1]*math.Pi/180
		out[i] = vector3{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	return out
}

func (v vector3) dot(w vector3) float64 { return v.x*w.x + v.y*w.y + v.z*w.z }

// points lists the communes of a set that have a point.
func (g ground) points(s *territories.Set) (ords []int, at []vector3) {
	s.Each(func(o int) bool {
		if g.sphere[o] != (vector3{}) {
			ords, at = append(ords, o), append(at, g.sphere[o])
		}
		return true
	})
	return ords, at
}

// nearest finds, among points, the one nearest to a commune; the greatest dot
// product is the least distance.
func (g ground) nearest(to int, at []vector3) (i int, dot float64) {
	i, dot = -1, -2
	for j, v := range at {
		if d := g.sphere[to].dot(v); d > dot {
			i, dot = j, d
		}
	}
	return i, dot
}

// gap is the distance between two disjoint sets of communes, in km: the least
// between a representative point of one and one of the other, and the commune
// of the place that is nearest. ok is false when a side has no point.
func (g ground) gap(zone, place *territories.Set) (km float64, ord int, ok bool) {
	zoneOrds, zoneAt := g.points(zone)
	placeOrds, _ := g.points(place)
	best, from := -2.0, 0
	for _, p := range placeOrds {
		if i, dot := g.nearest(p, zoneAt); i >= 0 && dot > best {
			best, ord, from, ok = dot, p, zoneOrds[i], true
		}
	}
	if !ok {
		return 0, 0, false
	}
	km, ok = g.atlas.Distance(ord, from)
	return km, ord, ok
}

// within sums the inhabitants of the communes of a place that are at most km
// away from a zone.
func (g ground) within(zone, place *territories.Set, km float64) int64 {
	zoneOrds, zoneAt := g.points(zone)
	placeOrds, _ := g.points(place)
	var sum int64
	for _, p := range placeOrds {
		i, _ := g.nearest(p, zoneAt)
		if i < 0 {
			continue
		}
		if d, ok := g.atlas.Distance(p, zoneOrds[i]); ok && d <= km {
			sum += int64(g.atlas.Commune(p).Population)
		}
	}
	return sum
}

// earthRadius is the mean radius in km, that of territories.
const earthRadius = 6371.00877

// farther says for sure that two sets are more than km apart, in time
// proportional to their sizes; false settles nothing. Each set lies in the cap
// around the mean of its points.
func (g ground) farther(x, y *territories.Set, km float64) bool {
	a, ra, okA := g.cap(x)
	b, rb, okB := g.cap(y)
	if !okA || !okB {
		return false
	}
	const slack = 0.1 // km, above what rounding can lose
	return earthRadius*(angle(a.dot(b))-ra-rb) > km+slack
}

// cap gives the smallest cap centred on the mean of the points of a set: its
// centre and its radius in radians.
func (g ground) cap(s *territories.Set) (centre vector3, radius float64, ok bool) {
	_, at := g.points(s)
	for _, v := range at {
		centre = vector3{centre.x + v.x, centre.y + v.y, centre.z + v.z}
	}
	length := math.Sqrt(centre.dot(centre))
	if length < 1e-6 {
		return vector3{}, 0, false
	}
	centre = vector3{centre.x / length, centre.y / length, centre.z / length}
	least := 1.0
	for _, v := range at {
		least = min(least, centre.dot(v))
	}
	return centre, angle(least), true
}

func angle(dot float64) float64 { return math.Acos(max(-1, min(1, dot))) }
