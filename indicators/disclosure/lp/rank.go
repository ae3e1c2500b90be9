package lp

import (
	"math"
	"math/bits"
)

// prime is 2⁶¹−1: products reduce with shifts, and a power of two is a rotation.
const prime = 1<<61 - 1

// residue is a coefficient in the field of the integers modulo prime.
type residue struct {
	column int
	value  uint64
}

// independent finds rows that span all the others, and for each a column such
// that those rows on those columns are an invertible matrix: a first basis. The
// elimination is exact in the field; a rank there is never above the true one, and
// below it only if the prime divides a minor, which the check of each solution
// against every row would show.
func independent(rows [][]Entry, columns int) (kept, pivots []int) {
	e := newModular(rows, columns)
	for {
		row, column, ok := e.next()
		if !ok {
			return kept, pivots
		}
		kept, pivots = append(kept, row), append(pivots, column)
		e.eliminate(row, column)
	}
}

// modular is an elimination under way.
type modular struct {
	rows    [][]residue
	holders [][]int // rows that held each column once; the row says whether it does
	counts  []int   // active rows that hold each column
	done    []bool  // rows that are pivots
	alone   []int   // columns that one active row holds
	byWidth [][]int // rows by how many entries they had when they were put there
	work    []uint64
	mark    []bool
}

func newModular(rows [][]Entry, columns int) *modular {
	e := &modular{
		rows: make([][]residue, len(rows)), holders: make([][]int, columns),
		counts: make([]int, columns), done: make([]bool, len(rows)),
		byWidth: make([][]int, 1), work: make([]uint64, columns), mark: make([]bool, columns),
	}
	for i, row := range rows {
		for _, entry := range row {
			e.rows[i] = append(e.rows[i], residue{entry.Column, toField(entry.Value)})
			e.holders[entry.Column] = append(e.holders[entry.Column], i)
			e.counts[entry.Column]++
		}
		e.file(i)
	}
	for j, n := range e.counts {
		if n == 1 {
			e.alone = append(e.alone, j)
		}
	}
	return e
}

func (e *modular) file(row int) {
	width := len(e.rows[row])
	for len(e.byWidth) <= width {
		e.byWidth = append(e.byWidth, nil)
	}
	if width > 0 {
		e.byWidth[width] = append(e.byWidth[width], row)
	}
}

// next picks a column one row holds, which costs nothing, or else the rarest
// column of the shortest row.
func (e *modular) next() (row, column int, ok bool) {
	for len(e.alone) > 0 {
		column := e.alone[len(e.alone)-1]
		e.alone = e.alone[:len(e.alone)-1]
		if e.counts[column] == 1 {
			return e.holding(column, -1)[0], column, true
		}
	}
	for width := 1; width < len(e.byWidth); width++ {
		for n := len(e.byWidth[width]); n > 0; n = len(e.byWidth[width]) {
			row := e.byWidth[width][n-1]
			e.byWidth[width] = e.byWidth[width][:n-1]
			if !e.done[row] && len(e.rows[row]) == width {
				return row, e.rarest(row), true
			}
		}
	}
	return 0, 0, false
}

func (e *modular) rarest(row int) int {
	best := e.rows[row][0].column
	for _, r := range e.rows[row] {
		if e.counts[r.column] < e.counts[best] {
			best = r.column
		}
	}
	return best
}

// holding lists the active rows that hold a column, but one.
func (e *modular) holding(column, but int) []int {
	var rows []int
	for _, row := range e.holders[column] {
		if row != but && !e.done[row] && e.at(row, column) != 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

func (e *modular) at(row, column int) uint64 {
	for _, r := range e.rows[row] {
		if r.column == column {
			return r.value
		}
	}
	return 0
}

// eliminate takes the pivot row out of the others and out of the active matrix.
func (e *modular) eliminate(pivot, column int) {
	e.done[pivot] = true
	inverse := inverted(e.at(pivot, column))
	for _, row := range e.holding(column, pivot) {
		// A row may be listed twice: its entry left and came back.
		if value := e.at(row, column); value != 0 {
			e.subtract(row, pivot, column, times(value, inverse))
		}
	}
	for _, r := range e.rows[pivot] {
		e.drop(r.column)
	}
	e.counts[column] = 0
}

// subtract takes factor times the pivot row from a row; column vanishes from it.
func (e *modular) subtract(row, pivot, column int, factor uint64) {
	for _, r := range e.rows[pivot] {
		e.work[r.column], e.mark[r.column] = times(r.value, factor), true
	}
	old := e.rows[row]
	out := make([]residue, 0, len(old)+len(e.rows[pivot]))
	for _, r := range old {
		value := minus(r.value, e.work[r.column])
		e.work[r.column], e.mark[r.column] = 0, false
		if value != 0 {
			out = append(out, residue{r.column, value})
			continue
		}
		e.drop(r.column)
	}
	for _, r := range e.rows[pivot] {
		if e.mark[r.column] {
			out = append(out, residue{r.column, minus(0, e.work[r.column])})
			e.holders[r.column] = append(e.holders[r.column], row)
			e.counts[r.column]++
		}
		e.work[r.column], e.mark[r.column] = 0, false
	}
	e.rows[row] = out
	e.file(row)
}

func (e *modular) drop(column int) {
	if e.counts[column]--; e.counts[column] == 1 {
		e.alone = append(e.alone, column)
	}
}

// toField is exact: the significand is an integer, and 2⁶¹ is 1 in the field.
func toField(v float64) uint64 {
	fraction, exponent := math.Frexp(math.Abs(v))
	whole := uint64(fraction * (1 << 53))
	shift := ((exponent-53)%61 + 61) % 61
	r := times(whole%prime, 1<<shift)
	if v < 0 {
		return minus(0, r)
	}
	return r
}

func times(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	sum := lo&prime + (lo>>61 | hi<<3)
	if sum >= prime {
		sum -= prime
	}
	return sum
}

func minus(a, b uint64) uint64 {
	if a >= b {
		return a - b
	}
	return a + prime - b
}

// inverted is a power: Fermat's little theorem.
func inverted(a uint64) uint64 {
	result := uint64(1)
	for power := uint64(prime - 2); power > 0; power >>= 1 {
		if power&1 == 1 {
			result = times(result, a)
		}
		a = times(a, a)
	}
	return result
}
