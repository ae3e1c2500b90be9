package contours

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// cross finds a place where two sides of a ring cross, if any. Sides that only
// touch at an end are not said to cross: simplified contours do it everywhere.
// It sweeps the sides from west to east, so that a long coast takes little more
// than its sorting.
func cross(ring orb.Ring) (orb.Point, bool) {
	sides := make([]side, 0, len(ring)-1)
	for i := 1; i < len(ring); i++ {
		if ring[i] != ring[i-1] {
			sides = append(sides, newSide(ring[i-1], ring[i]))
		}
	}
	slices.SortFunc(sides, func(a, b side) int { return cmp.Compare(a.west, b.west) })
	var open []side
	for _, s := range sides {
		kept := open[:0]
		for _, o := range open {
			if o.east < s.west {
				continue
			}
			kept = append(kept, o)
			if o.north >= s.south && s.north >= o.south && o.crosses(s) {
				return o.meets(s), true
			}
		}
		open = append(kept, s)
	}
	return orb.Point{}, false
}

type side struct {
	a, b                     orb.Point
	west, east, south, north float64
}

func newSide(a, b orb.Point) side {
	return side{a, b, math.Min(a[0], b[0]), math.Max(a[0], b[0]), math.Min(a[1], b[1]), math.Max(a[1], b[1])}
}

// turn is positive when a, b, c turn left.
func turn(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}

func (s side) crosses(o side) bool {
	return turn(s.a, s.b, o.a)*turn(s.a, s.b, o.b) < 0 && turn(o.a, o.b, s.a)*turn(o.a, o.b, s.b) < 0
}

func (s side) meets(o side) orb.Point {
	p, q := turn(o.a, o.b, s.a), turn(o.a, o.b, s.b)
	t := p / (p - q)
	return orb.Point{s.a[0] + (s.b[0]-s.a[0])*t, s.a[1] + (s.b[1]-s.a[1])*t}
}
