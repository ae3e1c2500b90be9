package territories

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for query, want := range map[string]string{
		"saint-étienne":                    "commune:42218",
		"ST ETIENNE":                       "commune:42218",
		"Ste-Foy-la-Grande":                "commune:33402",
		"rochelle":                         "commune:17300", // the article left out
		"la rochelle":                      "commune:17300",
		"romans isere":                     "commune:26281",
		"romans-sur-i":                     "commune:26281",
		"valence":                          "commune:26362",
		"valence (Tarn-et-Garonne)":        "commune:82186",
		"valence 82":                       "commune:82186",
		"saint denis 93":                   "commune:93066",
		"saint denis":                      "commune:97411", // the most populated
		"26100":                            "postal:26100",
		"26100 romans":                     "commune:26281",
		"26362":                            "commune:26362",
		"2a":                               "departement:2A",
		"2A004":                            "commune:2A004",
		"drome":                            "departement:26",
		"auvergne rhone alpes":             "region:84",
		"200068781":                        "epci:200068781",
		"communauté de communes du royans": "epci:200067767",
		"plaine commune":                   "ept:200057867",
		"paris 12":                         "arrondissement:75112",
		"marsielle":                        "epci:200054807", // a slip: what holds the word, by population
		"œuilly":                           "commune:51410",
		"l'hay les roses":                  "commune:94038",
	} {
		hits := a.Search(query, SearchOptions{})
		if len(hits) == 0 || hits[0].Ref.String() != want {
			t.Errorf("%q gives %v, want %s first", query, hits, want)
		}
	}
}

func TestSearchOptions(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, h := range a.Search("rhone", SearchOptions{Limit: 100}) {
		if h.Ref.Kind == KindRegion2015 || h.Ref.Kind == KindFederation2012 {
			t.Errorf("%s is found without being asked for", h.Ref)
		}
	}
	old := a.Search("rhone alpes", SearchOptions{Kinds: []Kind{KindRegion2015}})
	if len(old) != 1 || old[0].Ref.String() != "region2015:82" {
		t.Errorf("the old région: %v", old)
	}
	for _, h := range a.Search("saint", SearchOptions{Departement: "26", Limit: 500}) {
		if h.Departement != "26" {
			t.Errorf("%v is not in the Drôme", h)
		}
	}
	if n := len(a.Search("saint", SearchOptions{Limit: 500})); n != 100 {
		t.Errorf("%d results at most", n)
	}
	for _, q := range []string{"", "  ", "-", strings.Repeat("a ", 300), "xqzwkj"} {
		if hits := a.Search(q, SearchOptions{}); len(hits) != 0 {
			t.Errorf("%q gives %v", q, hits)
		}
	}
}

// Homonyms come with their départements, the best match first, then the most
// populated.
func TestSearchHomonyms(t *testing.T) {
	t.Parallel()
	hits := atlas(t).Search("Saint-Denis", SearchOptions{Kinds: []Kind{KindCommune}, Limit: 4})
	var got []string
	for _, h := range hits {
		got = append(got, h.Name+" "+h.Departement)
	}
	if want := "Saint-Denis 974, Saint-Denis 93, Saint-Denis 11, Saint-Denis 30"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// Any beginning of each word of a name finds it, whatever the accents, the
// case and the hyphens.
func TestSearchCompletes(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	x := a.names()
	rapid.Check(t, func(t *rapid.T) {
		e := x.entries[rapid.IntRange(0, len(a.communes)-1).Draw(t, "commune")]
		var words []string
		for _, w := range strings.Fields(e.folded) {
			words = append(words, w[:rapid.IntRange(1, len(w)).Draw(t, "letters")])
		}
		if len(words) > 12 {
			t.Skip("too many words")
		}
		for _, id := range x.matching(words) {
			if x.entries[id].ref == e.ref {
				return
			}
		}
		t.Fatalf("%v does not find %s", words, e.name)
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Saint-Étienne": "saint etienne", "ST ETIENNE": "saint etienne", "Ste.-Foy": "sainte foy", "L'Haÿ-les-Roses": "l hay les roses",
		"Œuilly": "oeuilly", "  A  B ": "a b", "Saint-Denis (La Réunion)": "saint denis la reunion", "": "", "Stains": "stains", "Æ": "ae",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if f := Fold(s); Fold(f) != f {
			t.Fatalf("%q folds to %q, then to %q", s, f, Fold(f))
		}
	})
}

func TestLocate(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, c := range []struct {
		name, postcode string
		want           CommuneCode
	}{
		{"Valence", "26000", "26362"},
		{"VALENCE", "82400", "82186"},
		{"ROMANS SUR ISERE", "26100", "26281"},
		{"Romans", "26100", "26281"}, // cut short
		{"ST ETIENNE", "42000", "42218"},
		{"PARIS", "75012", "75056"}, // rolled up
		{"Paris 12e", "75012", "75056"},
		{"MARSEILLE 06", "13006", "13055"},
		{"Lyon 3ème arrondissement", "69003", "69123"},
		{"Grenoble Cedex 9", "38031", "38185"}, // not an official code
		{"BERCK SUR MER", "62600", "62108"},    // said at length
		{"Venables", "27940", "27676"},         // a former commune
		{"Pont Farcy", "14380", "50592"},       // which changed département
		{"Rochelle", "17000", "17300"},
		{"Villeurbane", "69100", "69266"}, // misspelled
		{"Ajaccio", "20000", "2A004"},
		{"AJACCIO CEDEX 1", "20187", "2A004"},
	} {
		ord, others, ok := a.Locate(c.name, c.postcode)
		if !ok || a.Commune(ord).Code != c.want {
			t.Errorf("%s %s: %v %s, others %v", c.postcode, c.name, ok, a.Commune(ord).Code, others)
		}
	}
}

func TestLocateNeverGuesses(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, c := range []struct{ name, postcode, among string }{
		{"Saint-Denis", "", "93066"},              // homonyms
		{"Nantes", "13009", "44109"},              // the two contradict each other
		{"Nulle-Part-les-Oies", "26100", "26281"}, // an unknown name in a known code
		{"", "26100", "26281"},
	} {
		ord, others, ok := a.Locate(c.name, c.postcode)
		if ok {
			t.Errorf("%s %s is placed in %s", c.postcode, c.name, a.Commune(ord).Name)
		}
		found := false
		for _, o := range others {
			found = found || string(a.Commune(o).Code) == c.among
		}
		if !found {
			t.Errorf("%s %s: %s is not proposed", c.postcode, c.name, c.among)
		}
	}
	if _, others, ok := a.Locate("", ""); ok || len(others) > 0 {
		t.Error("nothing is placed somewhere")
	}
}

func TestLocateFindsEveryCommune(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	missed := 0
	for i := range a.Len() {
		c := a.Commune(i)
		for _, p := range c.Postal {
			ord, others, ok := a.Locate(c.Name, p)
			if ok && ord != i {
				t.Errorf("%s %s is placed in %s", p, c.Name, a.Commune(ord).Code)
			}
			if !ok {
				missed++
				if len(others) < 2 {
					t.Errorf("%s %s is not placed, and not for a homonym", p, c.Name)
				}
			}
		}
	}
	if missed > 20 {
		t.Errorf("%d communes are not placed by their own name and postal code", missed)
	}
	t.Logf("%d homonyms share a postal code", missed)
}
