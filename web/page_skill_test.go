package web

import (
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
)

// TestTheWordIsReadFromWhatIsShown: the page of an occupation shows the two sides
// that its word compares, of the same areas, and nothing asked is written as nothing.
func TestTheWordIsReadFromWhatIsShown(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Officer)
	compared := regexp.MustCompile(`Ce que compare le mot, dans .*Valence.* en entier : (aucun poste|\d+ postes?)( et (environ \d+(,\d)?|moins de 0,1) ETP déduits)? sur la période, face à (\d+ à \d+ personnes|personne) qui y viv`)
	for _, code := range []string{"K2202", "K2203", "K2204", "D1212"} {
		a := v.get("/competences/" + code + "?ou=Valence").ok().says("Le mot compare ce que ces intercommunalités entières demandent")
		if seen := strings.ReplaceAll(text(a.body), nbsp, " "); !compared.MatchString(seen) {
			t.Errorf("%s does not say what its word compares", code)
		}
	}
	for _, path := range []string{"/competences?ou=Valence", "/competences/K2202?ou=Valence"} {
		if seen := text(v.get(path).ok().body); regexp.MustCompile(`environ 0\s+ETP`).MatchString(seen) {
			t.Errorf("%s writes something asked as nothing", path)
		}
	}
}
