package publication_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// shown are the values that the ledger gives of a measure, by version, territory and kind.
func (h *house) shown(measure string) map[int64]map[string]int64 {
	h.t.Helper()
	var rows []struct {
		VersionID       int64
		Territory, Kind string
		Value           int64
	}
	must(h.t, h.st.Read().NewRaw("SELECT version_id, territory, kind, value FROM released_figures WHERE measure = ? AND status = 'value' ORDER BY version_id, territory, kind", measure).Scan(context.Background(), &rows))
	out := map[int64]map[string]int64{}
	for _, r := range rows {
		if out[r.VersionID] == nil {
			out[r.VersionID] = map[string]int64{}
		}
		out[r.VersionID][r.Territory+" "+r.Kind] = r.Value
	}
	return out
}

// fourRegions are three enterprises in each, that so many persons left.
func fourRegions(leavers [4]int) (enterprises, exits []string) {
	enterprises, exits = []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;date;motif;jours;constatee;supprimer"}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 3 {
			id := fmt.Sprintf("E%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;AI;%s;", id, town))
			for j := range leavers[r] {
				exits = append(exits, fmt.Sprintf("%s;S%d;2025-03-%02d;cdi;;oui;", id, j, 1+j))
			}
		}
	}
	return enterprises, exits
}

func observed() publication.Plan {
	return publication.Plan{Indicators: []publication.Chosen{{ID: "C08", Version: 2}}, Level: publication.Region, Years: []int{2025}}
}

// Two regions are hidden together in a first version. A third one is revised: what the
// two make together is still known, so that neither may be shown by the second version.
func TestARevisionFreesNothingThatWasHidden(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		enterprises, exits := fourRegions([4]int{1, 7, 10, 15})
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Exits, exits, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		if r := h.publish(observed()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		gone := exits[:1:1]
		for _, l := range exits {
			if strings.HasPrefix(l, "E2") && !strings.Contains(l, ";S0;") {
				gone = append(gone, l+"oui")
			}
		}
		h.load(microdata.Exits, gone, 1)
		_, err = h.count.Refresh(system())
		must(t, err)
		second := h.publish(observed())
		t.Log(second.State, second.Reason, h.shown("exits.observed"))
		both := map[string]int64{}
		for _, v := range h.shown("exits.observed") {
			for k, n := range v {
				if k == "R84 all" || k == "R76 all" {
					both[k] = n
				}
			}
		}
		if len(both) > 0 {
			t.Errorf("%v: the other one is found by subtraction from the first version", both)
		}
	})
}

// One exit more: the difference of two versions would tell whose. Nothing is released;
// after enough corrections of several enterprises it is.
func TestADifferenceOfOnePersonIsNotTold(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(90, 1)
		plan := durable()
		plan.Level, plan.Kinds = publication.Federation, false
		h.publish(plan)
		more := []string{"entreprise;salarie;date;motif;jours;constatee", "INV-003;N0;2025-06-03;cdi;;oui"}
		h.load(microdata.Exits, more, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		if r := h.publish(plan); r.State != publication.Failed || !strings.Contains(r.Reason, "trop peu de personnes") {
			t.Errorf("one person more: %s %s", r.State, r.Reason)
		}
		for i := range 12 {
			more = append(more, fmt.Sprintf("INV-%03d;N1;2025-06-03;%s;;oui", 10+i, []string{"cdi", "autre"}[i%2]))
		}
		h.load(microdata.Exits, more, 1)
		_, err = h.count.Refresh(system())
		must(t, err)
		if r := h.publish(plan); r.State != publication.Published {
			t.Errorf("thirteen persons of thirteen enterprises more: %s %s", r.State, r.Reason)
		}
	})
}

// Paid hours are FTE times a number that everybody knows: what hides the ones hides the
// others, in whatever order they are asked; and no FTE is told of three persons.
func TestHoursAreNotFoundFromFTE(t *testing.T) {
	t.Parallel()
	fte, hours := publication.Chosen{ID: "C02", Version: 1}, publication.Chosen{ID: "R1.1", Version: 1}
	inOrders(t, [][][]publication.Chosen{{{fte}, {hours}}, {{hours}, {fte}}, {{fte, hours}}}, hoursFromFTE)
}

func hoursFromFTE(h *house, order [][]publication.Chosen) {
	t := h.t
	h.worked()
	for _, ids := range order {
		if r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
			t.Error(ids, r.Reason)
		}
	}
	fte, hours, workers := h.flat("fte"), h.flat("hours.paid"), h.flat("workers")
	if len(fte) == 0 {
		t.Fatal("no FTE is released")
	}
	if _, told := fte["R84 ACI"]; told {
		t.Error("FTE of three persons are told")
	}
	for k := range fte {
		if _, told := hours[k]; !told && !strings.HasSuffix(k, " all") {
			t.Errorf("%v, %s: FTE are told and hours are hidden", order, k)
		}
	}
	for k := range hours {
		if _, told := fte[k]; !told && !strings.HasSuffix(k, " all") {
			t.Errorf("%v, %s: hours are told and FTE are hidden", order, k)
		}
	}
	t.Logf("%d FTE, %d hours, %d workers told", len(fte), len(hours), len(workers))
}

func (h *house) flat(measure string) map[string]int64 {
	out := map[string]int64{}
	for _, v := range h.shown(measure) {
		for k, n := range v {
			out[k] = n
		}
	}
	return out
}

// worked loads hours of three kinds in five regions: few persons in some.
func (h *house) worked() { h.workedMonths(1) }

func (h *house) workedMonths(months int) {
	enterprises, workers, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	persons := map[string][]int{"ACI": {1, 9, 14, 20, 26}, "AI": {8, 10, 12, 9, 30}, "EI": {12, 6, 7, 18, 9}}
	for _, kind := range []string{"ACI", "AI", "EI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238", "13055"} {
			for e := range 3 {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				for j := range persons[kind][r] {
					workers = append(workers, fmt.Sprintf("%s;S%d;%s", id, j, []string{"f", "m"}[j%2]))
					for m := range months {
						hours = append(hours, fmt.Sprintf("%s;S%d;2025-%02d;%d;%d", id, j, 3+m, 80+4*j+e, 80+4*j+e))
					}
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
