//nolint:misspell // the words are French
package tenders

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"maillage/opportunities"
)

// terms is what a clause of execution asks, in so far as the notice says it.
type terms struct {
	hours       float64 // 0: not said of this lot
	share       float64 // of the working time, 0..1; 0: not said
	publics     []string
	facilitator string
}

// patternsOfTerms read the sentences around a clause, folded as in patterns.go.
type patternsOfTerms struct {
	about, hours, before, after, share, shareAfter, choice, lots, each, shared, publics, denial, sentence *regexp.Regexp
	facilitator, bare                                                                                     *regexp.Regexp // on the text as written
}

func termPattern(s string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(s, "§", `['\s]{0,2}`))
}

var wordsOfTerms = sync.OnceValue(func() *patternsOfTerms {
	const clause = `clauses?(?: \w+){0,2}? (?:sociales?|d§insertion)|heures? (?:\w+ ){0,3}?d§insertion|actions? d§insertion`
	named := `(?:[ ](?:de la |de l['’ ]|du |des |de |d['’])?\p{Lu}[\p{L}'’-]*(?:[ ](?:de la|de l['’]|du|des|de|et|d['’]|en|la|le|\p{Lu})[\p{L}'’-]*)*)`
	return &patternsOfTerms{
		about:      termPattern(`insertion|eloigne|en difficulte|demandeurs? d§emploi|clauses? sociale|prioritaire|defavorise|reserve\w* \d`),
		hours:      termPattern(`\b(\d{1,3}(?:[ .]\d{3})+|\d{2,6})(?:[.,]\d+)?\s?(?:h\b|heures?\b)`),
		before:     termPattern(`(?:insertion|clauses? sociale|volume horaire|eloigne|difficulte)[^.;]{0,80}$`),
		after:      termPattern(`^[^.;]{0,80}?(?:insertion|eloigne|en difficulte|demandeurs? d§emploi|publics?\b|prioritaire)`),
		share:      termPattern(`\b(\d{1,2}(?:[.,]\d+)?)\s?%[^.;%]{0,80}(?:heures|temps de travail|temps total|effectifs?|main d§oeuvre|masse salariale|volume)`),
		shareAfter: termPattern(`(?:heures|temps de travail|temps total|effectifs?|main d§oeuvre|volume)[^.;%]{0,80}?\b(\d{1,2}(?:[.,]\d+)?)\s?%`),
		choice:     termPattern(`critere|ponder|\bnotes?\b|points?\b`),
		lots:       termPattern(`\blots?\s*(?:n\s?[o°]?s?\s*)?((?:\d{1,3}(?:\s*(?:,|et|a|/|-)\s*)?)+)`),
		each:       termPattern(`\bchaque lots?\b|\bpar lots?\b|\bchacun (?:des|de ces|d§entre les)(?: \w+)? lots\b`),
		shared:     termPattern(`\ben tout\b|\bau total\b|\bensemble (?:des \w+|du marche|de la consultation|de l§operation)|\breparti|\bventile`),
		publics: termPattern(`demandeurs? d§emploi(?: de longue duree)?|(?:beneficiaires?|allocataires?) (?:du (?:rsa|revenu de solidarite active)|de minima sociaux)|` +
			`jeunes? (?:sans qualification|sans diplome|peu qualifies?|peu diplomes?|de moins de \d\d ans|sortis? (?:sans \w+ )?du systeme scolaire)|` +
			`(?:travailleurs?|personnes?) (?:reconnu(?:e|s|es)? )?(?:en situation de handicap|handicape(?:e|s|es)?)|` +
			`(?:publics?|personnes?)(?: \w+){0,4}? (?:eloigne(?:e|s|es)? (?:de l§|du marche de l§|du marche du )(?:emploi|travail)|en difficultes?(?: (?:sociales?|professionnelles?|d§insertion)(?: (?:et|ou|et/ou) (?:sociales?|professionnelles?))?)?|en insertion)|` +
			`habitants? (?:des|d§un|du|de) (?:quartiers? prioritaires?|qpv)(?: de la (?:politique de la )?ville)?|publics? prioritaires?|refugies`),
		denial: termPattern(`(?:suppression|supprime\w*|retrait|retire\w*|annulation|annule\w*|abandon\w*) (?:de |d§|la |les |des )*(?:` + clause + `)|(?:` + clause + `)[^.;]{0,60}?(?:est|sont|a ete|ont ete) (?:\w+ )?(?:supprimee?s?|retiree?s?|annulee?s?|abandonnee?s?)|` +
			`(?:\bsans|\baucune|plus (?:de|aucune)|pas de|supprimer (?:la|les)) (?:` + clause + `)`),
		sentence: regexp.MustCompile(`[^l ]\.\s|;|\n`),
		facilitator: regexp.MustCompile(`(?:PLIE|Plie|[Mm]aison de l['’ ]?[Ee]mploi(?: et de la [Ff]ormation)?|[Mm]ission [Ll]ocale|` +
			`[Ff]acilitat(?:eur|rice)s?(?: (?:de la |des |de )?[Cc]lauses?(?: sociales?| d['’ ]?insertion)?)?)` + named),
		bare: regexp.MustCompile(`(?i)\bPLIE\b|maison de l['’ ]?emploi|mission locale|facilitat(?:eur|rice)s?(?: (?:de la |des )?clauses?(?: sociales?| d['’ ]?insertion)?)?`),
	}
})

