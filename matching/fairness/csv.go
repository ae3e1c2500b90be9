package fairness

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/sheet"
	"maillage/matching/engine/fairness"
)

// columns names them.
func columns() []sheet.Column {
	return []sheet.Column{
		{"mesure", "measure"}, {"unite", "unit"}, {"critere", "criterion"}, {"groupe", "group"}, {"effectif", "size"}, {"borne", "bound"},
		{"oui", "yes"}, {"taux", "rate"}, {"taux_min", "rate_min"}, {"taux_max", "rate_max"}, {"taux_des_autres", "rate_of_others"}, {"ecart_min", "difference_min"},
		{"ecart_max", "difference_max"}, {"rapport", "ratio"}, {"rapport_min", "ratio_min"}, {"rapport_max", "ratio_max"}, {"rapport_au_plus_haut", "ratio_to_highest"}, {"taux_standardise", "standardised_rate"},
		{"part_couverte", "share_covered"}, {"mesure_code", "measure_code"}, {"unite_code", "unit_code"}, {"critere_code", "criterion_code"}, {"groupe_code", "group_code"},
	}
}

// WriteCSV writes an audit for a spreadsheet, as sheet.Write does. Groups told together
// are joined by a plus; what is too few has no line, and of a rate that only has a bound
// the size alone is written. words says a measure, a unit, a criterion or a group (m, u,
// by, g) as the reader does; the codes come last.
func WriteCSV(w io.Writer, lang string, a *Audit, words func(kind, code string) string) error {
	var rows [][]string
	for _, t := range a.Tables {
		for _, r := range t.Rows {
			rows = append(rows, said(words, cells(t, r, lang)))
		}
	}
	for _, t := range a.Hours {
		for _, r := range t.Rows {
			row := make([]string, figures)
			copy(row, []string{"hours", string(fairness.Proposal), string(t.Dimension), groupName(r.Group, r.Merged), strconv.Itoa(r.N), "", strconv.Itoa(r.Half)})
			rows = append(rows, said(words, row))
		}
	}
	return sheet.Write(w, lang, columns(), rows)
}

// figures is how many columns come before those of the codes.
const figures = 19

// said puts words before the figures of a line, and its codes after them.
func said(words func(kind, code string) string, line []string) []string {
	codes := slices.Clone(line[:4])
	for i, kind := range []string{"m", "u", "by"} {
		line[i] = words(kind, line[i])
	}
	groups := strings.Split(line[3], together)
	for i := range groups {
		groups[i] = words("g", groups[i])
	}
	line[3] = strings.Join(groups, together)
	return append(line, codes...)
}

// together joins the groups that are told together.
const together = " + "

func cells(t fairness.Table, r fairness.Row, lang string) []string {
	out := []string{string(t.Metric), string(t.Unit), string(t.Dimension), groupName(r.Group, r.Merged), strconv.Itoa(r.N)}
	if r.Bound != "" {
		rest := make([]string, figures-len(out))
		rest[0] = map[fairness.Bound]string{fairness.Under: sheet.Said(lang, "moins de 10 oui", "fewer than 10 yes"), fairness.Over: sheet.Said(lang, "moins de 10 non", "fewer than 10 no")}[r.Bound]
		return append(out, rest...)
	}
	out = append(out, "", strconv.Itoa(r.Yes), part(lang, r.Rate), part(lang, r.Within.Low), part(lang, r.Within.High))
	out = append(out, known(lang, r.RestN > 0, r.RestRate, r.Difference.Low, r.Difference.High)...)
	out = append(out, known(lang, r.RatioKnown, r.Ratio, r.RatioWithin.Low, r.RatioWithin.High)...)
	out = append(out, part(lang, r.OfHighest))
	return append(out, known(lang, r.StandardKnown, r.Standard, r.Covered)...)
}

// known writes rates, or as many empty cells.
func known(lang string, yes bool, rates ...float64) []string {
	out := make([]string, len(rates))
	for i := range out {
		if yes {
			out[i] = part(lang, rates[i])
		}
	}
	return out
}

func groupName(name string, merged []string) string {
	if len(merged) > 0 {
		return strings.Join(merged, together)
	}
	return name
}

// part writes a rate to three decimals; what has no bound is empty.
func part(lang string, v float64) string {
	if math.IsInf(v, 0) {
		return ""
	}
	return sheet.Number(lang, v, 3)
}
