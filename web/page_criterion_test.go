package web

import (
	"testing"

	"maillage/indicators/publication"
)

// An indicator that is read criterion by criterion has a column for each, and none of
// everybody, which would be the whole of itself.
func TestCriteriaAreColumns(t *testing.T) {
	t.Parallel()
	c11 := &publication.Table{Indicator: publication.ByCriterion}
	c01 := &publication.Table{Indicator: "C01"}
	for _, c := range []struct {
		table  *publication.Table
		r      publication.Reading
		column string // empty: it has none
	}{
		{c11, publication.Reading{Kind: "all", Public: "in:RSA"}, "RSA"}, {c11, publication.Reading{Kind: "all", Public: "all"}, ""}, {c11, publication.Reading{Kind: "ACI", Public: "in:RSA"}, ""},
		{c01, publication.Reading{Kind: "ACI", Public: "all"}, "ACI"}, {c01, publication.Reading{Kind: "all", Public: "in:RSA"}, ""}, {c01, publication.Reading{Kind: "all", Public: "all"}, "all"},
	} {
		got := ""
		if columned(c.table, c.r) {
			got = columnCode(c.r)
		}
		if got != c.column {
			t.Errorf("%s %+v: column %q, want %q", c.table.Indicator, c.r, got, c.column)
		}
	}
}
