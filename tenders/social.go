package tenders

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"maillage/nomenclatures"
)

// The verdict on social clauses: structured flags, and a pass over the texts with
// the patterns of patterns_rules.go. It never follows a flag blindly: read against
// the real French notices, a flag alone is supported by the text in half the cases
// only, so it gives "to confirm".

// claim is a structured statement of the source.
type claim struct {
	says Verdict
	to   []Beneficiary
	// field is the path in the source, value what stands there.
	field, value string
}

// flag keeps a structured statement for the notice (prefix "") or for a lot.
func (d *draft) flag(prefix string, says Verdict, path, value string, to ...Beneficiary) {
	d.flags[prefix] = append(d.flags[prefix], claim{says, to, path, value})
}

// passage is a text of the notice, named by its path in the notice.
type passage struct {
	field, name, text string
}

// hit is a rule that matched a passage.
type hit struct {
	Evidence
	confidence float64
	to         []Beneficiary
	helper     bool
	lots       []string // the lot numbers of its sentence, if any
	hours      int
}

// judge gives each lot its verdict, then the notice the strongest of them.
func (d *draft) judge() {
	common := scan(d.passages())
	depth := textLength(d.passages())
	for i := range d.Lots {
		lot, prefix := &d.Lots[i], fmt.Sprintf("lots[%d].", i)
		own := scan(lot.passages(prefix))
		flags := slices.Concat(d.flags[""], d.flags[prefix])
		hits := slices.Concat(own, common)
		if len(d.Lots) > 1 { // a lot that the notice does not list is within its only one
			hits = append(forLot(own, lot.ID), forLot(common, lot.ID)...)
		}
		lot.Social = decide(hits, flags, append(lot.CPV, d.CPV...), depth+textLength(lot.passages(prefix)))
		lot.Reserved = slices.Clone(lot.Social.ReservedTo)
	}
	d.Social = decide(common, d.flags[""], d.CPV, depth)
	for _, lot := range d.Lots {
		d.Social.absorb(lot.Social)
	}
}

func (d *draft) passages() []passage {
	list := []passage{{"title", "title", d.Title}, {"description", "description", d.Description}}
	return append(list, named("texts.", d.Texts)...)
}

func (l *Lot) passages(prefix string) []passage {
	list := []passage{{prefix + "title", "title", l.Title}, {prefix + "description", "description", l.Description}}
	return append(list, named(prefix+"texts.", l.Texts)...)
}

func named(prefix string, texts map[string]string) (list []passage) {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		list = append(list, passage{prefix + name, name, texts[name]})
	}
	return list
}

func textLength(list []passage) (n int) {
	for _, p := range list {
		n += len(p.text)
	}
	return n
}

// scan finds every clause written in the passages.
func scan(list []passage) (hits []hit) {
	for _, p := range list {
		if p.text != "" {
			hits = append(hits, p.scan(clauses())...)
		}
	}
	return hits
}

// maxScanned bounds the text read for clauses, and maxHits what one rule finds
// in it: the longest description of the samples has 10,000 characters.
const (
	maxScanned = 200_000
	maxHits    = 20
)

func (p passage) scan(b *book) (hits []hit) {
	f := fold(p.text[:min(len(p.text), maxScanned)])
	var runes []rune
	var excluded [][]int
	for _, r := range b.rules {
		if !r.reads(p.name) {
			continue
		}
		for _, span := range r.find(f.text) {
			if runes == nil {
				runes, excluded = []rune(p.text), b.excluded.FindAllStringIndex(f.text, -1)
			}
			if !r.anywhere && inside(span, excluded) || b.denied(r.says, f.text, span) || r.undone(f.text, span) {
				continue
			}
			start, end := f.back[span[0]], f.back[span[1]]
			h := hit{confidence: r.confidence, helper: r.helper, Evidence: Evidence{
				Kind: Quote, Says: r.says, Field: p.field, Quote: string(runes[start:end]), Start: start, End: end,
			}}
			b.enrich(&h, f.text, span)
			hits = append(hits, h)
		}
	}
	return inherit(chosen(hits), runes)
}

