package engine

import (
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// SuppositionKind says what is supposed to change in an enterprise.
type SuppositionKind string

// The suppositions. Those on the zone bear on every activity that has one.
const (
	SupposeKm            SuppositionKind = "km"            // Km wider
	SupposeTerritory     SuppositionKind = "territory"     // with the whole of Territory
	SupposeNeighbours    SuppositionKind = "neighbours"    // with Territory and those of its kind that touch it
	SupposeSector        SuppositionKind = "sector"        // one more activity, on the zone of all the others
	SupposeCertification SuppositionKind = "certification" // held, without end
	SupposeCapacity      SuppositionKind = "capacity"      // Factor times what there is
)

// OfZone says that the supposition is on where the enterprise works.
func (k SuppositionKind) OfZone() bool {
	return k == SupposeKm || k == SupposeTerritory || k == SupposeNeighbours
}

// Supposition is one change that an enterprise could make to itself.
type Supposition struct {
	Kind          SuppositionKind      `json:"kind"`
	Km            float64              `json:"km,omitempty"`
	Territory     territories.Ref      `json:"territory,omitzero"`
	Sector        nomenclatures.Sector `json:"sector,omitempty"`
	Certification string               `json:"certification,omitempty"`
	Factor        float64              `json:"factor,omitempty"`
}

// Suppose gives the enterprise as the suppositions would make it; the one given
// is left alone. New activities come before wider zones, so that the order in
// which suppositions are given changes nothing.
func (r *Rules) Suppose(e *Enterprise, all ...Supposition) *Enterprise {
	out := *e
	out.Activities = slices.Clone(e.Activities)
	zones := r.zonesOf(e)
	for _, s := range all {
		if !s.Kind.OfZone() {
			r.suppose(&out, s, zones)
		}
	}
	for _, s := range all {
		if s.Kind.OfZone() {
			r.widenAll(&out, s)
		}
	}
	return &out
}

func (r *Rules) suppose(e *Enterprise, s Supposition, zones *territories.Perimeter) {
	switch s.Kind {
	case SupposeSector:
		e.Activities = append(e.Activities, Activity{
			ID: supposedActivity, Codes: []nomenclatures.Code{s.Sector.Code()}, Modes: modesOfAll(e.Activities), Zone: zones,
		})
	case SupposeCertification:
		e.Certifications = append(slices.Clone(e.Certifications), Certification{Code: s.Certification})
	case SupposeCapacity:
		e.grow(s.Factor)
	}
}

// supposedActivity stands for the activity that doesn't exist yet. It is above
// every number, so that a real activity is preferred to it.
const supposedActivity = 1<<63 - 1

// modesOfAll are the ways of serving of all the activities; not known when one of
// them doesn't say.
func modesOfAll(all []Activity) (m Modes) {
	for i := range all {
		if all[i].Modes == 0 {
			return 0
		}
		m |= all[i].Modes
	}
	return m
}

// grow multiplies what the enterprise can give: what its activities say, and the
// FTE that its conventions finance. Turnover and insurance are no capacity that a
// new team changes.
func (e *Enterprise) grow(factor float64) {
	for i := range e.Activities {
		c := &e.Activities[i].Capacity
		c.FTE, c.Hours, c.Amount = c.FTE*factor, c.Hours*factor, c.Amount*factor
	}
	e.Statuses = slices.Clone(e.Statuses)
	for i := range e.Statuses {
		e.Statuses[i].FTE *= factor
	}
}

// zonesOf joins the zones of the activities that have one; nil when none has.
func (r *Rules) zonesOf(e *Enterprise) (all *territories.Perimeter) {
	for i := range e.Activities {
		switch z := e.Activities[i].Zone; {
		case z == nil || z == all:
		case all == nil:
			all = z
		default:
			all = r.joined(all, z.Set)
		}
	}
	return all
}

// widenAll widens every zone; activities that share one still do.
func (r *Rules) widenAll(e *Enterprise, s Supposition) {
	made := map[*territories.Perimeter]*territories.Perimeter{}
	for i := range e.Activities {
		a := &e.Activities[i]
		if a.Zone == nil {
			continue
		}
		if made[a.Zone] == nil {
			made[a.Zone] = r.supposeZone(a.Zone, s)
		}
		a.Zone = made[a.Zone]
	}
}

func (r *Rules) supposeZone(zone *territories.Perimeter, s Supposition) *territories.Perimeter {
	if s.Kind == SupposeKm {
		return r.Wider(zone, s.Km)
	}
	if more := r.supposedPlace(s); more != nil {
		return r.joined(zone, more)
	}
	return zone
}

// supposedPlace is the territory that a supposition adds; nil when the map has
// none such.
func (r *Rules) supposedPlace(s Supposition) *territories.Set {
	e := territories.In(s.Territory)
	if s.Kind == SupposeNeighbours {
		e = territories.AnyOf(e, territories.NeighboursOf(s.Territory))
	}
	p, err := r.atlas.Compile(e)
	if err != nil {
		return nil
	}
	return p.Set
}
