// Package sheet cuts a table that somebody made with a spreadsheet, a .csv or an
// .xlsx, into rows of cells with their lines, and writes one that leaves. It refuses to
// understand any of it: a noun knows its own columns.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"maillage/internal/fault"
)

// Table is a file cut into cells; nothing in it is understood yet.
type Table struct {
	Comma    byte // how the file separates its cells; ',' for a workbook
	Workbook bool // it is a sheet of one: its days are numbers
	Header   []string
	Rows     []Row
	Broken   []Row    // lines that are no row: a quote that never closes
	Unread   []string // other sheets of the workbook with as many known columns as half of it: a file is one table

	uncounted []place // formulas without a result
}

// Row is one row and the line of the file where it begins (the header is on line 1 or after).
type Row struct {
	Line  int
	Cells []string
}

// Read reads a .csv or an .xlsx, known by its name. A text is UTF-8 (with
// or without a mark), UTF-16 with a mark, or Windows-1252; its cells are
// separated by commas, semicolons or tabs, whichever makes the most known columns.
func Read(name string, content io.Reader, known func(header []string) int) (*Table, error) {
	data, err := io.ReadAll(io.LimitReader(content, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxFileBytes {
		return nil, fault.TooLarge(fmt.Sprintf("%d Mo", maxFileBytes>>20))
	}
	if strings.EqualFold(filepath.Ext(name), ".xlsx") || bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return readWorkbook(data, known)
	}
	text := lines(decode(data))
	best, score := &Table{}, -1
	for _, comma := range []byte{',', ';', '\t'} {
		rows, _ := cut(text, comma, 1)
		if len(rows) == 0 {
			continue
		}
		if n := known(rows[0].Cells); n > score {
			best, score = &Table{Comma: comma}, n
		}
	}
	if score < 0 {
		return nil, emptyFile()
	}
	if err := best.keep(text); err != nil {
		return nil, err
	}
	return best.split()
}

func emptyFile() error {
	return fault.Invalid(fault.At("file", "empty", "Ce fichier est vide.", "This file is empty."))
}

// split takes the header off the rows.
func (t *Table) split() (*Table, error) {
	if len(t.Rows) == 0 {
		return nil, emptyFile()
	}
	t.Header, t.Rows = t.Rows[0].Cells, t.Rows[1:]
	return t, nil
}

// decode gives the text of a file in UTF-8.
func decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		return strings.ToValidUTF8(string(data[3:]), "\uFFFD")
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return utf16Text(data[2:], 1, 0)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return utf16Text(data[2:], 0, 1)
	case utf8.Valid(data):
		return string(data)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil { // every byte has a meaning in Windows-1252: it does not happen
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(text)
}

// lines gives the line ends of today to a text that has those of an old Macintosh
// alone.
func lines(text string) string {
	if strings.Contains(text, "\n") {
		return text
	}
	return strings.ReplaceAll(text, "\r", "\n")
}

func utf16Text(data []byte, high, low int) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+high])<<8 | uint16(data[2*i+low])
	}
	return string(utf16.Decode(units))
}

// keep cuts a text into the rows of the table, within the bounds of a file.
func (t *Table) keep(text string) (err error) {
	var m measure
	eachRow(text, t.Comma, func(r Row, whole bool) bool {
		if err = m.take("", len(t.Rows)+len(t.Broken), r); err != nil {
			return false
		}
		if whole {
			t.Rows = append(t.Rows, r)
		} else {
			t.Broken = append(t.Broken, r)
		}
		return true
	})
	return err
}

// cut gives the first rows of a text (below zero, all) and the lines that are broken before their end.
func cut(text string, comma byte, most int) (rows, broken []Row) {
	eachRow(text, comma, func(r Row, whole bool) bool {
		if !whole {
			broken = append(broken, r)
			return true
		}
		rows = append(rows, r)
		return len(rows) != most
	})
	return rows, broken
}

// eachRow cuts a text into rows by RFC 4180, until it is told to stop. A quote inside
// a cell that does not begin with one is a character like another. A quoted
// cell that never closes, or is followed by something else than a separator,
// breaks its line alone: reading goes on from the next one, so that one stray
// quote does not swallow the rest of the file. Blank lines are no rows.
func eachRow(text string, comma byte, take func(r Row, whole bool) bool) {
	line := 1
	for at, more := 0, true; more && at < len(text); {
		cells, next, lines, ok := cutRow(text, at, comma)
		if !ok {
			end := lineEnd(text, at)
			more = take(Row{line, []string{strings.TrimRight(text[at:end], "\r\n")}}, false)
			at = end
			line++
			continue
		}
		if len(cells) > 1 || strings.TrimSpace(cells[0]) != "" {
			more = take(Row{line, cells}, true)
		}
		at, line = next, line+lines
	}
}

