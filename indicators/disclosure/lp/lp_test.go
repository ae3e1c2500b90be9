package lp

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"
)

var inf = math.Inf(1)

func row(right float64, coefficients ...float64) Row {
	r := Row{RHS: right}
	for j, c := range coefficients {
		if c != 0 {
			r.Entries = append(r.Entries, Entry{j, c})
		}
	}
	return r
}

func costs(coefficients ...float64) []Entry { return row(0, coefficients...).Entries }

func near(a, b float64) bool {
	return math.Abs(a-b) <= 1e-7*(1+math.Abs(a)+math.Abs(b))
}

// enumerate is the textbook: every choice of basic columns, every choice of bounds
// for the others. It is right for boxes that are closed.
func enumerate(p Problem, cost []Entry) (best float64, found bool) {
	n := len(p.Lower)
	dense := make([][]float64, len(p.Rows))
	for i, r := range p.Rows {
		dense[i] = make([]float64, n+1)
		for _, e := range r.Entries {
			dense[i][e.Column] += e.Value
		}
		dense[i][n] = r.RHS
	}
	best = inf
	x := make([]float64, n)
	var choose func(j int, free []int)
	choose = func(j int, free []int) {
		if j == n {
			if complete(p, dense, free, x) {
				v := 0.0
				for _, e := range cost {
					v += e.Value * x[e.Column]
				}
				best, found = min(best, v), true
			}
			return
		}
		x[j] = p.Lower[j]
		choose(j+1, free)
		if p.Lower[j] < p.Upper[j] {
			x[j] = p.Upper[j]
			choose(j+1, free)
			if len(free) < len(p.Rows) {
				choose(j+1, append(free[:len(free):len(free)], j))
			}
		}
	}
	choose(0, nil)
	return best, found
}

// complete solves for the free columns; false if they are not determined or break a bound.
func complete(p Problem, dense [][]float64, free []int, x []float64) bool {
	m, k := len(dense), len(free)
	t := make([][]float64, m)
	for i := range t {
		t[i] = make([]float64, k+1)
		t[i][k] = dense[i][len(x)]
		isFree := map[int]int{}
		for c, j := range free {
			isFree[j] = c
			t[i][c] = dense[i][j]
		}
		for j := range x {
			if _, ok := isFree[j]; !ok {
				t[i][k] -= dense[i][j] * x[j]
			}
		}
	}
	for c := range k {
		pivot := -1
		for i := c; i < m; i++ {
			if pivot < 0 || math.Abs(t[i][c]) > math.Abs(t[pivot][c]) {
				pivot = i
			}
		}
		if pivot < 0 || math.Abs(t[pivot][c]) < 1e-9 {
			return false
		}
		t[c], t[pivot] = t[pivot], t[c]
		for i := range m {
			if i != c {
				f := t[i][c] / t[c][c]
				for q := c; q <= k; q++ {
					t[i][q] -= f * t[c][q]
				}
			}
		}
	}
	for i := k; i < m; i++ {
		if math.Abs(t[i][k]) > 1e-7 {
			return false
		}
	}
	for c, j := range free {
		x[j] = t[c][k] / t[c][c]
		if x[j] < p.Lower[j]-1e-7 || x[j] > p.Upper[j]+1e-7 {
			return false
		}
	}
	return true
}

// small problems, redundant rows and degenerate corners by the handful.
func draw(t *rapid.T) Problem {
	n, m := rapid.IntRange(1, 7).Draw(t, "columns"), rapid.IntRange(0, 4).Draw(t, "rows")
	var p Problem
	at := make([]float64, n)
	for j := range n {
		l := rapid.IntRange(-2, 3).Draw(t, "lower")
		u := l + rapid.IntRange(0, 4).Draw(t, "width")
		p.Lower, p.Upper = append(p.Lower, float64(l)), append(p.Upper, float64(u))
		at[j] = float64(rapid.IntRange(l, u).Draw(t, "at"))
	}
	for range m {
		r := Row{}
		for j := range n {
			if v := rapid.SampledFrom([]int{0, 0, 1, 1, -1, 2}).Draw(t, "value"); v != 0 {
				r.Entries = append(r.Entries, Entry{j, float64(v)})
				r.RHS += float64(v) * at[j]
			}
		}
		p.Rows = append(p.Rows, r)
	}
	if m > 1 && rapid.Bool().Draw(t, "redundant") {
		sum := Row{RHS: p.Rows[0].RHS - p.Rows[1].RHS, Entries: append([]Entry{}, p.Rows[0].Entries...)}
		for _, e := range p.Rows[1].Entries {
			sum.Entries = append(sum.Entries, Entry{e.Column, -e.Value})
		}
		p.Rows = append(p.Rows, sum)
	}
	if m > 0 && rapid.IntRange(0, 3).Draw(t, "shifted") == 0 {
		p.Rows[len(p.Rows)-1].RHS += float64(rapid.IntRange(-2, 2).Draw(t, "shift"))
	}
	return p
}

func drawCost(t *rapid.T, n int) []Entry {
	var c []Entry
	for j := range n {
		if v := rapid.IntRange(-2, 2).Draw(t, "cost"); v != 0 {
			c = append(c, Entry{j, float64(v)})
		}
	}
	return c
}

func TestAgainstEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		s, err := New(p)
		for range 3 {
			cost := drawCost(t, len(p.Lower))
			want, found := enumerate(p, cost)
			if err != nil {
				if found {
					t.Fatalf("%v, but %v is reached", err, want)
				}
				return
			}
			check(t, s, cost, want, found)
			j := rapid.IntRange(0, len(p.Lower)-1).Draw(t, "column")
			l := float64(rapid.IntRange(-2, 3).Draw(t, "new lower"))
			p.Lower[j], p.Upper[j] = l, l+float64(rapid.IntRange(0, 4).Draw(t, "new width"))
			if err := s.SetBounds(j, p.Lower[j], p.Upper[j]); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func check(t *rapid.T, s *Solver, cost []Entry, want float64, found bool) {
	got, err := s.Minimize(context.Background(), cost)
	if err != nil {
		t.Fatal(err)
	}
	if found && (got.Status != Optimal || !near(got.Value, want) || !near(got.Bound, want)) {
		t.Fatalf("%v %v (bound %v), enumeration says %v", got.Status, got.Value, got.Bound, want)
	}
	if !found && got.Status != Infeasible {
		t.Fatalf("%v %v, enumeration finds no point in %+v", got.Status, got.Value, s.problem)
	}
}
