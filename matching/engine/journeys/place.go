package journeys

import (
	"math"

	"github.com/paulmach/orb"
)

// A place is a number that orders points by bands of latitude, from south to
// north, then by longitude: a circle is one run of numbers a band, or two where
// it crosses the antimeridian.
const (
	bandsPerDegree = 10 // 11 km
	lonBits        = 21 // 19 m at the equator
	lonCells       = 1 << lonBits
	nowhere        = math.MaxUint32 // of those that have no point: after all others
)

func placeOf(p orb.Point) uint32 { return bandOf(p[1])<<lonBits | cellOf(p[0]) }

func bandOf(lat float64) uint32 {
	return uint32(min(max((lat+90)*bandsPerDegree, 0), 180*bandsPerDegree))
}

func cellOf(lon float64) uint32 {
	return uint32(min(max((lon+180)*(lonCells/360.0), 0), lonCells-1))
}

// run is a run of places, both ends included.
type run struct{ from, to uint32 }

// margin is added to an angle, in radians: more than any rounding here.
const margin = 1e-7

// around adds the runs that hold every point within some kilometres of another,
// and few others.
func around(p orb.Point, km float64, out []run) []run {
	angle := km/earth + margin
	if angle > 1 {
		return append(out, run{0, nowhere - 1})
	}
	lat := p[1] * (math.Pi / 180)
	reach := angle * (180 / math.Pi)
	for band := bandOf(p[1] - reach); band <= bandOf(p[1]+reach); band++ {
		out = acrossBand(p[0], lat, angle, band, out)
	}
	return out
}

// acrossBand adds what a circle covers of one band.
func acrossBand(lon, lat, angle float64, band uint32, out []run) []run {
	half := halfWidth(lat, angle, band)
	base := band << lonBits
	if half >= 180 {
		return append(out, run{base, base + lonCells - 1})
	}
	west, east := lon-half, lon+half
	if west < -180 {
		out = append(out, run{base + cellOf(west+360), base + lonCells - 1})
	}
	if east > 180 {
		out = append(out, run{base, base + cellOf(east-360)})
	}
	return append(out, run{base + cellOf(west), base + cellOf(east)})
}

// halfWidth is how far east or west a circle goes in a band, in degrees: the
// most, at the latitude of the band that is the nearest to that where a meridian
// touches the circle.
func halfWidth(lat, angle float64, band uint32) float64 {
	south := (float64(band)/bandsPerDegree - 90) * (math.Pi / 180)
	north := south + math.Pi/180/bandsPerDegree
	touch := math.Sin(lat) / math.Cos(angle)
	if math.Abs(touch) >= 1 { // it holds a pole
		return 180
	}
	at := min(max(math.Asin(touch), south, lat-angle), north, lat+angle)
	c := (math.Cos(angle) - math.Sin(lat)*math.Sin(at)) / (math.Cos(lat) * math.Cos(at))
	if c <= -1 || math.IsNaN(c) {
		return 180
	}
	return (math.Acos(min(c, 1)) + 2*margin/math.Cos(at)) * (180 / math.Pi)
}
