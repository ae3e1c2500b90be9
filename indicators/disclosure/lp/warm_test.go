package lp

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// A question answered after others, bounds moved in between, is answered as if it
// were the first.
func TestWarmEqualsCold(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 3))
		p := warmProblem(random, seed)
		s, err := New(p)
		if err != nil {
			t.Fatal(seed, err)
		}
		for k := range 25 {
			cost := drawSome(random, len(p.Lower))
			warm, err := s.Minimize(context.Background(), cost)
			if err != nil || warm.Status == Stopped {
				t.Fatalf("seed %d, question %d: %v %v", seed, k, warm.Status, err)
			}
			if cold := fromNothing(t, p, cost); !alike(warm, cold) {
				t.Fatalf("seed %d, question %d: %v %v warm, %v %v cold", seed, k, warm.Status, warm.Value, cold.Status, cold.Value)
			}
			moveSome(t, random, s, p)
		}
	}
}

// warmProblem is an attack or a move, on counts; its bounds are its own.
func warmProblem(random *rand.Rand, seed uint64) Problem {
	shape := [][]int{{6, 5, 4}, {4, 4, 4, 3}, {12, 10}, {9, 5, 6}}[seed%4]
	table := counts(random, shape...)
	p, _ := table.attack(random, 5, 0.7)
	if seed%2 == 1 {
		p, _ = table.protection()
	}
	p.Lower, p.Upper = slices.Clone(p.Lower), slices.Clone(p.Upper)
	return p
}

func moveSome(t *testing.T, random *rand.Rand, s *Solver, p Problem) {
	for range random.IntN(4) {
		j := random.IntN(len(p.Lower))
		if random.IntN(4) == 0 {
			p.Lower[j], p.Upper[j] = drawBounds(random, max(p.Lower[j], 0))
		} else {
			p.Upper[j] += float64(random.IntN(3))
		}
		if err := s.SetBounds(j, p.Lower[j], p.Upper[j]); err != nil {
			t.Fatal(err)
		}
	}
}

// fromNothing is the answer of a solver that was never asked anything.
func fromNothing(t *testing.T, p Problem, cost []Entry) Solution {
	s, err := New(p)
	if errors.Is(err, ErrInfeasible) {
		return Solution{Status: Infeasible}
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Minimize(context.Background(), cost)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func alike(a, b Solution) bool {
	return a.Status == b.Status && near(a.Value, b.Value) && near(a.Bound, a.Value)
}

// Clones answer as the solver they come from would have, whatever it does since.
func TestClonesAreAlone(t *testing.T) {
	t.Parallel()
	p, primary := federationAttack()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(s *Solver, cell int) Solution {
		got, err := s.Maximize(context.Background(), []Entry{{cell, 1}})
		if err != nil || got.Status != Optimal {
			t.Error(cell, got.Status, err)
		}
		return got
	}
	for _, cell := range primary[:30] {
		ask(s, cell)
	}
	clones := []*Solver{s.Clone(), s.Clone()}
	if err := s.SetBounds(primary[0], 0, 1); err != nil {
		t.Fatal(err)
	}
	answers := make([][]Solution, len(clones))
	var wait sync.WaitGroup
	for i, clone := range clones {
		wait.Go(func() {
			for _, cell := range primary[30:90] {
				answers[i] = append(answers[i], ask(clone, cell))
			}
		})
	}
	for _, cell := range primary[30:90] {
		ask(s, cell)
	}
	wait.Wait()
	for k := range answers[0] {
		if a, b := answers[0][k], answers[1][k]; a.Value != b.Value || !slices.Equal(a.X, b.X) || a.Iterations != b.Iterations {
			t.Fatalf("question %d: two clones differ", k)
		}
	}
}

// The same questions find the same pivots, to the bit.
func TestSameInSameOut(t *testing.T) {
	run := func() (values []float64, iterations int) {
		p, cost := federationMoves()
		s, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, side := range []int{0, 24, 80, 300} {
			level := min(4, p.Upper[side])
			if err := errors.Join(s.SetBounds(side, level, level), s.SetBounds(side+1, 0, 0)); err != nil {
				t.Fatal(err)
			}
			got, err := s.Minimize(context.Background(), cost)
			if err != nil {
				t.Fatal(err)
			}
			values, iterations = append(values, got.X...), iterations+got.Iterations
		}
		return values, iterations
	}
	values, iterations := run()
	before := runtime.GOMAXPROCS(1)
	again, count := run()
	runtime.GOMAXPROCS(before)
	if !slices.Equal(values, again) || iterations != count {
		t.Errorf("%d iterations, then %d", iterations, count)
	}
}

// Columns fixed at first may be freed, one after the other.
func TestFixedColumnsComeBack(t *testing.T) {
	t.Parallel()
	values := []float64{3, 4, 7, 5, 6, 11, 8, 10, 18}
	p := Problem{slices.Clone(values), slices.Clone(values), table{sizes: []int{3, 3}}.relations()}
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{3, 3, 3, 3, 0, 0, 0, 0, 0}
	for k, cell := range []int{0, 8, 1, 3, 4, 2, 5, 6, 7} {
		if err := s.SetBounds(cell, 0, inf); err != nil {
			t.Fatal(err)
		}
		got, err := s.Minimize(context.Background(), costs(1))
		if err != nil || !near(got.Value, want[k]) {
			t.Errorf("%d cells free: %v %v %v, want %v", k+1, got.Status, got.Value, err, want[k])
		}
	}
	if err := s.SetBounds(0, 2, 2); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Maximize(context.Background(), costs(1)); err != nil || got.Value != 2 {
		t.Errorf("%v %v, want the cell fixed again", got.Value, err)
	}
}

// A contradiction between fixed columns ends when one of them moves.
func TestContradictionsEnd(t *testing.T) {
	t.Parallel()
	s, err := New(Problem{[]float64{2, 3, 0}, []float64{2, 3, 9}, []Row{row(5, 1, 1), row(9, 1, 1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x, y float64
		want Status
	}{{2, 3, Optimal}, {3, 3, Infeasible}, {2, 3, Optimal}, {3, 3, Infeasible}, {3, 2, Optimal}, {9, 9, Infeasible}, {5, 0, Optimal}} {
		if err := errors.Join(s.SetBounds(0, c.x, c.x), s.SetBounds(1, c.y, c.y)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Minimize(context.Background(), costs(0, 0, 1)); err != nil || got.Status != c.want {
			t.Errorf("%v and %v: %v %v, want %v", c.x, c.y, got.Status, err, c.want)
		}
	}
}

// What a unit more of a column adds is its reduced cost.
func TestReducedCosts(t *testing.T) {
	t.Parallel()
	p := Problem{[]float64{0, 0, 0, 0}, []float64{3, 4, 9, 9}, []Row{row(8, 1, 1, 1), row(1, 0, 1, 0, -2)}}
	cost := costs(1, 5, 3, 1)
	first := fromNothing(t, p, cost)
	for j, reduced := range first.Reduced {
		moved := Problem{slices.Clone(p.Lower), slices.Clone(p.Upper), p.Rows}
		step := 0.25
		switch first.X[j] {
		case p.Upper[j]:
			moved.Lower[j], moved.Upper[j] = p.Upper[j]-step, p.Upper[j]-step
			step = -step
		case p.Lower[j]:
			moved.Lower[j], moved.Upper[j] = step, step
		default:
			continue
		}
		if got := fromNothing(t, moved, cost); math.Abs(got.Value-first.Value-step*reduced) > 1e-9 {
			t.Errorf("column %d: %v, want %v + %v × %v", j, got.Value, first.Value, step, reduced)
		}
	}
}
