package publication_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/indicators/release"
)

func theReport() publication.Plan {
	return publication.Plan{Report: true, Level: publication.Federation, Years: []int{2024, 2025}}
}

// The public report is what was released: nothing before, the same after an import, and
// each of its files verifies. Its lines are protected one by one, under both readings.
func TestTheReportIsReleased(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(90, 1)
		if r, err := h.Report(public(), compute.COORACE); err != nil || r.Version != nil || len(r.Exits.Columns) > 0 {
			t.Fatalf("before a release: %+v, %v", r, err)
		}
		if r := h.publish(theReport()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		_, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		before := h.read(compute.COORACE)
		h.load(microdata.Exits, []string{"entreprise;salarie;date;motif;jours;constatee", "INV-003;N0;2025-06-03;cdi;;oui"}, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		after := h.read(compute.COORACE)
		if len(before) == 0 || len(before) != len(after) {
			t.Fatalf("%d and %d figures", len(before), len(after))
		}
		for k, n := range before {
			if after[k] != n {
				t.Errorf("%s: %s before an import, %s after", k, n, after[k])
			}
		}
		if dares := h.read(compute.Dares); dares["dynamic 1"] != before["dynamic 1"] || dares["durable 1"] == before["durable 1"] && dares["transition 1"] != before["transition 1"] {
			t.Errorf("%s and %s", dares["durable 1"], before["durable 1"])
		}
		h.noDifference("exits.durable.3m", "exits.durable.dares.3m")
		if r := h.publish(durable()); r.State != publication.Published {
			t.Errorf("by region beside the report: %s", r.Reason)
		}
	})
}

// read gives the numbers of the report's exits, by line and column.
func (h *house) read(d compute.Definition) map[string]string {
	h.t.Helper()
	r, err := h.Report(public(), d)
	must(h.t, err)
	out := map[string]string{}
	for _, l := range r.Exits.Lines {
		for i, n := range l.Numbers {
			k := l.ID + " " + string(rune('0'+i))
			out[k] = "withheld"
			if n.Known {
				out[k] = n.Exact.RatString()
			}
		}
	}
	return out
}

// A release keeps its breaks: they are in its ZIP, on its figures and in its report, of
// their own indicator and kind alone; what is imported after is of a later release.
func TestAReleaseKeepsItsBreaks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(90, 1)
		long := strings.TrimSpace(strings.Repeat("Après ", 50))
		h.load(microdata.Breaks, []string{"annee;indicateur;type;raison_fr;raison_en", "2025;C07;;Règle changée;Rule changed", "2025;C04;ACI;= Durée  changée;Duration changed", "2025;C02;;Heures changées;Hours changed"}, 1)
		if r := h.publish(theReport()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		both := durable()
		both.Level, both.Years = publication.Federation, []int{2024, 2025}
		if r := h.publish(both); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		_, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		h.breaksIn(file, "C04 2025 ACI Durée changée")
		h.load(microdata.Breaks, []string{"annee;indicateur;type;raison_fr;raison_en", "2025;C05;;" + long + ";After", "2025;C07;;Autre;Other"}, 1)
		h.brokenReport(map[string]string{"dynamic": "Règle changée", "durable": "ACI : = Durée  changée", "durable.cdi": "ACI : = Durée  changée", "transition": "", "positive": ""})
		for kind, want := range map[string]int{"all": 1, "ACI": 1, "EI": 0} {
			table, _, err := h.Table(public(), "C04", 0)
			must(t, err)
			for _, r := range table.Readings {
				if r.Kind == kind && r.Territory == "FR" && (len(r.Breaks) != want && r.Year == 2025 || len(r.Breaks) != 0 && r.Year == 2024) {
					t.Errorf("%s of %d: %+v", kind, r.Year, r.Breaks)
				}
			}
		}
		h.clock.Advance(48 * time.Hour)
		if r := h.publish(theReport()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		if v, file := h.latest(); v.Version != "1.1.0" {
			t.Errorf("new breaks alone make %s", v.Version)
		} else {
			h.breaksIn(file, "C02 2025 all Heures changées", "C04 2025 ACI Durée changée", "C05 2025 all "+long, "C07 2025 all Autre")
		}
		h.brokenReport(map[string]string{"dynamic": "Autre", "transition": long})
	})
}

// breaksIn compares the table of breaks of a ZIP.
func (h *house) breaksIn(file []byte, want ...string) {
	h.t.Helper()
	d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
	must(h.t, err)
	var got []string
	for _, table := range d.Tables {
		for _, row := range table.Rows {
			if table.Name == "breaks" {
				got = append(got, fmt.Sprint(row[0].Text, " ", row[1].Number, " ", row[2].Text, " ", row[3].Text))
			}
		}
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("the ZIP has the breaks %q", got)
	}
}

// brokenReport compares the reasons of some lines of the report in its latest year.
func (h *house) brokenReport(want map[string]string) {
	h.t.Helper()
	r, err := h.Report(public(), compute.COORACE)
	must(h.t, err)
	last := r.Exits.Columns[len(r.Exits.Columns)-1]
	for _, l := range r.Exits.Lines {
		var why []string
		for _, b := range last.BreaksOf(l.ReportRow) {
			why = append(why, b.Said().FR)
		}
		if text, asked := want[l.ID]; asked && strings.Join(why, " ; ") != text {
			h.t.Errorf("%s: %q", l.ID, why)
		}
	}
}
