//nolint:misspell // the words are French
package tenders

import (
	"regexp"
	"strings"
	"sync"
)

// The patterns below run on folded text: lower case, no accent, straight
// apostrophes. Publishers lose apostrophes ("lemploi", "d insertion"), so §
// stands for one that may be missing.

// The kinds of organisations to whom a contract may be reserved.
const (
	patternEAESAT = `entreprises? adaptees?|\besat\b|\bea\b|etablissements?(?: et| ou|/)? ?(?:de |aux |des )?services? (?:d§|d.accompagnement et d.)?(?:aide|accompagnement) (?:\([^)]{0,20}\) )?par le travail|ateliers? proteges?|secteurs? (?:du travail )?(?:protege|adapte)s?|travailleurs? handicape|travailleurs? en situation de handicap`
	patternSIAE   = `structures? d§insertion|structures? de l§insertion|insertion par l§activite economique|\bsiae\b|entreprises? d§insertion|travail temporaire d§insertion|associations? intermediaires?|chantiers? d§insertion|\b(?:etti|aci)\b|travailleurs? defavorise|publics? en insertion|secteur de l§insertion`
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
	// only restricts the rule to the texts of that name; "" means any.
	only string
	// helper rules only support another finding: alone they prove nothing.
	helper bool
}

// book holds the compiled rules; it is built once, on first use.
type book struct {
	rules       []rule
	excluded    *regexp.Regexp
	denial      *regexp.Regexp
	exception   *regexp.Regexp
	hours       *regexp.Regexp
	lotNumbers  *regexp.Regexp
	beneficiary map[Beneficiary]*regexp.Regexp
	articles    map[Beneficiary]*regexp.Regexp
}

func pattern(s string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(s, "§", `['\s]{0,2}`))
}

