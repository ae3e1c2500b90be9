package lp

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// reduction is what remains of a problem: the columns that move and the
// independent rows on them, scaled, with a basis. It never changes once made.
type reduction struct {
	*matrix
	b                     []float64
	columns               []int // of the problem, for each of the matrix
	place                 []int // of the matrix, for each of the problem, or -1
	known                 []known
	rowScale, columnScale []float64
	start                 []int // the columns of a first basis
	magnitude             float64
}

// known is a column whose value the rows alone give.
type known struct {
	column int
	value  float64
}

// reduce removes the columns of out (which stand at their lower bound), takes the
// value of every column that is alone in a row, and keeps independent rows. It
// writes in out.
func reduce(p Problem, out []bool) (*reduction, error) {
	r := &reduction{place: make([]int, len(p.Lower))}
	rows, right, err := r.substitute(p, out)
	if err != nil {
		return nil, err
	}
	for j := range p.Lower {
		r.place[j] = -1
		if !out[j] {
			r.place[j] = len(r.columns)
			r.columns = append(r.columns, j)
		}
	}
	for _, row := range rows {
		for k := range row {
			row[k].Column = r.place[row[k].Column]
		}
	}
	kept, start := independent(rows, len(r.columns))
	r.start = start
	r.keep(rows, right, kept)
	r.measure(p)
	return r, nil
}

func (r *reduction) keep(rows [][]Entry, right []float64, kept []int) {
	chosen := make([][]Entry, len(kept))
	for i, row := range kept {
		chosen[i] = rows[row]
	}
	r.matrix, r.rowScale, r.columnScale = newMatrix(chosen, len(r.columns))
	for i, row := range kept {
		r.b = append(r.b, right[row]*r.rowScale[i])
	}
}

// substitute goes through the rows until none has a single unknown. The columns it
// finds are marked in out, as those that left before.
func (r *reduction) substitute(p Problem, out []bool) ([][]Entry, []float64, error) {
	value := make([]float64, len(p.Lower))
	copy(value, p.Lower)
	holders := make([][]int, len(p.Lower))
	rows, queue := make([][]Entry, len(p.Rows)), make([]int, 0, len(p.Rows))
	for i, row := range p.Rows {
		rows[i] = merged(row.Entries)
		for _, e := range rows[i] {
			holders[e.Column] = append(holders[e.Column], i)
		}
		queue = append(queue, i)
	}
	for len(queue) > 0 {
		row := queue[0]
		queue = queue[1:]
		unknown, rest := pending(rows[row], p.Rows[row].RHS, value, out)
		if len(unknown) != 1 {
			continue
		}
		column := unknown[0].Column
		value[column], out[column] = rest/unknown[0].Value, true
		r.known = append(r.known, known{column, value[column]})
		queue = append(queue, holders[column]...)
	}
	return r.remaining(p, rows, value, out)
}

// remaining is the rows that still have unknowns, and what these must sum to.
func (r *reduction) remaining(p Problem, rows [][]Entry, value []float64, out []bool) ([][]Entry, []float64, error) {
	var left [][]Entry
	var right []float64
	for i := range rows {
		unknown, rest := pending(rows[i], p.Rows[i].RHS, value, out)
		if len(unknown) > 0 {
			left, right = append(left, unknown), append(right, rest)
			continue
		}
		if math.Abs(rest) > residual(rows[i], p.Rows[i].RHS, value) {
			return nil, nil, fmt.Errorf("row %d misses its sum by %v: %w", i, rest, ErrInfeasible)
		}
	}
	return left, right, nil
}

// pending is what is unknown in a row, and what it must sum to.
func pending(row []Entry, right float64, value []float64, out []bool) ([]Entry, float64) {
	var unknown []Entry
	for _, e := range row {
		if !out[e.Column] {
			unknown = append(unknown, e)
			continue
		}
		right -= e.Value * value[e.Column]
	}
	return unknown, right
}

// residual is how far a row may be from its sum: a relative 1e-9 of its terms.
func residual(row []Entry, right float64, value []float64) float64 {
	scale := 1 + math.Abs(right)
	for _, e := range row {
		scale += math.Abs(e.Value * value[e.Column])
	}
	return 1e-9 * scale
}

// measure finds the largest number a value may be computed from.
func (r *reduction) measure(p Problem) {
	for _, v := range r.b {
		r.magnitude = max(r.magnitude, math.Abs(v))
	}
	for j, column := range r.columns {
		for _, v := range []float64{p.Lower[column], p.Upper[column]} {
			if math.Abs(v) < huge {
				r.magnitude = max(r.magnitude, math.Abs(v)/r.columnScale[j])
			}
		}
	}
}

// merged sorts entries by column, adds those of one column and drops the zeros.
func merged(entries []Entry) []Entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b Entry) int { return cmp.Compare(a.Column, b.Column) })
	out := sorted[:0]
	for _, e := range sorted {
		if last := len(out) - 1; last >= 0 && out[last].Column == e.Column {
			out[last].Value += e.Value
			continue
		}
		out = append(out, e)
	}
	return slices.DeleteFunc(out, func(e Entry) bool { return e.Value == 0 })
}
