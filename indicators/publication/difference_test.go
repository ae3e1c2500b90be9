package publication_test

import (
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

const exitsHeader = "entreprise;salarie;date;motif;jours;constatee"

// leavers loads four enterprises in each of four regions: from each, so many persons left for
// a permanent job, and so many for none.
func (h *house) leavers(durable, others [4]int) {
	h.t.Helper()
	enterprises, exits := []string{"entreprise;annee;type;code_insee;groupe"}, []string{exitsHeader}
	for r, town := range []string{"26362", "31555", "59350", "35238"} {
		for e := range 4 {
			id := fmt.Sprintf("E%d%d", r, e)
			enterprises = append(enterprises, fmt.Sprintf("%s;2025;AI;%s;", id, town))
			exits = append(append(exits, left(id, "D", durable[r], "cdi")...), left(id, "N", others[r], "autre")...)
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.later(exits[1:])
}

// left are the lines of so many persons of an enterprise who left.
func left(enterprise, name string, n int, motive string) (lines []string) {
	for j := range n {
		lines = append(lines, fmt.Sprintf("%s;%s%d;2025-03-%02d;%s;;oui", enterprise, name, j, 1+j, motive))
	}
	return lines
}

// eachOf are those of so many persons of each enterprise of a region.
func eachOf(region int, name string, n int, motive string) (lines []string) {
	for e := range 4 {
		lines = append(lines, left(fmt.Sprintf("E%d%d", region, e), name, n, motive)...)
	}
	return lines
}

// later loads more exits.
func (h *house) later(lines []string) {
	h.t.Helper()
	h.load(microdata.Exits, append([]string{exitsHeader}, lines...), 1)
	h.counted()
}

func (h *house) counted() {
	h.t.Helper()
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// published releases a plan.
func (h *house) published(p publication.Plan) {
	h.t.Helper()
	if r := h.publish(p); r.State != publication.Published {
		h.t.Fatal(r.Reason)
	}
}

// awaits asks that a plan is refused for want of other corrections.
func (h *house) awaits(p publication.Plan) {
	h.t.Helper()
	if r := h.publish(p); r.State != publication.Failed || !strings.Contains(r.Reason, "trop peu de personnes") {
		h.t.Errorf("%s %s", r.State, r.Reason)
	}
}

func byRegion(ids ...publication.Chosen) publication.Plan {
	return publication.Plan{Indicators: ids, Level: publication.Region, Years: []int{2025}}
}

var durableExits = publication.Chosen{ID: "C04", Version: 1}

// Ten persons more left, eight of them for a durable job: the two others are of two
// enterprises. Wherever they are, base and numerator of both versions would tell them.
func TestTheComplementOfADifferenceIsNotTold(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.leavers([4]int{7, 7, 6, 8}, [4]int{7, 6, 7, 6})
		h.published(byRegion(durableExits))
		more := append(eachOf(0, "A", 2, "cdi"), left("E00", "B", 1, "autre")...)
		h.later(append(more, left("E01", "B", 1, "autre")...))
		h.awaits(byRegion(durableExits))
		h.later(append(eachOf(1, "A", 2, "cdi"), eachOf(1, "B", 2, "autre")...)) // France may be told; the first region not
		h.published(byRegion(durableExits))
		versions := h.bothTold("exits.observed.3m", "exits.durable.3m")
		if len(versions[1]["R84"]) != 2 || len(versions[2]["R84"]) == 2 || len(versions[2]["FR"]) != 2 {
			t.Errorf("%v", versions)
		}
	})
}

// bothTold is what each version gives of some measures, by place.
func (h *house) bothTold(measures ...string) map[int64]map[string][]int64 {
	out := map[int64]map[string][]int64{}
	for _, m := range measures {
		for version, told := range h.shown(m) {
			if out[version] == nil {
				out[version] = map[string][]int64{}
			}
			for at, n := range told {
				place, _, _ := strings.Cut(at, " ")
				out[version][place] = append(out[version][place], n)
			}
		}
	}
	return out
}

// Eight persons more left, each of them for a durable job; then eight of whom none did.
func TestADifferenceTellsNothingOfEverybody(t *testing.T) {
	t.Parallel()
	for _, motive := range []string{"cdi", "autre"} {
		t.Run(motive, func(t *testing.T) {
			t.Parallel()
			sqlite(t, func(h *house) {
				h.leavers([4]int{7, 7, 6, 8}, [4]int{7, 6, 7, 6})
				h.published(byRegion(durableExits))
				h.later(eachOf(0, "A", 2, motive))
				h.awaits(byRegion(durableExits))
				h.later(append(eachOf(1, "A", 2, "cdi"), eachOf(1, "B", 2, "autre")...))
				h.published(byRegion(durableExits))
				if told := h.bothTold("exits.observed.3m", "exits.durable.3m"); len(told[2]["R84"]) == 2 {
					t.Errorf("%v", told)
				}
			})
		})
	}
}

// Those whom a criterion leaves are no figure of a release: two of them more are found from
// everybody and those who meet it.
func TestADifferenceOutOfACriterionIsNotTold(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		person := func(enterprise, name, public string) {
			h.load(microdata.Workers, []string{"entreprise;salarie;sexe;tranche_age;publics", fmt.Sprintf("%s;%s;f;26-49;%s", enterprise, name, public)}, 1)
		}
		enterprises, workers, exits := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;sexe;tranche_age;publics"}, []string(nil)
		for e := range 8 {
			id := fmt.Sprintf("E%d", e)
			enterprises = append(enterprises, id+";2025;AI;26362;")
			exits = append(exits, left(id, "S", 12, "cdi")...)
			for j := range 12 {
				workers = append(workers, fmt.Sprintf("%s;S%d;f;26-49;%s", id, j, []string{"RSA", "aucun"}[j%2]))
			}
		}
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Workers, workers, 1)
		h.later(exits)
		plan := publication.Plan{Indicators: observed().Indicators, Level: publication.Federation, Public: true, Years: []int{2025}}
		h.published(plan)
		exits = nil
		for e := range 8 {
			id := fmt.Sprintf("E%d", e)
			person(id, "A0", "RSA")
			exits = append(exits, left(id, "A", 1, "cdi")...)
			if e < 2 {
				person(id, "B0", "aucun")
				exits = append(exits, left(id, "B", 1, "cdi")...)
			}
		}
		h.later(exits)
		if r := h.publish(plan); r.State == publication.Published {
			var rows []struct{ Public string }
			must(t, h.st.Read().NewRaw("SELECT public FROM released_figures WHERE version_id = 2 AND status = 'value' AND public IN ('all', 'in:RSA') AND measure = 'exits.observed'").Scan(system(), &rows))
			if len(rows) > 1 {
				t.Errorf("%v are told", rows)
			}
		}
	})
}

