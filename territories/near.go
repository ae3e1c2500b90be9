package territories

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// earthRadius is the mean radius of the Earth in kilometres (IUGG, R1), not
// the equatorial one that orb takes.
const earthRadius = 6371.00877

const radians = math.Pi / 180

// bandsPerDegree is how finely the latitudes are cut: 0.1°, 11 km.
const bandsPerDegree = 10

// Haversine is the great-circle distance between two points in kilometres, on
// a sphere of 6,371,008.77 m. It is the distance of every "within R km" here.
func Haversine(p, q orb.Point) float64 {
	return 2 * earthRadius * math.Asin(math.Sqrt(math.Min(1, haversine(p, q))))
}

// haversine is sin² of half the angle between two points.
func haversine(p, q orb.Point) float64 {
	s1 := math.Sin((q[1] - p[1]) * radians / 2)
	s2 := math.Sin((q[0] - p[0]) * radians / 2)
	return s1*s1 + math.Cos(p[1]*radians)*math.Cos(q[1]*radians)*s2*s2
}

// site is a representative point ready for comparisons: as a unit vector the
// squared chord to another is four times the haversine, without trigonometry.
type site struct {
	lon     float64
	x, y, z float64
	ord     uint32
}

// grid holds the points in bands of latitude, each sorted by longitude.
type grid struct {
	south  int // the number of the first band
	bands  [][]site
	points []orb.Point // by ordinal
}

func vector(p orb.Point) (x, y, z float64) {
	lat, lon := p[1]*radians, p[0]*radians
	c := math.Cos(lat)
	return c * math.Cos(lon), c * math.Sin(lon), math.Sin(lat)
}

func bandOf(lat float64) int { return int(math.Floor(lat * bandsPerDegree)) }

func newGrid(communes []Commune) *grid {
	g := &grid{points: make([]orb.Point, len(communes))}
	lo, hi := math.MaxInt, math.MinInt
	for i := range communes {
		if communes[i].HasPoint {
			b := bandOf(communes[i].Point[1])
			lo, hi = min(lo, b), max(hi, b)
		}
	}
	if lo > hi {
		return g
	}
	g.south, g.bands = lo, make([][]site, hi-lo+1)
	for i := range communes {
		if c := &communes[i]; c.HasPoint {
			g.points[i] = c.Point
			s := site{lon: c.Point[0], ord: uint32(i)}
			s.x, s.y, s.z = vector(c.Point)
			b := bandOf(c.Point[1]) - lo
			g.bands[b] = append(g.bands[b], s)
		}
	}
	for _, b := range g.bands {
		slices.SortFunc(b, func(s, t site) int {
			if s.lon != t.lon {
				return int(math.Copysign(1, s.lon-t.lon))
			}
			return int(s.ord) - int(t.ord)
		})
	}
	return g
}

// between is the part of a band from one longitude to another.
func between(band []site, west, east float64) []site {
	i := from(band, west)
	j := i + from(band[i:], math.Nextafter(east, 360))
	return band[i:j]
}

// from is the place of the first site at a longitude or east of it.
func from(band []site, lon float64) int {
	i, j := 0, len(band)
	for i < j {
		if h := int(uint(i+j) >> 1); band[h].lon < lon {
			i = h + 1
		} else {
			j = h
		}
	}
	return i
}

// Within is the set of communes whose representative point lies within km
// kilometres of p, the bound included: neither "touching" nor "wholly inside",
// which differ from it by a factor of two at 10 km. Distances are haversine
// ones on a sphere of 6,371,008.77 m. Communes without a point are in no
// radius; a negative or undefined radius is empty.
func (a *Atlas) Within(p orb.Point, km float64) *Set {
	if !(km >= 0) || !validPoint(p) {
		return &Set{}
	}
	var b builder
	a.near.within(p, km, &b)
	return b.set()
}

func (g *grid) within(p orb.Point, km float64, b *builder) {
	half := math.Min(km/earthRadius/2, math.Pi/2)
	limit := 4 * math.Sin(half) * math.Sin(half)
	angle := 2*half/radians + 1e-9
	reach := longitudeReach(p[1], 2*half)
	first, last := max(bandOf(p[1]-angle)-g.south, 0), min(bandOf(p[1]+angle)-g.south, len(g.bands)-1)
	c := circle{p: p, km: km, limit: limit}
	c.x, c.y, c.z = vector(p)
	for i := first; i <= last; i++ {
		band := g.bands[i]
		if len(band) == 0 {
			continue
		}
		c.add(g, between(band, p[0]-reach, p[0]+reach), b)
		if p[0]-reach < -180 {
			c.add(g, between(band, p[0]-reach+360, 180), b)
		}
		if p[0]+reach > 180 {
			c.add(g, between(band, -180, p[0]+reach-360), b)
		}
	}
}

