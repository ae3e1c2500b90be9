package lp

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// The intervals hold what the linear programs find.
func TestPropagateIsOuter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		for j := range p.Lower {
			switch rapid.IntRange(0, 9).Draw(t, "open") {
			case 0:
				p.Lower[j] = -inf
			case 1:
				p.Upper[j] = inf
			}
		}
		lower, upper, err := Propagate(p)
		s, failed := New(p)
		if errors.Is(err, ErrInfeasible) {
			if failed == nil {
				if got, _ := s.Minimize(context.Background(), nil); got.Status != Infeasible {
					t.Fatalf("%v, but the program is %v", err, got.Status)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if failed != nil {
			return
		}
		for j := range lower {
			checkInterval(t, s, j, lower[j], upper[j])
		}
	})
}

func checkInterval(t *rapid.T, s *Solver, column int, lower, upper float64) {
	low, err := s.Minimize(context.Background(), []Entry{{column, 1}})
	if err != nil {
		t.Fatal(err)
	}
	high, err := s.Maximize(context.Background(), []Entry{{column, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if low.Status == Optimal && low.Value < lower-1e-7 || low.Status == Unbounded && lower > -inf {
		t.Fatalf("column %d: at least %v, but %v %v", column, lower, low.Status, low.Value)
	}
	if high.Status == Optimal && high.Value > upper+1e-7 || high.Status == Unbounded && upper < inf {
		t.Fatalf("column %d: at most %v, but %v %v", column, upper, high.Status, high.Value)
	}
}

// One hidden cell on a line is found, and what that tells of the next.
func TestPropagateFollowsTheLines(t *testing.T) {
	t.Parallel()
	values := []float64{3, 4, 7, 5, 6, 11, 8, 10, 18}
	p := Problem{append([]float64(nil), values...), append([]float64(nil), values...), table{sizes: []int{3, 3}}.relations()}
	for _, cell := range []int{0, 1, 4} {
		p.Lower[cell], p.Upper[cell] = 0, inf
	}
	lower, upper, err := Propagate(p)
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range values {
		if !near(lower[cell], v) || !near(upper[cell], v) {
			t.Errorf("cell %d in [%v, %v], want %v", cell, lower[cell], upper[cell], v)
		}
	}
	p.Upper[1] = 2
	if _, _, err := Propagate(p); !errors.Is(err, ErrInfeasible) {
		t.Errorf("%v, want ErrInfeasible", err)
	}
}

// Bounds that creep towards their limit for ever are left where they are.
func TestPropagateEnds(t *testing.T) {
	t.Parallel()
	p := Problem{[]float64{0, 0}, []float64{1, 1}, []Row{row(0, 1, -0.9999), row(0, -0.9999, 1)}}
	if _, upper, err := Propagate(p); err != nil || upper[0] < 0 {
		t.Errorf("%v %v", upper, err)
	}
}

// The rank modulo the prime is that of the fractions, and its pivots make a
// square of full rank.
func TestIndependentRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 6).Draw(t, "columns"), rapid.IntRange(1, 7).Draw(t, "rows")
		rows := make([][]Entry, m)
		for i := range rows {
			for j := range n {
				if v := rapid.SampledFrom([]float64{0, 0, 0, 1, 1, -1, 2, 0.1, 0.3, -1e-5, 3e7}).Draw(t, "value"); v != 0 {
					rows[i] = append(rows[i], Entry{j, v})
				}
			}
		}
		kept, pivots := independent(rows, n)
		if want := rank(rows, nil, n); len(kept) != want {
			t.Fatalf("%d independent rows, want %d", len(kept), want)
		}
		chosen := make([][]Entry, len(kept))
		for i, r := range kept {
			chosen[i] = rows[r]
		}
		if rank(chosen, pivots, n) != len(kept) {
			t.Fatal("the pivots are no basis")
		}
	})
}

// rank is by fractions, on some columns or all.
func rank(rows [][]Entry, only []int, columns int) int {
	allowed := map[int]bool{}
	for _, j := range only {
		allowed[j] = true
	}
	dense := make([][]*big.Rat, len(rows))
	for i, r := range rows {
		dense[i] = make([]*big.Rat, columns)
		for j := range dense[i] {
			dense[i][j] = new(big.Rat)
		}
		for _, e := range r {
			if only == nil || allowed[e.Column] {
				dense[i][e.Column].SetFloat64(e.Value)
			}
		}
	}
	found := 0
	for j := range columns {
		for i := found; i < len(dense); i++ {
			if dense[i][j].Sign() == 0 {
				continue
			}
			dense[found], dense[i] = dense[i], dense[found]
			sweep(dense[found+1:], dense[found], j)
			found++
			break
		}
	}
	return found
}

func sweep(rows [][]*big.Rat, pivot []*big.Rat, column int) {
	for _, r := range rows {
		factor := new(big.Rat).Quo(r[column], pivot[column])
		for j := range r {
			r[j].Sub(r[j], new(big.Rat).Mul(factor, pivot[j]))
		}
	}
}
