package publication_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// answeredWorkers loads hours of six enterprises of each region and kind, of which one did
// not say who is covered and which rights were opened, but in Brittany where all did.
func (h *house) answeredWorkers() {
	h.t.Helper()
	enterprises, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	answers := []string{"entreprise;annee;question;valeur"}
	for _, kind := range []string{"ACI", "AI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238"} {
			for e := range 6 {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				for j := range 8 + e {
					hours = append(hours, fmt.Sprintf("%s;S%d;2025-03;100;100", id, j))
				}
				if e < 5 || r == 3 {
					answers = append(answers, fmt.Sprintf("%s;2025;health.covered;%d", id, 3+e/2), fmt.Sprintf("%s;2025;rights.opened;%d", id, 5+2*e))
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Hours, hours, 1)
	h.load(microdata.Answers, answers, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// Health cover and rights opened are released beside all the workers, in any order: what
// is left of the workers, of whom nobody said, is never of one or two enterprises, and the
// rate is the one of those that said.
func TestWhatIsToldOfWorkersIsReleasedBesideThem(t *testing.T) {
	t.Parallel()
	c01, r13, r22 := publication.Chosen{ID: "C01", Version: 1}, publication.Chosen{ID: "R1.3", Version: 1}, publication.Chosen{ID: "R2.2", Version: 1}
	for _, order := range [][][]publication.Chosen{{{c01}, {r13, r22}}, {{r13}, {r22}, {c01}}, {{c01, r13, r22}}} {
		sqlite(t, func(h *house) {
			h.answeredWorkers()
			for _, ids := range order {
				r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Kinds: true, Years: []int{2025}})
				if r.State != publication.Published {
					t.Fatal(ids, r.State, r.Reason)
				}
				_, file := h.latest()
				if report := verified(t, file); !report.Sound() {
					t.Errorf("%v: %+v", ids, report.Findings)
				}
			}
			workers := h.flat("workers")
			for said, part := range map[string]string{"workers.among.health.covered": "health.covered.among.workers", "workers.among.rights.opened": "rights.opened.among.workers"} {
				of, told := h.flat(said), h.flat(part)
				for k, n := range of {
					if all, there := workers[k]; there && all > n && !strings.HasPrefix(k, "FR") {
						t.Errorf("%v, %s: %d workers, %d of whom it is said", order, k, all, n)
					}
				}
				if len(of) < 3 || len(told) < 3 {
					t.Errorf("%s: %d said, %d told: the test asks too little", said, len(of), len(told))
				}
				t.Logf("%s: %d workers, %d said, %d told", said, len(workers), len(of), len(told))
			}
			table, found, err := h.Table(public(), "R1.3", 1)
			must(t, err)
			if !found || !table.Rate || table.Readings[0].Value == nil {
				t.Fatalf("%v %+v", found, table)
			}
		})
	}
}

// Nobody covered, or everybody, tells of each person: it is hidden; more persons covered
// than workers are of no rate.
func TestEverybodyCoveredIsNotTold(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.answeredWorkers()
		var answers []string
		for e := range 6 {
			answers = append(answers, fmt.Sprintf("ACI3%d;2025;health.covered;%d", e, 8+e), fmt.Sprintf("AI3%d;2025;health.covered;99", e), fmt.Sprintf("AI2%d;2025;rights.opened;0", e))
		}
		h.load(microdata.Answers, append([]string{"entreprise;annee;question;valeur"}, answers...), 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		p := publication.Plan{Indicators: []publication.Chosen{{ID: "R1.3", Version: 1}, {ID: "R2.2", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}
		if r := h.publish(p); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		for measure, at := range map[string]string{"health.covered.among.workers": "R53 ACI", "rights.opened.among.workers": "R32 AI"} {
			if n, told := h.flat(measure)[at]; told {
				t.Errorf("%s of %s is told: %d", measure, at, n)
			}
		}
		var marks []string
		must(t, h.st.Read().NewRaw("SELECT status FROM released_figures WHERE measure = 'health.covered.among.workers' AND territory = 'R53' AND kind IN ('ACI', 'AI') ORDER BY kind").Scan(context.Background(), &marks))
		if fmt.Sprint(marks) != "[hidden nd]" {
			t.Errorf("%v", marks)
		}
	})
}
