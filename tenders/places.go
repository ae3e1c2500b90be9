package tenders

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"maillage/territories"
)

// Warnings on places.
const (
	WarnUnknownNUTS      = "unknown_nuts"
	WarnUnknownCommune   = "unknown_commune"
	WarnAmbiguousCommune = "ambiguous_commune"
	WarnPlaceConflict    = "place_conflict"
	WarnForeignPlace     = "foreign_place"
	WarnPublicationPlace = "place_from_publication"
)

// Places answers the readers' questions about territories: a thin adapter on
// the official facts, which speaks the codes that notices speak.
type Places struct {
	atlas *territories.Atlas

	towns memo[[]string]
	areas memo[compiled] // by expression
	known memo[compiled] // by codes
	words memo[said]
}

// compiled is what a place compiles to.
type compiled struct {
	place Place
	err   error
}

// said is a place that a text is, if it is one.
type said struct {
	expr territories.Expr
	ok   bool
}

// NewPlaces adapts an atlas.
func NewPlaces(atlas *territories.Atlas) *Places { return &Places{atlas: atlas} }

// commune finds a commune by its name and, when known, its postal code: its
// INSEE code; several when only homonyms are known, without a postal code to
// choose among them; none when the two disagree.
func (p *Places) commune(t town) []string {
	return p.towns.of(t.name+"\x00"+t.postcode, func() []string { return p.locate(t) })
}

func (p *Places) locate(t town) (codes []string) {
	ord, homonyms, ok := p.atlas.Locate(t.name, t.postcode)
	if ok {
		return []string{string(p.atlas.Commune(ord).Code)}
	}
	if t.postcode != "" {
		return nil
	}
	for _, o := range homonyms[:min(len(homonyms), maxHomonyms)] {
		codes = append(codes, string(p.atlas.Commune(o).Code))
	}
	return sortedSet(codes)
}

// maxHomonyms: Sainte-Colombe, the commonest name, is that of 13 communes.
const maxHomonyms = 20

// postal lists the communes served by a postal code.
func (p *Places) postal(postcode string) []string {
	ref, err := territories.NewRef(territories.KindPostal, postcode)
	if err != nil {
		return nil
	}
	if _, known := p.atlas.Name(ref); !known {
		return nil // without looking for the codes that are near
	}
	set, err := p.atlas.Of(ref)
	if err != nil {
		return nil
	}
	return p.codes(set)
}

func (p *Places) codes(set *territories.Set) (codes []string) {
	for _, c := range p.atlas.Codes(set) {
		codes = append(codes, string(c))
	}
	return codes
}

// area compiles communes and départements, given by INSEE code, into one place.
func (p *Places) area(communes, departements []string) (Place, error) {
	question := strings.Join(communes, ",") + "/" + strings.Join(departements, ",")
	answer := p.known.of(question, func() compiled {
		var parts []territories.Expr
		for _, c := range communes {
			parts = append(parts, territories.In(territories.Ref{Kind: territories.KindCommune, Code: c}))
		}
		for _, d := range departements {
			parts = append(parts, territories.In(territories.Ref{Kind: territories.KindDepartement, Code: d}))
		}
		place, err := p.compile(parts)
		return compiled{place, err}
	})
	return answer.place, answer.err
}

// compile gives the place that is all the parts.
func (p *Places) compile(parts []territories.Expr) (Place, error) {
	e := territories.AnyOf(parts...)
	answer := p.areas.of(e.String(), func() compiled {
		place, err := p.placeOf(e)
		return compiled{place, err}
	})
	return answer.place, answer.err
}

func (p *Places) placeOf(e territories.Expr) (Place, error) {
	perimeter, err := p.atlas.Compile(e)
	if err != nil {
		return Place{}, fmt.Errorf("compile a place: %w", err)
	}
	out := emptyPlace()
	out.Scope, out.Communes = InCommunes, perimeter.Set.Len()
	out.Perimeter = json.RawMessage(perimeter.Expr.String())
	if out.Communes <= MaxCodes {
		out.Codes = slices.Clip(p.codes(perimeter.Set))
	}
	seen, last := map[string]bool{}, ""
	perimeter.Set.Each(func(ord int) bool {
		if dep := p.atlas.Commune(ord).Departement; dep != last {
			seen[dep], last = true, dep
		}
		return true
	})
	out.Departements = slices.Clip(sortedSet(slices.Collect(maps.Keys(seen))))
	return out, nil
}

