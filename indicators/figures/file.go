package figures

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/compute"
)

// The words that stand for a number that there is not.
const (
	notCollectedWord = "ND"
	withheldWord     = "c" // confidential, as Eurostat's flag
)

// header names the columns of a file: one line of the table and one year a row.
var header = []string{"ligne", "partie_de", "libelle", "unite", "annee", "valeur", "statut", "effectif"}

// WriteCSV writes a table with one number a row: value is rounded once; status is
// published, ND or c (withheld); effectif is how many exits a share counts.
func WriteCSV(w io.Writer, t Table, lang string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range fileRows(t, lang) {
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func fileRows(t Table, lang string) [][]string {
	var out [][]string
	for _, l := range t.Lines {
		label := l.Label.FR
		if lang == "en" {
			label = l.Label.EN
		}
		for i, n := range l.Numbers {
			unit := string(t.Columns[i].Unit)
			if unit == "" {
				unit = "percent"
			}
			value, status := n.file()
			count := ""
			if n.Count != nil {
				count = n.Count.RatString()
			}
			out = append(out, []string{l.ID, l.Parent, label, unit, strconv.Itoa(t.Columns[i].Year), value, status, count})
		}
	}
	return out
}

func (n Number) file() (value, status string) {
	switch {
	case n.Withheld:
		return "", withheldWord
	case !n.Known:
		return "", notCollectedWord
	}
	return strconv.FormatInt(compute.Rounded(n.Exact, 0), 10), "published"
}

// WriteXLSX writes the same rows as a workbook; numbers are numbers there.
func WriteXLSX(w io.Writer, sheet string, t Table, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	for i, row := range append([][]string{header}, fileRows(t, lang)...) {
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

// cellsOf makes numbers of the year, the value and the count.
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
