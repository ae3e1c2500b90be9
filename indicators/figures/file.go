package figures

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/compute"
)

// The codes of what stands for a number, or for one that there is not.
const (
	publishedWord    = "published"
	notCollectedWord = "ND"
	awaitedWord      = "awaited"
	withheldWord     = "c" // confidential, as Eurostat's flag
)

// header names the columns of a file: one line of the table and one year a row.
func header(lang string) []string {
	if lang == "en" {
		return []string{"line", "part_of", "label", "unit", "year", "value", "status", "count", "indicator", "definition", "asked", "replied", "break", "publication", "version", "unit_code", "status_code"}
	}
	return []string{"ligne", "partie_de", "libelle", "unite", "annee", "valeur", "statut", "effectif", "indicateur", "definition", "interrogees", "repondu", "rupture", "publication", "version", "unite_code", "statut_code"}
}

// said names a unit or a status in the reader's language.
func said(code, lang string) string {
	words := map[string]compute.Text{
		string(compute.Headcount): {FR: "personnes", EN: "people"}, string(compute.InFTE): {FR: "ETP", EN: "FTE"},
		"percent": {FR: "%", EN: "%"}, "exits": {FR: "sorties", EN: "exits"},
		publishedWord: {FR: "publié", EN: "published"}, notCollectedWord: {FR: "non collecté", EN: "not collected"},
		awaitedWord: {FR: "attendu", EN: "awaited"}, withheldWord: {FR: "secret", EN: "withheld"},
	}
	if t, ok := words[code]; ok {
		return in(t, lang)
	}
	return code
}

// WriteCSV writes a table of a report with one number a row: value is rounded once;
// unit and status are in words, their codes last: published, ND, awaited (asked, and
// nobody answered) or c (withheld);
// effectif is how many exits a share counts; then the indicators and the versions of
// their definitions, the enterprises asked, those that answered, why the year is not
// read beside the one before, and the release that gives the number, with its version.
func WriteCSV(w io.Writer, r *Report, t *Table, lang string) error {
	out := csv.NewWriter(w)
	if err := out.WriteAll(append([][]string{header(lang)}, fileRows(r, t, lang)...)); err != nil {
		return err
	}
	return out.Error()
}

func fileRows(r *Report, t *Table, lang string) [][]string {
	var out [][]string
	for _, l := range t.Lines {
		out = append(out, r.rows(t, l, "percent", lang)...)
	}
	if t != &r.Exits {
		return out
	}
	for _, l := range r.Apart() {
		out = append(out, r.rows(t, l, "exits", lang)...)
	}
	return out
}

// Apart are the lines beside the table of exits: those that its shares are of, and
// those that left them.
func (r *Report) Apart() []Line {
	return []Line{{compute.ReportRow{ID: "observed", Label: compute.Text{FR: "Sorties constatées", EN: "Exits observed"}}, r.Observed},
		{compute.ReportRow{ID: "withdrawn", Label: compute.Text{FR: "Sorties retirées des constatées", EN: "Exits withdrawn from those observed"}}, r.Withdrawn}}
}

// rows are those of one line, a number each.
func (r *Report) rows(t *Table, l Line, unit, lang string) [][]string {
	var out [][]string
	for i, n := range l.Numbers {
		c := t.Columns[i]
		of := cmp.Or(string(c.Unit), unit)
		value, status := n.file()
		count, asked, replied := "", "", ""
		if n.Count != nil {
			count = n.Count.RatString()
		}
		if n.Frame > 0 && !n.Withheld {
			asked, replied = strconv.Itoa(n.Frame), strconv.Itoa(n.Responded)
		}
		indicator, definition := r.Cites(l.ReportRow, c)
		out = append(out, []string{l.ID, l.Parent, in(l.Label, lang), said(of, lang), strconv.Itoa(c.Year), value, said(status, lang), count, indicator, definition, asked, replied, why(c.BreaksOf(l.ReportRow), lang), c.Dataset, c.Version, of, status})
	}
	return out
}

func in(t compute.Text, lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.FR
}

// why says breaks, one after the other, each after the kind that it is of.
func why(breaks []compute.Break, lang string) string {
	var out []string
	for _, b := range breaks {
		out = append(out, in(b.Said(), lang))
	}
	if lang == "en" {
		return strings.Join(out, "; ")
	}
	return strings.Join(out, " ; ")
}

// Cites is the indicator that a line of a column is a number of, and the definitions
// that it follows, as they are cited: C04 v1, C08 v1. A total that is no indicator has
// none, and follows the report's own definition, report v1, as in the ZIP.
func (r *Report) Cites(l compute.ReportRow, c TableColumn) (indicator, definition string) {
	indicator = l.Indicator()
	if indicator == "C01" && c.Unit == compute.InFTE {
		indicator = "C02"
	}
	switch {
	case indicator == "":
		return "", "report v1"
	case c.Unit != "":
		return indicator, indicator + " v1"
	}
	presence := "C08 v2"
	if compute.COORACE.In(c.Year) == compute.COORACE3 {
		presence = "C08 v1"
	}
	if indicator == "C08" {
		return indicator, presence
	}
	version := "v1"
	if r.Definition == compute.Dares && (indicator == "C04" || indicator == "C05") {
		version = "v2"
	}
	return indicator, indicator + " " + version + ", " + presence
}

func (n Number) file() (value, status string) {
	switch {
	case n.Withheld:
		return "", withheldWord
	case n.Awaited:
		return "", awaitedWord
	case !n.Known:
		return "", notCollectedWord
	}
	return strconv.FormatInt(compute.Rounded(n.Exact, 0), 10), publishedWord
}

// WriteXLSX writes the same rows as a workbook; numbers are numbers there.
func WriteXLSX(w io.Writer, sheet string, r *Report, t *Table, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	for i, row := range append([][]string{header(lang)}, fileRows(r, t, lang)...) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheet, cell, cellsOf(row, i == 0)); err != nil {
			return fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	return f.Write(w)
}

// cellsOf makes numbers of the year, the value and the counts.
func cellsOf(row []string, head bool) *[]any {
	out := make([]any, len(row))
	for i, v := range row {
		out[i] = v
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && !head && i >= 4 {
			out[i] = n
		}
	}
	return &out
}
