package questions

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A number or an address of somebody is found however it is written; the numbers of
// laws, dates, amounts and rates are not those of somebody.
func TestNumbersOfSomebody(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Le SIREN 732829320 est le vôtre.":       "732829320",
		"SIREN 732 829 320.":                     "732 829 320",
		"SIREN 732\u202f829\u202f320.":           "732 829 320",
		"SIREN 732.829.320":                      "732.829.320",
		"SIREN ７３２８２９３２０":                        "732829320",
		"SIREN 732\u200b829320":                  "732829320",
		"SIRET 73282932000074":                   "73282932000074",
		"SIRET 732 829 320 00074":                "732 829 320",
		"TVA FR44732829320":                      "44732829320",
		"en 2024 732 829 320 fut":                "732 829 320",
		"Au 04 75 01 02 03.":                     "04 75 01 02 03",
		"Au 04.75.01.02.03.":                     "04.75.01.02.03",
		"Au 0475010203, le soir":                 "0475010203",
		"Au 0475 010 203":                        "0475 010 203",
		"Au +33 (0)4 75 01 02 03":                "+33 (0)4 75 01 02 03",
		"Au 00 33 4 75 01 02 03":                 "00 33 4 75 01 02 03",
		"Écrire à Alix.Roux@example.org vite":    "Alix.Roux@example.org",
		"alix (at) example.org":                  "alix (at) example.org",
		"Le 2 85 05 78 006 084 36 le dit":        "2 85 05 78 006 084 36",
		"NIR 285052A00608436":                    "285052A00608436",
		"NIR 2850578006084":                      "2850578006084",
		"IBAN FR76 3000 6000 0112 3456 7890 189": "FR76 3000 6000 0112 3456 7890 189",
		"IBAN FR7630006000011234567890189":       "FR7630006000011234567890189",
	} {
		if got := numbersIn(text); !slices.Contains(got, want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"Article L. 5132-15-1 du code du travail, décret n° 2021-1128 du 30 août 2021.", "Du 01/01/2024-31/12/2024, ou 01.01.2024-31.12.2024.", "Le 28-11-2021 à 10 h 30.",
		"Un plafond de 221 000 euros, puis 5 538 000 euros hors taxes.", "SIREN 732 829 321 n’a pas de clé juste.", "La circulaire DGEFP 2005/37, page 12 345.", "1 607 heures, 35 h, 24 mois, 60 %.",
		"Réponse du 3 mars 2024, 2 lots, 12 places, 1er juin.", "CPV 77310000-6 et 90910000", "Code ROME A1203, NAF 81.30Z", "",
	} {
		if got := numbersIn(text); len(got) > 0 {
			t.Errorf("%q: found %q", text, got)
		}
	}
}

// A name is found after a civility, or where a first name is beside a surname.
func TestNamesOfSomebody(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Demandé par M. Fontanel.":             "M. Fontanel",
		"Selon Mme d’Ormesson, oui":            "Mme d’Ormesson",
		"Monsieur de La Tour dit":              "Monsieur de La Tour",
		"madame Roux":                          "madame Roux",
		"Voir Me Dupont-Moretti, avocat":       "Me Dupont-Moretti",
		"Le Dr. Martin":                        "Dr. Martin",
		"Alix ROUX demande":                    "Alix ROUX",
		"ROUX Alix demande":                    "ROUX Alix",
		"Jean-Pierre Fontanel demande":         "Jean-Pierre Fontanel",
		"Nous avons reçu Zélie\u00a0FONTANEL.": "Zélie FONTANEL",
		"Éloïse Barthe l’a dit":                "Éloïse Barthe",
	} {
		if got := NamesIn(text); !slices.Contains(got, want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"Quand un salarié en CDDI peut-il prendre ses congés ?", "Les SIAE et la DREETS Auvergne-Rhône-Alpes.", "M. X et Mme A. sont en CDDI.", "Me voici. Madame, Monsieur, bonjour.",
		"Le Code du travail, Pôle emploi, la Cour de cassation.", "Une SCIC SARL, une ACI ETTI.", "OUI, NON", "", "Article L. 5132-2", "Exonérée. Contrat CDDI.",
	} {
		if got := NamesIn(text); len(got) > 0 {
			t.Errorf("%q: found %q", text, got)
		}
	}
	if !slices.IsSorted(firstNames) || !slices.IsSorted(slices.Compact(slices.Clone(firstNames))) {
		t.Error("the first names are not in order")
	}
}

// Whatever is typed, something is answered, and what is told is words of the text.
func FuzzPersonal(f *testing.F) {
	for _, s := range []string{"SIREN 732 829 320", "M. Fontanel", "FR76 3000 6000 0112 3456 7890 189", "Alix ROUX", "+33 4 75 01 02 03", "\xff\x00’’-- Me D’", "é@é.é", strings.Repeat("0 ", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		seen := strings.Join(strings.Fields(plainly(s)), " ")
		for _, w := range append(numbersIn(s), NamesIn(s)...) {
			if w == "" || !utf8.ValidString(w) || !strings.Contains(seen, strings.Join(strings.Fields(w), " ")) {
				t.Errorf("%q is told of %q", w, s)
			}
		}
	})
}
