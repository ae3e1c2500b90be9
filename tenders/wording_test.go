package tenders

import (
	"testing"

	"maillage/territories"
)

func wordingPlaces(t *testing.T) *Places {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return NewPlaces(atlas)
}

func codesIn(t *testing.T, p *Places, parts []territories.Expr) string {
	t.Helper()
	if len(parts) == 0 {
		return ""
	}
	area, err := p.compile(parts)
	if err != nil {
		t.Fatal(err)
	}
	if len(area.Codes) == 1 {
		return area.Codes[0]
	}
	return territories.AnyOf(parts...).String()
}

// The texts are those of real notices of 2016 to 2024.
func TestPlacesWritten(t *testing.T) {
	t.Parallel()
	p := wordingPlaces(t)
	for text, want := range map[string]string{
		"Rivery": "80674", "Rennes.": "35238", "Toulouse": "31555", "Commune de Lafrançaise 82130.": "82087",
		"Saint-Denis de La Réunion.": "97411", "Saint-Pierre de La Réunion.": "97416",
		"Seine et Marne": `{"territory":"departement:77"}`,
		"11 communes du Pas-de-Calais (62): Barlin, Divion et Ruitz.": `{"any":[{"territory":"commune:62083"},{"territory":"commune:62270"},{"territory":"commune:62727"}]}`,
		"Dans les locaux du titulaire":                                "", "Aux adresses mentionnées sur le bon de commande.": "",
		"Territoire de la commune de Bamako (Mali)": "", "United Kingdom": "", "États-Unis.": "", "": "",
		"Sites de Brennilis — Chinon — AMI — St Laurent.": "", "Agglomération du Grand Nouméa.": `{"any":[{"territory":"commune:98805"},{"territory":"commune:98817"},{"territory":"commune:98818"},{"territory":"commune:98821"}]}`,
		"Ensemble des unités d'EDF SA (centrales nucléaires).": "", "Saint-Pierre": "",
	} {
		if got := codesIn(t, p, p.written(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPlacesAddressed(t *testing.T) {
	t.Parallel()
	p := wordingPlaces(t)
	for text, want := range map[string]string{
		"Extension de l'Ecole Maternelle de Longroy 76260":         "76394",
		"ENTRETIEN DE LA VOIRIE A ST ETIENNE DU ROUVRAY (76800)":   "76575",
		"Marché 26100 sans nom":                                    "",
		"Lot 12345 de Longroy":                                     "",
		"Rénovation d'une école à Romans-sur-Isère, réf. 20260042": "",
	} {
		if got := codesIn(t, p, p.addressed(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPlacesOfBuyer(t *testing.T) {
	t.Parallel()
	p := wordingPlaces(t)
	for _, c := range []struct {
		name string
		in   []string
		want string
	}{
		{"Mairie de Rivery", nil, "80674"},
		{"Ville du Havre", []string{"76"}, "76351"},
		{"COMMUNE D'AIX-EN-PROVENCE", []string{"13"}, "13001"},
		{"Mairie de Saint-Pierre", nil, ""},
		{"Mairie de Saint-Pierre", []string{"974"}, "97416"},
		{"Mairie de Rivery", []string{"13"}, ""},
		{"Ville de Paris - Direction des espaces verts", []string{"75"}, "75056"},
		{"Communauté de communes du Val de Drôme", []string{"26"}, ""},
		{"Ville et Métropole", nil, ""},
		{"", nil, ""},
	} {
		if got := codesIn(t, p, p.ofBuyer(c.name, c.in)); got != c.want {
			t.Errorf("%q in %v: %s, want %s", c.name, c.in, got, c.want)
		}
	}
}
