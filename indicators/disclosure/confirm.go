package disclosure

import (
	"context"
	"math"
	"slices"

	"maillage/indicators/disclosure/lp"
)

// confirm looks, of figures that are whole numbers, for tables of whole numbers
// that reach what each interval must contain. The extremes of linear programs are
// nearly always whole, and then nothing is left to do; where no such table is
// found the cell is not safe.
func (s *System) confirm(ctx context.Context, intervals []Interval) error {
	at := map[int]int{}
	for n, i := range intervals {
		if i.Safe && s.entire(i.Variable) && !s.judge(i.Variable, i.whole[0], i.whole[1], i.whole).Safe {
			at[i.Variable] = n
		}
	}
	for _, part := range s.hiddenParts() {
		mine := among(part, at)
		if len(mine) == 0 {
			continue
		}
		m, err := newMover(s, part)
		if err != nil {
			return err
		}
		groups := slices.Collect(slices.Chunk(mine, chunk))
		err = each(len(groups), func(n int) error {
			return m.confirm(ctx, groups[n], func(v int, reached bool) { intervals[at[v]].Safe = reached })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *mover) confirm(ctx context.Context, variables []int, tell func(v int, reached bool)) error {
	for _, v := range variables {
		_, _, reached, err := m.apart(ctx, v, nowhere, plain)
		if err != nil {
			return err
		}
		tell(v, reached)
	}
	return nil
}

// way is a shift that serves a goal.
type way struct {
	goal
	shift
}

// nowhere is no move that was tried.
const nowhere = 0.0

// apart moves a variable up and down as far as it needs. How the width is shared
// out is free: above first, or what above cannot give below. A move that was tried
// at the same cost, and not found, is not asked again.
func (m *mover) apart(ctx context.Context, v int, tried float64, cost func(int) float64) (up, down way, found bool, err error) {
	x := m.system.Variables[v]
	above, below := x.reachUp()
	above, below = m.system.rounded(v, above), m.system.rounded(v, below)
	if tried == nowhere || tried != above && tried != -below {
		if up, down, found, err = m.both(ctx, v, above, below, cost); found || err != nil {
			return up, down, found, err
		}
	}
	most, err := m.farthest(ctx, v, above, cost)
	if err != nil || most < x.Up-1e-9 || most >= above {
		return up, down, false, err
	}
	below = m.system.rounded(v, max(x.Down, x.Width-most))
	return m.both(ctx, v, most, below, cost)
}

// rounded asks a whole number of what is one.
func (s *System) rounded(v int, by float64) float64 {
	if s.entire(v) {
		return math.Ceil(by - 1e-9)
	}
	return by
}

func (m *mover) both(ctx context.Context, v int, above, below float64, cost func(int) float64) (up, down way, found bool, err error) {
	up, down = way{goal: goal{v, above}}, way{goal: goal{v, -below}}
	for _, w := range []*way{&up, &down} {
		if w.by == 0 {
			continue
		}
		if w.shift, found, err = m.cheapest(ctx, v, w.by, cost); err != nil || !found {
			return up, down, false, err
		}
	}
	return up, down, true, nil
}

// farthest gives how far up a variable can go, no farther than limit.
func (m *mover) farthest(ctx context.Context, v int, limit float64, cost func(int) float64) (float64, error) {
	q := m.ask(v, limit, cost)
	at := 2 * m.local[v]
	room, _ := m.system.room(v)
	q.set(at, 0, min(limit, room)/q.unit)
	q.set(at+1, 0, 0)
	if q.err != nil {
		return 0, q.err
	}
	answer, err := q.solver.Maximize(ctx, []lp.Entry{{Column: at, Value: 1}})
	if err != nil || answer.Status != lp.Optimal {
		return 0, err
	}
	if q.whole {
		return math.Floor(answer.Value + 1e-6), nil
	}
	return answer.Value * q.unit * (1 - 1e-9), nil
}
