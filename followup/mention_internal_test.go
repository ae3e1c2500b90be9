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

func TestAWordOfSomethingElseIsNotQuoted(t *testing.T) {
	t.Parallel()
	for text, topic := range map[string]Topic{
		"Nettoyage du hall d’accueil des visiteurs.":                            Visit,
		"Entretien des locaux de la caisse primaire d’assurance maladie.":       Insured,
		"Peinture à haute durée de vie.":                                        Duration,
		"Clause pour les demandeurs d’emploi de longue durée.":                  Duration,
		"Chaque agent a une attestation de port du badge.":                      Pieces,
		"Une salle d’attente pour les dépenalitésations.":                       Penalties,
		"Le titulaire tient un plan d’assurance de la qualité, sans autre mot.": Insured,
	} {
		if said, there := Mentions(&opportunities.Lot{Description: text})[topic]; there {
			t.Errorf("%s: %q", topic, said)
		}
	}
	both := "Locaux de l’assurance maladie : une assurance décennale est demandée."
	if got := Mentions(&opportunities.Lot{Description: both})[Insured]; got != both {
		t.Errorf("both: %q", got)
	}
}

// A long sentence is cut around its word, between two words.
func TestALongSentenceIsCutAroundItsWord(t *testing.T) {
	t.Parallel()
	before := strings.Repeat("Prestations d’entretien des espaces verts communaux ; ", 6)
	for name, c := range map[string]struct{ text, holds, ends string }{
		"late":   {before + "visite obligatoire le 12 décembre 2026 à 9 h", "visite obligatoire le 12 décembre 2026 à 9 h", ""},
		"middle": {before + "visite obligatoire ; " + before, "visite obligatoire ; ", " …"},
		"first":  {"Visite obligatoire ; " + before, "Visite obligatoire ; ", " …"},
	} {
		got := Mentions(&opportunities.Lot{Description: c.text})[Visit]
		if !strings.Contains(got, c.holds) || !strings.HasSuffix(got, c.ends) || strings.HasPrefix(got, "… ") == (name == "first") {
			t.Errorf("%s: %q", name, got)
		}
		if bare := strings.TrimPrefix(strings.TrimSuffix(got, " …"), "… "); !strings.Contains(" "+c.text+" ", " "+bare+" ") {
			t.Errorf("%s is cut within a word: %q", name, got)
		}
	}
}

// What is quoted is of the text, whatever the text.
func FuzzMention(f *testing.F) {
	for _, s := range []string{"Visite obligatoire. Le reste.", "VISITE", strings.Repeat("visite ", 80), "a. \n. visite\u00a0: non", "\xffvisite. ", strings.Repeat("é", 300) + " visite " + strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		says, but := Visit.words()
		said := quote([]string{text}, says, but)
		if utf8.ValidString(text) && !strings.Contains(text, strings.TrimPrefix(strings.TrimSuffix(said, " …"), "… ")) {
			t.Errorf("%q is not in %q", said, text)
		}
		if utf8.RuneCountInString(said) > longestMention+4 {
			t.Errorf("%d characters", utf8.RuneCountInString(said))
		}
	})
}
