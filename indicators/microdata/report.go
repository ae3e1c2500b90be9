package microdata

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Report is what an import did. Read = Made + Updated + Unchanged + Removed + Rejected.
type Report struct {
	Sheet     Sheet
	Batch     int64 // 0 for a preview
	Read      int   // rows, without the header and blank lines
	Made      int
	Updated   int
	Unchanged int
	Removed   int
	Rejected  int
	Unread    []string // columns of which nothing is kept
	Refused   []Refusal
	header    []string
	comma     byte
}

// Refusal is a row that was not kept: its line, every fault, and the cells that
// may be kept, those of Header.
type Refusal struct {
	Line   int
	Faults []Located
	Cells  []string
}

// Header names the cells of the refused rows.
func (r *Report) Header() []string { return slices.Clone(r.header) }

func (r *Report) refuse(line int, cells []string, faults ...Located) {
	r.Rejected++
	r.Refused = append(r.Refused, Refusal{Line: line, Faults: faults, Cells: cells})
}

func (r *Report) finish() {
	slices.SortStableFunc(r.Refused, func(a, b Refusal) int { return cmp.Compare(a.Line, b.Line) })
}

// WriteRejected writes the rows that were not kept as a file of the same layout,
// each with its line and what to correct in front: once put right, it can be
// imported. Cells at fault are not in it: they could hold anything.
func (r *Report) WriteRejected(w io.Writer, lang string) error {
	rows := [][]string{append([]string{"ligne", "a_corriger"}, r.header...)}
	for _, row := range r.Refused {
		words := make([]string, len(row.Faults))
		for i, f := range row.Faults {
			words[i] = f.Words(lang)
		}
		rows = append(rows, append([]string{strconv.Itoa(row.Line), strings.Join(words, " ; ")}, row.Cells...))
	}
	return writeCSV(w, rune(r.comma), rows)
}

// WriteModel writes an empty file of a sheet to fill, as spreadsheets in French expect.
func (s Sheet) WriteModel(w io.Writer) error {
	var header []string
	for _, c := range s.Columns() {
		header = append(header, c.Name)
	}
	return writeCSV(w, ';', [][]string{header})
}

func writeCSV(w io.Writer, comma rune, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // a spreadsheet reads UTF-8 by this mark
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = comma
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}
