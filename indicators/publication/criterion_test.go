package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/internal/fault"
)

// entrants loads contracts that begin in 2025: one person in two receives RSA, one in five
// is known as disabled, everybody in Brittany lives in a QPV.
func (h *house) entrants() {
	h.t.Helper()
	enterprises, workers, contracts := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;publics"}, []string{"entreprise;salarie;debut;fin;heures_semaine"}
	for i := range 40 {
		town := towns[i%len(towns)]
		enterprises = append(enterprises, fmt.Sprintf("INV-%03d;2025;ACI;%s;", i, town))
		for j := range 6 + i%5 {
			var publics []string
			if (i+j)%2 == 0 {
				publics = append(publics, "RSA")
			}
			if (i*7+j)%5 == 0 {
				publics = append(publics, "TH")
			}
			if town == "35238" {
				publics = append(publics, "QPV")
			}
			workers = append(workers, fmt.Sprintf("INV-%03d;S%d;%s", i, j, strings.Join(publics, "|")))
			contracts = append(contracts, fmt.Sprintf("INV-%03d;S%d;2025-%02d-01;;26", i, j, 1+j%12))
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Workers, workers, 1)
	h.load(microdata.Contracts, contracts, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

func criteria() publication.Plan {
	return publication.Plan{Indicators: []publication.Chosen{{ID: "C11", Version: 1}}, Level: publication.Region, Public: true, Years: []int{2025}}
}

// The share of each criterion among those who began: with its count and its base, as the
// file has them; what is of everybody somewhere is told nowhere.
func TestSharesOfCriteriaAreReleased(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.entrants()
		bare := criteria()
		bare.Public = false
		if _, err := h.Ask(h.researcher(), asked(bare)); !slices.ContainsFunc(fault.Of(err).Fields, func(f fault.Field) bool { return f.Path == "indicators.1" && f.Code == "breakdown" }) {
			t.Errorf("without a public: %v", err)
		}
		if r := h.publish(criteria()); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		_, file := h.latest()
		if report := verified(t, file); !report.Sound() {
			t.Errorf("%+v", report.Findings)
		}
		h.fileOfCriteria(file)
		table, found, err := h.Table(public(), "C11", 1)
		if err != nil || !found || !table.Rate {
			t.Fatal(found, err, table)
		}
		seen := map[string]publication.Reading{}
		for _, r := range table.Readings {
			seen[r.Territory+" "+r.Public] = r
		}
		if r := seen["FR in:RSA"]; r.Mark != publication.Given || r.Value.FloatString(0) != "50" || r.Base.Cmp(seen["FR all"].Base) != 0 {
			t.Errorf("%+v", r)
		}
		for _, at := range []string{"R53 in:QPV", "R84 in:QPV", "FR in:ASS"} {
			if seen[at].Mark != publication.Hidden {
				t.Errorf("%s is of nobody or of everybody, and is told: %+v", at, seen[at])
			}
		}
	})
}

// fileOfCriteria asks that each share of the file be of its row.
func (h *house) fileOfCriteria(file []byte) {
	h.t.Helper()
	d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
	must(h.t, err)
	var names []string
	for _, f := range d.Tables[0].Fields {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"territory", "year", "public", "entrants", "entrants_everybody", "rate"}) {
		h.t.Fatal(names)
	}
	told := 0
	for _, row := range d.Tables[0].Rows {
		if row[5].Status == release.Value {
			told++
			if 2*row[5].Number*row[4].Number-2000*row[3].Number > row[4].Number {
				h.t.Errorf("%+v", row)
			}
		}
	}
	if told < 8 {
		h.t.Errorf("%d shares are told", told)
	}
}
