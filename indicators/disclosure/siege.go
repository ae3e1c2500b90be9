package disclosure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"maillage/indicators/disclosure/lp"
)

// chunk is how many cells one solver attacks in turn. It is fixed, so that the
// answers do not depend on how many run at once.
const chunk = 24

// stronghold is one connected part of what is hidden, as a program in deviations
// from the truth: zero is always possible.
type stronghold struct {
	system       *System
	variables    []int
	local        map[int]int
	solver       *lp.Solver
	lower, upper []float64 // outer bounds, by propagation
	whole        []int     // the columns of whole numbers
}

func (s *System) besiege(part []int) (*stronghold, error) {
	h := &stronghold{system: s, variables: part, local: map[int]int{}}
	var p lp.Problem
	for i, v := range part {
		up, down := s.room(v)
		h.local[v] = i
		p.Lower, p.Upper = append(p.Lower, -down), append(p.Upper, up)
		if s.entire(v) {
			h.whole = append(h.whole, i)
		}
	}
	for _, r := range s.Relations {
		h.addRow(&p, r)
	}
	var err error
	if h.lower, h.upper, err = lp.Propagate(p); err != nil {
		return nil, fmt.Errorf("propagate over %d cells: %w", len(part), err)
	}
	h.fix(&p)
	if h.solver, err = lp.New(p); err != nil {
		return nil, fmt.Errorf("attack of %d cells: %w", len(part), err)
	}
	return h, nil
}

// fix takes out of the program what cannot move: under a published zero nothing can.
func (h *stronghold) fix(p *lp.Problem) {
	for i := range p.Lower {
		if h.upper[i]-h.lower[i] <= 1e-9 {
			p.Lower[i], p.Upper[i] = 0, 0
		}
	}
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
	if r.loose() {
		down, up := h.system.play(r)
		row.Entries = append(row.Entries, lp.Entry{Column: len(p.Lower), Value: -1})
		p.Lower, p.Upper = append(p.Lower, -down), append(p.Upper, up)
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
func (g siege) run(ctx context.Context, tell func(v int, low, high float64, whole [2]float64, ended bool)) error {
	found := newExtremes(len(g.lower))
	solver := g.solver.Clone()
	for _, v := range g.targets {
		i := g.local[v]
		down, err := g.push(ctx, found, i, solver.Minimize, g.lower[i], found.low)
		if err != nil {
			return fmt.Errorf("attack %q: %w", g.system.Variables[v].Name, err)
		}
		up, err := g.push(ctx, found, i, solver.Maximize, g.upper[i], found.high)
		if err != nil {
			return fmt.Errorf("attack %q: %w", g.system.Variables[v].Name, err)
		}
		x := g.system.Variables[v].Value
		tell(v, x+found.low[i], x+found.high[i], [2]float64{x + found.wholeLow[i], x + found.wholeHigh[i]}, down && up)
	}
	return nil
}

// push finds one extreme of a variable; false when the program gave none. Then the
// farthest point met so far counts: what it shows possible is, and no more is believed.
func (g siege) push(ctx context.Context, found *extremes, i int, solve func(context.Context, []lp.Entry) (lp.Solution, error), outer float64, inner []float64) (bool, error) {
	if near(inner[i], outer) {
		return true, nil
	}
	answer, err := solve(ctx, []lp.Entry{{Column: i, Value: 1}})
	if err != nil {
		return false, err
	}
	switch answer.Status {
	case lp.Optimal:
		found.widen(answer.X, g.whole)
	case lp.Unbounded:
		inner[i] = outer // an infinite one, or propagation would have said so
	case lp.Stopped:
		return false, nil
	default:
		return false, fmt.Errorf("the program ended %v: %w", answer.Status, ErrUnproved)
	}
	return true, nil
}

// extremes are the least and the greatest of each variable over the points met,
// and of the whole numbers, over those where they are whole.
type extremes struct{ low, high, wholeLow, wholeHigh []float64 }

func newExtremes(n int) *extremes {
	return &extremes{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
}

func (e *extremes) widen(x []float64, whole []int) {
	for i := range e.low {
		e.low[i], e.high[i] = min(e.low[i], x[i]), max(e.high[i], x[i])
	}
	if slices.ContainsFunc(whole, func(i int) bool { return !isWhole(x[i]) }) {
		return
	}
	for _, i := range whole {
		e.wholeLow[i], e.wholeHigh[i] = min(e.wholeLow[i], math.Round(x[i])), max(e.wholeHigh[i], math.Round(x[i]))
	}
}

func near(a, b float64) bool {
	return a == b || !math.IsInf(b, 0) && math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}
