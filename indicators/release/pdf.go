package release

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"maillage/internal/fault"
)

// Measures of the page, in millimetres and points.
const (
	pdfMargin = 20.0
	pdfWidth  = 210 - 2*pdfMargin
	pdfLine   = 4.9
	pdfFooter = 150.0 // of a footer, what the title may take; the number of the page has the rest
	pdfBody   = 9.5
)

// paper writes the codebook on A4. The typeface is Go's: it has every letter of
// French, and its licence (BSD) lets a file embed it.
type paper struct{ *fpdf.Fpdf }

// writePDF writes the codebook without compression, which the ZIP does: a codec may
// change with the compiler. The library compresses the typefaces all the same: of the
// whole release, they alone depend on the compiler's own codec.
func (d Dataset) writePDF() ([]byte, error) {
	p := newPaper(d)
	book := d.codebook()
	p.title(book)
	p.statuses(book)
	for _, t := range book.Tables {
		p.table(t)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func newPaper(d Dataset) paper {
	p := paper{fpdf.New("P", "mm", "A4", "")}
	p.SetCompression(false)
	p.SetCatalogSort(true)
	p.SetCreationDate(d.IssuedOn)
	p.SetModificationDate(d.IssuedOn)
	p.SetProducer("Maillage", true)
	p.SetCreator("Maillage", true)
	p.SetAuthor(d.Publisher, true)
	p.SetTitle(d.Title.FR, true)
	p.SetLang("fr-FR")
	// The library writes in the bytes it is given: another document would get them changed.
	p.AddUTF8FontFromBytes("go", "", slices.Clone(goregular.TTF))
	p.AddUTF8FontFromBytes("go", "B", slices.Clone(gobold.TTF))
	p.AddUTF8FontFromBytes("gomono", "", slices.Clone(gomono.TTF))
	p.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(true, pdfMargin)
	p.SetFooterFunc(func() {
		p.SetY(-14)
		p.pen("go", "", 8, 0x456067)
		p.CellFormat(pdfFooter, 5, p.fitted(drawn(d.Title.FR), drawn(", "+d.Version), pdfFooter-3), "", 0, "L", false, 0, "")
		p.CellFormat(pdfWidth-pdfFooter, 5, fmt.Sprint(p.PageNo()), "", 0, "R", false, 0, "")
	})
	p.AddPage()
	return p
}

// fitted is a text and its end on one line of so many millimetres: a text that is
// longer is cut at a word, and its end is always there.
func (p paper) fitted(s, end string, width float64) string {
	if p.GetStringWidth(s+end) <= width {
		return s + end
	}
	words := strings.Fields(s)
	for n := len(words) - 1; n > 0; n-- {
		if cut := strings.Join(words[:n], " ") + "…" + end; p.GetStringWidth(cut) <= width {
			return cut
		}
	}
	return strings.TrimPrefix(end, ", ")
}

// pen chooses a typeface, a size in points and a colour.
func (p paper) pen(family, style string, size float64, rgb int) {
	p.SetFont(family, style, size)
	p.SetTextColor(rgb>>16, rgb>>8&0xff, rgb&0xff)
}

// The inks: what is read first, what is read beside, the green of the house.
const (
	ink    = 0x12343b
	beside = 0x456067
	weave  = 0x24685a
)

func (p paper) text(s string, size float64, style string, rgb int) {
	p.pen("go", style, size, rgb)
	p.MultiCell(pdfWidth, size*0.52, drawn(s), "", "L", false)
}

func (p paper) bilingual(t fault.Text, size float64, style string) {
	p.text(t.FR, size, style, ink)
	p.text(t.EN, size, "", beside)
}

func (p paper) title(b codebookPage) {
	p.Bookmark(drawn(b.D.Title.FR), 0, -1)
	p.text(b.D.Title.FR, 19, "B", ink)
	p.text(b.D.Title.EN, 12, "", beside)
	p.Ln(3)
	p.text("Dictionnaire des variables / Codebook. Version "+b.D.Version+", "+b.Day+".", pdfBody, "", ink)
	p.text(b.D.Licence.Title+" : "+b.D.Licence.URL, pdfBody, "", ink)
	p.Ln(3)
	p.bilingual(b.D.Abstract, pdfBody, "")
	p.Ln(2)
	p.bilingual(fault.Text{FR: "Couverture : " + b.Coverage.FR, EN: "Coverage: " + b.Coverage.EN}, pdfBody, "")
	p.Ln(2)
	p.bilingual(fault.Text{FR: "Citer : " + b.Cite.FR, EN: "Cite: " + b.Cite.EN}, pdfBody, "")
}

func (p paper) statuses(b codebookPage) {
	p.heading("Statuts / Statuses", 1)
	rows := [][2]string{}
	for _, m := range b.Statuses {
		rows = append(rows, [2]string{m.Token, m.Label.FR + "\n" + m.Label.EN})
	}
	p.pairs("gomono", append(rows, [2]string{"0", "demandé, et c’est bien zéro\nasked, and it is zero"}))
}

func (p paper) heading(s string, level int) {
	p.room(75)
	p.Ln(5)
	p.SetDrawColor(0x2f, 0x7d, 0x6b)
	p.Line(pdfMargin, p.GetY(), pdfMargin+pdfWidth, p.GetY())
	p.Ln(2)
	p.pen("go", "B", 13, weave) // a bookmark is written in the current typeface
	p.Bookmark(drawn(s), level, -1)
	p.MultiCell(pdfWidth, 7, drawn(s), "", "L", false)
}

// room begins a page where less than so many millimetres are left.
func (p paper) room(mm float64) {
	if p.GetY() > 297-pdfMargin-mm {
		p.AddPage()
	}
}

func (p paper) table(t codebookTable) {
	p.heading(t.Title.FR, 1)
	p.text(t.Title.EN, 10.5, "", beside)
	p.text(fmt.Sprintf("data/%s.csv, %d lignes / rows", t.Name, t.Count), pdfBody, "", ink)
	for _, v := range t.Variables {
		p.variable(v)
	}
}

func (p paper) variable(v variable) {
	p.room(40)
	p.Ln(4)
	p.pen("gomono", "", 9.5, weave)
	p.MultiCell(pdfWidth, pdfLine, v.Name, "", "L", false)
	p.bilingual(v.Label, 11, "B")
	p.Ln(1)
	p.bilingual(v.Definition, pdfBody, "")
	p.Ln(1)
	var facts, codes [][2]string
	for _, f := range v.Facts {
		facts = append(facts, [2]string{once(f.Name, " / "), once(f.Text, "\n")})
	}
	for _, c := range v.Codes {
		codes = append(codes, [2]string{c.Code, once(c.Label, " / ")})
	}
	p.pairs("go", facts)
	p.pairs("gomono", codes)
}

// once joins the two languages, or gives the text once where they are the same.
func once(t fault.Text, between string) string {
	if t.FR == t.EN {
		return t.FR
	}
	return t.FR + between + t.EN
}

// pairs draws two columns: a name and what it is.
func (p paper) pairs(family string, rows [][2]string) {
	const first = 46.0
	for _, row := range rows {
		p.pen("go", "", 8.8, ink)
		right := p.SplitText(drawn(row[1]), pdfWidth-first)
		p.pen(family, "", 8.4, beside)
		left := p.SplitText(drawn(row[0]), first-3)
		p.room(float64(max(len(left), len(right))) * 4.4)
		y := p.GetY()
		p.MultiCell(first-3, 4.4, strings.Join(left, "\n"), "", "L", false)
		below := p.GetY()
		p.SetXY(pdfMargin+first, y)
		p.pen("go", "", 8.8, ink)
		p.MultiCell(pdfWidth-first, 4.4, strings.Join(right, "\n"), "", "L", false)
		p.SetY(max(below, p.GetY()) + 0.6)
	}
	p.Ln(1)
}

// drawn replaces what the typeface lacks: the narrow spaces of French, and any
// letter beyond the plane that the library knows.
func drawn(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u202f' || r == '\u2009':
			return '\u00a0'
		case r > 0xffff:
			return '?'
		}
		return r
	}, s)
}
