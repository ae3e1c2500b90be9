package disclosure

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"maillage/indicators/disclosure/lp"
)

// chunk is how many cells one solver attacks in turn. It is fixed, so that the
// answers do not depend on how many run at once.
const chunk = 24

// Interval is what a reader can deduce of a hidden variable from everything that
// is published, and what he must not be able to exclude.
type Interval struct {
	Variable  int
	Low, High float64 // deduced
	Least     float64 // must be possible: at most this low…
	Most      float64 // …and at least this high
	Safe      bool
}

// Width is how much remains uncertain.
func (i Interval) Width() float64 { return i.High - i.Low }

// Attack is what the reader finds who solves for every primary cell.
type Attack struct {
	Intervals    []Interval // of the primary variables, in their order
	Recovered    int        // known exactly
	Narrow       int        // known better than allowed, those known exactly included
	MinimalWidth float64    // of an interval, as a part of the value; 0 when nothing is hidden
}

// Safe reports whether the attack failed on every cell.
func (a *Attack) Safe() bool { return a.Narrow == 0 }

// Attack computes, for every primary variable that was never published, the
// least and the greatest value that all published figures, relations, limits and
// earlier releases allow. A variable published before is recovered by reading it.
func (s *System) Attack(ctx context.Context) (*Attack, error) {
	var targets []int
	for i, v := range s.Variables {
		if v.Status == Primary {
			targets = append(targets, i)
		}
	}
	intervals, err := s.Intervals(ctx, targets)
	if err != nil {
		return nil, err
	}
	if s.Integer {
		if err := s.confirm(ctx, intervals); err != nil {
			return nil, err
		}
	}
	return s.weigh(intervals), nil
}

// weigh counts what the intervals give away.
func (s *System) weigh(intervals []Interval) *Attack {
	a := &Attack{Intervals: intervals}
	first := true
	for i := range intervals {
		at := &intervals[i]
		v := s.Variables[at.Variable]
		scale := max(1, math.Abs(v.Value))
		if !at.Safe {
			a.Narrow++
		}
		if at.Width() <= 1e-9*scale {
			a.Recovered++
		}
		if relative := at.Width() / scale; first || relative < a.MinimalWidth {
			a.MinimalWidth, first = relative, false
		}
	}
	return a
}

// judge says whether an interval leaves enough uncertain.
func (s *System) judge(v int, low, high float64) Interval {
	x := s.Variables[v]
	slack := 1e-7 * max(1, math.Abs(x.Value))
	if s.Integer {
		low, high = math.Ceil(low-1e-6)+0, math.Floor(high+1e-6)+0 // no negative zero
	}
	i := Interval{Variable: v, Low: low, High: high, Least: x.Value - x.Down, Most: x.Value + x.Up}
	i.Safe = low <= i.Least+slack && high >= i.Most-slack && high-low >= x.Width-slack && high-low > slack
	return i
}

// Intervals gives what a reader can deduce of the given variables.
func (s *System) Intervals(ctx context.Context, targets []int) ([]Interval, error) {
	found := make([]Interval, len(targets))
	at := map[int]int{}
	var tasks []siege
	parts := s.hiddenParts()
	for i, v := range targets {
		at[v] = i
		if s.Variables[v].Known() {
			found[i] = s.judge(v, s.Variables[v].Value, s.Variables[v].Value)
		}
	}
	for _, part := range parts {
		var mine []int
		for _, v := range part {
			if _, wanted := at[v]; wanted {
				mine = append(mine, v)
			}
		}
		if len(mine) == 0 {
			continue
		}
		base, err := s.besiege(part)
		if err != nil {
			return nil, err
		}
		for group := range slices.Chunk(mine, chunk) {
			tasks = append(tasks, siege{base, group})
		}
	}
	err := each(len(tasks), func(n int) error {
		return tasks[n].run(ctx, func(v int, low, high float64) { found[at[v]] = s.judge(v, low, high) })
	})
	return found, err
}

