package tenders

import (
	"slices"
	"testing"
)

// TestWrittenPlaces reads the ways in which notices write a place.
func TestWrittenPlaces(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	cases := []struct {
		text         string
		communes     int
		departements []string // nil when the text must not be read
	}{
		{"Lafrançaise 82130", 1, []string{"82"}},
		{"commune de Crest", 1, []string{"26"}},
		{"Paris 18e arrondissement", 1, []string{"75"}},
		{"18e arrondissement de Paris", 1, []string{"75"}},
		{"26", 362, []string{"26"}},
		{"20A", 124, []string{"2A"}},
		{"Haute-Corse (20B)", 236, []string{"2B"}},
		{"Drôme, Ardèche et Isère", 1209, []string{"07", "26", "38"}},
		{"départements de la Drôme et de l'Ardèche", 697, []string{"07", "26"}},
		{"l'ensemble du département de la Drôme", 362, []string{"26"}},
		{"sur le territoire de la communauté de communes du Diois", 50, []string{"26"}},
		{"Communauté de Communes de la Vallée de la Doller et du Soultzbach", 15, []string{"68"}},
		{"Métropole de Lyon", 58, []string{"69"}},
		{"toute la région Occitanie", 4446, []string{"09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"}},
		{"Rhône-Alpes", 2738, []string{"01", "07", "26", "38", "42", "69", "73", "74"}},
		{"région Limousin", 0, []string{"19", "23", "87"}},
		{"dans un rayon de 20 km autour de Valence", 71, []string{"07", "26"}},
		{"Île de La Réunion", 24, []string{"974"}},
		{"Mayotte", 17, []string{"976"}},
		{"Saint-Pierre-et-Miquelon", 2, []string{"975"}},
		{"Nouvelle-Calédonie", 33, []string{"988"}},
		{"Agglomération du Grand Nouméa.", 4, []string{"988"}},
		{"Polynésie française", 48, []string{"987"}},
		{"TAAF", 5, []string{"984"}},
		{"Saint-Pierre", 0, nil},
		{"dans les locaux du titulaire", 0, nil},
		{"selon le bon de commande", 0, nil},
		{"", 0, nil},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			parts := p.written(c.text)
			if c.departements == nil {
				if len(parts) > 0 {
					t.Fatalf("read as %s", parts[0])
				}
				return
			}
			area, err := p.compile(parts)
			if err != nil || len(parts) == 0 {
				t.Fatalf("not read: %v", err)
			}
			if !slices.Equal(area.Departements, c.departements) || c.communes > 0 && area.Communes != c.communes {
				t.Errorf("%d communes of %v", area.Communes, area.Departements)
			}
		})
	}
}

// TestCountryIsNotUnknown: the whole country and no place at all are two things.
func TestCountryIsNotUnknown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"France entière", "Tout le territoire national", "France métropolitaine et outre-mer", "Au niveau national", "Les installations du groupe en France métropolitaine."} {
		if !saysCountry(text) {
			t.Errorf("%q is the whole country", text)
		}
	}
	for _, text := range []string{"", "FR", "Île-de-France", "Hauts-de-France", "Dans les locaux du titulaire", "Roissy-en-France", "Territoire de Belfort", "Aux adresses du bon de commande"} {
		if saysCountry(text) {
			t.Errorf("%q is not the whole country", text)
		}
	}
}

func TestPlacesInTitlesAndBuyers(t *testing.T) {
	t.Parallel()
	p := testPlaces(t)
	cases := []struct {
		title, buyer string
		known        []string
		code         string // the first commune, "" when none may be read
	}{
		{"Construction d'un accueil périscolaire à Burnhaupt-le-Bas", "", nil, "68059"},
		{"Réfection du clocher à Saint-Pierre", "", nil, ""},
		{"Réfection du clocher à Saint-Pierre", "", []string{"974"}, "97416"},
		{"Travaux à Valence et à Crest", "", nil, ""},
		{"Fourniture de repas à Domicile", "", nil, ""},
		{"", "Mairie de Crest", []string{"26"}, "26108"},
		{"", "Mairie de Crest", nil, ""},
		{"", "Communauté de communes du Diois", nil, "26001"},
		{"", "Communauté de communes du Diois", []string{"59"}, ""},
		{"", "Syndicat mixte des transports", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.title+c.buyer, func(t *testing.T) {
			t.Parallel()
			parts := p.named(c.title, c.known)
			parts = append(parts, p.ofBuyer(c.buyer, c.known)...)
			parts = append(parts, p.ofCommunity(c.buyer, c.known)...)
			if len(parts) == 0 {
				if c.code != "" {
					t.Error("not read")
				}
				return
			}
			area, err := p.compile(parts)
			if err != nil || c.code == "" || !slices.Contains(area.Codes, c.code) {
				t.Errorf("read as %v, want %q (%v)", area.Codes, c.code, err)
			}
		})
	}
}

func TestConfidenceOfPlaces(t *testing.T) {
	t.Parallel()
	read := func(basis Basis, s sight) Place {
		d := newDraft(BOAMP, testPlaces(t))
		s.basis = basis
		d.Place = d.place("place", s)
		d.grade()
		return d.Place
	}
	stated := read(ByPerformance, sight{towns: []town{{name: "Crest", postcode: "26400"}}})
	homonyms := read(ByPerformance, sight{towns: []town{{name: "Saint-Pierre", postcode: ""}}})
	printed := read(ByPublication, sight{departements: []string{"26"}})
	country := read(ByPerformance, sight{anywhere: true})
	none := read(ByPerformance, sight{nuts: []string{"FR"}})
	if stated.Confidence != surePlace || homonyms.Confidence != doubtfulPlace || printed.Confidence != publishedPlace || country.Confidence != widePlace || none.Confidence != 0 {
		t.Errorf("stated %v, homonyms %v, printed %v, country %v, none %v", stated.Confidence, homonyms.Confidence, printed.Confidence, country.Confidence, none.Confidence)
	}
	if none.Scope != PlaceUnknown || country.Scope != InCountry {
		t.Errorf("FR alone is %s, anywhere is %s", none.Scope, country.Scope)
	}
}
