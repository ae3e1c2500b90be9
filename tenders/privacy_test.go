//nolint:misspell // the words are French
package tenders

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// TestMask: people go, what looks like them stays. Every name here is made up.
func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Écrire à marches@ville.example.":              "Écrire à [adresse masquée].",
		"Odile Zabuth <o.zabuth@ville.example> répond": "[nom masqué] [adresse masquée] répond",
		"Tél. 04 75 00 11 22, fax 0475001133":          "Tél. [téléphone masqué], fax [téléphone masqué]",
		"Tél : +33 475001122":                          "Tél : [téléphone masqué]",
		"04.75.00.11.22 ou 04-75-00-11-22":             "[téléphone masqué] ou [téléphone masqué]",
		"Contacter Mme Odile ZABUTH, présidente":       "Contacter Mme [nom masqué], présidente",
		"M. Zabuth":                                         "M. [nom masqué]",
		"M.ZABUTH et Monsieur de Zabuth":                    "M.[nom masqué] et Monsieur [nom masqué]",
		"Madame O. Zabuth-Perrel, cheffe":                   "Madame [nom masqué], cheffe",
		"Mme la Présidente, Odile ZABUTH":                   "Mme la Présidente, [nom masqué]",
		"M. le Maire":                                       "M. le Maire",
		"Monsieur Le Maire de Die":                          "Monsieur Le Maire de Die",
		"MADAME LA PRESIDENTE":                              "MADAME LA PRESIDENTE",
		"Mme la Présidente du Conseil départemental":        "Mme la Présidente du Conseil départemental",
		"Madame, Monsieur, Le pli":                          "Madame, Monsieur, Le pli",
		"surface 300 M2, marché M2, S.E.M. Ville Nouvelle":  "surface 300 M2, marché M2, S.E.M. Ville Nouvelle",
		"lot M Peinture":                                    "lot M Peinture",
		"le 01/02/2026 08:00 ou le 01.02.2026":              "le 01/02/2026 08:00 ou le 01.02.2026",
		"SIRET 21260113500016, 26000 Valence, 1 000 000,00": "SIRET 21260113500016, 26000 Valence, 1 000 000,00",
		"https://marches.example/avis/1234567890":           "https://marches.example/avis/1234567890",
	} {
		if got := mask(text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
		if again := mask(mask(text)); again != mask(text) {
			t.Errorf("%q masked twice: %q", text, again)
		}
	}
}

func TestMaskBuyer(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"OPH 99 - Mme Odile Zabuth, Présidente":                "OPH 99",
		"Ville de Die (M. le Maire)":                           "Ville de Die",
		"Ville de Die - marches@ville.example":                 "Ville de Die",
		"SICTOM, tél. 04 75 00 11 22":                          "SICTOM",
		"Mairie de Saint-Martin - Service des marchés":         "Mairie de Saint-Martin - Service des marchés",
		"Monsieur le Maire de Die":                             "Monsieur le Maire de Die",
		"SICTOM Téléphone : 04 75 00 11 22 Mail : a@b.example": "SICTOM",
		"a@b.example": "[nom masqué]",
		"Communauté de communes, représentée par M. Lui": "Communauté de communes",
	} {
		if got := maskBuyer(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestNobodyStored: a notice keeps nobody, and what a clause quotes stands in
// the masked text at its place.
func TestNobodyStored(t *testing.T) {
	t.Parallel()
	rec := boampRecord("26-1", "APPEL_OFFRE", "INITIAL", "", map[string]any{
		"nomacheteur": "Ville de Die - Mme Odile Zabuth",
		"objet":       "Tri (Mme Odile ZABUTH, 04 75 00 11 22, o@die.example). Marché réservé aux structures d’insertion par l’activité économique",
	})
	n, err := testParser(t).Parse([]byte(rec))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(n)
	for _, gone := range []string{"Zabuth", "ZABUTH", "o@die", "75 00"} {
		if strings.Contains(string(raw), gone) {
			t.Errorf("%q is stored: %s", gone, raw)
		}
	}
	for _, e := range n.Social.Evidence {
		if runes := []rune(n.Title); e.Field == "title" && string(runes[e.Start:e.End]) != e.Quote {
			t.Errorf("quoted %q", e.Quote)
		}
	}
	if n.Social.Verdict != Reserved || n.Buyer.Name != "Ville de Die" {
		t.Errorf("%+v %+v", n.Social, n.Buyer)
	}
}

// TestSamplesNameNobody looks, by patterns of its own, for people in every real notice.
func TestSamplesNameNobody(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	mail := regexp.MustCompile(`[\w.-]+@[\w-]+\.\w`)
	phone := regexp.MustCompile(`\b0[1-9](?:[ .-]\d\d){4}\b`)
	name := regexp.MustCompile(`(?:^|[\s(,;"])(?:M\.|Mr|Mme|MME|Mlle|Monsieur|Madame) (\p{Lu}\p{L}+)`)
	for rec := range testParser(t).Walk(context.Background(), filepath.Join(dir, "eforms"), filepath.Join(dir, "boamp")) {
		if rec.Err != nil {
			continue
		}
		raw, err := json.Marshal(rec.Notice)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range append(mail.FindAllString(string(raw), 3), phone.FindAllString(string(raw), 3)...) {
			t.Errorf("%s %s: %s", filepath.Base(rec.Path), rec.Notice.ID, found)
		}
		for _, m := range name.FindAllStringSubmatch(string(raw), 3) {
			if !isFunction(m[1]) {
				t.Errorf("%s %s: %s", filepath.Base(rec.Path), rec.Notice.ID, m[0])
			}
		}
	}
}
