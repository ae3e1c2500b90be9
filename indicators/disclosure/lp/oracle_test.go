package lp

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"maillage/internal/testkit/highs"
)

func model(p Problem, cost []Entry, maximize bool) highs.Model {
	m := highs.Model{Lower: p.Lower, Upper: p.Upper, Maximize: maximize}
	for _, r := range p.Rows {
		m.Rows = append(m.Rows, highs.Row{Terms: terms(r.Entries), RHS: r.RHS})
	}
	m.Cost = terms(cost)
	return m
}

func terms(entries []Entry) []highs.Term {
	var out []highs.Term
	for _, e := range entries {
		out = append(out, highs.Term{Column: e.Column, Value: e.Value})
	}
	return out
}

// question is one that both solvers are asked.
type question struct {
	problem  Problem
	cost     []Entry
	maximize bool
	got      Solution
}

func (q *question) ask(t *testing.T, s *Solver) {
	t.Helper()
	ask := s.Minimize
	if q.maximize {
		ask = s.Maximize
	}
	var err error
	if q.got, err = ask(context.Background(), q.cost); err != nil {
		t.Fatal(err)
	}
}

// agree compares with HiGHS, whose tolerances are 1e-7.
func agree(t testing.TB, questions []question) {
	t.Helper()
	models := make([]highs.Model, len(questions))
	for i, q := range questions {
		models[i] = model(q.problem, q.cost, q.maximize)
	}
	seen := map[string]int{}
	for i, want := range highs.Solve(t, models) {
		got := questions[i].got
		seen[want.Status]++
		same := map[Status]string{Optimal: "Optimal", Infeasible: "Infeasible", Unbounded: "Unbounded"}[got.Status] == want.Status
		if want.Status == "Primal infeasible or unbounded" {
			same = got.Status == Infeasible || got.Status == Unbounded
		}
		if !same {
			t.Fatalf("question %d: %v %v, HiGHS says %v", i, got.Status, got.Value, want)
		}
		if got.Status == Optimal && math.Abs(got.Value-want.Value) > 1e-6*(1+math.Abs(want.Value)) {
			t.Fatalf("question %d: %.12g, HiGHS says %.12g", i, got.Value, want.Value)
		}
	}
	t.Logf("%d questions: %v", len(questions), seen)
}

// Tables of every shape, their bounds moved at random from question to question,
// some beyond what is feasible, some taken away.
func TestTablesAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var questions []question
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		shape := [][]int{{4, 5}, {6, 4, 3}, {3, 3, 3, 4}, {9, 8}, {5, 4, 4}, {7, 3, 5}}[seed%6]
		table := counts(random, shape...)
		p, _ := table.attack(random, 5, 0.4+0.1*float64(seed%6))
		if seed%4 == 3 {
			for j := range p.Lower {
				p.Upper[j] = max(p.Lower[j], min(p.Upper[j], 2*table.values[j]+3))
			}
		}
		s, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			q := question{problem: Problem{append([]float64(nil), p.Lower...), append([]float64(nil), p.Upper...), p.Rows}, maximize: random.IntN(2) == 0}
			q.cost = drawSome(random, len(p.Lower))
			q.ask(t, s)
			questions = append(questions, q)
			for range random.IntN(4) {
				j := random.IntN(len(p.Lower))
				p.Lower[j], p.Upper[j] = drawBounds(random, table.values[j])
				if err := s.SetBounds(j, p.Lower[j], p.Upper[j]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	agree(t, questions)
}

func drawSome(random *rand.Rand, n int) []Entry {
	var cost []Entry
	for range 1 + random.IntN(4) {
		cost = append(cost, Entry{random.IntN(n), float64(random.IntN(7) - 3)})
	}
	return cost
}

// drawBounds are around a value, and seldom miss it.
func drawBounds(random *rand.Rand, v float64) (lower, upper float64) {
	switch random.IntN(8) {
	case 0:
		return math.Inf(-1), inf
	case 1:
		return v, v
	case 2:
		return v + 1, v + 4
	case 3:
		return math.Inf(-1), v
	}
	return v - float64(random.IntN(5)), v + float64(random.IntN(9))
}

// Rows with coefficients of every size, as when hours, full-time equivalents and
// amounts meet in one problem.
func TestScalesAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var questions []question
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 2))
		p := drawWide(random)
		s, err := New(p)
		if err != nil {
			t.Fatal(seed, err)
		}
		for range 4 {
			q := question{problem: p, cost: drawSome(random, len(p.Lower)), maximize: random.IntN(2) == 0}
			q.ask(t, s)
			questions = append(questions, q)
		}
	}
	agree(t, questions)
}