var clauses = sync.OnceValue(func() *book {
	anyone := `(?:` + strings.Join([]string{patternEAESAT, patternSIAE, patternESS, patternPrison}, "|") + `)`
	to := `\breserve(?:e|s|es)?(?:\s+\w+){0,2}?\s+(?:aux?|a|pour|d[eu]s?|en (?:application|vertu)|au (?:sens|titre))\b`
	return &book{
		rules: []rule{
			{says: Reserved, confidence: 0.92, words: []string{"reserv"}, re: pattern(to + `[^.;]{0,160}?` + anyone)},
			{says: Reserved, confidence: 0.85, words: []string{"reserv"}, re: pattern(`\breserve(?:e|s|es)?\s+(?:a l§)?insertion\b`)},
			{says: Reserved, confidence: 0.85, words: []string{"attribue", "destine", "confie"}, re: pattern(`\b(?:attribue|destine|confie)e?s?\s+(?:exclusivement\s+)?(?:aux?|a)\b[^.;]{0,60}?` + anyone)},
			{says: Reserved, confidence: 0.75, words: []string{"reserv"}, re: pattern(`\b(?:lots?|marches?|accords?[- ]cadres?|consultations?)(?:\s+n?[o°]?s?\s?\d+)?(?:\s+(?:est|sont|etant))?\s+reserve(?:e|s|es)?\b(?:\s*[:.,;)\n]|\s*$|\s+(?:au sens|en application|en vertu|conformement))`)},
			{says: Reserved, confidence: 0.8, words: []string{"2113-1"}, re: pattern(`\bl\.?\s?2113-1[2345](?:-1)?\b`)},
			{says: Reserved, confidence: 0.8, words: []string{"2015-899"}, re: pattern(`articles? 3[67]\b[^.;]{0,40}ordonnance n[^;]{0,6}2015-899`)},
			{says: Reserved, confidence: 0.8, words: []string{"travailleur"}, re: pattern(`50\s?%[^.;]{0,60}travailleurs? (?:handicape|defavorise|en situation de handicap)`)},

			{says: Object, confidence: 0.9, words: []string{"insertion"}, re: pattern(`\bsupports? (?:de la |des |a la |de )?(?:demarches? )?d§insertion`)},
			{says: Object, confidence: 0.88, words: []string{"insertion"}, re: pattern(`\b(?:prestations?|marches?|services?|mission)(?: de services?)?(?: de qualification et)? d§insertion\b`)},
			{says: Object, confidence: 0.88, words: []string{"insertion"}, re: pattern(`\ba pour objet(?: \w+){0,6}? (?:l§|la |d§)?(?:insertion|reinsertion) (?:sociale|professionnelle|economique)`)},
			{says: Object, confidence: 0.8, words: []string{"reinsertion"}, re: pattern(`\breinsertion sociale et (?:economique|professionnelle)`)},

			{says: Execution, confidence: 0.92, words: []string{"clause"}, re: pattern(`\bclauses?(?: \w+){0,2}? (?:sociales?|d§insertion)\b`)},
			{says: Execution, confidence: 0.92, words: []string{"clause"}, re: pattern(`\bclauses? de promotion de l§emploi`)},
			{says: Execution, confidence: 0.92, words: []string{"insertion"}, re: pattern(`\bheures?(?: \w+){0,3}? d§insertion|volume horaire[^.;]{0,40}insertion`)},
			{says: Execution, confidence: 0.85, words: []string{"insertion", "social"}, re: pattern(`\bactions? d§insertion|conditions? d§execution(?: \w+){0,3}? social|engagements? d§insertion|obligations? d§insertion`)},
			{says: Execution, confidence: 0.75, words: []string{"eloigne"}, re: pattern(`\b(?:publics?|personnes?|demandeurs d§emploi)(?: \w+){0,4}? eloignee?s? (?:de l§|du marche de l§|du marche du )(?:emploi|travail)`)},
			{says: Execution, confidence: 0.8, words: []string{"heures"}, re: pattern(`\b\d+\s?%[^.;]{0,60}heures[^.;]{0,60}(?:en difficulte|insertion|eloigne)`)},
			{says: Execution, confidence: 0.75, words: []string{"2112-2", "2015-899"}, re: pattern(`\bl\.?\s?2112-2\b|article 38[-\s]?i?\b[^.;]{0,40}ordonnance n[^;]{0,6}2015-899`)},
			{says: Execution, confidence: 0.6, helper: true, words: []string{"facilitateur", "plie", "maison", "quartier", "public", "apprenti", "consideration"}, re: pattern(`facilitateurs?\b|\bplie\b|maisons? de l§emploi|quartiers? prioritaires?|publics? prioritaires?|\bapprentis(?:sage|s)?\b|considerations? sociales?`)},

			{says: Criterion, confidence: 0.92, words: []string{"performance"}, re: pattern(`performances?(?: \w+){0,2}? (?:en matiere|en termes?) (?:d§insertion|sociale)`)},
			{says: Criterion, confidence: 0.9, words: []string{"critere", "performance"}, re: pattern(`\bcriteres? social|criteres?(?: \w+){0,3}? d§insertion|performances? sociales?`)},
			{says: Criterion, confidence: 0.85, only: "award_criteria", words: []string{"insertion", "social"}, re: pattern(`\binsertion(?: \w+){0,2}? (?:sociale|professionnelle|par l§activite|des publics?|des personnes)|\b(?:valeur|demarche|politique|qualite|aspects?|volet)s? social(?:e|es|aux)?\b|clauses? (?:sociales?|d§insertion)`)},
		},
		excluded: pattern(strings.Join([]string{
			`obligations?[^.;]{0,60}emploi (?:des |de )?(?:travailleurs|personnes)[^.;]{0,30}handicap\w*`,
			`l\.?\s?5212-\d+[^.;]{0,120}handicap\w*`,
			`concernant l§emploi des travailleurs handicapes`,
			`\bse reserve\w*[^.;]{0,60}`, `\bsous reserve\w*`, `\breserves? naturelles?[^.;]{0,40}`, `\breservoirs?`, `\breservations?`,
			`\breserve(?:e|s|es)? (?:a|aux) (?:la profession|l§ordre|architectes?|professions?|medecins?|avocats?|titulaires?)[^.;]{0,60}`,
			`insertion (?:urbaine|paysager|architectural|graphique|publicitaire|visuelle|dans (?:le|la|son|l§)|(?:de|des|d§)[ ']?(?:donnees|annonce|publicit|communication))\w*`,
			`\b(?:construction|rehabilitation|renovation|extension|restructuration)[^.;]{0,60}\besat\b`,
		}, "|")),
		denial:     pattern(`(?:\baucune?\b|\bsans\b|\bpas d(?:e|')|\bne (?:comporte|prevoit|contient|comprend|fait)\b[^.;]{0,20}\bpas\b|\bn['\s]?est pas\b|\bne sont pas\b|\bnon )[^.;:]{0,35}$`),
		exception:  pattern(`^[^.;]{0,80}(?:a l§exception|sauf|hormis|excepte)`),
		hours:      pattern(`\b(\d{1,3}(?:[ .]\d{3})+|\d{2,6})\s?(?:h|heures?)\b[^.;]{0,40}?insertion`),
		lotNumbers: pattern(`\blots?\s*(?:n\s?[o°]?s?\s*)?((?:\d{1,3}(?:\s*(?:,|et|a|/|-)\s*)?)+)`),
		beneficiary: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(patternEAESAT), SIAE: pattern(patternSIAE), ESS: pattern(patternESS), Prison: pattern(patternPrison),
		},
		articles: map[Beneficiary]*regexp.Regexp{
			EAESAT: pattern(`2113-1[24]\b`), SIAE: pattern(`2113-1[34]\b(?:[^-]|$)`), ESS: pattern(`2113-15|article 37`), Prison: pattern(`2113-13-1`),
		},
	}
})
