package compute

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Row is one measure summed over the enterprises of a place and a kind in a year.
type Row struct {
	Measure   Measure
	Frame     int // enterprises of whom it is asked
	Responded int // who answered or sent records
	Missing   int // of whom it was not collected: the sum is then ND
	Awaited   int // whom it was asked, and who have not answered
	Cells     Cells
}

// Status is ND where somebody's was not collected, or where nobody was asked;
// Waiting where it was asked, and nobody answered.
func (r *Row) Status() Status {
	switch {
	case r.Missing > 0, r.Responded == 0 && r.Awaited == 0:
		return ND
	case r.Responded == 0:
		return Waiting
	}
	return Collected
}

// At is the cell of a cross; the zero cell where nothing was counted, which is
// the number zero when the row is collected.
func (r *Row) At(c Cross) Cell {
	if i, found := slices.BinarySearchFunc(r.Cells, c, func(x Cell, c Cross) int { return int(x.Cross) - int(c) }); found {
		return r.Cells[i]
	}
	return Cell{Cross: c}
}

// Unknown tells a cell of which nothing is said: in a dimension that it fixes, of
// nobody of that margin is the sex, the age or the criterion known. It is not zero.
func (r *Row) Unknown(c Cross) bool {
	if r.Status() != Collected {
		return false
	}
	for _, pair := range c.Unsaid() {
		of, unsaid := r.At(pair.Of), r.At(pair.Unsaid)
		if (of.Amount != 0 || of.Persons != 0) && unsaid.Amount == of.Amount && unsaid.Persons == of.Persons {
			return true
		}
	}
	return false
}

// Cell is one count with what disclosure control asks of it.
type Cell struct {
	Cross        Cross
	Amount       int64 // in the measure's scale
	Persons      int64 // whom it is of; 0 where it is of enterprises
	Contributors int64 // economic groups
	Top          int64 // the amount of the largest of them
}

// Cells are sorted by their cross.
type Cells []Cell

// MarshalJSON writes one flat list: cross, amount, persons, contributors, top.
func (cs Cells) MarshalJSON() ([]byte, error) {
	flat := make([]int64, 0, 5*len(cs))
	for _, c := range cs {
		flat = append(flat, int64(c.Cross), c.Amount, c.Persons, c.Contributors, c.Top)
	}
	return json.Marshal(flat)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (cs *Cells) UnmarshalJSON(b []byte) error {
	var flat []int64
	if err := json.Unmarshal(b, &flat); err != nil {
		return err
	}
	if len(flat)%5 != 0 {
		return fmt.Errorf("cells of %d numbers", len(flat))
	}
	*cs = make(Cells, 0, len(flat)/5)
	for i := 0; i < len(flat); i += 5 {
		*cs = append(*cs, Cell{Cross(flat[i]), flat[i+1], flat[i+2], flat[i+3], flat[i+4]})
	}
	return nil
}

// Sum sums the parts of one scope, in the order of the measures. A measure that
// means nothing for any of them has no row. Parts of one economic group are one
// contributor. The order of the parts changes nothing.
func Sum(parts []*Part) []Row {
	parts = slices.SortedStableFunc(slices.Values(parts), func(a, b *Part) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Enterprise, b.Enterprise))
	})
	var out []Row
	for _, b := range book {
		if row := sumMeasure(b, parts); row.Frame > 0 {
			out = append(out, row)
		}
	}
	return out
}

func sumMeasure(b traits, parts []*Part) Row {
	row := Row{Measure: b.measure}
	var cells accumulators
	for _, p := range parts {
		if !b.family.holds(p.Kind) {
			continue
		}
		row.Frame++
		line, known := p.Lines[b.measure]
		switch {
		case !known && p.Awaits(b.measure):
			row.Awaited++
		case !known:
		case line.Status == ND:
			row.Missing++
		default:
			row.Responded++
			cells.add(p.Group, line.Counts)
		}
	}
	if row.Status() == Collected {
		row.Cells = cells.cells()
	}
	return row
}

// accumulators sum each cross; groups come one after the other.
type accumulators [crosses]struct {
	Cell
	group string
	own   int64 // of the present group
	in    bool
}

func (as *accumulators) add(group string, counts []Count) {
	for _, c := range counts {
		a := &as[c.Cross]
		if !a.in || a.group != group {
			a.Top = max(a.Top, a.own)
			a.group, a.own, a.in = group, 0, true
			a.Contributors++
		}
		a.own += c.Amount
		a.Amount += c.Amount
		a.Persons += c.Persons
	}
}

func (as *accumulators) cells() Cells {
	var out Cells
	for i := range as {
		if a := &as[i]; a.in {
			a.Cross, a.Top = Cross(i), max(a.Top, a.own)
			out = append(out, a.Cell)
		}
	}
	return out
}
