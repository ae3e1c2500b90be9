package disclosure

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
)

// The search is bounded by counts, never by time: the same table always gives
// the same pattern.
const (
	rivals = 4 // patterns tried from the same one; the best goes on
	seed   = 2026
	crowd  = 2_000 // cells of one sum: beyond, they are no neighbours
)

// rounds is how many times the search starts over: more where more is hidden,
// fewer for a large part, whose programs are longer, none for a very large one.
func rounds(goals, secondaries int) int {
	if goals > 3*large {
		return 0
	}
	return min(2+secondaries, 60, 9_000/(goals+1))
}

func plain(int) float64 { return 1 }

// search finds a good pattern for one connected part: a first one, then others
// made by taking a region of it away and hiding again with other tastes.
func (s *System) search(ctx context.Context, part []int, goals []goal) (*pattern, error) {
	wide, err := newMover(s, part)
	if err != nil {
		return nil, err
	}
	best := newPattern(s, part, wide, goals)
	if err := best.improve(ctx, plain, nil); err != nil {
		return nil, err
	}
	near := s.neighbours()
	for round := range rounds(len(goals), len(best.secondary)) {
		if len(best.secondary) == 0 {
			break
		}
		if best, err = best.rivalled(ctx, round, near); err != nil {
			return nil, err
		}
	}
	return best, best.clean(ctx, plain, sorted(best.secondary))
}

// rivalled gives the best of a pattern and of the rivals made from it.
func (p *pattern) rivalled(ctx context.Context, round int, near [][]int) (*pattern, error) {
	tried := make([]*pattern, rivals)
	err := each(rivals, func(i int) error {
		chance := rand.New(rand.NewPCG(seed, uint64(round*rivals+i)))
		tried[i] = p.clone()
		tried[i].ruin(chance, near)
		return tried[i].improve(ctx, taste(chance, len(p.system.Variables)), near)
	})
	best := p
	for _, rival := range tried {
		if err == nil && rival.price() < best.price() && rival.failed() <= best.failed() {
			best = rival
		}
	}
	return best, err
}

// improve completes a pattern, then frees what it can: among all the secondaries,
// or where near is given among those it added and those around them.
func (p *pattern) improve(ctx context.Context, taste func(int) float64, near [][]int) error {
	before := maps.Clone(p.secondary)
	if err := p.reach(ctx, taste); err != nil {
		return err
	}
	if near == nil {
		return p.clean(ctx, taste, sorted(p.secondary))
	}
	around := map[int]bool{}
	for v := range p.secondary {
		if before[v] {
			continue
		}
		around[v] = true
		for _, other := range near[v] {
			if p.secondary[other] {
				around[other] = true
			}
		}
	}
	return p.clean(ctx, taste, sorted(around))
}

// failed counts the goals that no pattern reaches.
func (p *pattern) failed() int {
	n := 0
	for _, lost := range p.lost {
		if lost {
			n++
		}
	}
	return n
}

// taste makes some cells dearer at random, so that other ways are tried.
func taste(chance *rand.Rand, n int) func(int) float64 {
	factor := make([]float64, n)
	for i := range factor {
		factor[i] = 1 + 0.5*chance.Float64()
	}
	return func(v int) float64 { return factor[v] }
}

func (p *pattern) clone() *pattern {
	c := *p
	c.witness, c.lost, c.goals = slices.Clone(p.witness), slices.Clone(p.lost), slices.Clone(p.goals)
	c.secondary, c.hidden = maps.Clone(p.secondary), maps.Clone(p.hidden)
	return &c
}

// ruin publishes a secondary taken at random and those around it, a few sums
// away, and forgets the ways that went through them.
func (p *pattern) ruin(chance *rand.Rand, near [][]int) {
	all := sorted(p.secondary)
	wanted := 2 + chance.IntN(max(1, min(len(all)/4, 40)))
	queue := []int{all[chance.IntN(len(all))]}
	seen := map[int]bool{queue[0]: true}
	for ; len(queue) > 0 && wanted > 0; queue = queue[1:] {
		v := queue[0]
		if p.secondary[v] {
			p.show(v)
			wanted--
		}
		for _, other := range near[v] {
			if !seen[other] && p.hidden[other] {
				seen[other] = true
				queue = append(queue, other)
			}
		}
	}
}

func (p *pattern) show(v int) {
	delete(p.secondary, v)
	delete(p.hidden, v)
	for i, way := range p.witness {
		if way.uses(v) {
			p.witness[i] = nil
		}
	}
}

// neighbours gives the variables that share a relation with each.
func (s *System) neighbours() [][]int {
	near := make([][]int, len(s.Variables))
	for _, r := range s.Relations {
		if len(r.Terms) > crowd {
			continue
		}
		for _, a := range r.Terms {
			for _, b := range r.Terms {
				if a.Variable != b.Variable {
					near[a.Variable] = append(near[a.Variable], b.Variable)
				}
			}
		}
	}
	for i := range near {
		slices.Sort(near[i])
		near[i] = slices.Compact(near[i])
	}
	return near
}
