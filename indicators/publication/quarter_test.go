package publication_test

import (
	"strings"
	"testing"

	"maillage/indicators/publication"
)

// Quarters of pension are released over workers; hours that were released bound them, and
// no quarter is told of three persons.
func TestQuartersAreReleased(t *testing.T) {
	t.Parallel()
	sqlite(t, func(h *house) {
		h.workedMonths(3)
		for _, id := range []publication.Chosen{{ID: "R1.1", Version: 1}, {ID: "R1.2", Version: 1}} {
			if r := h.publish(publication.Plan{Indicators: []publication.Chosen{id}, Level: publication.Region, Kinds: true, Years: []int{2025}}); r.State != publication.Published {
				t.Fatal(r.State, r.Reason)
			}
		}
		quarters, workers := h.flat("pension.quarters"), h.flat("workers")
		if len(quarters) < 5 {
			t.Errorf("%d figures told", len(quarters))
		}
		for k, n := range quarters {
			if strings.HasPrefix(k, "R84 ACI") || n > 4*workers[k] && workers[k] > 0 {
				t.Errorf("%s: %d quarters, %d workers", k, n, workers[k])
			}
		}
		_, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		table, found, err := h.Table(public(), "R1.2", 1)
		if err != nil || !found || !table.Rate {
			t.Errorf("%v %v %+v", found, err, table)
		}
	})
}

// Where nobody has a quarter, or everybody has four, the sum would say what each of them
// has: it is told of nobody, however many they are.
func TestQuartersThatAreAlikeAreHidden(t *testing.T) {
	t.Parallel()
	for _, months := range []int{1, 8} {
		sqlite(t, func(h *house) {
			h.workedMonths(months)
			for _, id := range []publication.Chosen{{ID: "C01", Version: 1}, {ID: "R1.2", Version: 1}} {
				h.publish(publication.Plan{Indicators: []publication.Chosen{id}, Level: publication.Region, Kinds: true, Years: []int{2025}})
			}
			workers := h.flat("workers")
			for k, n := range h.flat("pension.quarters") {
				if n == 0 || n == 4*workers[k] {
					t.Errorf("%d months, %s: %d quarters of %d workers are told", months, k, n, workers[k])
				}
			}
		})
	}
}
