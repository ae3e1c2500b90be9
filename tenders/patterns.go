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
	patternSIAE   = `structures? d§insertion|structures? de l§iae|structures? de l§insertion|insertion par l§activite economique|\bs?iae\b|entreprises? (?:de travail temporaire )?d§insertion|travail temporaire d§insertion|associations? intermediaires?|chantiers? d§insertion|\b(?:etti|aci)\b|travailleurs? defavorise|publics? en insertion|secteur de l§insertion`
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

// number is one of hours, with its thousands apart or not.
const number = `\d{1,3}(?:[ .]\d{3})+|\d{2,6}`

// book holds the compiled rules; it is built once, on first use.
type book struct {
	rules       []rule
	excluded    *regexp.Regexp
	denial      *regexp.Regexp // before the clause, in its proposition
	exception   *regexp.Regexp
	refusal     *regexp.Regexp // after it: "marché réservé : non", "est supprimée"
	unreserved  *regexp.Regexp // "il ne s'agit pas d'un marché réservé"
	proposition *regexp.Regexp // what ends the proposition before
	aside       *regexp.Regexp // and what ends all that is said of one lot
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
			`\b(?:direction|pole|maison|ministere|comite|commission|fonds)[^.;,]{0,30} (?:de |d§|l§|pour l§|et ){0,2}insertion\b`,
			`\bclauses?[^.;]{0,12} (?:sociales? (?:et ?/ ?ou|ou|et ou) environnement\w+|environnement\w+ (?:et ?/ ?ou|ou|et ou) sociales?)`,
		}, "|")),
		denial:      pattern(`(?:\baucune?\b|\bsans\b|\bpas d(?:e|')|\bni\b|\bn(?:e |'\s?)\w+(?: \w+)? pas\b|\bnon )[^.;:]{0,40}$`),
		exception:   pattern(`^[^.;]{0,80}(?:a l§exception|sauf|hormis|excepte)`),
		refusal:     pattern(`^[^.;:\n]{0,60}[:=?]\s?(?:non|neant|sans objet|aucune?)(?: (?:concernee?s?|applicables?))?\s*(?:[.;,)\n]|$)|^[^.;:,\n]{0,50}?\b(?:(?:n'est|ne sont|ne sera|ne seront|n'a|n'ont|ne s'applique(?:nt)?) pas\b|(?:est|sont|a ete|ont ete) (?:supprimee?s?|retiree?s?|annulee?s?|abandonnee?s?))|^ de reprise d`),
		unreserved:  pattern(`\b(?:pas|non|aucune?)\b(?: [\w'-]+){0,5}? reserve(?:e|s|es|r)?\b`),
		proposition: pattern(`[.;:,\n]| mais | et | cependant | toutefois `),
		aside:       pattern(`[.;,\n]\s| mais `),
		hours: []*regexp.Regexp{
			pattern(`\b(` + number + `)\)?\s?(?:h|heures?)\b[^.;]{0,60}?(?:insertion|demandeurs? d§emploi|beneficiaires? d|publics?\b|jeunes sans|eloignee?s? (?:de|du))`),
			pattern(`(?:insertion|clauses? sociale|clauses? obligatoire)[^.;\n]{0,80}?\b(` + number + `)\s?(?:h|heures?)\b`),
			pattern(`heures[^.;\n]{0,60}insertion[^.;\n]{0,80}(?::|fixee?s? a|est de|sont de|s'eleve(?:nt)? a)\s?(` + number + `)\b`),
		},
		lotNumbers: pattern(`\blots?\s*(?:n\s?[o°]?s?\s*)?((?:\d{1,3}(?:\s*(?:,|et|a|/|-)\s*)?)+)`),
		beneficiary: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(patternEAESAT), SIAE: pattern(patternSIAE), ESS: pattern(patternESS), Prison: pattern(patternPrison),
		},
		articles: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(`2113-1[24]\b|\b344-2\b|\b5213-13\b`), SIAE: pattern(`2113-1[34]\b(?:[^-]|$)|\b5132-4\b`), ESS: pattern(`2113-15|article 37`), Prison: pattern(`2113-13-1`),
		},
	}
})
