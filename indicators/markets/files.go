package markets

import (
	"fmt"
	"io"
	"slices"

	"codeberg.org/go-pdf/fpdf"
	"github.com/xuri/excelize/v2"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"maillage/internal/sheet"
)

// WriteXLSX writes the report: a sheet a table, one of definitions. A number is a number there.
func (r *Report) WriteXLSX(w io.Writer, lang string) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, t := range r.Tables {
		name := t.Title.In(lang)
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return fmt.Errorf("name the sheet: %w", err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return fmt.Errorf("add a sheet: %w", err)
		}
		if err := setRows(f, name, r.rows(t, lang)); err != nil {
			return err
		}
	}
	read := say("Lire ces chiffres", "How to read").In(lang)
	if _, err := f.NewSheet(read); err != nil {
		return fmt.Errorf("add a sheet: %w", err)
	}
	rows := [][]any{{r.Title().In(lang), sheet.Inert(r.Called().In(lang))}}
	for _, c := range r.Columns {
		rows = append(rows, []any{c.Label.In(lang), c.Definition.In(lang)})
	}
	for _, n := range r.written() {
		rows = append(rows, []any{"", n.In(lang)})
	}
	if err := setRows(f, read, rows); err != nil {
		return err
	}
	if err := f.SetColWidth(read, "B", "B", 120); err != nil {
		return err
	}
	return f.Write(w)
}

func (r *Report) rows(t Table, lang string) [][]any {
	head := []any{t.Head.In(lang)}
	for _, c := range r.columns(t) {
		head = append(head, c.Label.In(lang))
	}
	out := [][]any{head}
	for _, row := range t.Rows {
		line := []any{sheet.Inert(row.Name.In(lang))}
		for _, c := range row.Cells {
			if c.Unsaid || c.Beyond {
				line = append(line, c.Text(lang))
				continue
			}
			line = append(line, c.Value)
		}
		out = append(out, line)
	}
	return out
}

func setRows(f *excelize.File, name string, rows [][]any) error {
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(name, cell, &row); err != nil {
			return fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	return f.SetColWidth(name, "A", "H", 20)
}

// Measures of the paper, in millimetres, and its inks.
const (
	margin  = 16.0
	width   = 210 - 2*margin
	rowHigh = 5.2
	cellWid = 18.0
	ink     = 0x12343b
	beside  = 0x456067
	weave   = 0x24685a
)

// paper writes on A4, in Go's typeface: it has every letter of French, and its licence
// (BSD) lets a file embed it.
type paper struct {
	*fpdf.Fpdf
	r    *Report
	lang string
}

// WritePDF writes the report on paper. The same report gives the same bytes.
func (r *Report) WritePDF(w io.Writer, lang string) error {
	p := paper{fpdf.New("P", "mm", "A4", ""), r, lang}
	p.SetCatalogSort(true)
	p.SetCreationDate(r.Figures.At)
	p.SetModificationDate(r.Figures.At)
	p.SetProducer("Maillage", true)
	p.SetTitle(r.Title().In(lang)+", "+r.Called().In(lang), true)
	p.SetLang(map[bool]string{true: "en-GB", false: "fr-FR"}[lang == "en"])
	// The library writes in the bytes it is given: another document would get them changed.
	p.AddUTF8FontFromBytes("go", "", slices.Clone(goregular.TTF))
	p.AddUTF8FontFromBytes("go", "B", slices.Clone(gobold.TTF))
	p.SetMargins(margin, margin, margin)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(true, margin+4)
	p.SetFooterFunc(func() {
		p.SetY(-13)
		p.pen("", 7.5, beside)
		p.CellFormat(width-20, 4, r.Called().In(lang), "", 0, "L", false, 0, "")
		p.CellFormat(20, 4, fmt.Sprint(p.PageNo()), "", 0, "R", false, 0, "")
	})
	p.AddPage()
	p.pen("B", 17, ink)
	p.MultiCell(width, 8, r.Title().In(lang), "", "L", false)
	p.pen("", 11, beside)
	p.MultiCell(width, 5.4, r.Called().In(lang), "", "L", false)
	for _, t := range r.Tables {
		p.table(t)
	}
	p.reading()
	return p.Output(w)
}

// pen chooses a style, a size in points and a colour.
func (p paper) pen(style string, size float64, rgb int) {
	p.SetFont("go", style, size)
	p.SetTextColor(rgb>>16, rgb>>8&0xff, rgb&0xff)
}

func (p paper) table(t Table) {
	if p.GetY() > 297-margin-40 { // a title is not left alone
		p.AddPage()
	}
	p.Ln(4)
	p.pen("B", 10.5, weave)
	p.MultiCell(width, 5.4, t.Title.In(p.lang), "", "L", false)
	p.head(t)
	p.SetDrawColor(0x2f, 0x7d, 0x6b)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
	for _, row := range t.Rows {
		p.pen("", 8.6, ink)
		first := width - cellWid*float64(len(row.Cells))
		if p.GetY()+2*rowHigh > 297-margin-4 { // a line is not cut
			p.AddPage()
			p.head(t)
			p.pen("", 8.6, ink)
		}
		p.MultiCell(first-2, rowHigh, row.Name.In(p.lang), "", "L", false) // its numbers stand on its last line
		p.SetXY(margin+first, p.GetY()-rowHigh)
		for i, c := range row.Cells {
			line := 0
			if i == len(row.Cells)-1 {
				line = 1
			}
			p.CellFormat(cellWid, rowHigh, c.Text(p.lang), "", line, "R", false, 0, "")
		}
	}
}

// head writes the names of the columns, on two lines where they need it.
func (p paper) head(t Table) {
	p.pen("", 7.2, beside)
	y, first := p.GetY(), width-cellWid*float64(len(p.r.columns(t)))
	p.SetXY(margin, y+3.4)
	p.CellFormat(first, 3.4, t.Head.In(p.lang), "", 0, "L", false, 0, "")
	for i, c := range p.r.columns(t) {
		lines := p.SplitText(c.Label.In(p.lang), cellWid-1)
		p.SetXY(margin+first+cellWid*float64(i), y+3.4*float64(2-min(len(lines), 2)))
		p.MultiCell(cellWid, 3.4, c.Label.In(p.lang), "", "R", false)
	}
	p.SetXY(margin, y+7.4)
}

func (p paper) reading() {
	p.Ln(4)
	for _, c := range p.r.Columns {
		p.pen("B", 7.5, beside)
		p.Write(3.8, c.Label.In(p.lang)+"  ")
		p.pen("", 7.5, beside)
		p.Write(3.8, c.Definition.In(p.lang))
		p.Ln(4.4)
	}
	p.Ln(2)
	for _, n := range p.r.written() {
		p.MultiCell(width, 3.8, n.In(p.lang), "", "L", false)
	}
}
