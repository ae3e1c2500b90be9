package disclosure

import (
	"context"
	"fmt"
)

// Outcome is a protected release: what became of each cell, and what the attack found.
type Outcome struct {
	System *System
	Attack *Attack

	task    Task
	mergers []merger // found when first asked for
}

// Protect judges, suppresses and attacks. The outcome says whether it is safe:
// it is not when something cannot be protected, because it, or all that would
// hide it, was published before or must be kept. The error is an Issue where
// the tables do not hold together.
func Protect(ctx context.Context, task Task) (*Outcome, error) {
	s, err := NewSystem(ctx, task)
	if err != nil {
		return nil, err
	}
	if err := s.Suppress(ctx); err != nil {
		return nil, fmt.Errorf("suppress: %w", err)
	}
	return attacked(ctx, s, task)
}

// Check attacks tables as they are: the statuses of their cells are given.
// A cell that is published though a rule refuses it is recovered by reading it.
func Check(ctx context.Context, task Task) (*Outcome, error) {
	task.AsGiven = true
	s, err := NewSystem(ctx, task)
	if err != nil {
		return nil, err
	}
	return attacked(ctx, s, task)
}

func attacked(ctx context.Context, s *System, task Task) (*Outcome, error) {
	a, err := s.Attack(ctx)
	if err != nil {
		return nil, fmt.Errorf("attack: %w", err)
	}
	return &Outcome{System: s, Attack: a, task: task}, nil
}

// Safe reports whether nothing that must be hidden can be deduced.
func (o *Outcome) Safe() bool { return o.Proved() && o.Attack.Safe() }

// Proved reports whether the attack could look everywhere: it could not where more
// base cells exist than it has room for, or where a program did not end.
func (o *Outcome) Proved() bool {
	return o.System.Model != ImpliedTotals && o.Attack.Unproved == 0
}

// Counts says how many cells of the tables have each status.
type Counts struct {
	Cells        int `json:"cells"`
	Published    int `json:"published"`
	Primary      int `json:"primary"`
	Secondary    int `json:"secondary"`
	NotCollected int `json:"not_collected"`
}

// Counts counts each figure once, however many tables show it.
func (o *Outcome) Counts() Counts {
	var c Counts
	for _, v := range o.System.Variables {
		if v.placed {
			c.count(v.Status)
		}
	}
	return c
}

func (c *Counts) count(s Status) {
	c.Cells++
	switch s {
	case Published:
		c.Published++
	case Primary:
		c.Primary++
	case Secondary:
		c.Secondary++
	case NotCollected:
		c.NotCollected++
	}
}

// Rules counts the primary figures by the first rule they break. It is for those
// who prepare the release alone.
func (o *Outcome) Rules() map[Rule]int {
	n := map[Rule]int{}
	for _, v := range o.System.Variables {
		if v.placed && v.Rule != NoRule {
			n[v.Rule]++
		}
	}
	return n
}

// Result is one cell of a table and what becomes of it.
type Result struct {
	Table      string
	Dimensions []Dimension
	Codes      []string
	Value      float64
	Line       int
	Status     Status
	Rule       Rule
	Interval   *Interval // of a primary cell
}

// Results gives every cell of the tables, in their order, those computed after
// those given. It holds what must not be published.
func (o *Outcome) Results() []Result {
	intervals := map[int]*Interval{}
	for i := range o.Attack.Intervals {
		intervals[o.Attack.Intervals[i].Variable] = &o.Attack.Intervals[i]
	}
	var all []Result
	for t, g := range o.System.grids {
		for i, at := range o.System.places[t] {
			v, c := o.System.Variables[at], g.Cells[i]
			all = append(all, Result{g.Name, g.Dimensions, c.Codes, c.Value, c.Line, v.Status, v.Rule, intervals[at]})
		}
	}
	return all
}
