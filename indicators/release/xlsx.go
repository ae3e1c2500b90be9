package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes one workbook: what the variables are, the lists of codes, then a
// sheet a table. A figure is a number, a status its token.
func (d Dataset) writeXLSX() (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	at := day(d.IssuedOn) + "T00:00:00Z"
	if err := f.SetDocProps(&excelize.DocProperties{Title: d.Title.FR, Creator: d.Publisher, LastModifiedBy: d.Publisher,
		Created: at, Modified: at, Language: "fr-FR", Version: d.Version}); err != nil {
		return nil, err
	}
	if err := f.SetSheetName("Sheet1", reserved[0]); err != nil {
		return nil, err
	}
	sheets := []sheet{d.variables(), d.lists()}
	for _, t := range d.Tables {
		sheets = append(sheets, t.sheet())
	}
	for _, s := range sheets {
		if err := s.write(f); err != nil {
			return nil, fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return repack(b.Bytes(), d.IssuedOn)
}

// sheet is a name, a header and rows of strings or numbers.
type sheet struct {
	name   string
	header []string
	rows   [][]any
	widths []float64
}

func (s sheet) write(f *excelize.File) error {
	if s.name != reserved[0] {
		if _, err := f.NewSheet(s.name); err != nil {
			return err
		}
	}
	w, err := f.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	if err := s.layout(w); err != nil {
		return err
	}
	header := make([]any, len(s.header))
	for i, h := range s.header {
		header[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := w.SetRow("A1", header); err != nil {
		return err
	}
	for i, row := range s.rows {
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (s sheet) layout(w *excelize.StreamWriter) error {
	for i := range s.header {
		width := 16.0
		if i < len(s.widths) {
			width = s.widths[i]
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// sheet writes a table: json.Number keeps every digit as it is.
func (t Table) sheet() sheet {
	s := sheet{name: t.Name}
	for _, f := range t.Fields {
		s.header = append(s.header, f.Name)
	}
	for _, row := range t.Rows {
		cells := make([]any, len(row))
		for i, f := range t.Fields {
			cells[i] = f.spreadsheet(row[i])
		}
		s.rows = append(s.rows, cells)
	}
	return s
}

func (f Field) spreadsheet(c Cell) any {
	if c.Status != Value || f.worded() {
		return f.format(c)
	}
	if f.Kind != Decimal {
		return c.Number
	}
	v, _ := json.Number(f.format(c)).Float64() // fifteen digits: the shortest writing is the exact one
	return v
}

// readSheet reads the rows of a table out of the workbook, and no more than wanted.
func (t Table) readSheet(f *excelize.File, want int) (rows [][]Cell, err error) {
	r, err := f.Rows(t.Name)
	if err != nil {
		return nil, fmt.Errorf("no sheet %s: %w", t.Name, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for line := 1; r.Next(); line++ {
		cells, err := r.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, located{line, "", err}
		}
		if line == 1 {
			if err := t.sameHeader(cells); err != nil {
				return nil, located{1, "", err}
			}
			continue
		}
		row, err := t.sheetRow(cells, line)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, row); len(rows) > want {
			return nil, located{line, "", said("plus de lignes que dans le CSV", "more rows than in the CSV")}
		}
	}
	return rows, r.Error()
}

// sheetRow reads one line; the empty cells at its end are not in the file.
func (t Table) sheetRow(cells []string, line int) ([]Cell, error) {
	if len(cells) > len(t.Fields) {
		return nil, located{line, "", said("plus de cellules que de colonnes", "more cells than columns")}
	}
	row := make([]Cell, len(t.Fields))
	for i, f := range t.Fields {
		text := ""
		if i < len(cells) {
			text = cells[i]
		}
		c, err := f.read(text)
		if err != nil {
			return nil, located{line, f.Name, err}
		}
		row[i] = c
	}
	return row, nil
}

// openWorkbook opens a workbook that may be a stranger's.
func openWorkbook(data []byte) (f *excelize.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("not a readable workbook: %v", r)
		}
	}()
	return excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxFile, UnzipXMLSizeLimit: maxFile})
}

// variables describes each field for who opens the workbook alone.
func (d Dataset) variables() sheet {
	s := sheet{name: reserved[0], widths: []float64{18, 22, 34, 34, 14, 60, 60, 16, 40},
		header: []string{"table", "variable", "libellé", "label", "unité / unit", "définition", "definition", "version", "couverture / coverage"}}
	for _, t := range d.Tables {
		for _, f := range t.Fields {
			cover := ""
			if f.Measure() {
				cover = f.Coverage.words("fr") + " / " + f.Coverage.words("en")
			}
			s.rows = append(s.rows, []any{t.Name, f.Name, f.Label.FR, f.Label.EN, f.unit(), f.Definition.FR, f.Definition.EN, strings.TrimSpace(f.Indicator + " " + f.Edition), cover})
		}
	}
	for _, m := range statuses() {
		s.rows = append(s.rows, []any{"", m.Token, m.Label.FR, m.Label.EN})
	}
	return s
}

// lists gives what each code means.
func (d Dataset) lists() sheet {
	s := sheet{name: reserved[1], widths: []float64{18, 22, 18, 40, 40}, header: []string{"table", "variable", "code", "libellé", "label"}}
	for _, t := range d.Tables {
		for _, f := range t.Fields {
			for _, w := range f.Codes {
				s.rows = append(s.rows, []any{t.Name, f.Name, w.Code, w.Label.FR, w.Label.EN})
			}
		}
	}
	return s
}