// chosen leaves to a criterion the words that it holds: "critère social : nombre
// d'heures d'insertion" asks no hours.
func chosen(hits []hit) []hit {
	var criteria []hit // apart: the list below is changed while it is read
	for _, h := range hits {
		if h.Says == Criterion {
			criteria = append(criteria, h)
		}
	}
	return slices.DeleteFunc(hits, func(h hit) bool {
		return h.Says == Execution && slices.ContainsFunc(criteria, func(c hit) bool { return h.Start >= c.Start && h.Start < c.End })
	})
}

// reads tells whether a rule is for the texts of that name. What chooses between
// tenders binds nobody: it is for the criteria alone.
func (r rule) reads(name string) bool {
	if name == "award_criteria" && r.says == Execution {
		return false
	}
	return len(r.only) == 0 || slices.Contains(r.only, name)
}

// undone tells a match that what stands just before makes something else.
func (r rule) undone(text string, span []int) bool {
	return r.unless != nil && r.unless.MatchString(text[max(0, span[0]-140):span[0]])
}

// followsOn is how far, in characters, a sentence goes on about the lots of the one before.
const followsOn = 300

// inherit gives the clauses that name no lot those of the clause before them in
// the same paragraph: "Le lot 1 est soumis à… Dans ce cadre, le titulaire doit…".
func inherit(hits []hit, text []rune) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int { return a.Start - b.Start })
	for i := 1; i < len(hits); i++ {
		h, before := &hits[i], hits[i-1]
		if len(h.lots) == 0 && len(before.lots) > 0 && h.Start-before.End < followsOn && !slices.Contains(text[min(before.End, h.Start):h.Start], '\n') {
			h.lots = before.lots
		}
	}
	return hits
}

// nearby is how far, in bytes, a match may reach from one of the words of its rule.
const nearby = 400

// find gives where a rule matches a text, maxHits at most. Long texts are read
// around the words of the rule only: a pattern costs more than they do.
func (r rule) find(text string) (spans [][]int) {
	for from := 0; from < len(text) && len(spans) < maxHits; {
		at := firstWord(text, from, r.words)
		if at < 0 {
			return spans
		}
		start, end := max(from, at-nearby), min(len(text), at+nearby)
		for end < len(text) {
			next := firstWord(text[:min(len(text), end+nearby)], at+1, r.words)
			if next < 0 {
				break
			}
			at, end = next, min(len(text), next+nearby)
		}
		for start > 0 && start < at && text[start-1] != ' ' && text[start-1] != '\n' {
			start++ // a window begins with a word
		}
		for _, span := range r.re.FindAllStringIndex(text[start:end], maxHits-len(spans)) {
			spans = append(spans, []int{start + span[0], start + span[1]})
		}
		from = end
	}
	return spans
}

// firstWord is where the first of some words stands in a text, from a place on; -1
// for nowhere.
func firstWord(text string, from int, words []string) int {
	first := -1
	for _, w := range words {
		rest := text[from:]
		if first >= 0 {
			rest = text[from:min(len(text), first+len(w)-1)]
		}
		if i := strings.Index(rest, w); i >= 0 {
			first = from + i
		}
	}
	return first
}

// inside tells whether a match begins within an excluded span.
func inside(span []int, excluded [][]int) bool {
	return slices.ContainsFunc(excluded, func(x []int) bool { return span[0] >= x[0] && span[0] < x[1] })
}

// denied recognises "ne comporte aucune clause", unless an exception follows, and
// "marché réservé : non". What denies stands in the same proposition: "n'est pas
// alloti et comporte une clause" denies nothing.
func (b *book) denied(says Verdict, text string, span []int) bool {
	end := span[0] + len(strings.TrimRight(text[span[0]:span[1]], " :.,;()\n-"))
	before, after := text[max(0, span[0]-120):span[0]], text[end:min(len(text), end+100)]
	return b.refusal.MatchString(after) || b.denial.MatchString(tail(b.proposition, before)) && !b.exception.MatchString(after) ||
		says == Reserved && b.unreserved.MatchString(tail(b.aside, before)+text[span[0]:span[1]])
}

