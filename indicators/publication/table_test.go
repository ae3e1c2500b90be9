package publication_test

import (
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/publication"
)

func federal(id string, version int, years ...int) publication.Plan {
	return publication.Plan{Indicators: []publication.Chosen{{ID: catalogue.ID(id), Version: version}}, Level: publication.Federation, Years: years}
}

// Another body's reading released last, or alone, is not what is read without a choice.
func TestTheDefaultIsTheCatalogues(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		if r := h.publish(federal("C05", 2, 2025)); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		if _, found, err := h.Table(public(), "C05", 0); err != nil || found {
			t.Errorf("Dares alone is the default: %v", err)
		}
		if r := h.publish(theReport()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		if r := h.publish(federal("C04", 2, 2024)); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		for definition, want := range map[int]int{0: 1, 1: 1, 2: 2} {
			table, found, err := h.Table(public(), "C04", definition)
			must(t, err)
			if !found || len(table.Readings) != 2 {
				t.Fatalf("definition %d: %+v", definition, table)
			}
			for _, r := range table.Readings {
				if r.Definition != want || r.Presence != 1 {
					t.Errorf("definition %d: %d is %s", definition, r.Year, r.Cites())
				}
			}
		}
		all, err := h.Tables(public(), "C04")
		if err != nil || len(all) != 2 {
			t.Errorf("%d tables side by side, %v", len(all), err)
		}
	})
}

// Each figure says the release that gives it, and whom that one counts: a later release
// of other years lends it neither. What the activity report told is read as well, and one
// count has one value whichever way it is reached.
func TestEachFigureHasItsOwnRelease(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(60, 1)
		if r := h.publish(theReport()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		report, _ := h.latest()
		if r := h.publish(federal("C07", 1, 2024)); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		own, _ := h.latest()
		for _, id := range []string{"C07", "C08"} {
			table, found, err := h.Table(public(), catalogue.ID(id), 0)
			must(t, err)
			if !found || len(table.Readings) != 2 {
				t.Fatalf("%s: %+v", id, table)
			}
			for _, r := range table.Readings {
				want := map[int]string{2024: own.Dataset, 2025: report.Dataset}[r.Year]
				if r.Version.Dataset != want || r.Frame != 60 || r.Replied != 60 || r.Mark != publication.Given {
					t.Errorf("%s of %d: %s of %d in %d, by %s", id, r.Year, r.Mark, r.Replied, r.Frame, r.Version.Dataset)
				}
			}
			if from := table.From(func(r publication.Reading) bool { return r.Year == 2025 }); len(from) != 1 || from[0].ID != report.ID {
				t.Errorf("2025 is of %d releases", len(from))
			}
			h.countsAgree(table)
		}
	})
}
