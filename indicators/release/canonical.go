package release

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// canonical gives the dataset in the one order in which it is written: tables by
// name, rows by their dimensions. Fields, codes and sources keep their order: it
// has a meaning. What is given is not touched.
func (d Dataset) canonical() Dataset {
	d.IssuedOn = d.IssuedOn.UTC().Truncate(24 * time.Hour)
	d.Tables = slices.Clone(d.Tables)
	slices.SortFunc(d.Tables, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	for i := range d.Tables {
		d.Tables[i].Rows = d.Tables[i].sorted()
	}
	return d
}

// sorted gives the rows by their dimensions from left to right: codes by their
// bytes, years by number.
func (t Table) sorted() [][]Cell {
	rows, keyed := slices.Clone(t.Rows), t.keyed()
	slices.SortFunc(rows, func(a, b []Cell) int {
		for _, i := range keyed {
			if c := cmp.Or(strings.Compare(a[i].Text, b[i].Text), cmp.Compare(a[i].Number, b[i].Number)); c != 0 {
				return c
			}
		}
		return 0
	})
	return rows
}

// day writes a date as every file has it: that of UTC, the same on every machine.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
