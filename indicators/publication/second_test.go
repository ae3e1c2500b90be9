package publication_test

import (
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/catalogue"
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
		for id, want := range map[catalogue.ID]string{"C03": "permanent.fte", "R3.5": "events.open.participants"} {
			all, err := h.Tables(public(), id)
			must(t, err)
			parts := publication.Parts(all, 0)
			if len(parts) != 1 || !strings.HasSuffix(want, parts[0].Part) {
				t.Fatalf("%s: %d parts", id, len(parts))
			}
			h.secondReads(parts[0], sums[want])
		}
	})
}

// secondReads asks that the whole of a second number be told, and some of the rest hidden.
func (h *house) secondReads(part *publication.Table, sum int) {
	h.t.Helper()
	hidden := 0
	for _, r := range part.Readings {
		switch {
		case r.Mark == publication.Hidden:
			hidden++
		case r.Territory == "FR" && r.Kind == "all" && r.Value.Num().Int64() != int64(sum):
			h.t.Errorf("%s %s: %v, want %d", part.Indicator, part.Part, r.Value, sum)
		}
	}
	if hidden == 0 || hidden == len(part.Readings) {
		h.t.Errorf("%s: %d of %d hidden", part.Indicator, hidden, len(part.Readings))
	}
}