// tail is what follows the last match in a text; all of it when there is none.
func tail(end *regexp.Regexp, text string) string {
	return text[max(0, lastIndex(end, text)):]
}

// enrich reads, in the sentence of a hit, to whom, for which lots, how many hours.
func (b *book) enrich(h *hit, text string, span []int) {
	sentence := sentenceAround(text, span)
	if h.Says == Reserved {
		for _, who := range []Beneficiary{SIAE, EAESAT, ESS, Prison} {
			if b.beneficiary[who].MatchString(sentence) || b.articles[who].MatchString(sentence) {
				h.to = append(h.to, who)
			}
		}
	}
	if m := b.lotNumbers.FindStringSubmatch(sentence); m != nil {
		h.lots = lotList(m[1])
	}
	for _, re := range b.hours {
		if m := re.FindStringSubmatch(sentence); m != nil {
			h.hours, _ = strconv.Atoi(strings.NewReplacer(" ", "", ".", "").Replace(m[1]))
		}
	}
}

// sentenceAround is the sentence that holds a span, bounded: points inside
// article numbers ("L. 2113-13") do not end it.
func sentenceAround(text string, span []int) string {
	from, to := max(0, span[0]-220), min(len(text), span[1]+220)
	if i := lastIndex(sentenceEnd, text[from:span[0]]); i >= 0 {
		from += i
	}
	if loc := sentenceEnd.FindStringIndex(text[span[1]:to]); loc != nil {
		to = span[1] + loc[0]
	}
	return text[from:to]
}

var sentenceEnd = regexp.MustCompile(`[^l ]\.\s|;|\n`)

func lastIndex(re *regexp.Regexp, s string) int {
	all := re.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return -1
	}
	return all[len(all)-1][1]
}

var (
	digitsIn = regexp.MustCompile(`\d+`)
	lotRange = regexp.MustCompile(`^\s*(\d+)\s*(?:a|-)\s*(\d+)\s*$`)
)

func lotList(text string) []string {
	if m := lotRange.FindStringSubmatch(text); m != nil {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		var list []string
		for n := from; n <= to && n < from+200; n++ {
			list = append(list, strconv.Itoa(n))
		}
		return list
	}
	return digitsIn.FindAllString(text, -1)
}

// forLot keeps the hits of the whole notice that concern a lot: all but those
// whose sentence names other lots.
func forLot(hits []hit, id string) (kept []hit) {
	number := strings.TrimLeft(lastDigits(id), "0")
	for _, h := range hits {
		mine := func(n string) bool { return strings.TrimLeft(n, "0") == number }
		if len(h.lots) == 0 || slices.ContainsFunc(h.lots, mine) {
			kept = append(kept, h)
		}
	}
	return kept
}

func lastDigits(id string) string {
	all := digitsIn.FindAllString(id, -1)
	if len(all) == 0 {
		return id
	}
	return all[len(all)-1]
}

// objectCPV are the codes of insertion itself: placement and rehabilitation of
// people (75231240 is the one French buyers use, 85312510 vocational).
var objectCPV = []nomenclatures.CPV{"75231240", "85312510"}

// strength orders the verdicts: the strongest finding names the verdict.
var strength = map[Verdict]int{NoClause: 0, ToConfirm: 1, Criterion: 2, Execution: 3, Object: 4, Reserved: 5}

// maxEvidence bounds the reasons listed for one verdict.
const maxEvidence = 8

// decide weighs what the text says against the structured flags.
func decide(hits []hit, flags []claim, cpv []nomenclatures.CPV, depth int) Social {
	s := noSocial()
	hits = proven(hits)
	for _, code := range objectCPV {
		if slices.Contains(cpv, code) {
			hits = append(hits, hit{confidence: 0.85, Evidence: Evidence{Kind: Flag, Says: Object, Field: "cpv", Quote: string(code), End: 8}})
		}
	}
	s.Verdict, s.Confidence = NoClause, silence(depth)
	for _, h := range hits {
		if strength[h.Says] > strength[s.Verdict] {
			s.Verdict, s.Confidence = h.Says, h.confidence
		} else if h.Says == s.Verdict {
			s.Confidence = max(s.Confidence, h.confidence)
		}
		s.Hours = max(s.Hours, h.hours)
		s.Evidence = append(s.Evidence, h.Evidence)
	}
	s.reserve(beneficiaries(hits)...)
	s.confront(flags)
	s.sortEvidence()
	return s
}

