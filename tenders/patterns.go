//nolint:misspell // the words are French
package tenders

import (
	"regexp"
	"strings"
	"sync"
)

// The patterns run on folded text: lower case, no accent, straight apostrophes.
// Publishers lose apostrophes ("lemploi", "d insertion"), so § stands for one
// that may be missing, and ¤ for a few words in between.

// The kinds of organisations to whom a contract may be reserved.
const (
	patternEAESAT = `entreprises? adaptees?|structures? adaptees?|\besats?\b|\be\.s\.a\.t\b|\bea\b|etablissements?(?: et| ou|/)? ?(?:de |aux |des )?services? (?:d§|d.accompagnement et d.)?(?:aide|accompagnement) (?:\([^)]{0,20}\) )?par le travail|ateliers? proteges?|emplois? proteges?|secteurs? (?:du travail )?(?:protege|adapte)s?|centres? d§aide par le travail|travailleurs? (?:handicape|en situation de handicap)`
	patternSIAE   = `structures? d§insertion|structures? de l§insertion|insertion par l§activite economique|\bs?iae\b|entreprises? (?:de travail temporaire )?d§insertion|travail temporaire d§insertion|associations? intermediaires?|chantiers? d§insertion|\b(?:etti|aci)\b|travailleurs? defavorise|publics? en insertion|secteur de l§insertion`
	patternESS    = `economie sociale et solidaire|entreprises? de l§ess\b|structures? de l§ess\b`
	patternPrison = `etablissements? penitentiaires?|milieu carceral|activites? en detention|travail (?:penitentiaire|en prison)`
)

// rule is one way of writing a clause.
type rule struct {
	says       Verdict
	confidence float64
	re         *regexp.Regexp
	// words: the text must hold one of them, else the pattern is not tried.
	words []string
	// only restricts the rule to the texts of those names; none means any.
	only []string
	// unless, read just before what matched, undoes the match.
	unless *regexp.Regexp
	// helper rules only support another finding: alone they prove nothing.
	helper bool
	// anywhere rules hold within the excluded spans too.
	anywhere bool
}

// book holds the compiled rules; it is built once, on first use.
type book struct {
	rules       []rule
	excluded    *regexp.Regexp
	denial      *regexp.Regexp // before the clause
	exception   *regexp.Regexp
	refusal     *regexp.Regexp // after it: "marché réservé : non"
	hours       []*regexp.Regexp
	lotNumbers  *regexp.Regexp
	beneficiary map[Beneficiary]*regexp.Regexp
	articles    map[Beneficiary]*regexp.Regexp
}

func pattern(s string) *regexp.Regexp {
	return regexp.MustCompile(strings.NewReplacer("§", `['\s]{0,2}`, "¤", `(?: [\w'-]+){0,3}?`).Replace(s))
}

var clauses = sync.OnceValue(func() *book {
	var rules []rule
	for _, list := range [][]rule{reservations(), objects(), executions(), criteria(), vague()} {
		rules = append(rules, list...)
	}
	return &book{
		rules: rules,
		excluded: pattern(strings.Join([]string{
			`obligations?[^.;]{0,60}emploi (?:des |de )?(?:travailleurs|personnes)[^.;]{0,30}handicap\w*`,
			`l\.?\s?5212-\d+[^.;]{0,120}handicap\w*`,
			`(?:concernant|relatifs? a|en matiere d[e']) ?l?§?emploi (?:des|de) travailleurs handicapes`,
			`\bse reserve\w*[^.;]{0,60}`, `\bsous reserve\w*`, `\breserves? naturelles?[^.;]{0,40}`, `\breservoirs?`, `\breservations?`,
			`\breserve(?:e|s|es)? (?:a|aux) (?:la profession|l§ordre|une profession|architectes?|professions?|medecins?|avocats?|titulaires?)[^.;]{0,60}`,
			`insertion (?:urbaine|paysager|architectural|graphique|publicitaire|visuelle|dans (?:le|la|son|l§)|(?:de|des|d§)[ ']?(?:donnees|annonce|publicit|communication)|et (?:de )?probation)\w*`,
			`\b(?:construction|rehabilitation|renovation|extension|restructuration|amenagement|demolition)[^.;]{0,60}\b(?:esat|insertion)\b`,
			`\b(?:direction|pole|maison|ministere|comite|commission|fonds)[^.;]{0,40} (?:de |d§|l§|pour l§|et ){0,2}insertion\b`,
			`\bclauses?[^.;]{0,12} (?:sociales? (?:et ?/ ?ou|ou|et ou) environnement\w+|environnement\w+ (?:et ?/ ?ou|ou|et ou) sociales?)`,
		}, "|")),
		denial:     pattern(`(?:\baucune?\b|\bsans\b|\bpas d(?:e|')|\bne (?:comporte|prevoit|contient|comprend|fait)\b[^.;]{0,20}\bpas\b|\bn['\s]?est pas\b|\bne sont pas\b|\bnon )[^.;:]{0,35}$`),
		exception:  pattern(`^[^.;]{0,80}(?:a l§exception|sauf|hormis|excepte)`),
		refusal:    pattern(`^[^.;:\n]{0,60}:?\s?(?:non\b|neant\b|sans objet\b)`),
		hours:      []*regexp.Regexp{pattern(`\b(\d{1,3}(?:[ .]\d{3})+|\d{2,6})\s?(?:h|heures?)\b[^.;]{0,40}?insertion`), pattern(`heures[^.;\n]{0,60}insertion[^.;\n]{0,80}:\s?(\d{1,3}(?:[ .]\d{3})+|\d{2,6})\b`)},
		lotNumbers: pattern(`\blots?\s*(?:n\s?[o°]?s?\s*)?((?:\d{1,3}(?:\s*(?:,|et|a|/|-)\s*)?)+)`),
		beneficiary: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(patternEAESAT), SIAE: pattern(patternSIAE), ESS: pattern(patternESS), Prison: pattern(patternPrison),
		},
		articles: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(`2113-1[24]\b`), SIAE: pattern(`2113-1[34]\b(?:[^-]|$)`), ESS: pattern(`2113-15|article 37`), Prison: pattern(`2113-13-1`),
		},
	}
})
