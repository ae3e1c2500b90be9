package publication

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
	"maillage/indicators/release"
	"maillage/internal/fault"
	"maillage/territories"
)

// Zones is the level of communes gathered until each zone may be told.
const Zones Level = "zones"

const (
	zonePrefix = "zone-"
	atomPrefix = "@" // what two ways of cutting the country have in common: never published
)

// Zone is contiguous communes told as one. The same communes have the same code.
type Zone struct {
	Code     string     `json:"code"`
	Name     fault.Text `json:"name"`
	Vintage  string     `json:"vintage"` // of the list of communes
	Communes []string   `json:"communes"`
}

// zoning is one way of sharing out the communes between zones.
type zoning struct {
	zones []Zone
	of    map[string]string // commune → code
}

func zoningOf(zones []Zone) *zoning {
	z := &zoning{zones, map[string]string{}}
	for _, zone := range zones {
		for _, c := range zone.Communes {
			z.of[c] = zone.Code
		}
	}
	return z
}

// grow gathers the communes of the country into zones for a plan: first within their
// region, then across, until every count that the plan reads may be told of each, in
// every year. It looks at every kind together.
func (s *Service) grow(p Plan, parts map[int][]figures.Contribution, all *catalogue.Catalogue, vintage string) ([]Zone, error) {
	beside, err := s.atlas.Touching()
	if err != nil {
		return nil, fmt.Errorf("grow zones: %w", err)
	}
	groups := make([][]int, s.atlas.Len())
	for ord := range groups {
		groups[ord] = []int{ord}
	}
	for _, across := range []bool{false, true} {
		for _, year := range p.canonical().Years {
			for _, c := range p.canonical().Indicators {
				i, _ := all.Get(c.ID)
				f, _ := formula(c, []int{year}, p.Indicators)
				for _, q := range readBy(f) {
					groups = s.growOnce(groups, beside, across, parts[year], q, zoneRules(i.Publication, f))
				}
			}
		}
	}
	zones := make([]Zone, 0, len(groups))
	for _, g := range groups {
		zones = append(zones, s.zone(g, vintage))
	}
	return zones, nil
}

// readBy are the counts that a formula tells: its measures, and what is left of the base.
func readBy(f compute.Formula) (list []quantity) {
	for _, m := range f.Measures() {
		list = append(list, quantity{plus: familyOf(m).counted(m)})
	}
	if len(list) == 2 && familyOf(f.Numerator[0].Measure).name == familyOf(f.Base[0].Measure).name {
		list = append(list, quantity{plus: list[1].plus, minus: list[0].plus})
	}
	return list
}

// counted are the measures that make one.
func (f family) counted(m compute.Measure) []compute.Measure {
	if parts := f.sums[m]; parts != nil {
		return parts
	}
	return []compute.Measure{m}
}

func zoneRules(p catalogue.Publication, f compute.Formula) disclosure.Rules {
	r := disclosure.Rules{MinimumCount: float64(p.Persons), MinimumContributors: float64(p.Contributors)}
	if f.Personal {
		r.MinimumCount = max(r.MinimumCount, 5)
	}
	if !f.Measures()[0].Whole() {
		r.MinimumCount = 0 // its value is no number of persons
	}
	if p.Dominance > 0 {
		r.Dominance = []disclosure.Dominance{{N: 1, Percent: float64(p.Dominance)}}
	}
	return r
}

// growOnce grows groups of communes once, for one count.
func (s *Service) growOnce(groups [][]int, beside territories.Adjacency, across bool, parts []figures.Contribution, q quantity, rules disclosure.Rules) [][]int {
	at := make([]int, s.atlas.Len())
	places := make([]disclosure.Place, len(groups))
	for g, ords := range groups {
		places[g] = disclosure.Place{Code: fmt.Sprintf("%06d", g), Parts: map[string]float64{}}
		for _, ord := range ords {
			at[ord] = g
		}
	}
	for g, ords := range groups {
		for _, ord := range ords {
			for _, n := range beside.Neighbours(ord) {
				if at[n] != g && (across || s.atlas.Commune(n).Region == s.atlas.Commune(ord).Region) {
					places[g].Neighbour = append(places[g].Neighbour, places[at[n]].Code)
				}
			}
		}
	}
	for i := range parts {
		s.contribute(places, at, &parts[i], q)
	}
	var out [][]int
	for _, z := range disclosure.Zones(places, rules) {
		var ords []int
		for _, code := range z.Places {
			var g int
			fmt.Sscanf(code, "%d", &g) //nolint:errcheck // written above
			ords = append(ords, groups[g]...)
		}
		slices.Sort(ords)
		out = append(out, ords)
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}

func (s *Service) contribute(places []disclosure.Place, at []int, c *figures.Contribution, q quantity) {
	ord, ok := s.atlas.Ordinal(territories.CommuneCode(c.Commune))
	if !ok || !answered(c, quantity{plus: q.measures()}) {
		return
	}
	n := int64(0)
	for _, m := range q.plus {
		n += amountOf(c, m)
	}
	for _, m := range q.minus {
		n -= amountOf(c, m)
	}
	if n != 0 {
		places[at[ord]].Parts[c.Counts.Group] += float64(n)
	}
}

// zone names communes: the most populated of them, and how many others.
func (s *Service) zone(ords []int, vintage string) Zone {
	z := Zone{Vintage: vintage}
	for _, ord := range ords {
		z.Communes = append(z.Communes, string(s.atlas.Commune(ord).Code))
	}
	sum := sha256.Sum256([]byte(vintage + "\n" + strings.Join(z.Communes, "\n")))
	z.Code = zonePrefix + hex.EncodeToString(sum[:5])
	byPeople := slices.Clone(ords)
	slices.SortFunc(byPeople, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.atlas.Commune(b).Population, s.atlas.Commune(a).Population), cmp.Compare(a, b))
	})
	var names []string
	for _, ord := range byPeople[:min(3, len(byPeople))] {
		names = append(names, s.atlas.Commune(ord).Name)
	}
	fr, en := strings.Join(names, ", "), strings.Join(names, ", ")
	switch n := len(ords) - len(names); {
	case n == 1:
		fr, en = fr+" et une autre commune", en+" and one other commune"
	case n > 1:
		fr, en = fmt.Sprintf("%s et %d autres communes", fr, n), fmt.Sprintf("%s and %d other communes", en, n)
	}
	z.Name = say(fr, en)
	return z
}

