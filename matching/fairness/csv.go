package fairness

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"maillage/matching/engine/fairness"
)

// columns are the same in both languages.
func columns() []string {
	return []string{"mesure", "unite", "critere", "groupe", "effectif", "borne", "oui", "taux", "taux_min", "taux_max", "taux_des_autres", "ecart_min", "ecart_max",
		"rapport", "rapport_min", "rapport_max", "rapport_au_plus_haut", "taux_standardise", "part_couverte"}
}

// WriteCSV writes an audit for a spreadsheet, as opportunities.WriteCSV
// does; every word of it is ours, so that a cell is never what a spreadsheet would
// run. Groups told together are joined by a plus; what is too few has no line, and
// of a rate that only has a bound the size alone is written.
func WriteCSV(w io.Writer, a *Audit) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	rows := [][]string{columns()}
	for _, t := range a.Tables {
		for _, r := range t.Rows {
			rows = append(rows, cells(t, r))
		}
	}
	for _, t := range a.Hours {
		for _, r := range t.Rows {
			row := make([]string, len(rows[0]))
			copy(row, []string{"heures_mediane", string(fairness.Proposal), string(t.Dimension), groupName(r.Group, r.Merged), strconv.Itoa(r.N), "", strconv.Itoa(r.Half)})
			rows = append(rows, row)
		}
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

func cells(t fairness.Table, r fairness.Row) []string {
	out := []string{string(t.Metric), string(t.Unit), string(t.Dimension), groupName(r.Group, r.Merged), strconv.Itoa(r.N)}
	if r.Bound != "" {
		rest := make([]string, len(columns())-len(out))
		rest[0] = map[fairness.Bound]string{fairness.Under: "moins de 10 oui", fairness.Over: "moins de 10 non"}[r.Bound]
		return append(out, rest...)
	}
	out = append(out, "", strconv.Itoa(r.Yes), part(r.Rate), part(r.Within.Low), part(r.Within.High))
	out = append(out, known(r.RestN > 0, r.RestRate, r.Difference.Low, r.Difference.High)...)
	out = append(out, known(r.RatioKnown, r.Ratio, r.RatioWithin.Low, r.RatioWithin.High)...)
	out = append(out, part(r.OfHighest))
	return append(out, known(r.StandardKnown, r.Standard, r.Covered)...)
}

// known writes rates, or as many empty cells.
func known(yes bool, rates ...float64) []string {
	out := make([]string, len(rates))
	for i := range out {
		if yes {
			out[i] = part(rates[i])
		}
	}
	return out
}

func groupName(name string, merged []string) string {
	if len(merged) > 0 {
		return strings.Join(merged, " + ")
	}
	return name
}

// part writes a rate to three decimals; what has no bound is empty.
func part(v float64) string {
	if math.IsInf(v, 0) {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64), ".", ",", 1)
}
