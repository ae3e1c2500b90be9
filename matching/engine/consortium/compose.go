package consortium

import (
	"cmp"
	"slices"

	"maillage/matching/engine"
)

// Options bound and steer an answer. The zero value is usable.
type Options struct {
	Include []engine.EnterpriseID // are in the group; one that is no candidate is told in Result.Unfit
	Exclude []engine.EnterpriseID // are not
	Most    int                   // members; default 6
	// Steps bounds the work: a node of the search is one, or more among many
	// candidates. Default 40,000.
	Steps int
	// Alternatives bounds what is shown beside the best; default 4, less than 0 none.
	Alternatives int
	Seed         uint64
	// Stop gives up early, as when nobody waits for the answer any more. An answer
	// that was stopped says so, as one whose steps ran out.
	Stop func() bool
	// Km is the distance from a candidate to a commune, to share the work by
	// nearness; nil: it is not known.
	Km func(id engine.EnterpriseID, ord uint32) (km float64, ok bool)
}

const (
	usualMost         = 6
	usualSteps        = 40_000
	usualAlternatives = 4
	// sideSteps is the share of the steps that each alternative may take.
	sideSteps = 10
)

func (o Options) bounded() Options {
	if o.Most <= 0 {
		o.Most = usualMost
	}
	if o.Steps <= 0 {
		o.Steps = usualSteps
	}
	if o.Alternatives == 0 {
		o.Alternatives = usualAlternatives
	}
	return o
}

// Result is the answer to who could answer a lot together.
type Result struct {
	Best         Proposal
	Alternatives []Proposal // none is as good as another on members, coverage and distance
	Candidates   int        // who could be in a group
	// Reachable is the coverage of all of them together, 0 to 1: what no group exceeds.
	Reachable float64
	// Complete: the best covers everything; Full: all that the candidates can.
	Complete, Full bool
	Gap            Gap
	Unfit          []engine.EnterpriseID // asked for, and no candidate
	Nobody         []Hole                // what no candidate covers
}

// Gap is how far the answer may be from the best there is. Nought is proof.
type Gap struct {
	Members  int     // a group as good may have so many members fewer
	Coverage float64 // a group as large may cover so much more, 0 to 1
	// Ties: among groups as small that cover as much, a better one may have been
	// missed (fit, then distance, then the draw).
	Ties  bool
	Steps int // taken
}

// Proven says that no better group exists.
func (g Gap) Proven() bool { return g.Members == 0 && g.Coverage == 0 && !g.Ties }

// Compose finds the fewest candidates that cover the most of what is needed. On
// equal numbers and coverage the fit, then the distance, then a seeded draw
// settle. The order of the candidates changes nothing.
func Compose(needs Needs, candidates []Candidate, o Options) Result {
	o = o.bounded()
	c := &composer{m: newModel(needs, candidates, o), o: o, left: o.Steps}
	return c.compose()
}

// Together is what a given group does, all of its members being kept: who covers what, and
// what nobody does.
func Together(needs Needs, members []Candidate, o Options) Proposal {
	m := newModel(needs, members, Options{Km: o.Km})
	everybody := m.everybody()
	return m.proposal(group{members: everybody, value: m.stand(everybody).value}, o)
}

type composer struct {
	m     *model
	o     Options
	left  int // steps
	start group
	reach int64
}

func (c *composer) compose() Result {
	r := Result{Candidates: len(c.m.offers), Nobody: c.m.holes(c.m.lost)}
	for _, id := range c.o.Include {
		if !slices.ContainsFunc(c.m.candidates, func(k Candidate) bool { return k.ID == id }) {
			r.Unfit = append(r.Unfit, id)
		}
	}
	all := c.m.stand(c.m.everybody())
	c.reach = all.value
	whole := c.m.unmet(&all).empty()
	c.narrow()
	best, gap := c.best(whole)
	gap.Steps = c.o.Steps - c.left
	r.Gap, r.Reachable = gap, c.m.share(c.reach)
	r.Best = c.m.proposal(best, c.o)
	r.Complete, r.Full = best.value == c.m.goal, best.value == c.reach
	for _, g := range c.alternatives(best) {
		r.Alternatives = append(r.Alternatives, c.m.proposal(g, c.o))
	}
	return r
}

// narrow keeps the candidates that an answer may need, once what all of them reach
// together is known, and begins with those who must be in it.
func (c *composer) narrow() {
	must := 0
	for i := range c.m.offers {
		if c.m.offers[i].must {
			must++
		}
	}
	c.o.Most = max(c.o.Most, must)
	c.m = newModel(c.m.needs, c.m.reduce(c.o.Most), c.o)
	for i := range c.m.offers {
		if c.m.offers[i].must {
			c.start.members = append(c.start.members, i)
			c.start.merit = c.start.merit.plus(c.m.offers[i].merit)
		}
	}
}

func (m *model) everybody() []int {
	all := make([]int, len(m.offers))
	for i := range all {
		all[i] = i
	}
	return all
}

// share is a value out of all that is needed.
func (m *model) share(value int64) float64 {
	if m.goal == 0 {
		return 0
	}
	return float64(value) / float64(m.goal)
}

