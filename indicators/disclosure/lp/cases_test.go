package lp

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

// Cases whose answer is read off the page.
func TestCases(t *testing.T) {
	t.Parallel()
	free := []float64{-inf, -inf, -inf}
	none := []float64{inf, inf, inf}
	zero := []float64{0, 0, 0}
	for name, c := range map[string]struct {
		problem Problem
		cost    []Entry
		status  Status
		value   float64
	}{
		"no rows":            {Problem{zero, []float64{1, 2, 3}, nil}, costs(-1, 1, -1), Optimal, -4},
		"no cost":            {Problem{zero, none, []Row{row(3, 1, 1, 1)}}, nil, Optimal, 0},
		"no columns":         {Problem{}, nil, Optimal, 0},
		"unbounded column":   {Problem{zero, none, nil}, costs(0, -1), Unbounded, 0},
		"unbounded ray":      {Problem{zero, none, []Row{row(1, 1, -1)}}, costs(-1, 0), Unbounded, 0},
		"free columns":       {Problem{free, none, []Row{row(5, 1, 1), row(1, 1, -1)}}, costs(2, 3), Optimal, 12},
		"free and unbounded": {Problem{free, none, []Row{row(5, 1, 1)}}, costs(1, 0), Unbounded, 0},
		"free, tied":         {Problem{free, none, []Row{row(5, 1, 1)}}, costs(2, 2), Optimal, 10},
		"fixed":              {Problem{[]float64{2, 0, 0}, []float64{2, 9, 9}, []Row{row(5, 1, 1, 1)}}, costs(1, 2, 1), Optimal, 5},
		"all fixed":          {Problem{zero, zero, []Row{row(0, 1, 1, 1)}}, costs(1, 1, 1), Optimal, 0},
		"box too small":      {Problem{zero, []float64{1, 1, 1}, []Row{row(4, 1, 1, 1)}}, costs(1), Infeasible, 0},
		"redundant":          {Problem{zero, none, []Row{row(4, 1, 1), row(6, 0, 1, 1), row(10, 1, 2, 1), row(2, -1, 0, 1)}}, costs(0, -1), Optimal, -4},
		"column twice":       {Problem{zero, none, []Row{{[]Entry{{0, 1}, {1, 1}, {0, 1}}, 6}}}, costs(-1), Optimal, -3},
		"cost twice":         {Problem{zero, []float64{3, 3, 3}, nil}, []Entry{{0, -1}, {0, -1}}, Optimal, -6},
		"huge is infinite":   {Problem{[]float64{-1e30, 0, 0}, none, []Row{row(1, 1, 1)}}, costs(1), Unbounded, 0},
		"small numbers":      {Problem{zero, none, []Row{row(3e-6, 1e-6, 1e-6)}}, costs(1e-5, 2e-5), Optimal, 3e-5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := New(c.problem)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Minimize(context.Background(), c.cost)
			if err != nil {
				t.Fatal(err)
			}
			if got.Status != c.status || math.Abs(got.Value-c.value) > 1e-9 || math.Abs(got.Bound-c.value) > 1e-9 {
				t.Errorf("%v %v (bound %v), want %v %v", got.Status, got.Value, got.Bound, c.status, c.value)
			}
		})
	}
}