// drawWide is feasible, with rows that depend on others.
func drawWide(random *rand.Rand) Problem {
	var p Problem
	n, m := 5+random.IntN(30), 2+random.IntN(12)
	at := make([]float64, n)
	for j := range at {
		at[j] = float64(random.IntN(2000)) / 8
		l, u := drawBounds(random, at[j])
		p.Lower, p.Upper = append(p.Lower, min(l, at[j])), append(p.Upper, max(u, at[j]))
	}
	for i := range m {
		var r Row
		unit := math.Exp2(float64(random.IntN(16) - 8))
		for range 2 + random.IntN(5) {
			r.Entries = append(r.Entries, Entry{random.IntN(n), unit * float64(random.IntN(9)-4)})
		}
		if i > 2 && i%3 == 0 {
			r.Entries = append(append([]Entry(nil), p.Rows[i-1].Entries...), p.Rows[i-2].Entries...)
		}
		for _, e := range r.Entries {
			r.RHS += e.Value * at[e.Column]
		}
		p.Rows = append(p.Rows, r)
	}
	return p
}

// Amounts from a few euros to millions, each hidden one known within half of it:
// the magnitudes of a table of turnovers.
func TestAmountsAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var questions []question
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 4))
		table := counts(random, 9, 6, 5)
		for cell := range table.values {
			table.values[cell] = math.Round(math.Exp(random.Float64()*15)*8) / 8
		}
		table.total()
		p := Problem{Rows: table.relations()}
		for _, v := range table.values {
			lower, upper := v, v
			if random.IntN(10) < 7 {
				lower, upper = v/2, v*1.5
			}
			p.Lower, p.Upper = append(p.Lower, lower), append(p.Upper, upper)
		}
		s, err := New(p)
		if err != nil {
			t.Fatal(seed, err)
		}
		for range 10 {
			q := question{problem: p, cost: []Entry{{random.IntN(len(p.Lower)), 1}}, maximize: random.IntN(2) == 0}
			q.ask(t, s)
			questions = append(questions, q)
		}
	}
	agree(t, questions)
}

// Some of the questions of a full attack, and moves of a cell, at full size.
func TestFederationAgainstHiGHS(t *testing.T) {
	t.Parallel()
	var questions []question
	p, primary := federationAttack()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	for k, cell := range primary {
		q := question{problem: p, cost: []Entry{{cell, 1}}, maximize: k%2 == 0}
		q.ask(t, s)
		if k%40 == 0 {
			questions = append(questions, q)
		}
	}
	moves, cost := federationMoves()
	base, err := New(moves)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range primary[:5] {
		own := Problem{slices.Clone(moves.Lower), slices.Clone(moves.Upper), moves.Rows}
		own.Lower[2*cell], own.Upper[2*cell], own.Upper[2*cell+1] = 5, 5, 0
		s := base.Clone()
		if err := errors.Join(s.SetBounds(2*cell, 5, 5), s.SetBounds(2*cell+1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		q := question{problem: own, cost: cost}
		q.ask(t, s)
		questions = append(questions, q)
	}
	agree(t, questions)
}
