package nomenclatures

import (
	"slices"
	"strings"
	"testing"
)

func TestSearchByEverydayWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		scheme Scheme
		words  string
		want   string // among the first three
	}{
		{SchemeSector, "ménage", "nettoyage-locaux"},
		{SchemeSector, "menage", "aide-menagere"},
		{SchemeSector, "espaces verts", "espaces-verts"},
		{SchemeSector, "ESPACE VERT", "espaces-verts"},
		{SchemeSector, "repas", "restauration-collective"},
		{SchemeSector, "traiteur", "traiteur"},
		{SchemeSector, "bennes", "dechets-autre"},
		{SchemeSector, "recyclerie", "recyclage-autre"},
		{SchemeSector, "déménageur", "demenagement"},
		{SchemeSector, "intérimaires", "interim-insertion"},
		{SchemeSector, "cleaning of premises", "nettoyage-locaux"},
		{SchemeSector, "travaux de peinture", "peinture"},
		{SchemeSector, "nettoyage des locaux", "nettoyage-locaux"},
		{SchemeSector, "maraîch", "maraichage"},
		{SchemeROME, "femme de ménage", "K1304"},
		{SchemeROME, "peintre en bâtiment", "F1606"},
		{SchemeROME, "cuisinière", "G1602"},
		{SchemeROME, "cariste", "N1101"},
		{SchemeROME, "caissière", "D1505"},
		{SchemeROME, "jardinier", "A1203"},
		{SchemeROME, "maçon", "F1703"},
		{SchemeROME, "aide à domicile", "K1304"},
		{SchemeROME, "chauffeur livreur", "N4105"},
		{SchemeROME, "k2204", "K2204"},
		{SchemeCPV, "ménage", "90910000"},
		{SchemeCPV, "espaces verts", "77310000"},
		{SchemeCPV, "travaux de peinture", "45442000"},
		{SchemeCPV, "traiteur", "55520000"},
		{SchemeCPV, "90911200-8", "90911200"},
		{SchemeCPV, "menuiserie", "45421000"},
		{SchemeCPV, "déménageur", "98392000"},
		{SchemeDescriptor, "nettoyage", "239"},
		{SchemeNAF, "81.21Z", "8121Z"},
		{SchemeNAF, "traiteurs", "5621Z"},
	}
	for _, tt := range tests {
		found := Search(tt.scheme, tt.words, 3)
		if !slices.ContainsFunc(found, func(f Found) bool { return f.Code.Value == tt.want }) {
			t.Errorf("Search(%s, %q) = %v, want %s", tt.scheme, tt.words, found, tt.want)
		}
	}
}

func TestSearchAnswersInOrder(t *testing.T) {
	t.Parallel()
	for _, scheme := range Schemes() {
		for _, words := range []string{"nettoyage", "travaux de bâtiment", "transport", "r", "", "zzzzz", "de la", "(((", "aide"} {
			found := Search(scheme, words, 0)
			if len(found) > 20 {
				t.Errorf("Search(%s, %q) gives %d answers", scheme, words, len(found))
			}
			seen := map[Code]bool{}
			for i, f := range found {
				if f.Score <= 0 || f.Score > 1 || f.Label == "" || f.Matched == "" || seen[f.Code] || f.Code.Scheme != scheme {
					t.Errorf("Search(%s, %q): answer %d is %+v", scheme, words, i, f)
				}
				if i > 0 && f.Score > found[i-1].Score {
					t.Errorf("Search(%s, %q): %v before %v", scheme, words, found[i-1], f)
				}
				seen[f.Code] = true
			}
			if again := Search(scheme, words, 0); !slices.Equal(found, again) {
				t.Errorf("Search(%s, %q) differs the second time", scheme, words)
			}
		}
	}
	if Search("colour", "blue", 3) != nil {
		t.Error("an unknown scheme answers")
	}
}

// "repas" is a word: what merely begins so comes after.
func TestAFinishedWordIsNotABeginning(t *testing.T) {
	t.Parallel()
	found := Search(SchemeSector, "repas", 4)
	if slices.ContainsFunc(found, func(f Found) bool { return f.Code.Value == "repassage" || f.Code.Value == "reparation-autre" }) {
		t.Errorf("Search(repas) = %v", found)
	}
	long := Search(SchemeSector, strings.Repeat("nettoyage ", 10000), 3)
	if len(long) == 0 || long[0].Code.Value != "nettoyage-locaux" {
		t.Errorf("a very long query gives %v", long)
	}
}

func TestEveryLabelFindsItself(t *testing.T) {
	t.Parallel()
	for _, s := range Sectors() {
		found := Search(SchemeSector, s.FR, 5)
		if !slices.ContainsFunc(found, func(f Found) bool { return f.Code.Value == string(s.Code) }) {
			t.Errorf("%q does not find %s: %v", s.FR, s.Code, found)
		}
	}
	for _, c := range tables().romeCodes {
		found := Search(SchemeROME, c.Label(), 5)
		if !slices.ContainsFunc(found, func(f Found) bool { return f.Code.Value == string(c) }) {
			t.Errorf("%q does not find %s", c.Label(), c)
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"bennes": "benne", "travaux": "traval", "locaux": "local", "jeux": "jeu", "eaux": "eau",
		"bureaux": "bureau", "bus": "bus", "presse": "presse", "verts": "vert", "velos": "velo", "gaz": "gaz",
	} {
		if got := stem(word); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}
