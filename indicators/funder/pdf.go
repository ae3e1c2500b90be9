package funder

import (
	"fmt"
	"io"
	"slices"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Measures of the page, in millimetres; a report holds on two pages at most.
const (
	margin  = 16.0
	width   = 210 - 2*margin
	rowHigh = 4.4
	column  = 38.0
)

// The inks: what is read first, what is read beside, the green of the house.
const (
	ink    = 0x12343b
	beside = 0x456067
	weave  = 0x24685a
)

// paper writes on A4. The typeface is Go's: it has every letter of French, and its
// licence (BSD) lets a file embed it.
type paper struct {
	*fpdf.Fpdf
	lang string
}

// WritePDF writes the report as it goes out. The same report gives the same bytes.
func (r *Report) WritePDF(w io.Writer, lang string) error {
	p := paper{fpdf.New("P", "mm", "A4", ""), lang}
	p.SetCatalogSort(true)
	p.SetCreationDate(r.IssuedOn)
	p.SetModificationDate(r.IssuedOn)
	p.SetProducer("Maillage", true)
	p.SetTitle(r.Title().In(lang)+", "+r.Called(), true)
	p.SetLang(map[string]string{"en": "en-GB"}[lang])
	if lang != "en" {
		p.SetLang("fr-FR")
	}
	// The library writes in the bytes it is given: another document would get them changed.
	p.AddUTF8FontFromBytes("go", "", slices.Clone(goregular.TTF))
	p.AddUTF8FontFromBytes("go", "B", slices.Clone(gobold.TTF))
	p.SetMargins(margin, margin, margin)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(true, margin+4)
	p.foot(r)
	p.AddPage()
	p.head(r)
	for _, b := range r.Blocks {
		p.block(b)
	}
	p.notes(r)
	return p.Output(w)
}

func (p paper) foot(r *Report) {
	p.SetFooterFunc(func() {
		p.SetY(-13)
		p.pen("", 7.5, beside)
		p.CellFormat(width-20, 4, r.Called()+", "+r.Title().In(p.lang)+", "+day(r.IssuedOn, p.lang), "", 0, "L", false, 0, "")
		p.CellFormat(20, 4, fmt.Sprint(p.PageNo()), "", 0, "R", false, 0, "")
	})
}

// pen chooses a style, a size in points and a colour.
func (p paper) pen(style string, size float64, rgb int) {
	p.SetFont("go", style, size)
	p.SetTextColor(rgb>>16, rgb>>8&0xff, rgb&0xff)
}

func (p paper) head(r *Report) {
	p.pen("B", 17, ink)
	p.MultiCell(width, 8, r.Title().In(p.lang), "", "L", false)
	p.pen("", 11, beside)
	p.MultiCell(width, 5.4, r.Called()+", "+string(r.Own.Kind), "", "L", false)
	p.Ln(1)
}

func (p paper) block(b Block) {
	if p.GetY() > 297-margin-14-float64(len(b.Lines))*rowHigh { // a table is not cut
		p.AddPage()
	}
	p.Ln(2)
	p.SetDrawColor(0x2f, 0x7d, 0x6b)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
	p.Ln(1)
	p.pen("B", 10.5, weave)
	p.MultiCell(width, 5.4, b.Title.In(p.lang), "", "L", false)
	for _, l := range b.Lines {
		p.line(b, l)
	}
	if note := b.Note.In(p.lang); note != "" {
		p.pen("", 7.5, beside)
		p.MultiCell(width, 3.6, note, "", "L", false)
	}
}

// line draws the label, the number with its unit, and the share.
func (p paper) line(b Block, l Line) {
	style := ""
	if l.Depth == 0 {
		style = "B"
	}
	p.pen(style, 8.6, ink)
	indent, share := float64(l.Depth)*3.5, 16.0
	p.SetX(margin + indent)
	p.CellFormat(width-indent-column-share-16, rowHigh, l.Label.In(p.lang), "", 0, "L", false, 0, "")
	if l.Status != Shown {
		p.pen("", 8, beside)
	}
	p.CellFormat(column, rowHigh, l.Number(p.lang), "", 0, "R", false, 0, "")
	p.pen("", 7.5, beside)
	p.CellFormat(16, rowHigh, "  "+l.Unit.In(p.lang), "", 0, "L", false, 0, "")
	text := ""
	if b.Shares {
		text = l.Percent(p.lang)
	}
	p.CellFormat(share, rowHigh, text, "", 1, "R", false, 0, "")
}

func (p paper) notes(r *Report) {
	p.Ln(3)
	p.pen("", 7.5, beside)
	for _, n := range r.Notes {
		p.MultiCell(width, 3.7, n.In(p.lang), "", "L", false)
	}
}
