package publication_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// halfSaid are workers of three regions: of Auvergne-Rhône-Alpes everything is said, of
// Occitanie neither the sex nor the criteria, of Hauts-de-France those of one in two; in
// Bretagne all are men of no criterion.
func (h *house) halfSaid() {
	h.t.Helper()
	enterprises, workers, hours, contracts := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe;publics"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}, []string{"entreprise;salarie;debut;fin;heures_hebdo"}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 6 {
			id := fmt.Sprintf("E%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;ACI;%s;", id, town))
			for j := range 20 {
				sex, publics := []string{"f", "m"}[j%2], []string{"RSA", "aucun", "QPV", "aucun"}[j%4]
				if r == 1 || r == 2 && j/2%2 == 0 {
					sex, publics = "", ""
				}
				if r == 3 {
					sex, publics = "m", "aucun"
				}
				workers = append(workers, fmt.Sprintf("%s;S%d;%s;%s", id, j, sex, publics))
				hours = append(hours, fmt.Sprintf("%s;S%d;2025-03;100;100", id, j))
				contracts = append(contracts, fmt.Sprintf("%s;S%d;2025-03-01;;26", id, j))
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Workers, workers, 1)
	h.load(microdata.Hours, hours, 1)
	h.load(microdata.Contracts, contracts, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// What nobody said is not collected, in the release and where it is read: neither zero nor
// hidden. Zero stays zero, who is unsaid is counted apart, and the release verifies.
func TestWhatNobodySaidIsReleasedAsNotCollected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.halfSaid()
		bySex := publication.Plan{Indicators: []publication.Chosen{{ID: "C01", Version: 1}}, Level: publication.Region, Sex: true, Years: []int{2025}}
		seen := h.marks(bySex, "C01")
		for at, want := range map[string]string{"R84 f all": "60", "R76 f all": "nd", "R76 m all": "nd", "R76 unsaid all": "120", "R76 all all": "120", "R32 f all": "30", "R32 unsaid all": "60", "R53 f all": "0", "R53 unsaid all": "0"} {
			if seen[at] != want {
				t.Errorf("%s is %q, not %q", at, seen[at], want)
			}
		}
		seen = h.marks(criteria(), "C11")
		for at, want := range map[string]string{"R84 all in:RSA": "25", "R76 all in:RSA": "nd", "R76 all unsaid:RSA": "100", "R32 all unsaid:RSA": "50", "R84 all in:ASS": "suppressed"} {
			if seen[at] != want {
				t.Errorf("%s is %q, not %q", at, seen[at], want)
			}
		}
		_, file := h.latest()
		for _, line := range []string{"R76,2025,RSA,ND,", "R76,2025,unsaid-RSA,120,", "R84,2025,ASS,suppressed,", "R84,2025,unsaid-RSA,0,"} {
			if csv := fileOf(t, file, "c11-v1.csv"); !strings.Contains(csv, line) {
				t.Errorf("%s is not in\n%s", line, csv)
			}
		}
		h.workbookTells(fileOf(t, file, ".xlsx"))
	})
}

// workbookTells asks the three of the workbook: two words, that its first sheet explains,
// and a number.
func (h *house) workbookTells(content string) {
	h.t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(content))
	must(h.t, err)
	defer func() { must(h.t, book.Close()) }()
	rows, err := book.GetRows("c11-v1")
	must(h.t, err)
	seen := map[string]string{}
	for _, row := range rows {
		seen[row[0]+" "+row[2]] = row[3]
	}
	if seen["R76 RSA"] != "ND" || seen["R84 ASS"] != "suppressed" || seen["R84 unsaid-RSA"] != "0" {
		h.t.Errorf("%v", seen)
	}
	if rows, err = book.GetRows("variables"); err != nil {
		h.t.Fatal(err)
	}
	for _, token := range []string{"ND", "suppressed"} {
		if !slices.ContainsFunc(rows, func(row []string) bool { return len(row) > 3 && row[1] == token && row[2] != "" && row[3] != "" }) {
			h.t.Errorf("the workbook does not say what %q is", token)
		}
	}
}

// marks publishes a plan and gives what is read of it.
func (h *house) marks(p publication.Plan, id string) map[string]string {
	h.t.Helper()
	if r := h.publish(p); r.State != publication.Published {
		h.t.Fatal(r.State, r.Reason)
	}
	_, file := h.latest()
	if report := verified(h.t, file); !report.Sound() {
		h.t.Errorf("%+v", report.Findings)
	}
	table, found, err := h.Table(public(), p.Indicators[0].ID, 0)
	if err != nil || !found {
		h.t.Fatal(id, found, err)
	}
	out := map[string]string{}
	for _, r := range table.Readings {
		text := string(r.Mark)
		if r.Value != nil {
			text = r.Value.FloatString(0)
		}
		out[r.Territory+" "+r.Sex+" "+r.Public] = text
	}
	return out
}
