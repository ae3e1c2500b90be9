package followup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"maillage/opportunities"
	"maillage/territories"
)

// Topic is a question that whoever weighs a call asks of its text.
type Topic string

// The topics that no field of a notice holds in a form of its own.
const (
	Visit     Topic = "visit"
	Pieces    Topic = "pieces"
	Insured   Topic = "insurance"
	Turnover  Topic = "turnover"
	Penalties Topic = "penalties"
	Duration  Topic = "duration"
)

// Topics lists them in the order of a page.
func Topics() []Topic { return []Topic{Duration, Visit, Pieces, Turnover, Insured, Penalties} }

// words are what a sentence about a topic holds, folded and whole, and what holds one
// of them and speaks of something else.
func (t Topic) words() (says, but []string) {
	switch t {
	case Visit:
		return []string{"visite", "visites"}, []string{"carte de visite", "cartes de visite", "visite medicale", "visites medicales"}
	case Pieces:
		return []string{"dc1", "dc2", "dume", "memoire technique", "memoires techniques", "attestation", "attestations", "pieces a fournir", "pieces demandees", "pieces de la candidature"},
			[]string{"attestation de port", "attestation de formation", "attestations de formation", "attestation de stage", "attestation de presence", "attestation de fin"}
	case Insured:
		return []string{"assurance", "assurances"}, []string{"assurance maladie", "assurance chomage", "assurance vieillesse", "assurance qualite", "assurance de la qualite"}
	case Turnover:
		return []string{"chiffre d affaires", "chiffres d affaires"}, nil
	case Penalties:
		return []string{"penalite", "penalites"}, nil
	case Duration:
		return []string{"duree", "durees", "reconduction", "reconductions", "reconductible", "reconductibles"},
			[]string{"duree de vie", "duree de validite", "duree de conservation", "duree de travail", "duree du travail", "longue duree", "haute duree"}
	}
	return nil, nil
}

// Mentions are the sentences of a call that speak of each topic, word for word;
// a topic of which it says nothing is not there.
func Mentions(l *opportunities.Lot) map[Topic]string {
	texts := []string{l.Description}
	if l.Opportunity != nil {
		texts = append(texts, l.Opportunity.Description)
	}
	out := map[Topic]string{}
	for _, t := range Topics() {
		says, but := t.words()
		if said := quote(texts, says, but); said != "" {
			out[t] = said
		}
	}
	return out
}

// longestMention is how many characters of a sentence are told.
const longestMention = 240

// Quote is the first sentence of some texts that holds one of some words, whole
// and in a row; empty where none does.
func Quote(texts []string, words ...string) string { return quote(texts, words, nil) }

// quote is the first sentence of some texts that says one of some words, but not
// within one of others.
func quote(texts, says, but []string) string {
	in, out := phrases(says), phrases(but)
	for _, text := range texts {
		for _, sentence := range sentences(text) {
			tokens := tokensOf(sentence)
			for i := range tokens {
				if n := longest(tokens[i:], in); n > 0 && !within(tokens, i, out) {
					return around(sentence, tokens[i].from, tokens[i+n-1].to)
				}
			}
		}
	}
	return ""
}

// token is a word of a sentence, folded, and the bytes where it stands.
type token struct {
	word     string
	from, to int
}

// tokensOf are the words of a sentence as territories.Fold tells them apart, but that
// what is folded to nothing or to two words stays where it is read.
func tokensOf(sentence string) (out []token) {
	end := 0
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	for word := range strings.FieldsFuncSeq(sentence, func(r rune) bool { return !letter(r) }) {
		from := end + strings.Index(sentence[end:], word)
		end = from + len(word)
		for folded := range strings.FieldsSeq(territories.Fold(word)) {
			out = append(out, token{folded, from, end})
		}
	}
	return out
}

func phrases(all []string) (out [][]string) {
	for _, one := range all {
		if p := strings.Fields(territories.Fold(one)); len(p) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// longest is how many words the longest phrase has that begins some tokens; 0: none does.
func longest(tokens []token, all [][]string) (n int) {
	for _, p := range all {
		if len(p) > n && len(p) <= len(tokens) && slices.EqualFunc(p, tokens[:len(p)], func(w string, t token) bool { return w == t.word }) {
			n = len(p)
		}
	}
	return n
}

// within tells whether a token is part of one of some phrases.
func within(tokens []token, at int, all [][]string) bool {
	for from := 0; from <= at; from++ {
		if from+longest(tokens[from:], all) > at {
			return true
		}
	}
	return false
}

// sentences cuts a text at its lines, and after a full stop that a space follows.
func sentences(text string) (out []string) {
	for line := range strings.SplitSeq(text, "\n") {
		rest := line
		for {
			head, tail, more := strings.Cut(rest, ". ")
			if more {
				head += "."
			}
			if head = strings.TrimSpace(head); head != "" {
				out = append(out, head)
			}
			if !more {
				break
			}
			rest = tail
		}
	}
	return out
}

// led is how many characters of a long sentence are told before its word.
const led = longestMention / 3

// around cuts a long sentence between its words so that the bytes from and to stay,
// and says where it was cut.
func around(sentence string, from, to int) string {
	runes := []rune(sentence)
	if len(runes) <= longestMention {
		return sentence
	}
	first, last := utf8.RuneCountInString(sentence[:from]), utf8.RuneCountInString(sentence[:to])
	begin := 0
	if last > longestMention {
		for begin = max(0, first-led); begin < first && begin > 0 && !unicode.IsSpace(runes[begin-1]); {
			begin++
		}
	}
	end := min(len(runes), begin+longestMention)
	for end < len(runes) && end > last && !unicode.IsSpace(runes[end]) {
		end--
	}
	said := strings.TrimSpace(string(runes[begin:end]))
	if begin > 0 {
		said = "… " + said
	}
	if end < len(runes) {
		said += " …"
	}
	return said
}
