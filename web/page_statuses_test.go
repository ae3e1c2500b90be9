package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// Where nobody said the criteria of a region, its shares are not collected; where a share
// would tell of each person, it is hidden; who is unsaid of nobody is zero. The page tells
// the three in words, with what each word means.
func TestNotCollectedHiddenAndZeroAreThreeWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	enterprises, workers, contracts := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe;publics"}, []string{"entreprise;salarie;debut;fin;heures_hebdo"}
	for r, town := range []string{"69123", "31555"} {
		for e := range 6 {
			id := fmt.Sprintf("MOTS-%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2024;ACI;%s;", id, town))
			for j := range 20 {
				sex, publics := []string{"f", "m"}[j%2], []string{"RSA", "aucun", "QPV", "aucun"}[j%4]
				if r == 1 {
					sex, publics = "", ""
				}
				workers = append(workers, fmt.Sprintf("%s;S%d;%s;%s", id, j, sex, publics))
				contracts = append(contracts, fmt.Sprintf("%s;S%d;2024-03-01;;26", id, j))
			}
		}
	}
	for _, of := range []struct {
		sheet microdata.Sheet
		lines []string
	}{{microdata.Enterprises, enterprises}, {microdata.Workers, workers}, {microdata.Contracts, contracts}} {
		if r, err := s.cfg.Records.Import(ctx, microdata.File{Sheet: of.sheet, Name: "x.csv", Content: strings.NewReader(strings.Join(of.lines, "\n"))}); err != nil || r.Rejected > 0 {
			t.Fatal(of.sheet, err, r)
		}
	}
	if _, err := s.cfg.Figures.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := s.cfg.Releases.Publish(ctx, publication.Asked{Institution: "Fédération", Purpose: "Publics à l’entrée.", Plan: publication.Plan{Indicators: []publication.Chosen{{ID: "C11", Version: 1}}, Level: publication.Region, Public: true, Years: []int{2024}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cfg.Releases.Build(ctx, publication.BuildRelease{ID: r.ID}); err != nil {
		t.Fatal(err)
	}
	page := s.visit(t, accounts.Public).get("/observatoire/indicateurs/C11").ok()
	page.says("0 % sur 120", "25 % sur 120", "non collecté", "masqué : connu, et protégé", "n. c. : non collecté", "Par région et par public, 2024")
	if strings.Contains(page.body, "Par région et par type, 2024") {
		t.Error("the table is by kind")
	}
}
