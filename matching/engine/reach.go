package engine

import (
	"math"
	"sync"

	"maillage/territories"
)

// cellsPerDegree cuts the map into cells of a quarter of a degree, some 28 km by
// 19 in France: two sets of communes are compared only where cells are close.
const cellsPerDegree = 4

type cell struct{ lat, lon int16 }

// cells lists the communes of each cell; it is made once, from the map alone.
type cells struct {
	once sync.Once
	of   map[cell][]int32
}

func (c *cells) read(a *territories.Atlas) map[cell][]int32 {
	c.once.Do(func() {
		c.of = map[cell][]int32{}
		for i := range a.Len() {
			if at, ok := cellOf(a, i); ok {
				c.of[at] = append(c.of[at], int32(i))
			}
		}
	})
	return c.of
}

func cellOf(a *territories.Atlas, ord int) (cell, bool) {
	c := a.Commune(ord)
	if !c.HasPoint {
		return cell{}, false
	}
	return cell{int16(math.Floor(c.Point[1] * cellsPerDegree)), int16(math.Floor(c.Point[0] * cellsPerDegree))}, true
}

// spans is how many cells a distance may cross at a latitude, north and east.
func spans(at cell, km float64) (north, east int16) {
	const degree = 2 * math.Pi * earthRadius / 360
	edge := math.Max(math.Abs(float64(at.lat)), math.Abs(float64(at.lat+1))) / cellsPerDegree
	north = int16(math.Ceil(km / degree * cellsPerDegree))
	east = int16(math.Ceil(km / degree / math.Max(0.05, math.Cos((edge+float64(north)/cellsPerDegree)*math.Pi/180)) * cellsPerDegree))
	return north, east
}

// apartBy is a commune out of a set, and how far it is from it.
type apartBy struct {
	ord int
	km  float64
}

// beside gives the communes out of a set that lie at most km from it: the
// distance of a commune is the least to a commune of the set, between their
// representative points, as in gap. Cells that hold nothing but the set, or
// nothing near it, are never compared: a region costs its edge.
func (r *Rules) beside(set *territories.Set, km float64) []apartBy {
	of, inside := r.cells.read(r.atlas), map[cell][]int32{}
	set.Each(func(ord int) bool {
		if at, ok := cellOf(r.atlas, ord); ok {
			inside[at] = append(inside[at], int32(ord))
		}
		return true
	})
	nearest := map[int32]dotted{}
	for at, members := range inside {
		north, east := spans(at, km)
		for lat := at.lat - north; lat <= at.lat+north; lat++ {
			for lon := at.lon - east; lon <= at.lon+east; lon++ {
				r.compare(members, r.outside(of[cell{lat, lon}], inside[cell{lat, lon}]), nearest)
			}
		}
	}
	return r.measured(nearest, km)
}

// dotted is the nearest commune of the set met so far; the greatest dot product
// is the least distance.
type dotted struct {
	dot float64
	ord int32
}

// outside lists the communes of a cell that are not in the set; both lists are
// in order.
func (r *Rules) outside(all, in []int32) []int32 {
	if len(in) == len(all) {
		return nil
	}
	if len(in) == 0 {
		return all
	}
	var out []int32
	for _, ord := range all {
		if len(in) > 0 && in[0] == ord {
			in = in[1:]
			continue
		}
		out = append(out, ord)
	}
	return out
}

func (r *Rules) compare(members, others []int32, nearest map[int32]dotted) {
	for _, other := range others {
		best, met := nearest[other]
		if !met {
			best.dot = -2
		}
		for _, m := range members {
			if d := r.sphere[other].dot(r.sphere[m]); d > best.dot || d == best.dot && m < best.ord {
				best = dotted{d, m}
			}
		}
		nearest[other] = best
	}
}

func (r *Rules) measured(nearest map[int32]dotted, km float64) []apartBy {
	const slack = 0.1 // km, above what rounding can lose
	out, least := make([]apartBy, 0, len(nearest)), math.Cos((km+slack)/earthRadius)
	for ord, to := range nearest {
		if to.dot < least {
			continue
		}
		if d, ok := r.atlas.Distance(int(ord), int(to.ord)); ok && d <= km {
			out = append(out, apartBy{int(ord), d})
		}
	}
	return out
}

// Wider adds to a perimeter the communes at most km away from one of its own. It
// keeps the text of the perimeter it widens: what it gives is no expression.
func (r *Rules) Wider(p *territories.Perimeter, km float64) *territories.Perimeter {
	return r.wider(p, r.beside(p.Set, km), km)
}

func (r *Rules) wider(p *territories.Perimeter, near []apartBy, km float64) *territories.Perimeter {
	var more []uint32
	for _, b := range near {
		if b.km <= km {
			more = append(more, uint32(b.ord))
		}
	}
	return r.joined(p, territories.SetOf(more...))
}

// joined is a perimeter with more communes.
func (g ground) joined(p *territories.Perimeter, more *territories.Set) *territories.Perimeter {
	set := p.Set.Or(more)
	return &territories.Perimeter{Expr: p.Expr, Text: p.Text, Set: set, Population: g.atlas.Population(set)}
}
