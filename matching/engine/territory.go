package engine

import (
	"math"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// territory asks how much of the lot's place the activity's zone covers, in
// population; a zone that touches none of it misses the gate.
func (q *question) territory(assumed bool, c cover) mark {
	if !c.known {
		return mark{counted: true, weight: weightTerritory}
	}
	return graded(weightTerritory, c.share, assumed)
}

// ground is the map the engine stands on.
type ground struct {
	atlas  *territories.Atlas
	all    int64     // inhabitants of the country
	sphere []vector3 // of the communes, by ordinal
	spots  []spot    // the same
	blocks []blocks  // the same
}

func newGround(a *territories.Atlas) ground {
	return ground{atlas: a, all: a.Population(a.All()), sphere: sphere(a), spots: spots(a), blocks: blocksOfCommunes(a)}
}

// covers measures the share of the place of a lot that a zone covers. Beyond it,
// where the network looks further, a zone that touches none of the place and some
// of what is around counts as touching it: the gate is met, and that is all.
func (g ground) covers(lot *Lot, zone *territories.Perimeter) cover {
	c := g.coversPlace(lot, zone)
	if c.known && c.share == 0 && lot.Wider != nil && zone.Set.Intersects(lot.Wider.Set) {
		c.share = tinyShare
	}
	return c
}

func (g ground) coversPlace(lot *Lot, zone *territories.Perimeter) cover {
	switch {
	case zone == nil || lot.Scope == PlaceUnknown:
		return cover{}
	case zone.Set.Len() == 0:
		return cover{known: true}
	case lot.Scope == PlaceCountry:
		return cover{known: true, share: max(tinyShare, float64(zone.Population)/float64(g.all))}
	case lot.Place == nil || lot.Place.Set.Len() == 0:
		return cover{}
	case lot.Place.Population == 0:
		return cover{known: true, share: float64(zone.Set.AndLen(lot.Place.Set)) / float64(lot.Place.Set.Len())}
	}
	switch {
	case zone == lot.Place:
		return cover{known: true, share: 1}
	case lot.Place.Set.Len() == 1:
		return cover{known: true, share: float64(zone.Set.AndLen(lot.Place.Set))}
	}
	return g.shared(lot.Place, zone)
}

// shared measures the share of the inhabitants of a place that a zone covers.
// Communes are counted first: it takes less than adding their inhabitants up, and
// is enough when one of the two is in the other.
func (g ground) shared(place, zone *territories.Perimeter) cover {
	var people int64
	switch zone.Set.AndLen(place.Set) {
	case 0:
		return cover{known: true}
	case place.Set.Len():
		return cover{known: true, share: 1}
	case zone.Set.Len():
		people = zone.Population
	default:
		people = g.atlas.SharedPopulation(zone.Set, place.Set)
	}
	if people == 0 {
		return cover{known: true, share: tinyShare}
	}
	return cover{known: true, share: float64(people) / float64(place.Population)}
}

// coversAll measures the share of the place of a lot that the whole country
// covers.
func (g ground) coversAll(lot *Lot) cover {
	switch {
	case lot.Scope == PlaceUnknown, lot.Scope == PlaceCommunes && (lot.Place == nil || lot.Place.Set.Len() == 0):
		return cover{}
	}
	return cover{known: true, share: 1}
}

// whole says that a zone is the whole country.
func (g ground) whole(zone *territories.Perimeter) bool {
	return zone != nil && zone.Set.Len() == g.atlas.Len()
}

// tinyShare is the share of a place of which a zone only covers communes where
// nobody lives: the zone touches it, the gate is met.
const tinyShare = 1e-9

// centre is the most populated commune of the lot's place, from which distances
// are measured; ok is false where the place isn't known or is the country.
func (g ground) centre(lot *Lot) (ord int, ok bool) {
	if lot.Scope != PlaceCommunes || lot.Place == nil {
		return 0, false
	}
	ord = -1
	lot.Place.Set.Each(func(o int) bool {
		if c := &g.spots[o]; c.known && (ord < 0 || c.people > g.spots[ord].people) {
			ord = o
		}
		return true
	})
	return ord, ord >= 0
}

// away is the distance from the enterprise to the centre of the place, in km.
func (g ground) away(e *Enterprise, centre int) (km float64, ok bool) {
	if e.Site < 0 || e.Site >= g.atlas.Len() {
		return 0, false
	}
	return g.distance(e.Site, centre)
}

// spot is what is read of most communes, the point with half of what a distance
// takes.
type spot struct {
	point  orb.Point
	cosine float64 // of its latitude
	people int32
	known  bool
}

func spots(a *territories.Atlas) []spot {
	out := make([]spot, a.Len())
	for i := range out {
		if c := a.Commune(i); c.HasPoint {
			out[i] = spot{point: c.Point, cosine: math.Cos(c.Point[1] * radians), people: int32(c.Population), known: true}
		}
	}
	return out
}

const radians = math.Pi / 180

// distance is that of the atlas, to the last bit, without two of its cosines.
func (g ground) distance(from, to int) (km float64, ok bool) {
	a, b := &g.spots[from], &g.spots[to]
	if !a.known || !b.known {
		return 0, false
	}
	s1 := math.Sin((b.point[1] - a.point[1]) * radians / 2)
	s2 := math.Sin((b.point[0] - a.point[0]) * radians / 2)
	return 2 * earthRadius * math.Asin(math.Sqrt(math.Min(1, s1*s1+a.cosine*b.cosine*s2*s2))), true
}

// explainZone tells what a zone covers of the place; the distance to the
// enterprise and the mark are still to be said.
func (g ground) explainZone(q *question, a *Activity, c cover) Finding {
	f := Finding{Criterion: Territory, Gate: true, Key: "territory.part", Params: &Params{}}
	if a.Zone != nil {
		f.Params.Zone = a.Zone.Text
	}
	if q.placed {
		f.Params.Commune = g.atlas.Commune(q.centre).Name
	}
	switch {
	case a.Zone == nil:
		f.Key = "territory.zone_unknown"
	case q.lot.Scope == PlaceCountry:
		f.Key = "territory.country"
		f.Params.Population, f.Params.OfPeople = a.Zone.Population, g.all
	case !c.known:
		f.Key = "territory.place_unknown"
	default:
		g.shares(&f, q.lot.Place, a.Zone)
	}
	switch {
	case !c.known || a.Zone == nil || q.lot.Scope != PlaceCommunes:
	case c.share == 0:
		g.outside(&f, q.lot.Place, a.Zone)
	case !a.Zone.Set.Intersects(q.lot.Place.Set):
		g.outside(&f, q.lot.Place, a.Zone)
		f.Key = "territory.wider"
	}
	return f
}

// shares tells the communes and the inhabitants covered.
func (g ground) shares(f *Finding, place, zone *territories.Perimeter) {
	f.Params.Place = place.Text
	f.Params.Communes, f.Params.Of = zone.Set.AndLen(place.Set), place.Set.Len()
	f.Params.Population, f.Params.OfPeople = g.atlas.SharedPopulation(zone.Set, place.Set), place.Population
	if f.Params.Communes == f.Params.Of {
		f.Key = "territory.all"
	}
}

// outside tells by how much the zone stops short, and of which commune.
func (g ground) outside(f *Finding, place, zone *territories.Perimeter) {
	f.Key = "territory.outside"
	if km, ord, ok := g.gap(zone.Set, place.Set); ok {
		f.By, f.Unit = km, Kilometres
		f.Params.Commune = g.atlas.Commune(ord).Name
	}
}
