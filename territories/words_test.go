package territories

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParseWords(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for text, want := range map[string]string{
		"Drôme sauf Montélimar, et 20 km autour de Valence":      `{"any":[{"except":[{"territory":"departement:26"},{"territory":"commune:26198"}]},{"radius":{"commune":"26362","km":20}}]}`,
		"Drôme except Montélimar; 20 km around Valence":          `{"any":[{"except":[{"territory":"departement:26"},{"territory":"commune:26198"}]},{"radius":{"commune":"26362","km":20}}]}`,
		"départements 26, 07 et 38":                              `{"any":[{"territory":"departement:07"},{"territory":"departement:26"},{"territory":"departement:38"}]}`,
		"la Drôme et l'Ardèche sauf Valence":                     `{"except":[{"any":[{"territory":"departement:07"},{"territory":"departement:26"}]},{"territory":"commune:26362"}]}`,
		"within 15 km of Romans-sur-Isère in Isère":              `{"both":[{"radius":{"commune":"26281","km":15}},{"territory":"departement:38"}]}`,
		"dans un rayon de 2,5 km autour de Die":                  `{"radius":{"commune":"26113","km":2.5}}`,
		"autour de Crest, 30 km":                                 `{"radius":{"commune":"26108","km":30}}`,
		"30km autour de Romans (26)":                             `{"radius":{"commune":"26281","km":30}}`,
		"10 km autour du point 5.05 45.04":                       `{"radius":{"lon":5.05,"lat":45.04,"km":10}}`,
		"10 km autour du point -0,5 45,04":                       `{"radius":{"lon":-0.5,"lat":45.04,"km":10}}`,
		"50 km autour du Havre":                                  `{"radius":{"commune":"76351","km":50}}`,
		"20 km autour de Vienne":                                 `{"radius":{"commune":"38544","km":20}}`, // a commune: it has a point
		"la Vienne":                                              `{"territory":"departement:86"}`,
		"Saint-Denis (La Réunion)":                               `{"territory":"commune:97411"}`,
		"Saint-Denis (93)":                                       `{"territory":"commune:93066"}`,
		"Paris 12e et Lyon 3":                                    `{"any":[{"territory":"arrondissement:69383"},{"territory":"arrondissement:75112"}]}`,
		"code postal 26100":                                      `{"territory":"postal:26100"}`,
		"commune 26100":                                          `{"territory":"commune:26100"}`,
		"departement:26":                                         `{"territory":"departement:26"}`,
		"Meurthe-et-Moselle et Moselle":                          `{"any":[{"territory":"departement:54"},{"territory":"departement:57"}]}`,
		"Rhône-Alpes":                                            `{"territory":"region2015:82"}`,
		"région fédérale Rhône-Alpes":                            `{"territory":"federation2012:rhone-alpes"}`,
		"métropole de Lyon":                                      `{"territory":"epci:200046977"}`,
		"EPCI 200040459":                                         `{"territory":"epci:200040459"}`,
		"CA Territoire de la Côte Ouest (TCO)":                   `{"territory":"epci:249740101"}`,
		"départements limitrophes de la Drôme":                   `{"neighbours":"departement:26"}`,
		"Drôme au 1er janvier 2012":                              `{"on":"2012-01-01","of":{"territory":"departement:26"}}`,
		"Drôme as of 1 January 2012":                             `{"on":"2012-01-01","of":{"territory":"departement:26"}}`,
		"Drôme au 2012-01-01":                                    `{"on":"2012-01-01","of":{"territory":"departement:26"}}`,
		"toute la France sauf la Corse":                          `{"except":[{"everywhere":true},{"territory":"region:94"}]}`,
		"nulle part":                                             `{"nowhere":true}`,
		"(Drôme et Isère) dans 30 km autour de Romans-sur-Isère": `{"both":[{"any":[{"territory":"departement:26"},{"territory":"departement:38"}]},{"radius":{"commune":"26281","km":30}}]}`,
	} {
		e, err := a.ParseWords(text)
		if err != nil || e.String() != want {
			t.Errorf("%s\ngives %s, %v\nwant  %s", text, e, err, want)
		}
	}
}

func TestParseWordsRefuses(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for text, want := range map[string]string{
		"":                            "place is missing",
		"Drôme et":                    "place is missing",
		"Drôme sauf":                  "place is missing",
		"Saint-Denis":                 "commune:93066",
		"30 km autour de Romans":      "several places",
		"26100":                       "postal:26100",
		"Drôme sauf Grenoble":         "not inside what precedes",
		"Drôme sauf Valence, Ardèche": "not inside what precedes",
		"20 km autour de Nouméa":      "no representative point",
		"20 km autour de la Drôme":    "unknown place",
		"autour de Valence":           "how many",
		"Drôme Ardèche":               "not understood",
		"(Drôme":                      "closing bracket",
		"Xyzzyville":                  "unknown place",
		"Valence (75)":                "no place of this name",
		"département de Xyzzy":        "unknown place",
		strings.Repeat("(", 50) + "Drôme" + strings.Repeat(")", 50): "too many brackets",
		strings.Repeat("Drôme, ", 1000):                             "too long",
	} {
		e, err := a.ParseWords(text)
		var words *WordsError
		if !errors.As(err, &words) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q gives %s, %v; want %q", text, e, err, want)
			continue
		}
		if words.Reason.FR == "" {
			t.Errorf("%.60q: no reason in French", text)
		}
	}
}

