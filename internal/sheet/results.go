package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"maillage/internal/fault"
)

// What the library gives of a cell is its bare text: true is 1 and false is 0, a sum
// has the noise of binary numbers that no spreadsheet shows, and a formula that
// nobody computed is empty. The scan notes the cells of which this is so.

// noted is a cell, by its place, whose bare text says something else than it does.
type noted struct {
	line    int32
	column  uint16 // from 1, as the library lays the row out
	formula bool   // it has a formula without its result; else it is true or false
}

// said gives the cells of a row as their author reads them, and the places of the
// formulas without a result. The notes before the line are of no use any more.
func said(cells []string, line int, notes []noted) (uncounted []int, rest []noted) {
	for len(notes) > 0 && int(notes[0].line) <= line {
		n := notes[0]
		notes = notes[1:]
		at := int(n.column) - 1
		switch {
		case int(n.line) < line:
		case n.formula:
			uncounted = append(uncounted, at)
		case at < len(cells):
			cells[at] = map[string]string{"1": "TRUE", "0": "FALSE"}[cells[at]]
		}
	}
	for i, cell := range cells {
		cells[i] = shown(cell)
	}
	return uncounted, notes
}

// digits is how many a spreadsheet has of a number: those beyond are how it holds it.
const digits = 15

var heldForm = regexp.MustCompile(`^-?\d+\.\d+([eE][+-]?\d+)?$`)

// shown gives a number as a spreadsheet shows it: the sum of 75.83 and 75.84 is
// 151.67, be it held as 151.67000000000002. Another text stays as it is.
func shown(cell string) string {
	if len(cell) <= digits || !heldForm.MatchString(cell) {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	if v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64); err != nil {
		return cell
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// mostTold bounds the formulas that a refusal names.
const mostTold = 10

// tell keeps the places of the formulas of a row that have no result, where the
// column has a name: what stands beside the table is nobody's.
func (t *Table) tell(at place, columns []int) {
	for _, i := range columns {
		named := len(t.Rows) == 0 || i < len(t.Rows[0].Cells) && written(t.Rows[0].Cells[i])
		if at.column = i + 1; named && len(t.uncounted) < mostTold {
			t.uncounted = append(t.uncounted, at)
		}
	}
}

// counted refuses a table with formulas that nobody computed: a program wrote the
// file, and what they are worth is written nowhere. Read as empty they would leave
// what is known, and nobody would know.
func (t *Table) counted() error {
	if len(t.uncounted) == 0 {
		return nil
	}
	var fields []fault.Field
	for _, at := range slices.Compact(t.uncounted) {
		where := at.said()
		fields = append(fields, fault.At(at.path(), "formula",
			where.FR+" : cette formule n’a pas de résultat enregistré. Ouvrez le classeur dans votre tableur, enregistrez-le, puis renvoyez-le ; ou remplacez les formules par leurs valeurs.",
			where.EN+": this formula has no result saved. Open the workbook in your spreadsheet, save it, then send it again; or put values in the place of the formulas."))
	}
	return fault.Invalid(fields...)
}

// note keeps what the bare text of the cell that ends does not say.
func (c *cursor) note() {
	switch {
	case c.kind == "b" && c.result:
	case c.formula && !c.result && (c.kind != "str" || !c.answer): // the result may be the empty text
	default:
		return
	}
	c.notes[c.sheet] = append(c.notes[c.sheet], noted{line: int32(c.line), column: uint16(c.width), formula: !c.result}) //nolint:gosec // both are bounded by what a spreadsheet holds
}

// inOrder are the notes of a sheet, row after row.
func (s *scan) inOrder() map[string][]noted {
	for _, notes := range s.notes {
		slices.SortStableFunc(notes, func(a, b noted) int { return int(a.line - b.line) })
	}
	return s.notes
}

func blank(text []byte) bool { return strings.TrimSpace(string(text)) == "" }
