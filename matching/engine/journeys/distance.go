package journeys

import (
	"math"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// earth is the mean radius of the Earth in kilometres, that of territories.Haversine.
const earth = 6371.00877

// doubtKm is by how much the quick distance can be wrong at most, with room: the
// coordinates of a unit vector are within 3e-8 of the truth in single precision,
// so that a chord is within 0.7 m. Beyond doubtFrom the series is too short.
const (
	doubtKm   = 0.005
	doubtFrom = 500
)

// vec is a point of the unit sphere, in single precision. Distances that a score
// reads come from it; what a gate decides comes from the exact formula.
type vec struct{ x, y, z float32 }

func vecOf(p orb.Point) vec {
	sinLon, cosLon := math.Sincos(p[0] * (math.Pi / 180))
	sinLat, cosLat := math.Sincos(p[1] * (math.Pi / 180))
	return vec{float32(cosLat * cosLon), float32(cosLat * sinLon), float32(sinLat)}
}

// chord2 is the square of the chord between two points. The products are rounded
// before they are added, so that every machine finds the same.
func (a vec) chord2(b vec) float32 {
	dx, dy, dz := a.x-b.x, a.y-b.y, a.z-b.z
	return float32(dx*dx) + float32(dy*dy) + float32(dz*dz)
}

// arc is the distance of a squared chord, in kilometres.
func arc(chord2 float32) float64 {
	c := math.Sqrt(float64(chord2))
	return earth * (c + float64(c*c*c)/24)
}

// gauge measures between a person and a position: quickly, and exactly where a
// bound is so near that the quick measure could tell otherwise.
type gauge struct {
	known bool
	exact bool    // trust no quick measure: see Rules.Scan
	km    float64 // quick
	far   float64 // by the exact formula, once it has been asked for; below 0 before
	p, q  orb.Point
}

// within says that the distance is a number of kilometres at most, the bound
// included.
func (g *gauge) within(km float64) bool {
	if !g.exact && g.km < doubtFrom {
		switch {
		case g.km < km-doubtKm:
			return true
		case g.km > km+doubtKm:
			return false
		}
	}
	return g.kilometres() <= km
}

// shown is the distance as it is said, within a metre.
func (g *gauge) shown() float64 {
	if g.km < doubtFrom {
		return g.km
	}
	return g.kilometres()
}

// kilometres is the distance by the published formula.
func (g *gauge) kilometres() float64 {
	if g.far < 0 {
		g.far = territories.Haversine(g.p, g.q)
	}
	return g.far
}
