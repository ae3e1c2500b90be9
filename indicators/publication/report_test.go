package publication_test

import (
	"testing"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
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