// lineEnd is just after the end of the line that holds at.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// cutRow cuts one row and tells where the next begins and how many lines it took.
// Of a row wider than a file may be it gives one cell more than that, and no other.
func cutRow(text string, at int, comma byte) (cells []string, next, lines int, ok bool) {
	for {
		var cell string
		if at < len(text) && text[at] == '"' {
			var taken int
			if cell, at, taken, ok = quoted(text, at+1, comma); !ok {
				return nil, 0, 0, false
			}
			lines += taken
		} else {
			start := at
			for at < len(text) && text[at] != comma && text[at] != '\n' {
				at++
			}
			cell = text[start:at]
			if at == len(text) || text[at] == '\n' {
				cell = strings.TrimSuffix(cell, "\r")
			}
		}
		if len(cells) <= maxColumns {
			cells = append(cells, cell)
		}
		switch {
		case at >= len(text):
			return cells, len(text), lines + 1, true
		case text[at] == '\n':
			return cells, at + 1, lines + 1, true
		}
		at++
	}
}

// quoted reads a cell after its opening quote.
func quoted(text string, at int, comma byte) (cell string, next, lines int, ok bool) {
	var b strings.Builder
	for at < len(text) {
		c := text[at]
		if c != '"' {
			if c == '\n' {
				lines++
			}
			b.WriteByte(c)
			at++
			continue
		}
		if at+1 < len(text) && text[at+1] == '"' {
			b.WriteByte('"')
			at += 2
			continue
		}
		at++
		if at < len(text) && text[at] == '\r' && (at+1 == len(text) || text[at+1] == '\n') {
			at++
		}
		return b.String(), at, lines, at == len(text) || text[at] == comma || text[at] == '\n'
	}
	return "", 0, 0, false
}

// readWorkbook reads the sheet whose first row knows the most columns, the first of
// equals, and names the others that look like it. Cells come as they
// are stored: a SIRET is not shown as 8.07E+13, a date is a number; see results.go for
// what is stored otherwise than its author reads it.
func readWorkbook(data []byte, known func([]string) int) (*Table, error) {
	data, notes, err := onlyCells(data)
	if err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory,
	})
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = book.Close() }()
	var best *Table
	var chosen string
	var m measure
	tables := map[string]int{} // sheets with rows, by the columns that they know
	score := -1
	for _, sheet := range book.GetSheetList() {
		t, err := readSheet(book, sheet, notes[sheet], &m)
		if err != nil {
			return nil, err
		}
		if len(t.Rows) == 0 {
			continue
		}
		n := known(t.Rows[0].Cells)
		if n > score {
			best, chosen, score = t, sheet, n
		}
		if len(t.Rows) > 1 {
			tables[sheet] = n
		}
	}
	if best == nil {
		return nil, emptyFile()
	}
	for _, sheet := range book.GetSheetList() { // a page of explanations may know a column by chance
		if n := tables[sheet]; sheet != chosen && n > 0 && 2*n >= score {
			best.Unread = append(best.Unread, sheet)
		}
	}
	if err := best.counted(); err != nil {
		return nil, err
	}
	return best.split()
}

func readSheet(book *excelize.File, sheet string, notes []noted, m *measure) (*Table, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, unreadable(fmt.Errorf("read sheet %q: %w", sheet, err))
	}
	defer func() { _ = rows.Close() }()
	t := &Table{Comma: ',', Workbook: true}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, unreadable(fmt.Errorf("read sheet %q, row %d: %w", sheet, line, err))
		}
		var uncounted []int
		uncounted, notes = said(cells, line, notes)
		t.tell(place{sheet: sheet, line: line}, uncounted)
		if !slices.ContainsFunc(cells, written) {
			continue
		}
		row := Row{line, slices.Clip(cells)}
		if err := m.take(sheet, len(t.Rows), row); err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, row)
	}
	return t, rows.Error()
}

func written(cell string) bool { return strings.TrimSpace(cell) != "" }

// Clean drops what no cell should hold: control characters (PostgreSQL
// refuses a NUL) and blanks around.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\uFEFF' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(s)
}

// Phone gives a phone number of France the zero that a cell of numbers has lost.
func Phone(cell string) string {
	if nineDigits.MatchString(cell) {
		return "0" + cell
	}
	return cell
}

var nineDigits = regexp.MustCompile(`^[1-9][0-9]{8}$`)

// Date reads 2026-12-31, 31/12/2026 or the number of a day in a workbook, and gives the first form.
func Date(raw string) (string, bool) {
	for _, form := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.Parse(form, raw); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	// The days of a workbook count from 30 December 1899; 3000 is 1908 (a lesser number may be a year), 80000 is 2119.
	days, err := strconv.ParseFloat(raw, 64)
	if err != nil || days < 3_000 || days > 80_000 {
		return "", false
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly), true
}
