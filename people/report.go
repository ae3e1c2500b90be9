package people

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/fault"
)

// Report is what an import did. Read = Made + Updated + Unchanged + Rejected.
type Report struct {
	Read      int // rows, without the header and blank lines
	Made      int
	Updated   int
	Unchanged int
	Rejected  int
	Sealed    int      // identities written
	NoKey     bool     // the file has identities, which this server cannot keep
	Unread    []Unread // columns of which nothing is kept
	Refused   []Row
	header    []string // of the columns that a rejected row keeps
	comma     byte
}

// Row is a row that was not kept: its line, every fault, and the cells that
// may be kept, those of Header.
type Row struct {
	Line   int
	Faults []Located
	Cells  []string
}

// Header names the cells of the refused rows.
func (r *Report) Header() []string { return slices.Clone(r.header) }

func (r *Report) refuse(line int, cells []string, faults ...Located) {
	r.Rejected++
	r.Refused = append(r.Refused, Row{Line: line, Faults: faults, Cells: cells})
}

func (r *Report) finish() {
	slices.SortStableFunc(r.Refused, func(a, b Row) int { return cmp.Compare(a.Line, b.Line) })
}

// Words says a fault with its column.
func (l Located) Words(lang string) string {
	if l.Column == "" {
		return l.Text.In(lang)
	}
	if lang == "en" {
		return l.Column + ": " + l.Text.EN
	}
	return l.Column + " : " + l.Text.FR
}

// KeyMissing is what to say of identities that could not be sealed.
func KeyMissing() fault.Text { return fault.Of(noKey()).Message }

// WriteRejected writes the rows that were not kept as a file of the same
// layout, each with its line and what to correct in front: once put right, it can
// be imported. Names, traits, columns that have no field and cells at fault are
// not in it, since what identifies, or could, is not left in clear on a disk:
// names are added on the person's page, or by correcting the first file instead.
func (r *Report) WriteRejected(w io.Writer, lang string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // a spreadsheet reads UTF-8 by this mark
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = rune(r.comma)
	if err := out.Write(append([]string{"ligne", "a_corriger"}, r.header...)); err != nil {
		return err
	}
	for _, row := range r.Refused {
		words := make([]string, len(row.Faults))
		for i, f := range row.Faults {
			words[i] = f.Words(lang)
		}
		if err := out.Write(append([]string{strconv.Itoa(row.Line), strings.Join(words, " ; ")}, row.Cells...)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
