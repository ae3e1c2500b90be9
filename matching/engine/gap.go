package engine

import (
	"math"

	"maillage/territories"
)

// gap is the distance between two disjoint sets of communes, in km: the least
// between a representative point of one and one of the other, and the commune
// of the place that is nearest. ok is false when a side has no point.
func (g ground) gap(zone, place *territories.Set) (km float64, ord int, ok bool) {
	zoneBox, okZone := g.atlas.Bound(zone)
	if _, okPlace := g.atlas.Bound(place); !okZone || !okPlace {
		return 0, 0, false
	}
	best := math.Inf(1)
	place.Each(func(p int) bool {
		c := g.atlas.Commune(p)
		if !c.HasPoint || latitudeGap(c.Point[1], zoneBox.Min[1], zoneBox.Max[1]) >= best {
			return true
		}
		zone.Each(func(z int) bool {
			if d, has := g.atlas.Distance(p, z); has && d < best {
				best, ord = d, p
			}
			return true
		})
		return true
	})
	return best, ord, !math.IsInf(best, 1)
}

// kmPerDegree is a little less than a degree of latitude, so that a bound made
// with it never exceeds the distance.
const kmPerDegree = 111.1

// latitudeGap is a lower bound of the distance from a latitude to a band.
func latitudeGap(lat, low, high float64) float64 {
	return kmPerDegree * max(0, low-lat, lat-high)
}
