package lp

import "math"

// matrix holds the rows that count on the columns that move, scaled, and after
// its structural columns one unit column for each row: logical columns are fixed
// at zero, and only serve to repair a basis. It never changes once made.
type matrix struct {
	rows, structural int
	byColumn         sparse
	byRow            sparse // structural columns only
}

// sparse is a list of vectors, one after the other.
type sparse struct {
	start []int32
	index []int32
	value []float64
}

func (s *sparse) at(i int) ([]int32, []float64) {
	from, to := s.start[i], s.start[i+1]
	return s.index[from:to], s.value[from:to]
}

func (s *sparse) end() { s.start = append(s.start, int32(len(s.index))) }

func (s *sparse) add(index int, value float64) {
	s.index, s.value = append(s.index, int32(index)), append(s.value, value)
}

// transposed reads the same numbers the other way round.
func (s *sparse) transposed(vectors int) sparse {
	t := sparse{start: make([]int32, vectors+1), index: make([]int32, len(s.index)), value: make([]float64, len(s.value))}
	for _, i := range s.index {
		t.start[i+1]++
	}
	for i := range vectors {
		t.start[i+1] += t.start[i]
	}
	next := append([]int32(nil), t.start[:vectors]...)
	for i := range len(s.start) - 1 {
		indices, values := s.at(i)
		for k, j := range indices {
			t.index[next[j]], t.value[next[j]] = int32(i), values[k]
			next[j]++
		}
	}
	return t
}

// newMatrix scales rows of entries sorted by column, and gives the scales: powers
// of two, so that nothing is rounded. The matrix is R·A·C.
func newMatrix(rows [][]Entry, columns int) (*matrix, []float64, []float64) {
	rowScale, columnScale := scales(rows, columns)
	m := &matrix{rows: len(rows), structural: columns, byRow: sparse{start: []int32{0}}}
	for i, row := range rows {
		for _, e := range row {
			m.byRow.add(e.Column, e.Value*rowScale[i]*columnScale[e.Column])
		}
		m.byRow.end()
	}
	m.byColumn = m.byRow.transposed(columns)
	for i := range rows {
		m.byColumn.add(i, 1)
		m.byColumn.end()
	}
	return m, rowScale, columnScale
}

// scales brings the entries towards 1: twice the geometric mean of the extremes of
// each row, then of each column. Table relations (±1) come out as they are.
func scales(rows [][]Entry, columns int) (rowScale, columnScale []float64) {
	rowScale, columnScale = ones(len(rows)), ones(columns)
	for range 2 {
		least, most := extremes(len(rows)), make([]float64, len(rows))
		eachEntry(rows, func(i int, e Entry) {
			v := math.Abs(e.Value) * rowScale[i] * columnScale[e.Column]
			least[i], most[i] = min(least[i], v), max(most[i], v)
		})
		rescale(rowScale, least, most)
		least, most = extremes(columns), make([]float64, columns)
		eachEntry(rows, func(i int, e Entry) {
			v := math.Abs(e.Value) * rowScale[i] * columnScale[e.Column]
			least[e.Column], most[e.Column] = min(least[e.Column], v), max(most[e.Column], v)
		})
		rescale(columnScale, least, most)
	}
	return rowScale, columnScale
}

func eachEntry(rows [][]Entry, do func(row int, e Entry)) {
	for i, row := range rows {
		for _, e := range row {
			do(i, e)
		}
	}
}

func rescale(scale, least, most []float64) {
	for i := range scale {
		if most[i] > 0 {
			scale[i] *= math.Exp2(-math.Round((math.Log2(least[i]) + math.Log2(most[i])) / 2))
		}
	}
}

func ones(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = 1
	}
	return s
}

func extremes(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.Inf(1)
	}
	return s
}