// maxTermText bounds what is read around the clauses of one field, in bytes.
const maxTermText = 100_000

// passageOf gives the text of a field of the notice, by its path.
func passageOf(n *Notice, field string) string {
	list := (&draft{Notice: n}).passages()
	for i := range n.Lots {
		prefix := "lots[" + strconv.Itoa(i) + "]."
		if strings.HasPrefix(field, prefix) {
			list = n.Lots[i].passages(prefix)
		}
	}
	for _, p := range list {
		if p.field == field {
			return p.text
		}
	}
	return ""
}

// termsOf reads what the clauses found in a notice ask of one lot: the sentences
// that hold the evidence and the two after it. Hours said without naming a lot,
// nor each of them, are those of this one only where alone, and a figure is kept
// only next to the words that make it one of insertion: nothing is computed.
// Where these sentences give none, the number of the verdict stands, if all that
// it rests on is said of this lot.
func termsOf(n *Notice, s Social, lot string, alone bool) (t terms) {
	read := map[string]bool{}
	for _, e := range s.Evidence {
		if e.Kind != Quote || e.Says != Execution || read[e.Field] {
			continue
		}
		read[e.Field] = true
		text := beginning(passageOf(n, e.Field), maxTermText)
		own := strings.HasPrefix(e.Field, "lots[")
		t.read(text, fieldEvidence(s, e.Field), lot, alone || own)
	}
	if t.hours == 0 && s.Verdict == Execution && !slices.ContainsFunc(s.Evidence, func(e Evidence) bool { return e.Kind == Quote && !saidOf(n, e, lot) }) {
		t.hours = float64(s.Hours)
	}
	return t
}

// saidOf tells a passage of the lot itself, or whose sentence names it or each.
func saidOf(n *Notice, e Evidence, lot string) bool {
	said := lotsIn(n, e)
	return strings.HasPrefix(e.Field, "lots[") || said.each || said.list != "" && !said.others(lot)
}

func fieldEvidence(s Social, field string) (list []Evidence) {
	for _, e := range s.Evidence {
		if e.Field == field && e.Kind == Quote && e.Says == Execution {
			list = append(list, e)
		}
	}
	return list
}

// span is a sentence, in bytes of the folded text.
type span struct{ from, to int }

