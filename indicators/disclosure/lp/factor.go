package lp

import (
	"math"
	"slices"
)

const (
	// zero is what an elimination leaves of a number that cancelled.
	zero = 1e-13
	// pivotFloor is the least pivot of a factor.
	pivotFloor = 1e-9
	// threshold is the share of its row's largest entry that a pivot must reach.
	threshold = 0.1
	// strict is that share where the usual one lost too many digits.
	strict = 0.5
)

// factor is a basis matrix as a product L·U, pivot by pivot. Rows are those of the
// matrix; positions are those of the columns in the basis. It never changes once
// made, so that clones share it.
type factor struct {
	row, position []int32
	pivot         []float64
	lower         sparse // of pivot k: the rows it is taken from, and how many times
	upper         sparse // of pivot k: the rest of its row, by position
	above         sparse // of position p: the rows of the earlier pivots that hold it
	eliminating   []int32
}

// cell is an entry of an active row.
type cell struct {
	position int32
	value    float64
}

// factoring is an elimination under way; its workspace serves the next one too.
type factoring struct {
	factor
	cells     []cell
	rows      [][]cell
	holders   [][]int32 // rows that held each position; the row says whether it does
	counts    []int32   // active rows of each position
	widths    []int32   // active positions of each row
	rowDone   []bool
	done      []bool // positions
	alone     []int32
	byWidth   [][]int32
	work      []float64
	mark      []bool
	threshold float64
	remaining int
}

// factorize makes the factor of the basis whose columns are head. When the basis
// is singular it gives the rows and the positions that found no pivot instead.
func (g *factoring) factorize(a *matrix, head []int) (f *factor, rows, positions []int32) {
	g.begin(a, head)
	for g.remaining > 0 {
		row, position, ok := g.next()
		if !ok {
			rows, positions = g.left()
			return nil, rows, positions
		}
		g.eliminate(row, position)
	}
	g.finish()
	made := g.factor
	return &made, nil, nil
}

func newFactoring(m int) *factoring {
	return &factoring{
		rows: make([][]cell, m), holders: make([][]int32, m), counts: make([]int32, m), widths: make([]int32, m),
		rowDone: make([]bool, m), done: make([]bool, m), work: make([]float64, m), mark: make([]bool, m), threshold: threshold,
	}
}

func (g *factoring) begin(a *matrix, head []int) {
	m := len(head)
	g.factor = factor{row: make([]int32, 0, m), position: make([]int32, 0, m), pivot: make([]float64, 0, m)}
	g.lower.start, g.upper.start = append(make([]int32, 0, m+1), 0), append(make([]int32, 0, m+1), 0)
	g.remaining, g.alone = m, g.alone[:0]
	clear(g.widths)
	clear(g.rowDone)
	clear(g.done)
	for width := range g.byWidth {
		g.byWidth[width] = g.byWidth[width][:0]
	}
	g.fill(a, head)
	for p, n := range g.counts {
		if n == 1 {
			g.alone = append(g.alone, int32(p))
		}
	}
	for i := range g.rows {
		g.file(int32(i))
	}
}

func (g *factoring) fill(a *matrix, head []int) {
	total := 0
	for p, j := range head {
		indices, _ := a.byColumn.at(j)
		g.holders[p] = indices[:len(indices):len(indices)]
		g.counts[p] = int32(len(indices))
		for _, i := range indices {
			g.widths[i]++
		}
		total += len(indices)
	}
	g.cells = slices.Grow(g.cells[:0], total)[:total]
	g.upper.index, g.upper.value = make([]int32, 0, total), make([]float64, 0, total)
	from := int32(0)
	for i, width := range g.widths {
		g.rows[i] = g.cells[from : from : from+width]
		from += width
	}
	for p, j := range head {
		indices, values := a.byColumn.at(j)
		for k, i := range indices {
			g.rows[i] = append(g.rows[i], cell{int32(p), values[k]})
		}
	}
}

func (g *factoring) file(row int32) {
	width := int(g.widths[row])
	for len(g.byWidth) <= width {
		g.byWidth = append(g.byWidth, nil)
	}
	if width > 0 {
		g.byWidth[width] = append(g.byWidth[width], row)
	}
}

// next picks a position that one row holds, or else the rarest position of the
// shortest row among those whose pivot is large enough.
func (g *factoring) next() (row, position int32, ok bool) {
	for n := len(g.alone); n > 0; n = len(g.alone) {
		position := g.alone[n-1]
		g.alone = g.alone[:n-1]
		if g.done[position] || g.counts[position] != 1 {
			continue
		}
		if row, value := g.holder(position); math.Abs(value) > pivotFloor {
			return row, position, true
		}
	}
	for width := 1; width < len(g.byWidth); width++ {
		for n := len(g.byWidth[width]); n > 0; n = len(g.byWidth[width]) {
			row := g.byWidth[width][n-1]
			g.byWidth[width] = g.byWidth[width][:n-1]
			if g.rowDone[row] || int(g.widths[row]) != width {
				continue
			}
			if position, ok := g.choose(row); ok {
				return row, position, true
			}
		}
	}
	return 0, 0, false
}

func (g *factoring) holder(position int32) (int32, float64) {
	for _, row := range g.holders[position] {
		if !g.rowDone[row] {
			if value := g.at(row, position); value != 0 {
				return row, value
			}
		}
	}
	return 0, 0
}