// search begins one, from those who must be in the group.
func (c *composer) search(most int, goal int64, steps int) *search {
	return &search{m: c.m, merit: byFit, most: most, goal: goal, stop: c.o.Stop, steps: steps, out: make([]bool, len(c.m.offers))}
}

// run spends steps on a search.
func (c *composer) run(s *search, look func(group)) {
	steps := s.steps
	g := c.start
	g.merit = merit{}
	for _, i := range g.members {
		g.merit = g.merit.plus(s.merit(&c.m.offers[i]))
	}
	look(g)
	c.left -= steps - s.steps
}

// best finds the group to propose. When every cell can be served, the smallest
// group that does is looked for size by size, so that each size given up is a
// proof; else the most that the largest group allowed can cover.
func (c *composer) best(all bool) (group, Gap) {
	greedy := c.greedy()
	lower := len(c.start.members)
	if all {
		for size := c.fewest(); size <= c.o.Most; size++ {
			s := c.search(size, c.reach, c.left)
			if len(greedy.members) == size && greedy.value == c.reach {
				s.keep(greedy)
			}
			c.run(s, s.cover)
			if s.found {
				return s.best, Gap{Members: max(0, len(s.best.members)-size), Ties: s.cut}
			}
			if lower = size + 1; s.cut {
				lower = size
				break
			}
		}
	}
	if greedy.value == c.reach && lower <= len(greedy.members) && c.left <= 0 {
		return greedy, Gap{Members: len(greedy.members) - lower, Ties: true}
	}
	s := c.search(c.o.Most, 0, c.left)
	s.keep(greedy)
	c.run(s, s.gather)
	return s.best, c.gapOf(s, lower)
}

// gapOf tells what a search that ran out of steps may have missed.
func (c *composer) gapOf(s *search, lower int) Gap {
	if !s.cut {
		return Gap{}
	}
	g := Gap{Ties: true, Coverage: c.m.share(max(0, min(s.open, c.reach)-s.best.value))}
	if s.best.value == c.reach {
		g.Members = max(0, len(s.best.members)-lower)
		return g
	}
	g.Members = max(0, len(s.best.members)-max(1, len(c.start.members)))
	return g
}

// fewest is the least size that could cover all, by what each can add at most.
func (c *composer) fewest() int {
	s := c.search(c.o.Most, 0, 0)
	at := c.m.stand(c.start.members)
	gains := s.gains(&at, c.start.members)
	n := 0
	for n < len(gains) && at.value+top(gains, n) < c.reach {
		n++
	}
	return len(c.start.members) + n
}

// greedy adds who adds most until nobody adds anything: a first group.
func (c *composer) greedy() group {
	s := c.search(c.o.Most, 0, 0)
	g := c.start
	at := c.m.stand(g.members)
	g.value = at.value
	for len(g.members) < c.o.Most {
		next := g
		for _, k := range s.gains(&at, g.members) {
			if g.value+k.most < next.value {
				break
			}
			with := s.with(g, k.i)
			with.value = c.m.stand(with.members).value
			if with.value > next.value || with.value == next.value && len(next.members) > len(g.members) && with.merit.against(next.merit) > 0 {
				next = with
			}
		}
		if next.value == g.value {
			break
		}
		g = next
		at = c.m.stand(g.members)
	}
	return g
}

// alternatives are what else a person may prefer: fewer members that cover less,
// and as much from less far. None is dominated by another nor by the best.
func (c *composer) alternatives(best group) []group {
	if c.o.Alternatives < 0 {
		return nil
	}
	steps := max(1, c.o.Steps/sideSteps)
	found := []group{best}
	for size := len(best.members) - 1; size >= max(1, len(c.start.members)) && len(found) <= c.o.Alternatives; size-- {
		s := c.search(size, 1, steps)
		c.run(s, s.gather)
		if s.found {
			found = append(found, s.best)
		}
	}
	s := c.search(min(c.o.Most, len(best.members)+1), best.value, steps)
	s.near, s.merit = true, byDistance
	s.keep(c.asNear(best))
	c.run(s, s.gather)
	if near := c.asFit(s.best); s.found && near.merit.dist > best.merit.dist {
		found = append(found, near)
	}
	return c.undominated(found)[1:]
}

func (c *composer) asNear(g group) group { return c.weighed(g, byDistance) }
func (c *composer) asFit(g group) group  { return c.weighed(g, byFit) }

func (c *composer) weighed(g group, by func(*offer) merit) group {
	g.merit = merit{}
	for _, i := range g.members {
		g.merit = g.merit.plus(by(&c.m.offers[i]))
	}
	return g
}

// undominated keeps the first and those that no other equals or passes on
// members, coverage and distance.
func (c *composer) undominated(all []group) []group {
	out := all[:1:1]
	for i, g := range all[1:] {
		worse := slices.ContainsFunc(all, func(o group) bool { return dominates(o, g) }) ||
			slices.ContainsFunc(all[:i+1], func(o group) bool { return equal(o, g) })
		if !worse {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out[1:], func(a, b group) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(len(a.members), len(b.members)))
	})
	return out
}

func dominates(a, b group) bool {
	return len(a.members) <= len(b.members) && a.value >= b.value && a.merit.dist >= b.merit.dist && !equal(a, b)
}

func equal(a, b group) bool {
	return len(a.members) == len(b.members) && a.value == b.value && a.merit.dist == b.merit.dist
}
