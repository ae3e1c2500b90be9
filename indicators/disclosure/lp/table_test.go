package lp

import "math/rand/v2"

// table is a table with all its margins: along each dimension the last category is
// the total of the others.
type table struct {
	sizes  []int
	values []float64
}

func (t table) cells() int {
	n := 1
	for _, s := range t.sizes {
		n *= s
	}
	return n
}

// coordinates of a cell; the first dimension moves slowest.
func (t table) coordinates(cell int) []int {
	at := make([]int, len(t.sizes))
	for d := len(t.sizes) - 1; d >= 0; d-- {
		at[d] = cell % t.sizes[d]
		cell /= t.sizes[d]
	}
	return at
}

func (t table) stride(dimension int) int {
	n := 1
	for _, s := range t.sizes[dimension+1:] {
		n *= s
	}
	return n
}

// relations says, for each line of the table, that it sums to its total.
func (t table) relations() []Row {
	var rows []Row
	for cell := range t.cells() {
		at := t.coordinates(cell)
		for d, size := range t.sizes {
			if at[d] != size-1 {
				continue
			}
			r := Row{Entries: []Entry{{cell, -1}}}
			for k := 1; k < size; k++ {
				r.Entries = append(r.Entries, Entry{cell - k*t.stride(d), 1})
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// counts draws inner cells, many small, and sums the margins.
func counts(random *rand.Rand, sizes ...int) table {
	t := table{sizes: sizes}
	t.values = make([]float64, t.cells())
	for cell := range t.values {
		if t.inner(cell) {
			e := random.ExpFloat64()
			t.values[cell] = float64(int(e * e * 12))
		}
	}
	t.total()
	return t
}

// total sums the margins from the inner cells, one dimension after the other.
func (t table) total() {
	for d, size := range t.sizes {
		for cell := range t.values {
			if t.coordinates(cell)[d] != size-1 {
				continue
			}
			t.values[cell] = 0
			for k := 1; k < size; k++ {
				t.values[cell] += t.values[cell-k*t.stride(d)]
			}
		}
	}
}

func (t table) inner(cell int) bool {
	for d, at := range t.coordinates(cell) {
		if at == t.sizes[d]-1 {
			return false
		}
	}
	return true
}

// attack hides the cells under the threshold and a share of the others: the
// problem of whoever reads the rest, and the cells under the threshold.
func (t table) attack(random *rand.Rand, threshold, share float64) (p Problem, primary []int) {
	p.Rows = t.relations()
	for cell, v := range t.values {
		hidden := v > 0 && v < threshold
		if hidden {
			primary = append(primary, cell)
		}
		if hidden || v < 100 && random.Float64() < share {
			p.Lower, p.Upper = append(p.Lower, 0), append(p.Upper, inf)
			continue
		}
		p.Lower, p.Upper = append(p.Lower, v), append(p.Upper, v)
	}
	return p, primary
}

// federation is a table of the size of the federation's: region × kind × sex × exit.
func federation() (*rand.Rand, table) {
	random := rand.New(rand.NewPCG(5, 2052))
	return random, counts(random, 19, 6, 3, 6)
}

// federationAttack hides 947 of its cells, 420 of them to be protected.
func federationAttack() (Problem, []int) {
	random, t := federation()
	return t.attack(random, 9, 0.5)
}

func federationMoves() (Problem, []Entry) {
	_, t := federation()
	return t.protection()
}

// protection is the problem of whoever chooses what else to hide: how each cell may
// move up (even columns) or down (odd ones) while every line still sums.
func (t table) protection() (p Problem, cost []Entry) {
	for _, v := range t.values {
		up := 10 + v
		if v == 0 {
			up = 0
		}
		p.Lower, p.Upper = append(p.Lower, 0, 0), append(p.Upper, up, v)
	}
	for _, r := range t.relations() {
		var double Row
		for _, e := range r.Entries {
			double.Entries = append(double.Entries, Entry{2 * e.Column, e.Value}, Entry{2*e.Column + 1, -e.Value})
		}
		p.Rows = append(p.Rows, double)
	}
	for cell, v := range t.values {
		cost = append(cost, Entry{2 * cell, 1 + v}, Entry{2*cell + 1, 1 + v})
	}
	return p, cost
}