func (g *factoring) choose(row int32) (int32, bool) {
	largest := 0.0
	for _, c := range g.rows[row] {
		if !g.done[c.position] {
			largest = max(largest, math.Abs(c.value))
		}
	}
	best, ok := int32(0), false
	for _, c := range g.rows[row] {
		if g.done[c.position] || math.Abs(c.value) < max(pivotFloor, g.threshold*largest) {
			continue
		}
		if !ok || g.counts[c.position] < g.counts[best] {
			best, ok = c.position, true
		}
	}
	return best, ok
}

func (g *factoring) at(row, position int32) float64 {
	for _, c := range g.rows[row] {
		if c.position == position {
			return c.value
		}
	}
	return 0
}

// eliminate makes a pivot: its row goes to U, its multiples to L.
func (g *factoring) eliminate(row, position int32) {
	pivot := g.at(row, position)
	g.rowDone[row], g.done[position] = true, true
	g.remaining--
	g.row, g.position, g.pivot = append(g.row, row), append(g.position, position), append(g.pivot, pivot)
	for _, c := range g.rows[row] {
		if !g.done[c.position] {
			g.upper.add(int(c.position), c.value)
		}
	}
	g.upper.end()
	if g.counts[position] > 1 {
		g.subtractAll(row, position, pivot)
	}
	g.lower.end()
	rest, _ := g.upper.at(len(g.pivot) - 1)
	for _, p := range rest {
		g.drop(p)
	}
}

func (g *factoring) subtractAll(row, position int32, pivot float64) {
	for _, other := range g.holders[position] {
		if g.rowDone[other] {
			continue
		}
		value := g.at(other, position)
		if value == 0 {
			continue
		}
		g.lower.add(int(other), value/pivot)
		g.subtract(other, position, value/pivot)
		g.widths[other]--
		g.file(other)
	}
}

// subtract takes the pivot row's rest, times a factor, from another row.
func (g *factoring) subtract(other, position int32, times float64) {
	indices, values := g.upper.at(len(g.pivot) - 1)
	for k, p := range indices {
		g.work[p], g.mark[p] = times*values[k], true
	}
	out := g.rows[other][:0]
	for _, c := range g.rows[other] {
		switch {
		case c.position == position:
			continue
		case g.mark[c.position]:
			c.value -= g.work[c.position]
			g.mark[c.position] = false
			if math.Abs(c.value) < zero {
				g.widths[other]--
				g.drop(c.position)
				continue
			}
		}
		out = append(out, c)
	}
	for _, p := range indices {
		if g.mark[p] {
			g.mark[p] = false
			out = append(out, cell{p, -g.work[p]})
			g.holders[p] = append(g.holders[p], other)
			g.counts[p]++
			g.widths[other]++
		}
	}
	g.rows[other] = out
}

func (g *factoring) drop(position int32) {
	if g.counts[position]--; g.counts[position] == 1 {
		g.alone = append(g.alone, position)
	}
}

func (g *factoring) left() (rows, positions []int32) {
	for i, done := range g.rowDone {
		if !done {
			rows = append(rows, int32(i))
		}
	}
	for p, done := range g.done {
		if !done {
			positions = append(positions, int32(p))
		}
	}
	return rows, positions
}

// finish reads U by columns too, so that both directions skip zeros.
func (g *factoring) finish() {
	g.above = g.upper.transposed(len(g.rows))
	for i, k := range g.above.index {
		g.above.index[i] = g.row[k]
	}
	for k := range g.pivot {
		if g.lower.start[k] < g.lower.start[k+1] {
			g.eliminating = append(g.eliminating, int32(k))
		}
	}
}

// solve gives x with B·x = b: b by row, destroyed; x by position.
func (f *factor) solve(b, x []float64) {
	for _, k := range f.eliminating {
		if t := b[f.row[k]]; t != 0 {
			indices, values := f.lower.at(int(k))
			for i, row := range indices {
				b[row] -= values[i] * t
			}
		}
	}
	for k := len(f.pivot) - 1; k >= 0; k-- {
		row, position := f.row[k], f.position[k]
		t := b[row]
		if t == 0 {
			x[position] = 0
			continue
		}
		t /= f.pivot[k]
		x[position] = t
		indices, values := f.above.at(int(position))
		for i, above := range indices {
			b[above] -= values[i] * t
		}
	}
}

// solveTransposed gives y with Bᵀ·y = c: c by position, destroyed; y by row.
func (f *factor) solveTransposed(c, y []float64) {
	for k, position := range f.position {
		t := c[position]
		if t == 0 {
			y[f.row[k]] = 0
			continue
		}
		t /= f.pivot[k]
		y[f.row[k]] = t
		indices, values := f.upper.at(k)
		for i, p := range indices {
			c[p] -= values[i] * t
		}
	}
	for n := len(f.eliminating) - 1; n >= 0; n-- {
		k := f.eliminating[n]
		indices, values := f.lower.at(int(k))
		t := y[f.row[k]]
		for i, row := range indices {
			t -= values[i] * y[row]
		}
		y[f.row[k]] = t
	}
}

// size counts the numbers of a factor.
func (f *factor) size() int { return len(f.pivot) + len(f.lower.index) + len(f.upper.index) }
