package network

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/territories"
)

// farKm is the distance, in kilometres, beyond which a point contradicts its
// postal code: the largest communes of metropolitan France fit within it.
const farKm = 20

// assumedKm is the radius, in kilometres, of the zone of an activity when
// nobody says how far the enterprise goes.
const assumedKm = 30

// locate puts the site of a row on a commune: the INSEE code where the file
// gives it, else the name with the postal code, the point being the check; and,
// where those disagree, what the point is near to. What it had to settle is
// among the findings; a site that it cannot place keeps its address.
func (s *Service) locate(e *entry) {
	if e.site == nil {
		e.find("not_placed", "")
		return
	}
	s.checkPoint(e)
	if e.insee != "" {
		e.site.Commune = e.insee
		return
	}
	site := e.site
	ord, others, ok := s.atlas.Locate(site.City, site.Postcode)
	if !ok {
		ord, ok = s.settle(e, others)
	}
	if !ok {
		e.find("not_placed", strings.TrimSpace(site.Postcode+" "+site.City))
		return
	}
	site.Commune = s.atlas.Commune(ord).Code
}

// checkPoint compares the point with the communes of the postal code.
func (s *Service) checkPoint(e *entry) {
	site := e.site
	if site.Lon == nil {
		e.find("no_point", "")
	}
	if site.Postcode == "" {
		return
	}
	area, err := s.atlas.Of(territories.Ref{Kind: territories.KindPostal, Code: site.Postcode})
	if err != nil {
		e.find("unknown_postcode", site.Postcode)
		return
	}
	if site.Lon == nil {
		return
	}
	nearest := math.Inf(1)
	area.Each(func(ord int) bool {
		if c := s.atlas.Commune(ord); c.HasPoint {
			nearest = min(nearest, territories.Haversine(c.Point, orb.Point{*site.Lon, *site.Lat}))
		}
		return true
	})
	if nearest > farKm && !math.IsInf(nearest, 1) {
		e.find("far_from_postcode", fmt.Sprintf("%s, %.0f km", site.Postcode, nearest))
	}
}

// settle chooses among the communes that a name and a postal code could mean:
// the nearest to the point, if it is near; without a point, the only commune of
// the postal code.
func (s *Service) settle(e *entry, others []int) (int, bool) {
	if e.site.Lon != nil {
		best, km := -1, math.Inf(1)
		for _, ord := range others {
			c := s.atlas.Commune(ord)
			if !c.HasPoint {
				continue
			}
			if d := territories.Haversine(c.Point, orb.Point{*e.site.Lon, *e.site.Lat}); d < km {
				best, km = ord, d
			}
		}
		if km <= farKm {
			e.find("placed_by_point", s.atlas.Commune(best).Name)
			return best, true
		}
		return 0, false
	}
	area, err := s.atlas.Of(territories.Ref{Kind: territories.KindPostal, Code: e.site.Postcode})
	if err != nil || area.Len() != 1 {
		return 0, false
	}
	ord := int(area.Ordinals()[0])
	e.find("placed_by_postcode", s.atlas.Commune(ord).Name)
	return ord, true
}

// assume completes a row that does not say what the enterprise does, or how far
// it goes. A telling NAF gives sectors; AI, ETTI and GEIQ lend workers whatever
// their trade; a zone that is not said is 30 km around the site. All of it is
// marked assumed.
func (s *Service) assume(e *entry) {
	zone := s.around(e.site, assumedKm)
	if len(e.activities) == 0 {
		a := Activity{Codes: sectorsOfNAF(nomenclatures.NAF(e.said["naf"])), Origin: Assumed, ZoneOrigin: Assumed, Zone: zone}
		if e.kind.Lends() {
			a.Modes = []Mode{Staffing}
		}
		if len(a.Codes) > 0 || len(a.Modes) > 0 {
			e.activities = []Activity{a}
		}
		return
	}
	for i := range e.activities {
		a := &e.activities[i]
		if km, ok := strings.CutPrefix(a.Zone, aroundSite); ok {
			radius, _ := strconv.ParseFloat(km, 64) // written by zone
			a.Zone = s.around(e.site, radius)
		}
		if a.Zone == "" {
			a.Zone, a.ZoneOrigin = zone, Assumed
		}
	}
}

// Lends reports whether enterprises of this kind lend workers: their trades
// are those of the workers, and a lot in any trade can be theirs.
func (k Kind) Lends() bool { return k == KindAI || k == KindETTI || k == KindGEIQ }

// sectorsOfNAF gives the sectors that a telling NAF means; those it may only
// mean are taken when it means none surely.
func sectorsOfNAF(naf nomenclatures.NAF) []nomenclatures.Code {
	if naf == "" || !nomenclatures.Telling(naf) {
		return nil
	}
	var sure, maybe []nomenclatures.Code
	for _, sector := range nomenclatures.SectorsOf(naf.Code()) {
		info, _ := nomenclatures.LookupSector(sector)
		if slices.Contains(info.NAF, naf) {
			sure = append(sure, sector.Code())
			continue
		}
		maybe = append(maybe, sector.Code())
	}
	if len(sure) > 0 {
		return sure
	}
	return maybe
}

// around is the zone of a radius around a site; the commune itself where no
// point of it is published; empty when the site is not placed.
func (s *Service) around(site *Site, km float64) string {
	if site == nil {
		return ""
	}
	ord, ok := s.atlas.Ordinal(site.Commune)
	if !ok {
		return ""
	}
	c := s.atlas.Commune(ord)
	if !c.HasPoint {
		return territories.In(territories.Ref{Kind: territories.KindCommune, Code: string(c.Code)}).String()
	}
	return territories.RadiusOf(c.Code, km).String()
}

// perimeterReason says in both languages why a perimeter is refused.
func perimeterReason(err error) fault.Text {
	var words *territories.WordsError
	if errors.As(err, &words) {
		fr, en := "« "+words.Part+" » : "+words.Reason.FR, "“"+words.Part+"”: "+words.Reason.EN
		var names []string
		for _, h := range words.Alternatives {
			names = append(names, h.Name+" ("+h.Ref.String()+")")
		}
		if len(names) > 0 {
			fr, en = fr+" ("+strings.Join(names, ", ")+" ?)", en+" ("+strings.Join(names, ", ")+"?)"
		}
		return fault.Text{FR: fr, EN: en}
	}
	var unknown *territories.UnknownError
	if errors.As(err, &unknown) {
		return fault.Text{FR: "« " + unknown.Ref.String() + " » n’est pas un territoire actuel", EN: err.Error()}
	}
	return fault.Text{FR: "ce périmètre n’est pas compris (" + territories.Explain(err, "fr") + ")", EN: territories.Explain(err, "en")}
}
