package tenders

import (
	"regexp"
	"slices"
	"strings"

	"maillage/territories"
)

// How sure a place is, by what it was read from. A place that is only likely
// must not exclude an enterprise as surely as one that is stated.
const (
	surePlace      = 0.95 // codes or a town with its postal code
	widePlace      = 0.90 // the whole country, said so
	wordedPlace    = 0.80 // the text of the place, or a town and its postal code in a title
	buyersPlace    = 0.60 // the ground of who buys
	namedPlace     = 0.60 // a town that a title names and no postal code confirms
	doubtfulPlace  = 0.50 // homonyms, or a town that is not where the codes say
	publishedPlace = 0.50 // where the notice was printed
)

// grade gives its confidence to each place that has none yet.
func (d *draft) grade() {
	d.Place.grade()
	for i := range d.Lots {
		d.Lots[i].Place.grade()
	}
}

func (p *Place) grade() {
	switch {
	case p.Scope == PlaceUnknown:
		p.Confidence = 0
	case p.Confidence > 0:
	case p.Basis == ByPublication:
		p.Confidence = publishedPlace
	case p.Basis == ByBuyer:
		p.Confidence = buyersPlace
	case p.Basis == ByWords:
		p.Confidence = wordedPlace
	case p.Scope == InCountry:
		p.Confidence = widePlace
	default:
		p.Confidence = surePlace
	}
}

// plainRules put the ways of notices into words that the territories read.
var plainRules = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`(?i)^(?:sur )?(?:toute? |l['’]ensemble |ensemble |tout )?(?:du |de |le |la |l['’])*(?:territoires? |périmètre |ressort )(?:communautaire |intercommunal )?(?:de |du |des |d['’])`), ""},
	{regexp.MustCompile(`(?i)^(?:sur )?(?:l['’])?ensemble (?:de |du |des )`), ""},
	{regexp.MustCompile(`(?i)\bcommunauté (?:de|des) communes\b`), "CC"},
	{regexp.MustCompile(`(?i)\bcommunauté d['’]agglomération\b`), "CA"},
	{regexp.MustCompile(`(?i)\bcommunauté urbaine\b`), "CU"},
	{regexp.MustCompile(`(?i)^(?:l['’])?île (?:de |d['’])(la réunion|mayotte)$`), "$1"},
	{regexp.MustCompile(`(?i)^(\d{1,2}(?:er|e|ème|eme)?) arr(?:ondissement|t)?\.? (?:de |d['’])(\pL+)$`), "$2 $1 arrondissement"},
	{regexp.MustCompile(`(?i)^(?:la )?(?:ancienne )?région ((?:nord-pas-de-calais|picardie|champagne-ardenne|lorraine|alsace|franche-comté|bourgogne|(?:haute|basse)-normandie|poitou-charentes|limousin|aquitaine|auvergne|rhône-alpes|languedoc-roussillon|midi-pyrénées))$`), "$1"},
	{regexp.MustCompile(`(?i)^(?:les )?(?:TAAF|terres australes(?: et antarctiques)?(?: françaises)?)$`), "984"},
	{regexp.MustCompile(`(?i)^(?:agglomération du )?grand nouméa$`), "Nouméa, Dumbéa, Païta et Le Mont-Dore"},
	{regexp.MustCompile(`(?i)^(20a|corse[- ]du[- ]sud \(20a\))$`), "Corse-du-Sud"},
	{regexp.MustCompile(`(?i)^(20b|haute[- ]corse \(20b\))$`), "Haute-Corse"},
	{regexp.MustCompile(`(?i)\s*\((?:antilles|océan indien|pacifique|outre-mer)\)$`), ""},
}

// plainly gives the ways to read a text that is a place, the text itself first.
func plainly(text string) []string {
	list := []string{text}
	said := text
	for _, rule := range plainRules {
		said = strings.TrimSpace(rule.from.ReplaceAllString(said, rule.to))
		if said != "" && !slices.Contains(list, said) {
			list = append(list, said)
		}
	}
	return list
}

// plain reads a text in one of the plain ways; a bare name that several communes
// bear is not one of them, unless it is that of something larger.
func (p *Places) plain(text string) (territories.Expr, bool) {
	answer := p.words.of("plain\x00"+text, func() said {
		e, ok := p.plainIn(text)
		return said{e, ok}
	})
	return answer.expr, answer.ok
}

func (p *Places) plainIn(text string) (territories.Expr, bool) {
	for _, words := range plainly(text) {
		homonyms := p.commune(town{name: words})
		e, ok := p.atlas.TryWords(words)
		if !ok {
			continue
		}
		if len(homonyms) > 1 && strings.Contains(e.String(), `"commune:`) {
			continue // the most populated Saint-Pierre is not the one meant
		}
		return e, true
	}
	return territories.Expr{}, false
}

