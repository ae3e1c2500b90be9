package disclosure

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Suppress chooses the secondary cells. For each goal it finds the cheapest way
// of moving the cell when every cell may move at its cost and the hidden ones
// nearly for nothing; the cells that had to move are hidden. Then it frees the
// secondaries one by one where every goal still has a way without them, and
// starts over from what it has with a part taken away, keeping what is better.
//
// Each goal keeps its way as a witness: hiding or freeing another cell asks a
// program only for the goals whose witness it touches.
//
// What cannot be protected (a cell whose neighbours are all public or kept) is
// left: the attack says so.
//
// Where there are many base cells, some are let go, and more only for want of a way.
func (s *System) Suppress(ctx context.Context) error {
	for _, most := range []int{nearby, around} {
		held := s.focus(most)
		lost, err := s.suppress(ctx)
		if err != nil || lost == 0 || !held {
			return err
		}
	}
	return nil
}

// suppress hides secondaries, and counts the goals that nothing reaches.
func (s *System) suppress(ctx context.Context) (lost int, err error) {
	for i := range s.Variables {
		if s.Variables[i].Status == Secondary && s.Variables[i].Rule == NoRule {
			s.Variables[i].Status = Published
		}
	}
	parts := s.parts(func(v int) bool { return !s.Variables[v].Public && !s.standsStill(v) })
	for _, part := range parts {
		goals := s.goals(part)
		if len(goals) == 0 {
			continue
		}
		best, err := s.search(ctx, part, goals)
		if err != nil {
			return 0, err
		}
		for v := range best.secondary {
			s.Variables[v].Status = Secondary
		}
		lost += best.failed()
	}
	return lost, nil
}

// pattern is one choice of what is hidden, and why each goal is reached.
type pattern struct {
	system    *System
	wide      *mover // every cell of the part may move
	goals     []goal
	witness   []shift // by goal; nil where there is none
	lost      []bool  // by goal: not even by hiding everything
	secondary map[int]bool
	hidden    map[int]bool
}

func newPattern(s *System, part []int, wide *mover, goals []goal) *pattern {
	p := &pattern{system: s, wide: wide, goals: goals, witness: make([]shift, len(goals)),
		lost: make([]bool, len(goals)), secondary: map[int]bool{}, hidden: map[int]bool{}}
	for _, v := range part {
		x := s.Variables[v]
		if x.Status == Primary || x.Status == NotCollected || !x.placed {
			p.hidden[v] = true
		}
	}
	return p
}

// price says what hiding each secondary costs in all.
func (p *pattern) price() float64 {
	all := make([]float64, 0, len(p.secondary))
	for v := range p.secondary {
		all = append(all, p.system.Variables[v].Cost)
	}
	slices.Sort(all) // a sum of floats depends on its order
	sum := 0.0
	for _, c := range all {
		sum += c
	}
	return sum
}

// nearlyNothing is what moving a hidden cell costs beside hiding another: enough
// for the ways to be short.
const nearlyNothing = 1e-3

// cost gives what moving a variable costs while looking for what to hide.
func (p *pattern) cost(v int, taste func(int) float64) float64 {
	x := p.system.Variables[v]
	switch {
	case p.secondary[v]:
		return 2 * nearlyNothing
	case p.hidden[v]:
		return nearlyNothing
	case x.Keep:
		return math.Inf(1)
	}
	return x.Cost * taste(v)
}

// ahead is how many goals of a large part are looked at together. It is fixed, so
// that the pattern does not depend on how many processors do it.
const (
	ahead = 4
	large = 500
)

// reach hides what it takes for every goal to have a way.
func (p *pattern) reach(ctx context.Context, taste func(int) float64) error {
	together := 1
	if len(p.goals) > large {
		together = ahead
	}
	for next := p.pending(0, together); len(next) > 0; next = p.pending(next[len(next)-1]+1, together) {
		ways, found := make([]shift, len(next)), make([]bool, len(next))
		err := each(len(next), func(n int) (err error) {
			g := p.goals[next[n]]
			ways[n], found[n], err = p.wide.cheapest(ctx, g.variable, g.by, func(v int) float64 { return p.cost(v, taste) })
			return err
		})
		if err != nil {
			return err
		}
		for n, i := range next {
			if !found[n] && p.witness[i] == nil {
				shared, err := p.shareOut(ctx, i, taste)
				if err != nil {
					return err
				}
				if shared {
					continue
				}
			}
			p.take(i, ways[n], found[n])
		}
	}
	return nil
}

// pending gives the next goals that have no way yet, from one on.
func (p *pattern) pending(from, most int) []int {
	var next []int
	for i := from; i < len(p.goals) && len(next) < most; i++ {
		if p.witness[i] == nil && !p.lost[i] {
			next = append(next, i)
		}
	}
	return next
}

// take hides what a way moves, unless the goal was served meanwhile.
func (p *pattern) take(i int, way shift, found bool) {
	if p.witness[i] != nil {
		return
	}
	if p.lost[i] = !found; !found {
		return
	}
	for _, m := range way {
		if !p.hidden[m.variable] {
			p.hidden[m.variable], p.secondary[m.variable] = true, true
		}
	}
	p.share(way)
	p.witness[i] = way
}

