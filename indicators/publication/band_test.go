package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
)

// workedApart loads the hours of persons who were paid more or less: few of one band here
// and there, and in one place all of one band.
func (h *house) workedApart() {
	h.t.Helper()
	enterprises, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	for _, kind := range []string{"ACI", "AI", "EI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238", "13055"} {
			for e := range 4 {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				for j := range 6 + r + e {
					months := 1 + (j*7+r+len(kind)*e)%12
					if r == 3 && kind == "EI" {
						months = 12
					}
					for m := range months {
						hours = append(hours, fmt.Sprintf("%s;S%d;2025-%02d;120;120", id, j, 1+m))
					}
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Hours, hours, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// The bands of hours are released with the mean: they share out the workers, tell no small
// number, never that everybody is in one, and no hidden one is what the others leave.
func TestBandsOfHoursAreReleased(t *testing.T) {
	t.Parallel()
	c01, r11, r12 := publication.Chosen{ID: "C01", Version: 1}, publication.Chosen{ID: "R1.1", Version: 1}, publication.Chosen{ID: "R1.2", Version: 1}
	inOrders(t, [][][]publication.Chosen{{{r11, r12}}, {{c01}, {r12}, {r11}}}, func(h *house, order [][]publication.Chosen) {
		h.workedApart()
		for _, ids := range order {
			if r := h.publish(publication.Plan{Indicators: ids, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
				h.t.Fatal(ids, r.State, r.Reason)
			}
		}
		_, file := h.latest()
		if r := verified(h.t, file); !r.Sound() {
			h.t.Errorf("%+v", r.Findings)
		}
		h.bandsHold()
	})
}

// Quarters of pension asked after the hours that open them may be refused: who asked reads
// beside which release, and what passes instead, which does.
func TestARefusalSaysBesideWhatAndWhatPasses(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.oneLarge()
		plan := publication.Plan{Indicators: []publication.Chosen{{ID: "R1.1", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}
		if r := h.publish(plan); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		first, _ := h.latest()
		plan.Indicators[0].ID = "R1.2"
		r := h.publish(plan)
		if why := r.Why(); r.State != publication.Failed || !strings.Contains(why.FR, "« "+first.TitleFR+" », version 1.0.0") || !strings.Contains(why.EN, "“"+first.TitleEN+"”, version 1.0.0") ||
			!strings.Contains(why.FR, "peut être publié : les mêmes indicateurs, France entière, par type") || !strings.Contains(why.EN, "may be released: the same indicators, all of France, by kind") {
			t.Fatalf("%s %+v", r.State, why)
		}
		plan.Level = publication.Federation
		if r := h.publish(plan); r.State != publication.Published {
			t.Error(r.State, r.Reason)
		}
	})
}

// Where nearly everybody is in one band, few bands are told if any, and every mean that is told
// without them.
func TestBandsCostNoMean(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.worked()
		if r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: "R1.1", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		if n := len(h.flat("hours.paid")); n < 18 {
			t.Errorf("%d hours are told", n)
		}
		_, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
	})
}

// workedAlike loads persons of nearly the same hours: in each of three regions, nine are
// paid otherwise, each region in a band of its own.
func (h *house) workedAlike() {
	h.t.Helper()
	enterprises, hours := []string{"entreprise;annee;type;code_insee;groupe"}, []string{"entreprise;salarie;mois;heures_payees;heures_travaillees"}
	for _, kind := range []string{"ACI", "AI", "EI"} {
		for r, town := range []string{"26362", "31555", "59350", "35238", "13055"} {
			for e := range 3 {
				id := fmt.Sprintf("%s%d%d", kind, r, e)
				enterprises = append(enterprises, fmt.Sprintf("%s;2025;%s;%s;", id, kind, town))
				for j := range 6 + r + e {
					months := 7
					if kind == "EI" && j < 3 {
						months = []int{1, 3, 12, 7, 7}[r]
					}
					for m := range months {
						hours = append(hours, fmt.Sprintf("%s;S%d;2025-%02d;%d;%d", id, j, 1+m, 110+j, 110+j))
					}
				}
			}
		}
	}
	h.load(microdata.Enterprises, enterprises, 1)
	h.load(microdata.Hours, hours, 1)
	_, err := h.count.Refresh(system())
	must(h.t, err)
}

// Where the bands of the regions would hide means, those of France alone are told, in a
// table of their own, and the means as they are without any band.
func TestBandsAreOfFranceWhereRegionsCostMeans(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.workedAlike()
		if r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: "R1.1", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		for _, b := range compute.HourBands() {
			n := h.flat(string(b.Measure))
			if n["FR all"] == 0 {
				t.Errorf("%s of France: %v", b.Measure, n)
			}
			for k := range n {
				if !strings.HasPrefix(k, "FR ") {
					t.Errorf("%s of %s is told", b.Measure, k)
				}
			}
		}
		t.Logf("%d hours are told", len(h.flat("hours.paid")))
		all, err := h.Tables(public(), "R1.1")
		must(t, err)
		if parts := publication.Parts(all, 0); len(parts) != 4 || parts[0].Readings[0].Territory != "FR" {
			t.Errorf("%d parts", len(parts))
		}
		_, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		if len(d.Tables) != 2 || !strings.HasSuffix(d.Tables[1].Name, "-bands") || len(d.Tables[1].Rows) == 0 || d.Tables[1].Rows[0][0].Text != "FR" {
			t.Errorf("%d tables", len(d.Tables))
		}
	})
}

func (h *house) bandsHold() {
	h.t.Helper()
	workers, hours := h.flat("workers"), h.flat("hours.paid")
	told, hidden, bands := map[string]int{}, 0, map[string][]int64{}
	for k, all := range workers {
		var sum int64
		for _, b := range compute.HourBands() {
			n, shown := h.flat(string(b.Measure))[k]
			switch {
			case !shown:
				hidden++
				continue
			case n < 5 || n == all:
				h.t.Errorf("%s: %d of %d workers are told of %s", k, n, all, b.Measure)
			}
			told[k]++
			sum += n
			bands[k] = append(bands[k], n)
		}
		if told[k] == 3 || told[k] == 4 && sum != all || told[k] == 2 && all-sum < 6 {
			h.t.Errorf("%s: %d bands are told, of %d workers of %d", k, told[k], sum, all)
		}
	}
	if told["FR all"] != 4 || hidden == 0 || len(hours) == 0 {
		h.t.Errorf("%v told, %d hidden, %d hours", told, hidden, len(hours))
	}
	if b, ok := compute.MedianBand(bands["FR all"]); !ok || b.Name != "600_to_1039" {
		h.t.Errorf("the median is in %q of %v", b.Name, bands["FR all"])
	}
	for k := range told {
		if strings.HasPrefix(k, "R53 EI") {
			h.t.Errorf("%s: a band is told where everybody is in one", k)
		}
	}
}