var intercommunal = regexp.MustCompile(`(?i)^\s*((?:communauté\s+(?:de\s+communes|d['’]agglomération|urbaine)|métropole|CC|CA|CU)\s.{3,80}?)\s*(?:\(\d{2,3}\))?\s*$|^\s*(\pL[\pL' ’-]{2,60}\s(?:métropole|agglomération|agglo))\s*$`)

// ofCommunity is the ground of an intercommunal body that buys, where it meets
// the départements of the notice if any is known.
func (p *Places) ofCommunity(name string, departements []string) []territories.Expr {
	name = tidy(name)
	if !soundsIntercommunal(name) || !intercommunal.MatchString(name) {
		return nil
	}
	answer := p.words.of("community\x00"+strings.Join(departements, ",")+"\x00"+name, func() said {
		e, ok := p.communityNamed(name, departements)
		return said{e, ok}
	})
	if !answer.ok {
		return nil
	}
	return []territories.Expr{answer.expr}
}

func (p *Places) communityNamed(name string, departements []string) (territories.Expr, bool) {
	for _, words := range plainly(name) {
		e, ok := p.atlas.TryWords(words)
		if !ok || !strings.Contains(e.String(), `"territory":"epci:`) {
			continue
		}
		area, err := p.compile([]territories.Expr{e})
		meets := func(dep string) bool { return slices.Contains(departements, dep) }
		if err == nil && (len(departements) == 0 || slices.ContainsFunc(area.Departements, meets)) {
			return e, true
		}
	}
	return territories.Expr{}, false
}

// soundsIntercommunal spares the pattern the names that cannot match it.
func soundsIntercommunal(name string) bool {
	said := foldText(name)
	if strings.Contains(said, "communaute") || strings.Contains(said, "metropole") || strings.Contains(said, "agglo") {
		return true
	}
	return strings.HasPrefix(said, "cc") || strings.HasPrefix(said, "ca") || strings.HasPrefix(said, "cu")
}

var atTown = regexp.MustCompile(`^(?:à|À|commune de|Commune de|ville de|Ville de)\s+((?:(?:L[ae]s?\s|L['’])?\p{Lu}[\pL'’]*(?:[- ](?:\p{Lu}[\pL'’]*|l[ae]s?|d[eu]s?|en|sur|sous|et|d['’]\p{Lu}\pL*|l['’]\p{Lu}\pL*))*))`)

// atWords begin what atTown matches.
var atWords = []string{"à", "À", "commune de", "Commune de", "ville de", "Ville de"}

// atTowns lists what a title says after "à" or "commune de". The pattern is only
// tried where such a word begins.
func atTowns(title string) (names []string) {
	for i := 0; i < len(title) && len(names) < maxTowns; i++ {
		if before := title[max(0, i-1)]; i > 0 && before != ' ' && before != '(' && before != '\n' {
			continue
		}
		rest := title[i:]
		if !slices.ContainsFunc(atWords, func(w string) bool { return strings.HasPrefix(rest, w) }) {
			continue
		}
		if m := atTown.FindStringSubmatchIndex(rest); m != nil {
			names = append(names, rest[m[2]:m[3]])
			i += m[1] - 1
		}
	}
	return names
}

// maxTowns bounds the towns read in one title.
const maxTowns = 10

// named finds the one commune that a title says the contract is at: "à
// Burnhaupt-le-Bas". Its name must be that of one commune of the départements
// known, or of France; the longest name that is one wins.
func (p *Places) named(title string, departements []string) []territories.Expr {
	var found []string
	for _, name := range atTowns(title) {
		words := strings.Fields(name)
		for n := len(words); n > 0; n-- {
			codes := p.among(p.commune(town{name: strings.Join(words[:n], " ")}), departements)
			if len(codes) == 1 {
				found = append(found, codes[0])
				break
			}
		}
	}
	if found = sortedSet(found); len(found) != 1 {
		return nil
	}
	return []territories.Expr{territories.In(territories.Ref{Kind: territories.KindCommune, Code: found[0]})}
}

// among keeps the communes of some départements; of all where none is given.
func (p *Places) among(codes, departements []string) []string {
	if len(departements) == 0 {
		return codes
	}
	return slices.DeleteFunc(slices.Clone(codes), func(code string) bool {
		ord, ok := p.atlas.Ordinal(territories.CommuneCode(code))
		return !ok || !slices.Contains(departements, p.atlas.Commune(ord).Departement)
	})
}