// shareOut shares the width of a variable between both its goals otherwise, where one of
// them is farther than it can go: what limits hold on one side is asked on the other.
func (p *pattern) shareOut(ctx context.Context, i int, taste func(int) float64) (bool, error) {
	v := p.goals[i].variable
	if x := p.system.Variables[v]; x.Width <= x.Up+x.Down || p.count(v) != 2 {
		return false, nil
	}
	up, down, found, err := p.wide.apart(ctx, v, p.goals[i].by, func(v int) float64 { return p.cost(v, taste) })
	if err != nil || !found || up.by == 0 || down.by == 0 {
		return false, err
	}
	for j, g := range p.goals {
		if g.variable != v {
			continue
		}
		w := up
		if g.by < 0 {
			w = down
		}
		p.goals[j], p.witness[j], p.lost[j] = w.goal, nil, false
		p.take(j, w.shift, true)
	}
	return true, nil
}

// share gives a way to every other goal that it serves too.
func (p *pattern) share(way shift) {
	for i, g := range p.goals {
		if p.witness[i] != nil {
			continue
		}
		if times, ok := p.system.serves(way, g); ok {
			p.witness[i] = way.times(times)
		}
	}
}

func (s shift) times(k float64) shift {
	out := make(shift, len(s))
	for i, m := range s {
		out[i] = moved{m.variable, m.by * k}
	}
	return out
}

func (s shift) uses(v int) bool {
	return slices.ContainsFunc(s, func(m moved) bool { return m.variable == v })
}

// clean frees those of the given secondaries that no goal needs, the most
// expensive first. One pass is enough: what is needed now is needed when less is
// hidden.
func (p *pattern) clean(ctx context.Context, taste func(int) float64, order []int) error {
	narrow, err := newMover(p.system, sorted(p.hidden))
	if err != nil {
		return err
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(p.system.Variables[b].Cost*taste(b), p.system.Variables[a].Cost*taste(a))
	})
	for _, v := range order {
		if err := p.free(ctx, narrow, v); err != nil {
			return err
		}
	}
	return nil
}

// free publishes a secondary if every goal that goes through it finds another way.
func (p *pattern) free(ctx context.Context, narrow *mover, v int) error {
	cost := func(other int) float64 { return p.without(v, other) }
	instead := map[int]way{}
	for i, g := range p.goals {
		if _, done := instead[i]; done || p.lost[i] || !p.witness[i].uses(v) {
			continue
		}
		found, err := p.another(ctx, narrow, i, g, instead, cost)
		if err != nil || !found {
			return err
		}
	}
	for i, w := range instead {
		p.witness[i], p.goals[i] = w.shift, w.goal
	}
	delete(p.secondary, v)
	delete(p.hidden, v)
	return nil
}

// without is what moving a variable costs when v is to be published: nothing new
// may be hidden, and primaries are moved rather than secondaries.
func (p *pattern) without(v, other int) float64 {
	switch {
	case other == v || !p.hidden[other]:
		return math.Inf(1)
	case p.secondary[other]:
		return 1
	}
	return 0.1
}

// another finds a way for a goal: among those just found, by moving as far, or by
// sharing out otherwise the width that its variable needs.
func (p *pattern) another(ctx context.Context, narrow *mover, i int, g goal, instead map[int]way, cost func(int) float64) (bool, error) {
	for _, other := range sorted(instead) {
		if times, ok := p.system.serves(instead[other].shift, g); ok {
			instead[i] = way{g, instead[other].times(times)}
			return true, nil
		}
	}
	found, ok, err := narrow.cheapest(ctx, g.variable, g.by, cost)
	if ok || err != nil {
		instead[i] = way{g, found}
		return ok, err
	}
	return p.otherwise(ctx, narrow, g, instead, cost)
}

// otherwise shares out the width of a variable between both its goals anew, where one of
// them is not reached.
func (p *pattern) otherwise(ctx context.Context, narrow *mover, lost goal, instead map[int]way, cost func(int) float64) (bool, error) {
	v := lost.variable
	x := p.system.Variables[v]
	if x.Width <= x.Up+x.Down || p.count(v) != 2 {
		return false, nil // nothing to share out
	}
	up, down, found, err := narrow.apart(ctx, v, lost.by, cost)
	if err != nil || !found || up.by == 0 || down.by == 0 {
		return false, err
	}
	for i, g := range p.goals {
		switch {
		case g.variable != v:
		case g.by > 0:
			instead[i] = up
		default:
			instead[i] = down
		}
	}
	return true, nil
}

// count says how many goals a variable has.
func (p *pattern) count(v int) int {
	n := 0
	for _, g := range p.goals {
		if g.variable == v {
			n++
		}
	}
	return n
}

func sorted[V any](set map[int]V) []int {
	all := make([]int, 0, len(set))
	for v := range set {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}