func (t *terms) read(text string, evidence []Evidence, lot string, own bool) {
	w, f := wordsOfTerms(), fold(text)
	sentences := sentencesOf(f.text, w.sentence)
	near := make([]bool, len(sentences))
	for i, at := range sentences {
		for _, e := range evidence {
			if f.back[at.from] < e.End && e.Start < f.back[at.to] {
				for k := i; k < min(i+3, len(sentences)); k++ {
					near[k] = true
				}
			}
		}
	}
	runes := []rune(text)
	for i, at := range sentences {
		if !near[i] {
			continue
		}
		s := f.text[at.from:at.to]
		whose := w.lotsOf(s)
		if whose.others(lot) {
			continue
		}
		t.figures(w, s, own || whose.each || whose.list != "")
		for _, m := range w.publics.FindAllStringIndex(s, maxHits) {
			t.public(string(runes[f.back[at.from+m[0]]:f.back[at.from+m[1]]]))
		}
		t.helped(w, string(runes[f.back[at.from]:f.back[at.to]]))
	}
}

func sentencesOf(text string, at *regexp.Regexp) (list []span) {
	from := 0
	for _, m := range at.FindAllStringIndex(text, -1) {
		list, from = append(list, span{from, m[1]}), m[1]
	}
	return append(list, span{from, len(text)})
}

// sentenceIn gives the sentence in which a passage begins, folded, and its
// place in the field, in characters; "" where the field is too long to be read.
func (e Evidence) sentenceIn(text string) (folded string, from, to int) {
	f := fold(beginning(text, maxTermText))
	for _, at := range sentencesOf(f.text, wordsOfTerms().sentence) {
		if f.back[at.from] <= e.Start && e.Start < f.back[at.to] {
			return f.text[at.from:at.to], f.back[at.from], f.back[at.to]
		}
	}
	return "", 0, 0
}

// lotsSaid are the lots of which a folded sentence speaks.
type lotsSaid struct {
	list string // as it numbers them, "" for none
	each bool   // each of them, by the same figures
}

// lotsOf reads them. What is said by lot of a total that is shared is not that
// of each.
func (w *patternsOfTerms) lotsOf(sentence string) (said lotsSaid) {
	if m := w.lots.FindStringSubmatch(w.each.ReplaceAllString(sentence, " ")); m != nil {
		said.list = m[1]
	}
	said.each = w.each.MatchString(sentence) && !w.shared.MatchString(sentence)
	return said
}

// others tells that the sentence names lots, and not that one.
func (l lotsSaid) others(lot string) bool { return l.list != "" && !mentions(l.list, lot) }

// ofOthers tells a passage whose sentence names lots, and not that one.
func ofOthers(n *Notice, e Evidence, lot string) bool {
	return lotsIn(n, e).others(lot)
}

func lotsIn(n *Notice, e Evidence) lotsSaid {
	sentence, _, _ := e.sentenceIn(passageOf(n, e.Field))
	return wordsOfTerms().lotsOf(sentence)
}

// maxQuoted bounds a sentence quoted whole, in characters.
const maxQuoted = 400

// widened quotes the whole sentence of a passage: what a clause asks is around
// the words that make it one.
func (e Evidence) widened(n *Notice) Evidence {
	if e.Kind != Quote {
		return e
	}
	text := passageOf(n, e.Field)
	_, from, to := e.sentenceIn(text)
	if e.End > to || to-from > maxQuoted {
		return e
	}
	runes := []rune(text)
	for from < e.Start && unicode.IsSpace(runes[from]) {
		from++
	}
	for to > e.End && unicode.IsSpace(runes[to-1]) {
		to--
	}
	e.Quote, e.Start, e.End = string(runes[from:to]), from, to
	return e
}

func mentions(list, lot string) bool {
	for _, n := range lotList(list) {
		if strings.TrimLeft(n, "0") == strings.TrimLeft(lastDigits(lot), "0") {
			return true
		}
	}
	return false
}