// What is said of a perimeter is read back as the same perimeter, in both
// languages, for everything words can say.
func TestDescribeIsReadBack(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		e := anyExpr(a, 2).Draw(t, "e")
		p, err := a.Compile(e)
		if err != nil {
			t.Skip(err)
		}
		for _, lang := range []string{"fr", "en"} {
			said := a.Describe(e, lang)
			if len(said) > 4000 || strings.Contains(said, " autres") || strings.Contains(said, " others") {
				t.Skip("too long for words")
			}
			back, err := a.ParseWords(said)
			var words *WordsError
			if errors.As(err, &words) && strings.Contains(words.Reason.EN, "not inside") {
				t.Skip("takes out what is not there")
			}
			if err != nil {
				t.Fatalf("%s is said %q, which is not read: %v", e, said, err)
			}
			q, err := a.Compile(back)
			if err != nil || !p.Set.Equal(q.Set) {
				t.Fatalf("%s is said %q, which is read %s: %v", e, said, back, err)
			}
		}
	})
}

// Every territory has words of its own.
func TestEveryTerritoryIsNamedApart(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, k := range Kinds() {
		refs := a.Refs(k)
		step := max(1, len(refs)/1500)
		for i := 0; i < len(refs); i += step {
			e := In(refs[i])
			back, err := a.ParseWords(a.Describe(e, "fr"))
			if err != nil || !back.Equal(e) {
				t.Errorf("%s is said %q, which is read %s: %v", e, a.Describe(e, "fr"), back, err)
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for text, want := range map[string][2]string{
		`{"radius":{"commune":"26362","km":25}}`:  {"25 km autour de Valence", "25 km around Valence"},
		`{"radius":{"commune":"76351","km":2.5}}`: {"2,5 km autour du Havre", "2.5 km around Le Havre"},
		`{"radius":{"commune":"74010","km":10}}`:  {"10 km autour d'Annecy", "10 km around Annecy"},
		`{"territory":"commune:93066"}`:           {"Saint-Denis (93)", "Saint-Denis (93)"},
		`{"territory":"region2015:82"}`:           {"ancienne région Rhône-Alpes", "former region Rhône-Alpes"},
		`{"territory":"postal:26100"}`:            {"code postal 26100", "postal code 26100"},
		`{"except":[{"any":[{"territory":"departement:26"},{"territory":"departement:07"}]},{"territory":"commune:26198"}]}`: {"Ardèche et Drôme sauf Montélimar", "Ardèche and Drôme except Montélimar"},
		`{"on":"2012-01-01","of":{"territory":"departement:26"}}`:                                                            {"Drôme au 1er janvier 2012", "Drôme as of 1 January 2012"},
		`{"territory":"commune:99999"}`:                                            {"commune:99999", "commune:99999"},
		`{"polygon":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`: {"zone dessinée (4 sommets)", "drawn area (4 vertices)"},
	} {
		e, err := ParseExpr([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if fr, en := a.Describe(e, "fr"), a.Describe(e, "en"); fr != want[0] || en != want[1] {
			t.Errorf("%s: %q and %q, want %q", text, fr, en, want)
		}
	}
	var many []Expr
	for _, r := range a.Refs(KindDepartement)[:20] {
		many = append(many, In(r))
	}
	if got := a.Describe(AnyOf(many...), "fr"); !strings.HasSuffix(got, "et 13 autres") {
		t.Errorf("a long list is said %q", got)
	}
}

func TestParsePerimeterReadsEveryWriting(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, text := range []string{`{"territory":"departement:26"}`, " departement:26 ", "Drôme", "la Drôme", "département de la Drôme"} {
		e, err := a.ParsePerimeter(text)
		if err != nil || e.String() != `{"territory":"departement:26"}` {
			t.Errorf("%q gives %s, %v", text, e, err)
		}
	}
	if _, err := a.ParsePerimeter("departement:zz"); err == nil {
		t.Error("departement:zz is read")
	}
}

// TestTryWords: it reads what ParseWords reads, whatever the words.
func TestTryWords(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	words := strings.Fields("Drôme sauf dans et , ; ( ) 20 km autour de du la Valence Vienne Saint-Denis 26 26100 CC commune région voisins Paris 12e Lyon au 2012-01-01 zzz France")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(t, "words"), " ")
		e, err := a.ParseWords(text)
		if brief, ok := a.TryWords(text); ok != (err == nil) || brief.String() != e.String() {
			t.Fatalf("%q: %s, %v in short, %s, %v at length", text, brief, ok, e, err)
		}
	})
}

func FuzzParseWords(f *testing.F) {
	for _, s := range []string{
		"Drôme sauf Montélimar, et 20 km autour de Valence", "départements 26, 07 et 38 ; code postal 26100", "(Drôme) dans 2,5 km de Die",
		"voisins de l'Isère au 1er janvier 2012", "Paris 12e", "10 km autour du point -0.5 45.04", "Saint-Denis (93)", "CA Territoire de la Côte Ouest (TCO)",
	} {
		f.Add(s)
	}
	a := atlas(f)
	if err := a.Warm(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := a.ParseWords(s)
		if brief, ok := a.TryWords(s); ok != (err == nil) || brief.String() != e.String() {
			t.Fatalf("%q: %s, %v in short, %s, %v at length", s, brief, ok, e, err)
		}
		if err != nil {
			if !utf8.ValidString(err.Error()) && utf8.ValidString(s) {
				t.Fatalf("%q: the error is not text: %q", s, err.Error())
			}
			return
		}
		if _, err := ParseExpr([]byte(e.String())); err != nil {
			t.Fatalf("%q gives %s, which is not read: %v", s, e, err)
		}
		a.Describe(e, "en")
	})
}