// zoneTable says which communes make each zone.
func zoneTable(zones []Zone, s *Service) release.Table {
	t := release.Table{Name: "zones", Title: say("Zones et leurs communes", "Zones and their communes"), Fields: []release.Field{
		{Name: "zone", Kind: release.Code, Label: say("Zone", "Zone"), Definition: say("Communes voisines réunies jusqu’à ce que chaque nombre demandé puisse être dit", "Neighbouring communes gathered until every number asked may be told")},
		{Name: "commune", Kind: release.Key, Label: say("Commune", "Commune"), Definition: say("Code officiel géographique de l’INSEE", "Official geographical code of INSEE")},
		{Name: "name", Kind: release.Note, Label: say("Nom", "Name"), Definition: say("Nom de la commune", "Name of the commune")},
		{Name: "vintage", Kind: release.Note, Label: say("Millésime", "Vintage"), Definition: say("Date de la liste des communes", "Date of the list of communes")},
	}}
	for _, z := range zones {
		t.Fields[0].Codes = append(t.Fields[0].Codes, release.CodeLabel{Code: z.Code, Label: z.Name})
		for _, c := range z.Communes {
			name := ""
			if ord, ok := s.atlas.Ordinal(territories.CommuneCode(c)); ok {
				name = s.atlas.Commune(ord).Name
			}
			t.Rows = append(t.Rows, []release.Cell{release.Word(z.Code), release.Word(c), release.Word(name), release.Word(z.Vintage)})
		}
	}
	slices.SortFunc(t.Fields[0].Codes, func(a, b release.CodeLabel) int { return strings.Compare(a.Code, b.Code) })
	return t
}

// Over lists the zones over a place where a figure like a hidden one may be read, the
// smallest first: four at most.
func (s *Service) Over(t *Table, r Reading) (list []Reading) {
	for _, o := range t.Readings {
		z, is := t.Zones[o.Territory]
		if is && o.Mark == Given && o.Year == r.Year && o.Kind == r.Kind && o.Sex == r.Sex && o.Age == r.Age && o.Public == r.Public && s.touches(z, r.Territory) {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b Reading) int {
		return cmp.Compare(len(t.Zones[a.Territory].Communes), len(t.Zones[b.Territory].Communes))
	})
	return list[:min(4, len(list))]
}

func (s *Service) touches(z Zone, place string) bool {
	return slices.ContainsFunc(z.Communes, func(code string) bool {
		ord, ok := s.atlas.Ordinal(territories.CommuneCode(code))
		if !ok {
			return false
		}
		c := s.atlas.Commune(ord)
		return place == regionCode(c.Region) || place == c.Departement
	})
}

// zonesText keeps the zones of a verdict.
func (v *verdict) zonesText() string {
	if v.own == nil {
		return ""
	}
	text, _ := json.Marshal(v.own.zones) //nolint:errchkjson // strings always marshal
	return string(text)
}

// Zones are those of a version by zone; none otherwise.
func (v *Version) Zones() (list []Zone) {
	if json.Unmarshal([]byte(v.ZonesText), &list) != nil {
		return nil
	}
	return list
}

// cuts are the ways of cutting the country that a want asks for, each once.
func (v *verdict) cuts(before ledger, ids []int64) (list []*zoning) {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		z := before.zonings[id]
		if id == 0 {
			z = v.own
		}
		if z != nil && !slices.ContainsFunc(list, z.same) {
			list = append(list, z)
		}
	}
	return list
}

// same tells two ways of cutting that are one.
func (z *zoning) same(o *zoning) bool {
	return slices.EqualFunc(z.zones, o.zones, func(a, b Zone) bool { return a.Code == b.Code })
}

// placeName names a territory of the release, its zones included.
func (v *verdict) placeName(s *Service) func(string) fault.Text {
	return func(code string) fault.Text {
		if v.own != nil {
			for _, z := range v.own.zones {
				if z.Code == code {
					return z.Name
				}
			}
		}
		return s.PlaceName(code)
	}
}
