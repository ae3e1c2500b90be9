package tenders

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"maillage/territories"
)

// Many notices give no place that a machine can read ("FR", or only the
// départements where they came out) while their words do: "Commune de
// Lafrançaise 82130", "école de Longroy 76260", "Mairie de Rivery". A place read
// that way is marked as such.

// WarnPlaceInWords: the place was read in the words of the notice.
const WarnPlaceInWords = "place_in_words"

// abroadAnywhere undoes "anywhere in the country" when the country is not
// named and the buyer is foreign: the country meant is the buyer's.
func (d *draft) abroadAnywhere() {
	if isFrance(d.Buyer.Country) {
		return
	}
	undo := func(p *Place) {
		if p.Scope != InCountry || p.Country != "" {
			return
		}
		words := p.Text
		*p = emptyPlace()
		p.Text, p.Country = words, d.Buyer.Country
	}
	undo(&d.Place)
	for i := range d.Lots {
		undo(&d.Lots[i].Place)
	}
}

// placeInWords reads the place of the whole notice in its words where nothing
// better is known: its own text, the title, the name of the buyer.
func (d *draft) placeInWords() {
	d.Place = d.reword("", d.Place, d.Title, d.Buyer.Name)
}

// lotPlacesInWords does the same for the lots that have a text or a title of
// their own, and lends the others what the words of the notice gave.
func (d *draft) lotPlacesInWords() {
	for i := range d.Lots {
		lot := &d.Lots[i]
		before := lot.Place.Basis
		lot.Place = d.reword(fmt.Sprintf("lots[%d].", i), lot.Place, lot.Title, "")
		if lot.Place.Basis != before || before == ByPerformance || lot.Place.Scope == InCountry || !isFrance(lot.Place.Country) {
			continue
		}
		if d.Place.Basis == ByWords || d.Place.Basis == ByBuyer {
			words := lot.Place.Text
			lot.Place = d.Place
			lot.Place.Text = firstNonEmpty(words, d.Place.Text)
			d.from(fmt.Sprintf("lots[%d].place", i), d.Provenance["place"])
		}
	}
}

// reword gives a better place than one unknown or assumed from the publication,
// or that place.
func (d *draft) reword(prefix string, p Place, title, buyer string) Place {
	if p.Scope == InCountry || p.Basis == ByPerformance || !isFrance(p.Country) || slices.ContainsFunc(p.NUTS, foreignNUTS) {
		return p
	}
	if country := countryIn(p.Text); country != "" {
		d.warn(WarnForeignPlace, prefix+"place", "performed in %s", country)
		out := emptyPlace()
		out.Text, out.Country = p.Text, country
		return out
	}
	for _, try := range []struct {
		parts []territories.Expr
		basis Basis
		read  string // the field whose provenance is that of the place
		sure  float64
	}{
		{d.places.written(p.Text), ByWords, prefix + "place", wordedPlace},
		{d.places.addressed(title), ByWords, prefix + "title", wordedPlace},
		{d.places.named(title, p.Departements), ByWords, prefix + "title", namedPlace},
		{d.places.ofBuyer(buyer, p.Departements), ByBuyer, "buyer.name", buyersPlace},
		{d.places.ofCommunity(buyer, p.Departements), ByBuyer, "buyer.name", buyersPlace},
	} {
		parts, basis := try.parts, try.basis
		if len(parts) == 0 {
			continue
		}
		area, err := d.places.compile(parts)
		if err != nil || area.Communes == 0 {
			continue
		}
		area.Basis, area.NUTS, area.Text, area.Country = basis, p.NUTS, p.Text, p.Country
		area.Confidence = try.sure
		d.warn(WarnPlaceInWords, prefix+"place", "the place is read in words (%s)", basis)
		d.from(prefix+"place", firstNonEmpty(d.Provenance[try.read], d.Provenance["title"]))
		return area
	}
	return p
}

func foreignNUTS(code string) bool { return !strings.HasPrefix(code, "FR") }

// longestPlace is the length, in bytes, beyond which a text is prose rather
// than a place.
const longestPlace = 300

var (
	placeHead  = regexp.MustCompile(`(?i)^(?:territoire de )?(?:la )?(?:commune|ville) (?:de |d['’]|du )|^[^:]{0,60}:\s*`)
	placeTail  = regexp.MustCompile(`(?i)^(.{2,60}?),? (?:de |en |dans |à )((?:l['’]|la |le |les )?\pL[\pL' ’-]+)$`)
	fiveDigits = regexp.MustCompile(`\b\d{5}\b`)
)

// written reads a text that is a place and nothing else.
func (p *Places) written(text string) []territories.Expr {
	text = strings.TrimRight(tidy(text), ". ")
	if text == "" || len(text) > longestPlace || saysCountry(text) {
		return nil
	}
	if found := p.addressed(text); found != nil {
		return found
	}
	bare := placeHead.ReplaceAllString(text, "")
	for _, words := range []string{text, bare} {
		if e, ok := p.plain(words); ok {
			return []territories.Expr{e}
		}
	}
	if m := placeTail.FindStringSubmatch(bare); m != nil {
		if e, ok := p.atlas.TryWords(m[1] + " (" + m[2] + ")"); ok {
			return []territories.Expr{e}
		}
	}
	return nil
}

// addressed finds the communes whose name and postal code a text both gives.
func (p *Places) addressed(text string) (out []territories.Expr) {
	if !hasPostcode(text) {
		return nil
	}
	words := " " + placeWords(text) + " "
	for _, postcode := range fiveDigits.FindAllString(text, 20) {
		for _, code := range p.postal(postcode) {
			ref := territories.Ref{Kind: territories.KindCommune, Code: code}
			if name, ok := p.atlas.Name(ref); ok && strings.Contains(words, " "+placeWords(name)+" ") {
				out = append(out, territories.In(ref))
			}
		}
	}
	return out
}

// hasPostcode tells a text with five digits in a row.
func hasPostcode(text string) bool {
	run := 0
	for i := range len(text) {
		if c := text[i]; c < '0' || c > '9' {
			run = 0
		} else if run++; run == 5 {
			return true
		}
	}
	return false
}

// placeWords folds a text to words: "Saint-Étienne-d'Orthe" is "saint etienne d orthe".
func placeWords(text string) string {
	words := strings.FieldsFunc(foldText(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	for i, w := range words {
		switch w {
		case "st":
			words[i] = "saint"
		case "ste":
			words[i] = "sainte"
		}
	}
	return strings.Join(words, " ")
}

var municipal = regexp.MustCompile(`(?i)^\s*(?:mairie|commune|ville)\s+(?:de\s+|d['’]\s*|du\s+|des\s+)?(\pL[^(\d,;/–—]*?)\s*(?:\((\d{2,3}|2[ab])\)|\d{5}.*)?$`)

// ofBuyer finds the commune that buys, which nearly always buys for its own
// ground: the one of its name in the départements given, or in France when
// there is no homonym.
func (p *Places) ofBuyer(name string, departements []string) []territories.Expr {
	name = tidy(name)
	if said := foldText(name[:min(len(name), 7)]); !strings.HasPrefix(said, "mairie") && !strings.HasPrefix(said, "commune") && !strings.HasPrefix(said, "ville") {
		return nil // before the pattern, which costs more
	}
	m := municipal.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	if code := p.departement(m[2]); code != "" {
		departements = []string{code}
	}
	found := p.commune(town{name: m[1]})
	found = p.among(found, departements)
	if len(found) != 1 {
		return nil
	}
	return []territories.Expr{territories.In(territories.Ref{Kind: territories.KindCommune, Code: found[0]})}
}
