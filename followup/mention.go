package followup

import (
	"strings"
	"unicode"

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

// words are what a sentence about a topic holds, folded.
func (t Topic) words() []string {
	return map[Topic][]string{
		Visit:     {"visite"},
		Pieces:    {"dc1", "dc2", "dume", "memoire technique", "attestation", "pieces a fournir", "pieces demandees", "pieces de la candidature"},
		Insured:   {"assurance"},
		Turnover:  {"chiffre d'affaires", "chiffre d affaires"},
		Penalties: {"penalite"},
		Duration:  {"duree", "reconduction", "reconductible"},
	}[t]
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
		for _, text := range texts {
			if said := mention(text, t.words()); said != "" {
				out[t] = said
				break
			}
		}
	}
	return out
}

// longestMention is how many characters of a sentence are told.
const longestMention = 240

// mention is the first sentence of a text that holds one of some words.
func mention(text string, words []string) string {
	for _, sentence := range sentences(text) {
		folded := strings.ReplaceAll(territories.Fold(sentence), "’", "'")
		for _, w := range words {
			if strings.Contains(folded, territories.Fold(w)) {
				return shortened(sentence)
			}
		}
	}
	return ""
}

// Quote is the first sentence of some texts that holds one of some words, whole
// and in a row; empty where none does.
func Quote(texts []string, words ...string) string {
	for _, text := range texts {
		for _, sentence := range sentences(text) {
			folded := " " + territories.Fold(sentence) + " "
			for _, w := range words {
				if strings.Contains(folded, " "+territories.Fold(w)+" ") {
					return shortened(sentence)
				}
			}
		}
	}
	return ""
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

// shortened cuts a sentence at a word, and says so.
func shortened(sentence string) string {
	runes := []rune(sentence)
	if len(runes) <= longestMention {
		return sentence
	}
	end := longestMention
	for end > 0 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if end == 0 {
		end = longestMention
	}
	return strings.TrimSpace(string(runes[:end])) + " …"
}