// longitudeReach is how far east or west, in degrees, a circle of an angular
// radius (radians) goes; 180 when it holds a pole.
func longitudeReach(lat, angle float64) float64 {
	s, c := math.Sin(angle), math.Cos(lat*radians)
	if angle >= math.Pi/2 || s >= c {
		return 180
	}
	return math.Asin(s/c)/radians + 1e-9
}

// circle decides which points are inside.
type circle struct {
	p         orb.Point
	km, limit float64
	x, y, z   float64
}

// add marks the points of a run that are inside. The chord decides, but for
// those so near the edge that rounding could tell otherwise: the published
// formula, haversine, has the last word there.
func (c *circle) add(g *grid, run []site, b *builder) {
	const doubt = 1e-12
	inner, outer := c.limit*(1-1e-9)-doubt, c.limit*(1+1e-9)+doubt
	for i := range run {
		s := &run[i]
		dx, dy, dz := s.x-c.x, s.y-c.y, s.z-c.z
		d := dx*dx + dy*dy + dz*dz
		if d > outer || d > inner && Haversine(c.p, g.points[s.ord]) > c.km {
			continue
		}
		b.words[s.ord>>6] |= 1 << (s.ord & 63)
	}
}

// Nearest is the commune whose representative point is the nearest to p, and
// its distance in kilometres. The least ordinal wins a tie. It is -1 when p
// is not on Earth.
func (a *Atlas) Nearest(p orb.Point) (ord int, km float64) {
	if !validPoint(p) {
		return -1, math.NaN()
	}
	best, at := math.Inf(1), -1
	g, home := a.near, bandOf(p[1])-a.near.south
	home = min(max(home, 0), len(g.bands)-1)
	for step := 0; home-step >= 0 || home+step < len(g.bands); step++ {
		below, above := home-step, home+step
		if math.Min(g.gap(below, p[1]), g.gap(above, p[1])) > best {
			break
		}
		best, at = g.nearest(below, p, best, at)
		if step > 0 {
			best, at = g.nearest(above, p, best, at)
		}
	}
	if at < 0 {
		return -1, math.NaN()
	}
	return at, Haversine(p, g.points[at])
}

// gap is the least haversine between a latitude and those of a band.
func (g *grid) gap(band int, lat float64) float64 {
	south := float64(band+g.south) / bandsPerDegree
	north := south + 1.0/bandsPerDegree
	d := math.Max(0, math.Max(south-lat, lat-north))
	s := math.Sin(math.Min(d, 180) * radians / 2)
	return s * s
}

// nearest looks for a nearer point in one band.
func (g *grid) nearest(band int, p orb.Point, best float64, at int) (float64, int) {
	if band < 0 || band >= len(g.bands) || g.gap(band, p[1]) > best {
		return best, at
	}
	run := g.bands[band]
	if len(run) == 0 {
		return best, at
	}
	if p[0]-run[0].lon > 180 || run[len(run)-1].lon-p[0] > 180 { // the short way round crosses the antimeridian
		for i := range run {
			best, at = g.better(&run[i], p, best, at)
		}
		return best, at
	}
	home := from(run, p[0])
	for i := home; i < len(run) && !g.tooFar(run[i].lon, p, band, best); i++ {
		best, at = g.better(&run[i], p, best, at)
	}
	for i := home - 1; i >= 0 && !g.tooFar(run[i].lon, p, band, best); i-- {
		best, at = g.better(&run[i], p, best, at)
	}
	return best, at
}

// better keeps the nearer of a site and the best so far; of two as near, the
// least ordinal.
func (g *grid) better(s *site, p orb.Point, best float64, at int) (float64, int) {
	h := haversine(p, g.points[s.ord])
	if h < best || h == best && int(s.ord) < at {
		return h, int(s.ord)
	}
	return best, at
}

// tooFar discards by longitude alone, at the least cosine of the band.
func (g *grid) tooFar(lon float64, p orb.Point, band int, best float64) bool {
	if math.IsInf(best, 1) {
		return false
	}
	edge := math.Max(math.Abs(float64(band+g.south)), math.Abs(float64(band+g.south+1))) / bandsPerDegree
	d := (lon - p[0]) * radians / 2
	// sin(x) ≥ 2x/π on [0, π/2]
	bound := d * d * 4 / (math.Pi * math.Pi) * math.Cos(p[1]*radians) * math.Cos(math.Min(edge, 90)*radians)
	return bound > best
}

// Distance is the great-circle distance in kilometres between the
// representative points of two communes; false where one has none.
func (a *Atlas) Distance(i, j int) (km float64, ok bool) {
	if !a.communes[i].HasPoint || !a.communes[j].HasPoint {
		return 0, false
	}
	return Haversine(a.communes[i].Point, a.communes[j].Point), true
}

func validPoint(p orb.Point) bool {
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}
