package disclosure

import (
	"context"
	"fmt"
	"math"

	"maillage/indicators/disclosure/lp"
)

// far is how many times the wanted move another cell may move: beyond, its room
// counts as that much. It only makes the answers prudent, and the arithmetic sound.
const far = 1e4

// negligible is a move, as a part of the wanted one, that is a rounding error.
const negligible = 1e-7

// shift is a way of moving several variables at once so that every relation
// still holds: what a reader cannot tell from the truth.
type shift []moved

type moved struct {
	variable int
	by       float64
}

// mover finds the cheapest shift that moves one variable by so much at least. Every
// variable has two columns, up and down, because moving either way costs.
type mover struct {
	system    *System
	variables []int // those that may move
	local     map[int]int
	base      *lp.Solver
	slack     [][2]float64 // how far down and up the sums of the loose relations can go
}

func newMover(s *System, variables []int) (*mover, error) {
	m := &mover{system: s, variables: variables, local: make(map[int]int, len(variables))}
	for i, v := range variables {
		m.local[v] = i
	}
	var p lp.Problem
	for _, v := range variables {
		up, down := s.room(v)
		p.Lower = append(p.Lower, 0, 0)
		p.Upper = append(p.Upper, up, down)
	}
	for _, r := range s.Relations {
		m.addRow(&p, r)
	}
	var err error
	if m.base, err = lp.New(p); err != nil {
		return nil, fmt.Errorf("relations of %d variables: %w", len(variables), err)
	}
	return m, nil
}

// room gives how far a variable can go up and down.
func (s *System) room(v int) (up, down float64) {
	x := s.Variables[v]
	return max(0, x.Ceiling-x.Value), max(0, x.Value-x.Floor)
}

func (m *mover) addRow(p *lp.Problem, r Relation) {
	var row lp.Row
	for _, t := range r.Terms {
		if i, mine := m.local[t.Variable]; mine {
			row.Entries = append(row.Entries, lp.Entry{Column: 2 * i, Value: t.Factor}, lp.Entry{Column: 2*i + 1, Value: -t.Factor})
		}
	}
	if len(row.Entries) == 0 {
		return
	}
	if r.loose() {
		down, up := m.system.play(r)
		row.Entries = append(row.Entries, lp.Entry{Column: len(p.Lower), Value: -1})
		m.slack = append(m.slack, [2]float64{down, up})
		p.Lower, p.Upper = append(p.Lower, -down), append(p.Upper, up)
	}
	p.Rows = append(p.Rows, row)
}

// cheapest gives the shift of least cost that moves target by so much at least; cost says
// what a move of each variable costs in units of the wanted move, and +Inf that
// it may not move. No shift: nothing hides the target so far.
func (m *mover) cheapest(ctx context.Context, target int, by float64, cost func(variable int) float64) (shift, bool, error) {
	q := m.ask(target, by, cost)
	if !q.aim(m.local[target], by) {
		return nil, false, nil
	}
	return q.solve(ctx)
}

// ask prepares a question: who may move, how far, at what cost.
func (m *mover) ask(target int, by float64, cost func(variable int) float64) *question {
	q := &question{mover: m, solver: m.base.Clone(), unit: math.Abs(by), whole: m.system.entire(target)}
	if q.whole {
		q.unit = 1
	}
	for i, v := range m.variables {
		up, down := m.system.room(v)
		c := cost(v)
		if math.IsInf(c, 1) {
			up, down = 0, 0
		}
		q.bound(2*i, 0, up)
		q.bound(2*i+1, 0, down)
		if c > 0 && !math.IsInf(c, 1) && v != target {
			q.cost = append(q.cost, lp.Entry{Column: 2 * i, Value: c}, lp.Entry{Column: 2*i + 1, Value: c})
		}
	}
	for k, room := range m.slack {
		q.set(2*len(m.variables)+k, -room[0]/q.unit, room[1]/q.unit)
	}
	return q
}

// question is one program of a mover, in units of the wanted move.
type question struct {
	mover  *mover
	solver *lp.Solver
	unit   float64
	whole  bool // what must be whole numbers stays so
	cost   []lp.Entry
	err    error // of the first bound that was refused
}

func (q *question) set(column int, lower, upper float64) {
	if err := q.solver.SetBounds(column, lower, upper); err != nil && q.err == nil {
		q.err = fmt.Errorf("bound of column %d: %w", column, err)
	}
}

func (q *question) bound(column int, lower, upper float64) {
	limit := far
	if q.whole {
		limit = math.Inf(1)
	}
	q.set(column, lower, min(upper/q.unit, limit))
}

// aim asks the target to move at least so far; false when it has not that much room.
func (q *question) aim(at int, by float64) bool {
	up, down := q.mover.system.room(q.mover.variables[at])
	room, toward, away := up, 2*at, 2*at+1
	if by < 0 {
		room, toward, away = down, away, toward
	}
	if math.Abs(by) > room*(1+1e-9) {
		return false
	}
	amount := math.Abs(by) / q.unit
	q.set(toward, amount, max(amount, room/q.unit))
	q.set(away, 0, 0)
	return true
}

// solve answers, in whole numbers where the target is one.
func (q *question) solve(ctx context.Context) (shift, bool, error) {
	if q.err != nil {
		return nil, false, q.err
	}
	if q.whole {
		return q.inWhole(ctx)
	}
	answer, err := q.solver.Minimize(ctx, q.cost)
	if err != nil {
		return nil, false, fmt.Errorf("move a cell: %w", err)
	}
	if answer.Status != lp.Optimal {
		return nil, false, ctx.Err()
	}
	return q.shift(answer.X), true, nil
}

func (q *question) shift(x []float64) shift {
	var s shift
	for i, v := range q.mover.variables {
		if by := x[2*i] - x[2*i+1]; math.Abs(by) > negligible {
			s = append(s, moved{v, by * q.unit})
		}
	}
	return s
}