// The problem E. Beale published in 1955: by the largest reduced cost, and the
// first row in a tie, it turns for ever.
func TestBealeEnds(t *testing.T) {
	t.Parallel()
	lower, upper := make([]float64, 7), []float64{inf, inf, inf, inf, inf, inf, inf}
	s, err := New(Problem{lower, upper, []Row{
		row(0, 0.25, -60, -1.0/25, 9, 1),
		row(0, 0.5, -90, -1.0/50, 3, 0, 1),
		row(1, 0, 0, 1, 0, 0, 0, 1),
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Minimize(context.Background(), costs(-0.75, 150, -0.02, 6))
	if err != nil || got.Status != Optimal || !near(got.Value, -0.05) {
		t.Errorf("%v %v %v, want -1/20", got.Status, got.Value, err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	one, two := []float64{1, 1}, []float64{2, 2}
	for name, c := range map[string]struct {
		problem Problem
		want    error
		says    string
	}{
		"lengths":       {Problem{Lower: one, Upper: two[:1]}, ErrInvalid, "2 lower bounds and 1 upper"},
		"no number":     {Problem{Lower: []float64{math.NaN(), 1}, Upper: two}, ErrInvalid, "column 0"},
		"crossed":       {Problem{Lower: two, Upper: one}, ErrInfeasible, "column 0"},
		"lower at +Inf": {Problem{Lower: []float64{1, inf}, Upper: []float64{1, inf}}, ErrInvalid, "column 1"},
		"no such":       {Problem{one, two, []Row{row(1, 1, 1, 1)}}, ErrInvalid, "row 0: column 2 of 2"},
		"infinite":      {Problem{one, two, []Row{row(1, 1), row(inf, 1)}}, ErrInvalid, "row 1"},
		"coefficient":   {Problem{one, two, []Row{row(1, 1, inf)}}, ErrInvalid, "row 0: column 1"},
		"empty row":     {Problem{one, two, []Row{row(0), row(3)}}, ErrInfeasible, "row 1 misses"},
		"fixed columns": {Problem{one, one, []Row{row(2, 1, 1), row(3, 1, 1)}}, ErrInfeasible, "row 1 misses"},
		"contradictory": {Problem{one, two, []Row{row(3, 1, 1), row(7, 2, 2)}}, ErrInfeasible, "misses"},
	} {
		_, err := New(c.problem)
		if !errors.Is(err, c.want) || !contains(err, c.says) {
			t.Errorf("%s: %v, want %v about %q", name, err, c.want, c.says)
		}
	}
}

func TestSetBoundsRefuses(t *testing.T) {
	t.Parallel()
	s, err := New(Problem{[]float64{0, 0}, []float64{5, 5}, []Row{row(6, 1, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []error{s.SetBounds(2, 0, 1), s.SetBounds(-1, 0, 1), s.SetBounds(0, math.NaN(), 1)} {
		if !errors.Is(bad, ErrInvalid) {
			t.Errorf("%v, want ErrInvalid", bad)
		}
	}
	if err := s.SetBounds(0, 3, 2); !errors.Is(err, ErrInfeasible) {
		t.Errorf("%v, want ErrInfeasible", err)
	}
	if _, err := s.Minimize(context.Background(), costs(0, 0, 1)); !errors.Is(err, ErrInvalid) {
		t.Errorf("cost: %v, want ErrInvalid", err)
	}
	if got, err := s.Minimize(context.Background(), costs(1)); err != nil || got.Value != 1 {
		t.Errorf("%v %v, want the first bounds to hold", got, err)
	}
}

func TestContextStops(t *testing.T) {
	t.Parallel()
	p, cost := federationMoves()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, err := s.Minimize(ctx, cost); !errors.Is(err, context.Canceled) || got.Status != Stopped {
		t.Errorf("%v %v", got.Status, err)
	}
	_, primary := federationAttack()
	if err := s.SetBounds(2*primary[0], 5, 5); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Minimize(&late{Context: context.Background()}, cost); !errors.Is(err, context.DeadlineExceeded) || got.Iterations > 2*every {
		t.Errorf("%v after %d iterations: %v", got.Status, got.Iterations, err)
	}
	if got, err := s.Minimize(context.Background(), cost); err != nil || got.Status != Optimal || got.Iterations <= every {
		t.Errorf("%v %v, want an answer from where it stopped", got.Status, err)
	}
}

// late is a context that ends the second time it is asked.
type late struct {
	context.Context
	asked int
}

func (l *late) Err() error {
	if l.asked++; l.asked > 1 {
		return context.DeadlineExceeded
	}
	return nil
}

func contains(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}
