package nomenclatures

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSearchByEverydayWords(t *testing.T) {
	t.Parallel()
	for _, tt := range cases(t, "search.tsv", 3) {
		scheme, words, want := Scheme(tt[0]), tt[1], tt[2]
		found := Search(scheme, words, 3)
		if !slices.ContainsFunc(found, func(f Found) bool { return f.Code.Value == want }) {
			t.Errorf("Search(%s, %q) = %v, want %s", scheme, words, found, want)
		}
	}
}

// cases reads a table of testdata.
func cases(t *testing.T, file string, fields int) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	err = eachRow(file, string(text), fields, func(row []string) error {
		out = append(out, slices.Clone(row))
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %d cases, %v", file, len(out), err)
	}
	return out
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
