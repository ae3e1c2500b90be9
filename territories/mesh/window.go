package mesh

import (
	"math"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// Window proposes what a map of these sets should show, either of them nil: the
// whole of what is asked (or else offered), and as much of the other as keeps the
// first readable, never less than some 30 km across. Of sets that span oceans it
// shows the part with most inhabitants; the drawing then counts the rest. It is
// not ok when no commune of the sets has a known place.
func (m *Mesh) Window(asked, offered *territories.Set) (bound orb.Bound, ok bool) {
	main, other := asked, offered
	if !m.anyPlace(main) {
		main, other = offered, asked
	}
	zone, ok := m.mainZone(main)
	if !ok {
		return orb.Bound{}, false
	}
	box := m.zoneBox(main, zone)
	wide := box.union(m.zoneBox(other, zone)).degrees()
	return limit(wide, atLeast(box.degrees(), leastSpanKm)), true
}

const leastSpanKm = 30

func (m *Mesh) anyPlace(set *territories.Set) bool {
	_, ok := m.Bound(set)
	return ok
}

// zoneOf names the connected land a commune is in: metropolitan France, or an
// overseas département or collectivity.
func zoneOf(c *territories.Commune) string {
	if c.Zone == "metro" {
		return c.Zone
	}
	return c.Departement
}

// mainZone is where most inhabitants of a set live, among the places known.
func (m *Mesh) mainZone(set *territories.Set) (zone string, ok bool) {
	weight := map[string]int{}
	best := -1
	set.Each(func(ord int) bool {
		if c := m.atlas.Commune(ord); !m.bounds[ord].Empty() {
			weight[zoneOf(c)] += c.Population
		}
		return true
	})
	for name, w := range weight {
		if w > best || w == best && name < zone {
			zone, best = name, w
		}
	}
	return zone, len(weight) > 0
}

func (m *Mesh) zoneBox(set *territories.Set, zone string) Box {
	box := emptyBox
	set.Each(func(ord int) bool {
		if zoneOf(m.atlas.Commune(ord)) == zone {
			box = box.union(m.bounds[ord])
		}
		return true
	})
	return box
}

// atLeast widens a bound to a number of kilometres each way.
func atLeast(b orb.Bound, km float64) orb.Bound {
	const kmPerDegree = 111.195
	centreX, centreY := middle(b.Min[0], b.Max[0]), middle(b.Min[1], b.Max[1])
	halfY := max((b.Max[1]-b.Min[1])/2, km/2/kmPerDegree)
	halfX := max((b.Max[0]-b.Min[0])/2, km/2/kmPerDegree/math.Cos(centreY*math.Pi/180))
	return orb.Bound{
		Min: orb.Point{centreX - halfX, centreY - halfY},
		Max: orb.Point{centreX + halfX, centreY + halfY},
	}
}

// limit keeps of a wide bound what lies within two and a half times the main one.
func limit(wide, main orb.Bound) orb.Bound {
	for axis := range 2 {
		centre := middle(main.Min[axis], main.Max[axis])
		reach := 2.5 * (main.Max[axis] - main.Min[axis]) / 2
		main.Min[axis] = min(main.Min[axis], max(wide.Min[axis], centre-reach))
		main.Max[axis] = max(main.Max[axis], min(wide.Max[axis], centre+reach))
	}
	return main
}

func middle(a, b float64) float64 { return (a + b) / 2 }