func (t *terms) figures(w *patternsOfTerms, s string, own bool) {
	if !w.about.MatchString(s) || w.choice.MatchString(s) {
		return
	}
	for _, re := range []*regexp.Regexp{w.share, w.shareAfter} {
		if m := re.FindStringSubmatch(s); m != nil && t.share == 0 {
			percent, _ := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "."), 64)
			t.share = percent / 100
		}
	}
	if !own {
		return
	}
	for _, m := range w.hours.FindAllStringSubmatchIndex(s, maxHits) {
		if !w.before.MatchString(s[:m[0]]) && !w.after.MatchString(s[m[1]:]) {
			continue
		}
		v, _ := strconv.ParseFloat(strings.NewReplacer(" ", "", ".", "").Replace(s[m[2]:m[3]]), 64)
		t.hours = max(t.hours, v)
	}
}

// maxPublics bounds the publics kept of one clause.
const maxPublics = 8

func (t *terms) public(words string) {
	words = lowered(tidy(words))
	known := slices.ContainsFunc(t.publics, func(have string) bool { return foldText(have) == foldText(words) })
	if words != "" && !known && len(t.publics) < maxPublics {
		t.publics = append(t.publics, words)
	}
}

// acronyms of the field, for texts that are all in capitals.
var acronyms = []string{"RSA", "QPV", "ASS", "AAH", "SIAE", "ETTI", "PLIE"}

// lowered puts words in lower case, but their acronyms: what stands in capitals
// among words that do not, and what the field writes so.
func lowered(text string) string {
	words, shout := strings.Fields(text), text == strings.ToUpper(text)
	for i, w := range words {
		upper := strings.ToUpper(w)
		switch {
		case slices.Contains(acronyms, upper):
			words[i] = upper
		case shout || w != upper:
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// trailing are the words that lead to a name, where none follows.
var trailing = regexp.MustCompile(`(?:[ ](?:de|la|le|les|du|des|et|en|d['’]|l['’]))+$`)

// maxFacilitator bounds the name of who accompanies a clause, in characters.
const maxFacilitator = 200

// helped keeps who accompanies the clause, a name rather than a function alone.
func (t *terms) helped(w *patternsOfTerms, sentence string) {
	if m := w.facilitator.FindString(sentence); m != "" {
		if wordsOfTerms().facilitator.FindString(t.facilitator) == "" {
			t.facilitator = cut(trailing.ReplaceAllString(tidy(m), ""), maxFacilitator)
		}
		return
	}
	if m := w.bare.FindString(sentence); m != "" && t.facilitator == "" {
		t.facilitator = tidy(m)
	}
}

// merge adds what a later notice says to what was known.
func (t *terms) merge(later terms) {
	if later.hours > 0 {
		t.hours = later.hours
	}
	if later.share > 0 {
		t.share = later.share
	}
	if len(later.publics) > 0 {
		t.publics = later.publics
	}
	t.facilitator = firstNonEmpty(later.facilitator, t.facilitator)
}

// denies quotes the passage by which a notice takes the clause of a lot back; ""
// if none.
func denies(n *Notice, lot string) string {
	w := wordsOfTerms()
	list := (&draft{Notice: n}).passages()
	for i := range n.Lots {
		list = append(list, n.Lots[i].passages("lots["+strconv.Itoa(i)+"].")...)
	}
	for _, p := range list {
		if len(p.text) > maxTermText || !strings.Contains(p.text, "nsertion") && !strings.Contains(p.text, "ocial") {
			continue
		}
		f := fold(p.text)
		for _, at := range sentencesOf(f.text, w.sentence) {
			s := f.text[at.from:at.to]
			if m := w.denial.FindStringIndex(s); m != nil && !w.lotsOf(s).others(lot) {
				return string([]rune(p.text)[f.back[at.from+m[0]]:f.back[at.from+m[1]]])
			}
		}
	}
	return ""
}

// evidenceOf gives the reasons of a verdict in the terms of the opportunities.
func evidenceOf(s Social) []opportunities.Evidence {
	var out []opportunities.Evidence
	for _, e := range s.Evidence {
		if e.Says == Execution {
			out = append(out, opportunities.Evidence{Field: e.Field, Quote: e.Quote, Start: e.Start, End: e.End})
		}
	}
	return out
}
