package publication_test

import (
	"fmt"
	"testing"

	"maillage/indicators/microdata"
	"maillage/indicators/publication"
)

// FTE beside permanent persons, participants beside activities: released in the same
// table, protected for themselves, read with the first.
func TestSecondNumbersAreReleased(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.fill(60, 1)
		lines, sums := []string{"entreprise;annee;question;valeur"}, map[string]int{}
		for i := range 60 {
			for question, value := range map[string]int{"permanent.persons": 4 + i%9, "permanent.fte": 3 + i%8, "events.open": 1 + i%4, "events.open.participants": 10 + 3*i} {
				lines = append(lines, fmt.Sprintf("INV-%03d;2025;%s;%d", i, question, value))
				sums[question] += value
			}
		}
		h.load(microdata.Answers, lines, 1)
		_, err := h.count.Refresh(system())
		must(t, err)
		r := h.publish(publication.Plan{Indicators: []publication.Chosen{{ID: "C03", Version: 1}, {ID: "R3.5", Version: 1}}, Level: publication.Region, Kinds: true, Years: []int{2025}})
		if r.State != publication.Published {
			t.Fatal(r.State, r.Reason)
		}
		_, file := h.latest()
		if report := verified(t, file); !report.Sound() {
			t.Errorf("%+v", report.Findings)
		}
		for id, want := range map[publication.Chosen]string{{ID: "C03"}: "permanent.fte", {ID: "R3.5"}: "events.open.participants"} {
			table, found, err := h.Table(public(), id.ID, 0)
			if err != nil || !found {
				t.Fatal(found, err)
			}
			hidden := 0
			for _, reading := range table.Readings {
				switch {
				case reading.Second == nil:
					t.Errorf("%s: %+v has no second number", id.ID, reading)
				case reading.Second.Mark == publication.Hidden:
					hidden++
				case reading.Territory == "FR" && reading.Kind == "all" && reading.Second.Value.Num().Int64() != int64(sums[want]):
					t.Errorf("%s: %v, want %d", want, reading.Second.Value, sums[want])
				}
			}
			if hidden == 0 || hidden == len(table.Readings) {
				t.Errorf("%s: %d of %d hidden", want, hidden, len(table.Readings))
			}
		}
	})
}
