package publication

import (
	"testing"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
)

// Of three groups of which none passes 85 %, the second takes its own hours off the total
// and has those of the first within a few: what the third one leaves must be a tenth of them.
func TestTheSecondGroupDoesNotFindTheFirst(t *testing.T) {
	t.Parallel()
	rule := catalogue.Publication{Persons: 5, Contributors: 3, Dominance: 85}
	amounts, persons := &linked{cut: cut{whole: compute.PaidHours}}, &linked{cut: cut{whole: compute.Workers}}
	for _, c := range []struct {
		of    *linked
		top   []float64
		value float64
		want  disclosure.Rule
	}{
		{amounts, []float64{600, 399}, 1000, disclosure.PPercentRule}, {amounts, []float64{600, 341}, 1000, disclosure.PPercentRule},
		{amounts, []float64{600, 339}, 1000, disclosure.NoRule}, {persons, []float64{600, 399}, 1000, disclosure.NoRule},
	} {
		cell := disclosure.Cell{Value: c.value, Count: 900, Contributors: 3, Top: c.top}
		if got := c.of.rulesOf(rule).Judge(cell); got != c.want {
			t.Errorf("%s %v of %v: %q, want %q", c.of.whole, c.top, c.value, got, c.want)
		}
	}
}
