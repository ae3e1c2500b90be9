package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
)

// chosen are the first versions of some indicators.
func chosen(ids ...catalogue.ID) (list []publication.Chosen) {
	for _, id := range ids {
		list = append(list, publication.Chosen{ID: id, Version: 1})
	}
	return list
}

// oneLarge loads AI in four regions: in the first, one enterprise has most of the persons and
// of the hours, beside two small ones.
func (h *house) oneLarge() {
	h.t.Helper()
	enterprises, workers, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 3 {
			id := fmt.Sprintf("E%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;AI;%s;", id, town))
			n, months, each := 10, 3, 100+10*e
			if r == 0 {
				n, months, each = 2, 2, 135
				if e == 0 {
					n, months, each = 8, 4, 150
				}
			}
			for j := range n {
				workers = append(workers, fmt.Sprintf("%s;S%d;f", id, j))
				for m := range months {
					hours = append(hours, fmt.Sprintf("%s;S%d;2025-%02d;%d;%d", id, j, 3+m, each, each))
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Workers, workers, 1)
	h.load(microdata.Hours, hours, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// Quarters of pension and the hours that open them, at once or the quarters first: there is a
// release, and it holds.
func TestQuartersThenHoursAreBuilt(t *testing.T) {
	t.Parallel()
	inOrders(t, [][][]publication.Chosen{{chosen("R1.2", "R1.1")}, {chosen("R1.2"), chosen("R1.1")}}, func(h *house, order [][]publication.Chosen) {
		h.oneLarge()
		for _, ids := range order {
			if r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Years: []int{2025}}); r.State != publication.Published {
				h.t.Fatal(ids, r.State, r.Reason)
			}
			if _, file := h.latest(); !verified(h.t, file).Sound() {
				h.t.Error(ids, "is not sound")
			}
		}
	})
}

// fewPermanents loads regions where each enterprise gives its persons and their FTE: one
// each, of 0.9, in the first region.
func (h *house) fewPermanents() {
	h.t.Helper()
	enterprises, answers := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;annee;question;valeur"}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 4 {
			id := fmt.Sprintf("E%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;AI;%s;", id, town))
			persons, fte := "1", "0.9"
			if r > 0 {
				persons, fte = fmt.Sprint(9+e), fmt.Sprintf("%d.9", 8+e)
			}
			for question, value := range map[string]string{"permanent.persons": persons, "permanent.fte": fte, "workers": persons, "fte": fte} {
				answers = append(answers, fmt.Sprintf("%s;2025;%s;%s", id, question, value))
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Answers, answers, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// Of four persons, an FTE of 3.60 says that they are four at least: it is hidden with them.
func TestFTEDoNotGiveBackPersons(t *testing.T) {
	t.Parallel()
	inOrders(t, [][][]publication.Chosen{{chosen("C03")}, {chosen("C01", "C02")}, {chosen("C01"), chosen("C02")}}, func(h *house, order [][]publication.Chosen) {
		h.fewPermanents()
		for _, ids := range order {
			if r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Years: []int{2025}}); r.State != publication.Published {
				h.t.Fatal(ids, r.State, r.Reason)
			}
		}
		for _, m := range []string{"permanent.fte", "fte"} {
			if n, told := h.flat(m)["R84 all"]; told {
				h.t.Errorf("%d hundredths of %s of four persons are told", n, m)
			}
		}
		if _, file := h.latest(); !verified(h.t, file).Sound() {
			h.t.Error("it is not sound")
		}
	})
}

// An FTE of AI is 1,607 hours, whoever publishes them, and 150 of them open a quarter.
func TestFTEDoNotGiveBackQuarters(t *testing.T) {
	t.Parallel()
	inOrders(t, [][][]publication.Chosen{{chosen("R1.2", "C02")}, {chosen("R1.2"), chosen("C02")}}, func(h *house, order [][]publication.Chosen) {
		h.oneLarge()
		for _, ids := range order {
			if r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
				h.t.Fatal(ids, r.State, r.Reason)
			}
		}
		quarters, fte := h.flat("pension.quarters"), h.flat("fte")
		if _, told := quarters["R84 AI"]; told {
			h.t.Error("quarters of one large enterprise are told")
		}
		if n, told := fte["R84 AI"]; told && float64(n)/100*1607/150 < 40 {
			h.t.Errorf("%d hundredths of FTE open fewer than 40 quarters, which are 36", n)
		}
	})
}

// Whoever publishes the FTE of two regions all the same gives their persons back, and
// verification finds them.
func TestFTEThatGiveBackPersonsAreFound(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fewPermanents()
		if r := h.publish(publication.Plan{Indicators: chosen("C01", "C02"), Level: publication.Region, Years: []int{2025}}); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		_, file := h.latest()
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		if err := publication.Attack(context.Background(), d.Tables, d.Certificate); err != nil {
			t.Fatal(err)
		}
		for _, table := range d.Tables {
			for _, row := range table.Rows {
				for i, f := range table.Fields {
					if n, is := map[string]int64{"R84": 360, "R32": 4160, "R53": 4160, "R76": 4160}[row[0].Text]; is && f.Name == "fte" && row[i].Status == release.Suppressed {
						row[i] = release.Number(n)
					}
				}
			}
		}
		if err := publication.Attack(context.Background(), d.Tables, d.Certificate); !strings.Contains(fmt.Sprint(err), "can be found") {
			t.Error(err)
		}
	})
}