// In the first version everybody of a region left for a durable job: it is hidden, another
// one with it. However many leave later, the other one alone, as it was, would give it.
func TestWhatGroupDisclosureHidStaysHidden(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.leavers([4]int{5, 7, 6, 8}, [4]int{0, 6, 7, 6})
		h.published(byRegion(durableExits))
		first := h.bothTold("exits.observed.3m", "exits.durable.3m")[1]
		if len(first["R84"]) == 2 || len(first) != 3 {
			t.Fatalf("%v", first)
		}
		h.later(append(eachOf(0, "A", 6, "autre"), eachOf(0, "B", 2, "cdi")...))
		h.published(byRegion(durableExits))
		second := h.bothTold("exits.observed.3m", "exits.durable.3m")[2]
		for _, place := range []string{"R32", "R53", "R76"} {
			if len(first[place]) < 2 && len(second[place]) == 2 {
				t.Errorf("%s gives the first region of %v: %v", place, first, second)
			}
		}
	})
}

// The second version hides that one person more left. The third one moves that region
// again, and tells it; the region that was hidden with it did not move, and would give the
// second version of the first back.
func TestWhatLittleMovementHidStaysHidden(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.leavers([4]int{7, 7, 6, 8}, [4]int{7, 6, 7, 6})
		h.published(observed())
		h.later(append(left("E00", "A", 1, "autre"), eachOf(3, "A", 2, "cdi")...))
		h.published(observed())
		h.later(eachOf(0, "B", 2, "autre"))
		h.published(observed())
		told := h.shown("exits.observed")
		v2, v3 := told[2], told[3]
		if _, there := v2["R84 all"]; there || len(v2) != 3 {
			t.Fatalf("%v", v2)
		}
		rest, hidden := v2["FR all"], 0
		for _, place := range []string{"R32 all", "R53 all", "R76 all"} {
			n, there := v2[place]
			if !there {
				n, there = v3[place]
			}
			if rest -= n; !there {
				hidden++
			}
		}
		if hidden == 0 {
			t.Errorf("R84 was %d in the second version: %v", rest, told)
		}
	})
}

// Two months more of three persons are six months, and no six persons.
func TestMonthsAreNoPersons(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		enterprises, contracts := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;debut;fin;heures_hebdo"}
		for r, town := range []string{"26362", "31555", "59350", "35238"} {
			for e := range 4 {
				id := fmt.Sprintf("E%d%d", r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;ACI;%s;", id, town))
				for j := range 10 {
					contracts = append(contracts, fmt.Sprintf("%s;S%d;2025-02-01;2025-08-31;%d", id, j, []int{26, 15}[j%2]))
				}
			}
		}
		h.load(microdata.Enterprises, enterprises, 1)
		h.load(microdata.Contracts, contracts, 1)
		h.counted()
		plan := byRegion(publication.Chosen{ID: "R1.6", Version: 1})
		h.published(plan)
		more := contracts[:1:1]
		for e := range 3 {
			more = append(more, fmt.Sprintf("E0%d;S0;2025-10-01;2025-11-30;26", e))
		}
		h.load(microdata.Contracts, more, 1)
		h.counted()
		h.awaits(plan)
	})
}
