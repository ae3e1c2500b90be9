package followup

import (
	"strings"
	"testing"
	"unicode/utf8"

	"maillage/opportunities"
)

func TestACallIsQuotedWordForWord(t *testing.T) {
	t.Parallel()
	l := &opportunities.Lot{Description: "Tonte et taille. Une visite du site est obligatoire le 27 novembre à 9 h 30.\nPénalités : 150 € par jour de retard",
		Opportunity: &opportunities.Opportunity{Description: "Le candidat remet DC1, DC2 et une attestation d’assurance. Le chiffre d’affaires n’est pas plafonné."}}
	got := Mentions(l)
	for topic, want := range map[Topic]string{
		Visit:     "Une visite du site est obligatoire le 27 novembre à 9 h 30.",
		Penalties: "Pénalités : 150 € par jour de retard",
		Pieces:    "Le candidat remet DC1, DC2 et une attestation d’assurance.",
		Turnover:  "Le chiffre d’affaires n’est pas plafonné.",
	} {
		if got[topic] != want {
			t.Errorf("%s: %q, want %q", topic, got[topic], want)
		}
	}
	if said, there := got[Duration]; there {
		t.Errorf("a duration that nobody said: %q", said)
	}
}

// What is quoted is of the text, whatever the text.
func FuzzMention(f *testing.F) {
	for _, s := range []string{"Visite obligatoire. Le reste.", "VISITE", strings.Repeat("visite ", 80), "a. \n. visite\u00a0: non", "\xffvisite. "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said := mention(text, Visit.words())
		if utf8.ValidString(text) && !strings.Contains(text, strings.TrimSuffix(said, " …")) {
			t.Errorf("%q is not in %q", said, text)
		}
		if utf8.RuneCountInString(said) > longestMention+2 {
			t.Errorf("%d characters", utf8.RuneCountInString(said))
		}
	})
}
