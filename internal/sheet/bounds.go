package sheet

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"maillage/internal/fault"
)

// The bounds of a file. They hold while it is read: a packed workbook of 40 kB may
// unfold into gigabytes.
const (
	maxFileBytes = 64 << 20 // as it is sent; and the text of its cells
	maxFileRows  = 200_000
	maxColumns   = 250
	maxCells     = 5_000_000 // blank ones before the last of a row included
	maxCell      = 32_767    // characters: the bound of the spreadsheets themselves
)

// measure counts what was kept of a file so far, all sheets together.
type measure struct{ cells, text int }

// take counts one more row of a sheet of which n are kept already, or says which bound it goes over and where.
func (m *measure) take(sheet string, n int, r Row) error {
	at := place{sheet: sheet, line: r.Line}
	if n > maxFileRows {
		return at.over("200 000 lignes au plus", "200,000 rows at most")
	}
	if len(r.Cells) > maxColumns {
		at.column = len(r.Cells)
		return at.overColumns()
	}
	for i, cell := range r.Cells {
		if m.text += len(cell); len(cell) > maxCell && utf8.RuneCountInString(cell) > maxCell {
			at.column = i + 1
			return at.overCell()
		}
	}
	if m.cells += len(r.Cells); m.cells > maxCells {
		return at.overCells()
	}
	if m.text > maxFileBytes {
		return at.over("64 Mo de texte au plus", "64 MB of text at most")
	}
	return nil
}

// place is where something is in a file: the sheet of a workbook, the line, the
// column counted from 1, as far as they are known.
type place struct {
	sheet        string
	line, column int
}

// over refuses the file for the bound that it goes over at this place.
func (p place) over(fr, en string) error {
	e := fault.New(fault.KindTooLarge, "too-large", "Ce fichier est trop grand : "+fr+".", "This file is too large: "+en+".")
	at := p.said()
	e.Fields = []fault.Field{fault.At(p.path(), "too-large", at.FR+" : "+fr+".", at.EN+": "+en+".")}
	return e
}

func (p place) overColumns() error { return p.over("250 colonnes au plus", "250 columns at most") }

func (p place) overCell() error {
	return p.over("32 767 caractères au plus dans une cellule", "32,767 characters at most in a cell")
}

func (p place) overCells() error {
	return p.over("5 millions de cellules au plus", "5 million cells at most")
}

// path is the place as a fault locates it.
func (p place) path() string {
	if p.line == 0 {
		return "file"
	}
	if p.column == 0 {
		return fmt.Sprintf("line %d", p.line)
	}
	return fmt.Sprintf("line %d, column %s", p.line, p.letters())
}

// said is the place as a person reads it.
func (p place) said() fault.Text {
	if p.line == 0 {
		return fault.Text{FR: "Le classeur", EN: "The workbook"}
	}
	fr, en := fmt.Sprintf("Ligne %d", p.line), fmt.Sprintf("Line %d", p.line)
	if p.column > 0 {
		fr, en = fr+", colonne "+p.letters(), en+", column "+p.letters()
	}
	if p.sheet != "" {
		fr, en = fr+" de la feuille « "+p.sheet+" »", en+" of the sheet “"+p.sheet+"”"
	}
	return fault.Text{FR: fr, EN: en}
}

// letters names a column as a spreadsheet does.
func (p place) letters() string {
	name, err := excelize.ColumnNumberToName(p.column)
	if err != nil { // beyond the last that a spreadsheet has
		return strconv.Itoa(p.column)
	}
	return name
}
