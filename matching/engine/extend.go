package engine

import (
	"cmp"
	"slices"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Way is how an enterprise could come to a hole.
type Way string

// The ways.
const (
	ByZone  Way = "zone"  // it does the trade, and would have to come from Km away
	ByTrade Way = "trade" // it is there, and does a neighbouring trade
)

// Extension is an enterprise that could fill a hole, and what that would take.
type Extension struct {
	Enterprise EnterpriseID       `json:"enterprise"`
	Activity   int64              `json:"activity"`
	Way        Way                `json:"way"`
	Km         float64            `json:"km"`    // by how much its zone would have to be wider; 0: it covers some of the territory
	Share      float64            `json:"share"` // of the inhabitants of the territory whom its zone covers
	Closeness  float64            `json:"closeness"`
	Offered    nomenclatures.Code `json:"offered"` // what it does that is the closest
	Assumed    bool               `json:"assumed"` // its trade or its zone is assumed
}

// NearArea is a pole and how far its territory is; 0 km: they touch.
type NearArea struct {
	ID int64   `json:"id"`
	Km float64 `json:"km"`
}

const (
	extensionKm  = 100 // beyond it, nobody comes
	mostEachWay  = 3
	mostNearArea = 2
)

// Extend says of holes who is the nearest to filling them: enterprises, and poles
// among areas. It costs ten times the survey itself, so that it is asked of the
// holes that are shown.
func (v *View) Extend(asOf time.Time, holes []Hole, areas []Area) {
	if len(holes) == 0 {
		return
	}
	s := v.surveyor(asOf, Surveying{By: holes[0].Territory.Kind})
	s.poles = areas
	at := map[territories.Ref]int{}
	for i := range s.areas {
		at[s.areas[i].ref] = i
	}
	for i := range holes {
		if n, ok := at[holes[i].Territory]; ok {
			holes[i].Nearest = s.extensions(&holes[i], &s.areas[n])
			holes[i].Poles = s.nearAreas(&s.areas[n])
		}
	}
}

// extensions lists the enterprises nearest to filling a hole, among those who could answer one of
// its lots: of the trade, the fewest km away first; in place, the closest trade first. Of a closed
// hole that one of them is in already nobody: to come is not what is lacking.
func (s *surveyor) extensions(h *Hole, area *surveyed) []Extension {
	open := s.waiting(h)
	if sure, assumed := s.able(h, area, open); h.Lack == LackGate && sure+assumed > 0 {
		return nil
	}
	t, code := s.tradeOf(h.Sector), h.Sector.Code()
	goals := s.goals(open, area)
	zone, there := []Extension{}, []Extension{}
	for _, o := range t.does {
		if km, ok := s.nearestGoal(o, goals); ok {
			zone = append(zone, s.extension(ByZone, o, km, area, code))
		}
	}
	for _, o := range t.sibling {
		if o.a.Zone.Set.Intersects(area.set) && s.could(o, open) {
			there = append(there, s.extension(ByTrade, o, 0, area, code))
		}
	}
	return slices.Concat(nearestOf(zone, compareZones), nearestOf(there, compareTrades))
}

// goal is a lot that waits, and where in the territory it is to be done.
type goal struct {
	asked question
	where *surveyed
}

// goals places the lots that wait. What a zone lacks is measured to them: the edge of the
// territory may be far from the only commune where something is asked.
func (s *surveyor) goals(open []question, area *surveyed) []goal {
	out, known := make([]goal, len(open)), map[*territories.Perimeter]*surveyed{}
	for i, q := range open {
		place := q.lot.Place
		if known[place] == nil {
			known[place] = area
			if place != nil && place.Set.Intersects(area.set) {
				known[place] = &surveyed{ref: area.ref, set: place.Set.And(area.set)}
			}
			s.reach(known[place])
		}
		out[i] = goal{asked: q, where: known[place]}
	}
	return out
}

// nearestGoal is by how many km the zone of an activity would have to be wider to touch the
// nearest lot that it could answer; ok is false where all are too far to come.
func (s *surveyor) nearestGoal(o offer, goals []goal) (km float64, ok bool) {
	for _, g := range goals {
		if away, near := g.where.away(o.a.Zone.Set); near && (!ok || away < km) && s.could(o, []question{g.asked}) {
			km, ok = away, true
		}
	}
	return km, ok
}

func (s *surveyor) extension(way Way, o offer, km float64, area *surveyed, sector nomenclatures.Code) Extension {
	x := Extension{Enterprise: o.e.ID, Activity: o.a.ID, Way: way, Km: km, Closeness: o.close, Assumed: o.assumed(), Offered: o.a.Codes[0]}
	if km == 0 {
		x.Share = s.coveredShare(area, area.set.AndNot(o.a.Zone.Set))
	}
	best := 0.0
	for _, c := range o.a.Codes {
		if _, v := nomenclatures.Closeness(c, sector); v > best {
			best, x.Offered = v, c
		}
	}
	return x
}

// nearestOf keeps the first few, one activity an enterprise.
func nearestOf(all []Extension, compare func(a, b Extension) int) (out []Extension) {
	slices.SortFunc(all, compare)
	for _, x := range all {
		if len(out) == mostEachWay {
			break
		}
		if !slices.ContainsFunc(out, func(o Extension) bool { return o.Enterprise == x.Enterprise }) {
			out = append(out, x)
		}
	}
	return out
}

func compareZones(a, b Extension) int {
	return cmp.Or(cmp.Compare(a.Km, b.Km), sureFirst(a, b), cmp.Compare(b.Share, a.Share), compareActivities(a, b))
}

func compareTrades(a, b Extension) int {
	return cmp.Or(cmp.Compare(b.Closeness, a.Closeness), sureFirst(a, b), cmp.Compare(b.Share, a.Share), compareActivities(a, b))
}

func compareActivities(a, b Extension) int {
	return cmp.Or(cmp.Compare(a.Enterprise, b.Enterprise), cmp.Compare(a.Activity, b.Activity))
}

func sureFirst(a, b Extension) int {
	switch {
	case a.Assumed == b.Assumed:
		return 0
	case b.Assumed:
		return -1
	}
	return 1
}

// reach works out once what lies around a territory.
func (s *surveyor) reach(area *surveyed) {
	if area.near != nil {
		return
	}
	area.reach = s.r.beside(area.set, extensionKm)
	slices.SortFunc(area.reach, func(a, b apartBy) int { return cmp.Or(cmp.Compare(a.km, b.km), cmp.Compare(a.ord, b.ord)) })
	ords := make([]uint32, len(area.reach))
	for i, b := range area.reach {
		ords[i] = uint32(b.ord)
	}
	area.near = territories.SetOf(ords...)
}

// away is by how many km a zone would have to be wider to touch a territory; ok
// is false when it is too far to come.
func (a *surveyed) away(zone *territories.Set) (km float64, ok bool) {
	switch {
	case zone.Intersects(a.set):
		return 0, true
	case !zone.Intersects(a.near):
		return 0, false
	}
	for _, b := range a.reach {
		if zone.Contains(b.ord) {
			return b.km, true
		}
	}
	return 0, false
}

// nearAreas lists the poles that touch a territory or are the nearest to it.
func (s *surveyor) nearAreas(area *surveyed) []NearArea {
	out := []NearArea{}
	s.reach(area)
	for _, p := range s.poles {
		if p.Place == nil {
			continue
		}
		if km, ok := area.away(p.Place.Set); ok {
			out = append(out, NearArea{p.ID, km})
		}
	}
	slices.SortFunc(out, func(a, b NearArea) int { return cmp.Or(cmp.Compare(a.Km, b.Km), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), mostNearArea)]
}
