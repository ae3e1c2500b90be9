package engine

import (
	"slices"

	"maillage/nomenclatures"
	"maillage/territories"
)

// demandCell is what is asked of one sector in one territory.
type demandCell struct {
	lots     []*Lot
	shares   []float64 // of each lot's place, beside lots
	expected int
}

// part is how much of a place is in a territory.
type part struct {
	area  int32
	share float64
}

// count puts a lot of the period in the cells it is asked in: that of its sector,
// in each territory that holds a tenth of the inhabitants of its place.
func (s *surveyor) count(lot *Lot) {
	expected := lot.Kind == ExpectedCall
	if !expected {
		if q := s.r.ask(lot, s.asOf); !q.recent(s.since) {
			return
		}
		s.lots++
	}
	sector, sorted := SectorOf(lot)
	parts, placed := s.partsOf(lot)
	if !expected {
		s.set(sorted, placed, len(parts) > 0)
	}
	if !sorted {
		return
	}
	for _, p := range parts {
		s.cell(cellKey{sector, p.area}).add(lot, p.share, expected)
	}
}

// set counts the lots that are in no cell, by the first reason.
func (s *surveyor) set(sorted, placed, held bool) {
	switch {
	case !sorted:
		s.unsorted++
	case !placed:
		s.unplaced++
	case !held:
		s.wide++
	}
}

func (s *surveyor) cell(key cellKey) *demandCell {
	c := s.cells[key]
	if c == nil {
		c = &demandCell{}
		s.cells[key] = c
	}
	return c
}

func (c *demandCell) add(lot *Lot, share float64, expected bool) {
	if expected {
		c.expected++
		return
	}
	c.lots, c.shares = append(c.lots, lot), append(c.shares, share)
}

// SectorOf is the one sector a lot is counted in: the surest of its first code
// that leads to one.
func SectorOf(lot *Lot) (nomenclatures.Sector, bool) {
	for _, c := range lot.Codes {
		if all := nomenclatures.SectorsOf(c); len(all) > 0 {
			return all[0], true
		}
	}
	return "", false
}

// partsOf shares the place of a lot out between territories; placed is false when
// the place isn't known or is the country.
func (s *surveyor) partsOf(lot *Lot) (parts []part, placed bool) {
	if lot.Scope != PlaceCommunes || lot.Place == nil || lot.Place.Set.Len() == 0 {
		return nil, false
	}
	parts, known := s.shares[lot.Place]
	if !known {
		parts = s.share(lot.Place)
		s.shares[lot.Place] = parts
	}
	return parts, true
}

// share measures a place in inhabitants, or in communes where nobody lives.
func (s *surveyor) share(place *territories.Perimeter) (parts []part) {
	sums, total := map[int32]int64{}, place.Population
	if total == 0 {
		total = int64(place.Set.Len())
	}
	place.Set.Each(func(ord int) bool {
		if at := s.of[ord]; at >= 0 {
			sums[at] += s.weight(ord, place)
		}
		return true
	})
	for at, sum := range sums {
		if share := float64(sum) / float64(total); share >= placeShare {
			parts = append(parts, part{at, share})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.area - b.area) })
	return parts
}

func (s *surveyor) weight(ord int, place *territories.Perimeter) int64 {
	if place.Population == 0 {
		return 1
	}
	return int64(s.r.atlas.Commune(ord).Population)
}

// demand sums up a cell; its lots are put in order first.
func (c *demandCell) demand() Demand {
	order := make([]int, len(c.lots))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compareLate(c.lots[i], c.lots[j]) })
	lots, d := make([]*Lot, 0, len(order)), Demand{Lots: make([]LotID, 0, len(order))}
	for _, i := range order {
		lots = append(lots, c.lots[i])
		d.add(c.lots[i], c.shares[i])
	}
	c.lots = lots
	return d
}

func (d *Demand) add(lot *Lot, share float64) {
	d.Lots = append(d.Lots, lot.ID)
	if lot.Asked.Amount > 0 {
		d.Amount += share * lot.Asked.Amount
		d.AmountOf++
	}
	if lot.InsertionHours > 0 {
		d.Hours += share * lot.InsertionHours
		d.HoursOf++
	}
}

// answered says by whom a lot can be answered, at best.
type answered uint8

const (
	bySomebody    answered = iota + 1
	bySupposition          // by enterprises whose trade or zone is assumed
	byNobody
)

// answers asks the engine once for each lot: a lot with a match is never unmet.
func (s *surveyor) answers(lot *Lot) answered {
	if a := s.answered[lot.ID]; a != 0 {
		return a
	}
	a := byNobody
	for _, m := range s.v.CandidatesFor(lot, s.asOf, Options{Brief: true}).Matches {
		a = bySupposition
		if e, ok := s.v.Enterprise(m.Enterprise); ok && said(e, m.Activity) {
			a = bySomebody
			break
		}
	}
	s.answered[lot.ID] = a
	return a
}

// said tells an activity whose trade and zone nobody has assumed.
func said(e *Enterprise, activity int64) bool {
	return slices.ContainsFunc(e.Activities, func(a Activity) bool { return a.ID == activity && !a.AssumedTrade && !a.AssumedZone })
}