// union is the place that covers those of the lots: the country if one is, the
// communes of all that are known, unknown when none is.
func (p *Places) union(places []Place) Place {
	out := emptyPlace()
	var parts []territories.Expr
	var nuts []string
	least := 0.0
	for _, one := range places {
		nuts = append(nuts, one.NUTS...)
		out.Country = firstNonEmpty(out.Country, one.Country)
		out.Text = firstNonEmpty(out.Text, one.Text)
		if one.Confidence > 0 && (least == 0 || one.Confidence < least) {
			least = one.Confidence // no surer than the least sure of its parts
		}
		switch one.Scope {
		case InCountry:
			out.Scope, out.Basis, out.Perimeter = InCountry, one.Basis, one.Perimeter
		case InCommunes:
			if e, err := territories.ParseExpr(one.Perimeter); err == nil {
				parts = append(parts, e)
			}
			if out.Basis == ByNothing {
				out.Basis = one.Basis
			}
		}
	}
	out.NUTS = sortedSet(nuts)
	if out.Scope == InCountry || len(parts) == 0 {
		return out
	}
	area, err := p.compile(parts)
	if err != nil {
		return out
	}
	area.Basis, area.NUTS, area.Country, area.Text = out.Basis, out.NUTS, out.Country, out.Text
	area.Confidence = least
	return area
}

func everywhere() json.RawMessage { return json.RawMessage(territories.Everywhere().String()) }

//nolint:misspell // the words are French
var wholeCountry = regexp.MustCompile(`^(?:sur )?(?:(?:toute|l.ensemble de) la )?france(?: entiere| metropolitaine)?(?: et (?:d.|l.)?outre-mer)?$|^(?:au )?niveau national$|^(?:[a-z .']{0,80} )?(?:en|sur (?:toute )?la) france(?: entiere| metropolitaine)?(?: et (?:en |d.|l.)?outre-mer)?$|^france(?: metropolitaine)? et (?:d.|l.)?outre-mer, ue .*$|^(?:sur )?(?:tout le|l.ensemble du) territoire (?:national|francais|metropolitain)$|^territoire (?:national|francais)$`)

// saysCountry recognises a place written as the whole of France and nothing
// more precise.
func saysCountry(text string) bool {
	said := strings.TrimRight(foldText(text), ". ")
	if !strings.Contains(said, "fran") && !strings.Contains(said, "national") && !strings.Contains(said, "metropolitain") {
		return false // before the pattern, which costs more
	}
	return wholeCountry.MatchString(said)
}

// nuts expands a French NUTS code of any level, of the 2013 or 2021 vintage, to
// its départements (and of 2010 overseas); nil for "FR" alone, which says nothing.
func (p *Places) nuts(code string) []string {
	code = strings.ToUpper(code)
	if len(code) < 3 {
		return nil
	}
	if strings.HasPrefix(code, "FR9") {
		code = "FRA" + code[3:] // the overseas départements before 2013
	}
	list, _ := p.atlas.NUTS(code)
	return list
}

// nutsCodes puts NUTS codes in their order and their case: some notices print
// "fr101".
func nutsCodes(raw []string) []string {
	codes := make([]string, len(raw))
	for i, code := range raw {
		codes[i] = strings.ToUpper(code)
	}
	return sortedSet(codes)
}

// departement reads "5", "05", "2A", "20A", "20B", "974" to an INSEE code; ""
// when there is no such département.
func (p *Places) departement(raw string) string {
	code := strings.ToUpper(tidy(raw))
	switch {
	case code == "20A":
		code = "2A"
	case code == "20B":
		code = "2B"
	case len(code) == 1:
		code = "0" + code
	case len(code) == 3 && code[0] == '0':
		code = code[1:]
	}
	if _, ok := p.atlas.Departement(code); !ok {
		return ""
	}
	return code
}

// postcodeDepartement is the département of a postal code, "" if it has none.
// A few communes have the code of a neighbour; they are found by name first.
func (p *Places) postcodeDepartement(postcode string) string {
	if len(postcode) != 5 {
		return ""
	}
	switch {
	case strings.HasPrefix(postcode, "200"), strings.HasPrefix(postcode, "201"):
		return "2A"
	case strings.HasPrefix(postcode, "20"):
		return "2B"
	case postcode == "97133":
		return "977"
	case postcode == "97150":
		return "978"
	case strings.HasPrefix(postcode, "97"), strings.HasPrefix(postcode, "98"):
		return p.departement(postcode[:3])
	}
	return p.departement(postcode[:2])
}

