package disclosure

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Suppressed and Missing are how the published table writes what it does not give,
// unless its form says otherwise.
const (
	Suppressed = "s"
	Missing    = "ND"
)

// Form is how a published table is written. What it leaves empty is the dimensions'
// own names, "value", a comma between columns, a decimal point, Suppressed and Missing.
type Form struct {
	Columns             []string // of the dimensions, in their order
	Value               string   // the column of figures
	Delimiter           rune
	Decimal             string
	Suppressed, Missing string
}

// WritePublished writes a table as its readers get it: UTF-8 CSV, LF, one column
// for each dimension then one of figures, rows sorted by their codes; a label where
// there is no value. Nothing in it tells a primary from a secondary.
func (o *Outcome) WritePublished(w io.Writer, table int) error {
	g := o.System.grids[table]
	rows := make([][]string, 0, len(g.Cells))
	for i, at := range o.System.places[table] {
		rows = append(rows, append(slices.Clone(g.Cells[i].Codes), g.Form.shown(o.System.Variables[at], g.Cells[i].Value)))
	}
	slices.SortFunc(rows, slices.Compare)
	out := csv.NewWriter(w)
	out.Comma = cmp.Or(g.Form.Delimiter, ',')
	if err := out.Write(g.header()); err != nil {
		return fmt.Errorf("write table %s: %w", g.Name, err)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write table %s: %w", g.Name, err)
	}
	return nil
}

func (g *grid) header() []string {
	header := slices.Clone(g.Form.Columns)
	if header == nil {
		for _, d := range g.Dimensions {
			header = append(header, d.Name)
		}
	}
	return append(header, cmp.Or(g.Form.Value, "value"))
}

func (f Form) shown(v Variable, value float64) string {
	switch {
	case v.Status.Hidden():
		return cmp.Or(f.Suppressed, Suppressed)
	case v.Status == NotCollected:
		return cmp.Or(f.Missing, Missing)
	}
	return strings.Replace(strconv.FormatFloat(value, 'f', -1, 64), ".", cmp.Or(f.Decimal, "."), 1)
}
