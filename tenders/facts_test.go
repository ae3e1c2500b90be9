package tenders

import (
	"slices"
	"testing"

	"maillage/territories"
)

func TestSIRET(t *testing.T) {
	t.Parallel()
	cases := []struct{ raw, siret, siren, warning string }{
		{"212 602 818 00016", "21260281800016", "212602818", ""},
		{"21260281800016", "21260281800016", "212602818", ""},
		{"SIRET : 212.602.818.00016", "21260281800016", "212602818", ""},
		{"443061841", "", "443061841", ""},
		{"FR 83 443061841", "", "443061841", ""},
		{"123 456 789", "", "123456789", WarnLuhn},
		{"21790131700013", "21790131700013", "217901317", WarnLuhn},
		{"35600000000048", "35600000000048", "356000000", ""},
		{"35600000000001", "35600000000001", "356000000", ""}, // La Poste: digits add up to a multiple of 5
		{"35600000000002", "35600000000002", "356000000", WarnLuhn},
		{"SIRET 213400906000011", "", "", WarnNotSIRET},
		{"fr105", "", "", WarnNotSIRET},
		{"00000000000000", "", "", WarnNotSIRET},
		{"", "", "", ""},
	}
	for _, c := range cases {
		if siret, siren, warning := readSIRET(c.raw); siret != c.siret || siren != c.siren || warning != c.warning {
			t.Errorf("%q: got %q %q %q, want %q %q %q", c.raw, siret, siren, warning, c.siret, c.siren, c.warning)
		}
	}
}

func TestLostCharacters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"maîtrise d'?uvre":      "maîtrise d'œuvre",
		"MAITRISE D'?UVRE":      "MAITRISE D'ŒUVRE",
		"Gros ?uvre étendu":     "Gros œuvre étendu",
		"le c?ur et les s?urs":  "le cœur et les sœurs",
		"location d?un système": "location d'un système",
		"siège de l?AP-HP":      "siège de l'AP-HP",
		"qu?il faut":            "qu'il faut",
		"Où ? Quand ?":          "Où ? Quand ?",
		"avis?q=idweb":          "avis?q=idweb",
	} {
		if got, _ := restoreMarks(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDepartements(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	for in, want := range map[string]string{"5": "05", "05": "05", "005": "05", "20A": "2A", "20b": "2B", "2A": "2A", "974": "974", "99": "", "xx": "", "": ""} {
		if got := p.departement(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"26100": "26", "20090": "2A", "20200": "2B", "97400": "974", "97150": "978", "2610": "", "98800": "988"} {
		if got := p.postcodeDepartement(in); got != want {
			t.Errorf("postcode %q: got %q, want %q", in, got, want)
		}
	}
}

func TestNUTS(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	cases := map[string][]string{
		"FRK23": {"26"}, "FR713": {"26"}, // one département, vintages 2021 and 2013
		"FRM01": {"2A"}, "FR831": {"2A"},
		"FRY40": {"974"}, "FRA40": {"974"}, "FR94": {"974"}, // and 2010
		"FRD1": {"14", "50", "61"},
		"FR":   nil, "FRZ": nil, "ITC1": nil,
	}
	for in, want := range cases {
		if got := p.nuts(in); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		in       sight
		scope    Scope
		communes int // 0: any
		deps     []string
		warning  string
	}{
		{"a NUTS 3", sight{nuts: []string{"FRK23"}}, InCommunes, 0, []string{"26"}, ""},
		{"FR alone says nothing", sight{nuts: []string{"FR"}}, PlaceUnknown, 0, nil, ""},
		{"anywhere in the country", sight{nuts: []string{"FR"}, anywhere: true}, InCountry, 0, nil, ""},
		{"a town with its postcode", sight{towns: []town{{name: "Romans sur Isere", postcode: "26100"}}}, InCommunes, 1, []string{"26"}, ""},
		{"a town refines its NUTS", sight{nuts: []string{"FRK23"}, towns: []town{{name: "Valence", postcode: "26000"}}}, InCommunes, 1, []string{"26"}, ""},
		{"a town outside its NUTS: both", sight{nuts: []string{"FRK23"}, towns: []town{{name: "Lille", postcode: "59000"}}}, InCommunes, 0, []string{"26", "59"}, WarnPlaceConflict},
		{"a CEDEX falls back on the département", sight{towns: []town{{name: "Nullepart Cedex 9", postcode: "26909"}}}, InCommunes, 0, []string{"26"}, WarnUnknownCommune},
		{"homonyms without a postcode are all kept", sight{towns: []town{{name: "Saint-Denis", postcode: ""}}}, InCommunes, 0, nil, WarnAmbiguousCommune},
		{"abroad", sight{nuts: []string{"ITC1"}, country: "ITA"}, PlaceUnknown, 0, nil, WarnForeignPlace},
		{"an unknown NUTS", sight{nuts: []string{"FRX99"}}, PlaceUnknown, 0, nil, WarnUnknownNUTS},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDraft(TED, testPlaces(t))
			p := d.place("place", c.in)
			if p.Scope != c.scope || (c.communes > 0 && p.Communes != c.communes) || (c.deps != nil && !slices.Equal(p.Departements, c.deps)) {
				t.Errorf("got %+v", p)
			}
			if (len(d.Warnings) > 0) != (c.warning != "") || (c.warning != "" && d.Warnings[0].Code != c.warning && d.Warnings[len(d.Warnings)-1].Code != c.warning) {
				t.Errorf("warnings %v, want %q", d.Warnings, c.warning)
			}
		})
	}
}

func TestCountryInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"France entière.": true, "Toute la France.": true, "France": true, "France métropolitaine.": true,
		"Ensemble du territoire national": false, "L'ensemble du territoire national": true, "Rennes.": false, "Île-de-France.": false,
	} {
		if got := saysCountry(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestEveryZoneIsKnown: each zone of the official facts is in the embedded
// database, and loaded ahead.
func TestEveryZoneIsKnown(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	for _, ref := range p.atlas.Refs(territories.KindDepartement) {
		d, ok := p.atlas.Departement(ref.Code)
		if ok && d.TimeZone != "" && zones()[d.TimeZone] == nil {
			t.Errorf("%s: zone %q is not loaded", ref.Code, d.TimeZone)
		}
	}
}