// each runs the tasks on every processor and gives the first error in their order.
func each(n int, run func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = run(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// stronghold is one connected part of what is hidden, as a program in deviations
// from the truth: zero is always possible.
type stronghold struct {
	system       *System
	variables    []int
	local        map[int]int
	solver       *lp.Solver
	lower, upper []float64 // outer bounds, by propagation
}

func (s *System) besiege(part []int) (*stronghold, error) {
	h := &stronghold{system: s, variables: part, local: map[int]int{}}
	var p lp.Problem
	for i, v := range part {
		up, down := s.room(v)
		h.local[v] = i
		p.Lower, p.Upper = append(p.Lower, -down), append(p.Upper, up)
	}
	for _, r := range s.Relations {
		h.addRow(&p, r)
	}
	var err error
	if h.lower, h.upper, err = lp.Propagate(p); err != nil {
		return nil, fmt.Errorf("propagate over %d cells: %w", len(part), err)
	}
	if h.solver, err = lp.New(p); err != nil {
		return nil, fmt.Errorf("attack of %d cells: %w", len(part), err)
	}
	return h, nil
}

func (h *stronghold) addRow(p *lp.Problem, r Relation) {
	var row lp.Row
	for _, t := range r.Terms {
		if i, mine := h.local[t.Variable]; mine {
			row.Entries = append(row.Entries, lp.Entry{Column: i, Value: t.Factor})
		}
	}
	if len(row.Entries) == 0 {
		return
	}
	if r.AtLeast {
		row.Entries = append(row.Entries, lp.Entry{Column: len(p.Lower), Value: -1})
		p.Lower, p.Upper = append(p.Lower, -h.system.excess(r)), append(p.Upper, math.Inf(1))
	}
	p.Rows = append(p.Rows, row)
}

// siege is the attack of some cells of a stronghold by one solver.
type siege struct {
	*stronghold
	targets []int
}

// run finds the extremes of each target. Each point found on the way is possible
// for all the others too: where it reaches the outer bound nothing is left to ask.
func (g siege) run(ctx context.Context, tell func(v int, low, high float64)) error {
	solver := g.solver.Clone()
	low, high := make([]float64, len(g.lower)), make([]float64, len(g.upper))
	for _, v := range g.targets {
		i := g.local[v]
		for _, side := range []struct {
			solve        func(context.Context, []lp.Entry) (lp.Solution, error)
			inner, outer float64
			infinite     float64
			extreme      []float64
		}{{solver.Minimize, low[i], g.lower[i], math.Inf(-1), low}, {solver.Maximize, high[i], g.upper[i], math.Inf(1), high}} {
			if near(side.inner, side.outer) {
				continue
			}
			answer, err := side.solve(ctx, []lp.Entry{{Column: i, Value: 1}})
			if err != nil {
				return fmt.Errorf("attack %q: %w", g.system.Variables[v].Name, err)
			}
			switch answer.Status {
			case lp.Optimal:
				widen(low, high, answer.X)
			case lp.Unbounded:
				side.extreme[i] = side.infinite
			default:
				return fmt.Errorf("attack %q: the program ended %v", g.system.Variables[v].Name, answer.Status)
			}
		}
		x := g.system.Variables[v].Value
		tell(v, x+low[i], x+high[i])
	}
	return nil
}

func near(a, b float64) bool {
	return a == b || !math.IsInf(b, 0) && math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

func widen(low, high, x []float64) {
	for i := range low {
		low[i], high[i] = min(low[i], x[i]), max(high[i], x[i])
	}
}

// hiddenParts splits what the reader does not know in parts that no relation ties together.
func (s *System) hiddenParts() [][]int {
	return s.parts(func(v int) bool { return !s.Variables[v].Known() })
}

// parts splits the variables that move in connected parts, sorted.
func (s *System) parts(moves func(v int) bool) [][]int {
	root := make([]int, len(s.Variables))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, r := range s.Relations {
		first := -1
		for _, t := range r.Terms {
			switch {
			case !moves(t.Variable):
			case first < 0:
				first = find(t.Variable)
			default:
				a, b := find(first), find(t.Variable)
				root[max(a, b)] = min(a, b)
			}
		}
	}
	return collect(root, find, moves)
}

func collect(root []int, find func(int) int, moves func(int) bool) [][]int {
	var parts [][]int
	at := map[int]int{}
	for v := range root {
		if !moves(v) {
			continue
		}
		r := find(v)
		if _, there := at[r]; !there {
			at[r] = len(parts)
			parts = append(parts, nil)
		}
		parts[at[r]] = append(parts[at[r]], v)
	}
	return parts
}
