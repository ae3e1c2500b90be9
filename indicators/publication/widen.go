package publication

import (
	"cmp"
	"slices"

	"maillage/territories"
)

// mostGatherings bounds how often hidden zones are gathered with their neighbours and
// everything is protected again.
const mostGatherings = 6

// untold are the zones of the plan of which a number of everybody, of every kind, stays
// hidden: beside what was published before, or so that another is not found.
func (v *verdict) untold() map[string]bool {
	out := map[string]bool{}
	for _, l := range v.systems {
		for k := range l.at {
			if v.asked[k] && !v.shown[k] && l.exact[k] != nil && k.Kind == total && k.Sex == total && k.Age == total && k.Public == total {
				if _, mine := v.own.place(k.Territory); mine {
					out[k.Territory] = true
				}
			}
		}
	}
	return out
}

func (z *zoning) place(code string) (int, bool) {
	at := slices.IndexFunc(z.zones, func(o Zone) bool { return o.Code == code })
	return at, at >= 0
}

// widen merges each of some zones with a neighbour: one of them where it can, else the
// smallest. It gives nil when nothing is left to gather, or all would be one zone.
func (s *Service) widen(own *zoning, hidden map[string]bool) (*zoning, error) {
	if len(hidden) == 0 || len(own.zones) < 3 {
		return nil, nil //nolint:nilnil // there is no wider cut
	}
	beside, err := s.besideZones(own)
	if err != nil {
		return nil, err
	}
	into := make([]int, len(own.zones)) // the first zone of each one's group
	for i := range into {
		into[i] = i
	}
	groups := len(into)
	for i, z := range own.zones {
		if !hidden[z.Code] || count(into, into[i]) > 1 || groups <= 2 {
			continue
		}
		j := s.companion(own, i, beside[i], hidden)
		from, to := into[i], into[j]
		for k := range into {
			if into[k] == from {
				into[k] = to
			}
		}
		groups--
	}
	return zoningOf(s.merged(own, into)), nil
}

func count(list []int, of int) (n int) {
	for _, x := range list {
		if x == of {
			n++
		}
	}
	return n
}

// companion chooses whom a zone goes with: a neighbour that is hidden too, else the one
// of fewest people; any zone where none touches it, as over the sea.
func (s *Service) companion(own *zoning, i int, beside map[int]bool, hidden map[string]bool) int {
	var list []int
	for j := range own.zones {
		if j != i && (beside[j] || len(beside) == 0) {
			list = append(list, j)
		}
	}
	slices.SortFunc(list, func(a, b int) int {
		za, zb := own.zones[a], own.zones[b]
		return cmp.Or(cmp.Compare(trueFirst(hidden[za.Code]), trueFirst(hidden[zb.Code])), cmp.Compare(s.peopleOf(za), s.peopleOf(zb)), cmp.Compare(za.Code, zb.Code))
	})
	return list[0]
}

// trueFirst sorts what is true before what is not.
func trueFirst(yes bool) int {
	if yes {
		return 0
	}
	return 1
}

func (s *Service) peopleOf(z Zone) (n int) {
	for _, code := range z.Communes {
		if ord, ok := s.atlas.Ordinal(territories.CommuneCode(code)); ok {
			n += s.atlas.Commune(ord).Population
		}
	}
	return n
}

// besideZones are the zones that each touches.
func (s *Service) besideZones(own *zoning) ([]map[int]bool, error) {
	touching, err := s.atlas.Touching()
	if err != nil {
		return nil, err
	}
	of := make([]int, s.atlas.Len())
	for i, z := range own.zones {
		for _, code := range z.Communes {
			if ord, ok := s.atlas.Ordinal(territories.CommuneCode(code)); ok {
				of[ord] = i
			}
		}
	}
	beside := make([]map[int]bool, len(own.zones))
	for i := range beside {
		beside[i] = map[int]bool{}
	}
	for ord, i := range of {
		for _, n := range touching.Neighbours(ord) {
			if j := of[n]; j != i {
				beside[i][j] = true
			}
		}
	}
	return beside, nil
}

// merged are the zones of each group.
func (s *Service) merged(own *zoning, into []int) []Zone {
	members := map[int][]int{}
	for i, z := range own.zones {
		for _, code := range z.Communes {
			if ord, ok := s.atlas.Ordinal(territories.CommuneCode(code)); ok {
				members[into[i]] = append(members[into[i]], ord)
			}
		}
	}
	var zones []Zone
	for i, z := range own.zones {
		ords := members[i]
		if len(ords) == 0 {
			continue
		}
		slices.Sort(ords)
		if len(ords) == len(z.Communes) {
			zones = append(zones, z)
			continue
		}
		zones = append(zones, s.zone(ords, z.Vintage))
	}
	return zones
}