// zone is the time zone of the départements. Where they differ it is that of
// Paris, whence national buyers write; for overseas territories alone the
// easternmost, whose clock reaches an hour first.
func (p *Places) zone(codes []string) string {
	zone := ""
	for _, code := range codes {
		d, ok := p.atlas.Departement(code)
		switch {
		case !ok || d.TimeZone == "":
		case d.TimeZone == paris:
			return paris
		case zone == "" || offsetAt(midWinter, zoneOf(d.TimeZone)) > offsetAt(midWinter, zoneOf(zone)):
			zone = d.TimeZone
		}
	}
	return firstNonEmpty(zone, paris)
}

// midWinter is an instant without summer time, to compare zones.
var midWinter = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// sight is everything a notice says of one place, before it is understood.
type sight struct {
	nuts         []string
	towns        []town
	departements []string
	basis        Basis
	anywhere     bool // "anywhere in the country"
	country      string
	text         string
}

func (s *sight) add(o sight) {
	s.nuts = append(s.nuts, o.nuts...)
	s.towns = append(s.towns, o.towns...)
	s.departements = append(s.departements, o.departements...)
	s.anywhere = s.anywhere || o.anywhere
	if s.country == "" {
		s.country = o.country
	}
	if s.text == "" {
		s.text = o.text
	}
	if s.basis == ByNothing {
		s.basis = o.basis
	}
}

func (s sight) empty() bool {
	return len(s.nuts) == 0 && len(s.towns) == 0 && len(s.departements) == 0 && !s.anywhere
}

func emptyPlace() Place {
	return Place{Scope: PlaceUnknown, Codes: []string{}, Departements: []string{}, NUTS: []string{}}
}

// isFrance accepts the ISO codes under which France and its territories appear.
func isFrance(country string) bool {
	return slices.Contains([]string{"", "FR", "FRA", "1A0", "GLP", "MTQ", "GUF", "REU", "MYT", "SPM", "BLM", "MAF", "WLF", "PYF", "NCL", "ATF"}, country)
}

// place understands a sight (trap 5). A town refines the NUTS code it lies in,
// which chooses among its homonyms; where they disagree both are kept and a
// warning says so.
func (d *draft) place(field string, s sight) Place {
	p := emptyPlace()
	s.nuts = nutsCodes(s.nuts)
	p.NUTS, p.Text, p.Country = s.nuts, s.text, s.country
	if !isFrance(s.country) {
		d.warn(WarnForeignPlace, field, "performed in %s", s.country)
		return p
	}
	if s.anywhere {
		p.Scope, p.Basis, p.Perimeter = InCountry, s.basis, everywhere()
		return p
	}
	broad := d.broadDepartements(field, s)
	g := d.ground(field, s.towns, broad)
	if len(g.communes)+len(g.departements) > 0 {
		if len(broad) > 0 && !g.within(broad) {
			d.warn(WarnPlaceConflict, field, "the town is not in the NUTS or département given; both are kept")
			g.departements, g.doubt = append(g.departements, broad...), true
		}
		broad = g.departements
	}
	if len(g.communes)+len(broad) == 0 {
		return p
	}
	area, err := d.places.area(g.communes, sortedSet(broad))
	if err != nil || area.Communes == 0 {
		d.warn(WarnUnknownCommune, field, "the place has no commune we know")
		p.Departements = sortedSet(broad)
		return p
	}
	area.Basis, area.NUTS, area.Text, area.Country = s.basis, p.NUTS, p.Text, p.Country
	if g.doubt {
		area.Confidence = doubtfulPlace
	}
	return area
}

func (d *draft) broadDepartements(field string, s sight) (codes []string) {
	codes = append(codes, s.departements...)
	for _, n := range s.nuts {
		if !strings.HasPrefix(n, "FR") {
			d.warn(WarnForeignPlace, field, "performed in part abroad (%s)", n)
			continue
		}
		found := d.places.nuts(n)
		if len(found) == 0 && n != "FR" && !strings.HasPrefix(n, "FRZ") {
			d.warn(WarnUnknownNUTS, field, "NUTS %q is in neither vintage", n)
		}
		codes = append(codes, found...)
	}
	return codes
}

// sortedSet sorts and drops repetitions and blanks; never nil.
func sortedSet(in []string) []string {
	out := make([]string, 0, len(in))
	for _, s := range in {
		if s = tidy(s); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
