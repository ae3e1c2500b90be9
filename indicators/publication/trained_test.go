package publication_test

import (
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// trainedWorkers loads hours and trainings of five enterprises of each region and kind, of
// which one did not send its trainings, but in Brittany where all did.
func (h *house) trainedWorkers() {
	h.t.Helper()
	enterprises, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	trainings := []string{"entreprise;salarie;debut;heures"}
	for _, kind := range []string{"ACI", "AI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238"} {
			for e := range 5 {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				for j := range 6 + e {
					hours = append(hours, fmt.Sprintf("%s;S%d;2025-03;100;100", id, j))
					if j%2 == 0 && (e < 4 || r == 3) {
						trainings = append(trainings, fmt.Sprintf("%s;S%d;2025-03-1%d;14", id, j, j%9))
					}
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Hours, hours, 1)
	h.load(microdata.Trainings, trainings, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// The workers among whom trainings are said, beside all the workers, would tell of the
// enterprises that said nothing, one in each region and kind: whatever is released first, what is
// left is never of fewer than three groups or five persons.
func TestTrainingIsReleasedBesideAllWorkers(t *testing.T) {
	t.Parallel()
	c01, r15 := publication.Chosen{ID: "C01", Version: 1}, publication.Chosen{ID: "R1.5", Version: 1}
	inOrders(t, [][][]publication.Chosen{{{c01}, {r15}}, {{r15}, {c01}}, {{c01, r15}}}, func(h *house, order [][]publication.Chosen) {
		h.trainedWorkers()
		for _, ids := range order {
			r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Kinds: true, Years: []int{2025}})
			if r.State != publication.Published {
				h.t.Fatal(ids, r.State, r.Reason)
			}
			_, file := h.latest()
			if report := verified(h.t, file); !report.Sound() {
				h.t.Errorf("%v: %+v", ids, report.Findings)
			}
		}
		h.leavesEnough()
	})
}

// leavesEnough asks that what is left of the workers be of three groups or of nobody: a
// kind of a region has one silent enterprise, a region two, the federation six.
func (h *house) leavesEnough() {
	h.t.Helper()
	workers, said, trained := h.flat("workers"), h.flat("workers.among.trained"), h.flat("trained.among.workers")
	for k, n := range workers {
		s, told := said[k]
		if told && n > s && !strings.HasPrefix(k, "FR") {
			h.t.Errorf("%s: %d workers, %d of whom it is said: what is left is of one or two enterprises", k, n, s)
		}
		if told && trained[k] > s {
			h.t.Errorf("%s: %d trained of %d", k, trained[k], s)
		}
	}
	h.t.Logf("%d workers, %d said, %d trained told", len(workers), len(said), len(trained))
	if len(said) < 3 || len(trained) < 3 {
		h.t.Error("the test asks too little")
	}
}