// beneficiaries is to whom the hits reserve: as those that name the lot say, where
// there are; an article of the law cited for the whole says less.
func beneficiaries(hits []hit) (to []Beneficiary) {
	named := func(h hit) bool { return len(h.lots) > 0 && len(h.to) > 0 }
	precise := slices.ContainsFunc(hits, named)
	for _, h := range hits {
		if h.Says == Reserved && (!precise || named(h)) {
			to = append(to, h.to...)
		}
	}
	return to
}

// silence is how sure "nothing found" is: a title alone hides most clauses.
func silence(depth int) float64 {
	switch {
	case depth < 400:
		return 0.5
	case depth < 2000:
		return 0.75
	}
	return 0.9
}

// proven drops helpers when nothing else is found.
func proven(hits []hit) []hit {
	if slices.ContainsFunc(hits, func(h hit) bool { return !h.helper }) {
		return hits
	}
	return nil
}

// confront adds the flags: one that the text supports makes the verdict surer,
// one that stands alone asks to be confirmed. A reservation is supported by a
// text that says so; where the text makes insertion what is bought, that stands
// and the flag is among the reasons. A field that says "not reserved" is heard
// where the text says the reverse only: it is what many forms hold untouched.
func (s *Social) confront(flags []claim) {
	for _, f := range flags {
		if f.says == NoClause && s.Verdict != Reserved {
			continue
		}
		s.Evidence = append(s.Evidence, Evidence{Kind: Flag, Says: f.says, Field: f.field, Quote: f.value, End: utf8.RuneCountInString(f.value)})
		switch supported := strength[s.Verdict] > strength[ToConfirm]; {
		case f.says == NoClause:
			s.Verdict, s.Confidence = ToConfirm, 0.5
		case f.says == Reserved && s.Verdict == Object:
			s.Confidence = max(s.Confidence, 0.9)
		case f.says == Reserved && s.Verdict == Reserved:
			s.Confidence = max(s.Confidence, 0.96)
			if len(s.ReservedTo) == 0 {
				s.reserve(f.to...)
			}
		case supported && f.says != Reserved:
			s.Confidence = max(s.Confidence, 0.96)
		default:
			s.Verdict, s.Confidence = ToConfirm, 0.5
			if f.says == Reserved {
				s.reserve(f.to...)
			}
		}
	}
}

func (s *Social) reserve(to ...Beneficiary) {
	s.ReservedTo = append(s.ReservedTo, to...)
	slices.Sort(s.ReservedTo)
	s.ReservedTo = slices.Compact(s.ReservedTo)
}

// sortEvidence puts the strongest reasons first and drops repetitions.
func (s *Social) sortEvidence() {
	slices.SortStableFunc(s.Evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(strength[b.Says], strength[a.Says]), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Start, b.Start))
	})
	s.Evidence = slices.Compact(s.Evidence)
	if len(s.Evidence) > maxEvidence {
		s.Evidence = s.Evidence[:maxEvidence]
	}
}

// absorb keeps the stronger verdict of a lot and its reasons.
func (s *Social) absorb(lot Social) {
	if strength[lot.Verdict] > strength[s.Verdict] {
		s.Verdict, s.Confidence = lot.Verdict, lot.Confidence
	} else if lot.Verdict == s.Verdict {
		s.Confidence = max(s.Confidence, lot.Confidence)
	}
	s.Hours = max(s.Hours, lot.Hours)
	s.reserve(lot.ReservedTo...)
	s.Evidence = append(s.Evidence, lot.Evidence...)
	s.sortEvidence()
}
