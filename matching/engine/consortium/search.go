package consortium

import (
	"cmp"
	"slices"
)

// group is a set of candidates, by their places in the model.
type group struct {
	members []int
	value   int64
	merit   merit
}

// better says whether a group covers more, or as much with fewer members, or as
// much with as many and more merit.
func (g group) better(o group) bool {
	return cmp.Or(cmp.Compare(g.value, o.value), cmp.Compare(len(o.members), len(g.members)), g.merit.against(o.merit)) > 0
}

// nearer says whether a group covers more, or as much from less far whatever the
// number of its members.
func (g group) nearer(o group) bool {
	return cmp.Or(cmp.Compare(g.value, o.value), g.merit.against(o.merit)) > 0
}

// byFit is the merit of a proposal; byDistance that of an alternative: each
// member costs, so that one more never improves it.
func byFit(o *offer) merit      { return o.merit }
func byDistance(o *offer) merit { return merit{fit: o.merit.dist, dist: -1, draw: o.merit.draw} }

// search is one branch and bound. Steps are counted, not time: the same question
// gives the same answer everywhere.
type search struct {
	m     *model
	merit func(*offer) merit
	most  int   // members
	goal  int64 // a group of less value is of no use; 0: the best there is
	near  bool  // the distance before the number of members; the merit is byDistance
	stop  func() bool
	steps int // left
	nodes int // looked at

	best  group
	found bool
	cut   bool  // steps ran out before everything was looked at
	open  int64 // the best value that what was not looked at may reach
	out   []bool
	rank  []int // of each candidate by merit, the best first
}

// ranked orders the candidates by merit once for a whole search.
func (s *search) ranked() []int {
	if s.rank != nil {
		return s.rank
	}
	order := make([]int, len(s.m.offers))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(s.merit(&s.m.offers[b]).against(s.merit(&s.m.offers[a])), cmp.Compare(a, b))
	})
	s.rank = make([]int, len(order))
	for k, i := range order {
		s.rank[i] = k
	}
	return s.rank
}

// gain is a candidate with the most it can add to a group.
type gain struct {
	i, rank int
	most    int64
}

// gains bounds what each candidate that is still allowed can add: it serves no
// more than its limit nor than what the free members leave, and the flow never
// gives more with two than the sum of what it gives with each (it is submodular).
// Those that can add nothing are left out; the order is the greatest first.
func (s *search) gains(at *stand, members []int) []gain {
	out, rank := make([]gain, 0, len(s.m.offers)), s.ranked()
	for i := range s.m.offers {
		if s.out[i] || slices.Contains(members, i) {
			continue
		}
		o := &s.m.offers[i]
		most := min(o.limit, s.m.weights.less(o.cells, at.free))
		for r, n := range o.shows {
			most += s.m.factors[r] * min(n, at.rest[r])
		}
		if most > 0 {
			out = append(out, gain{i, rank[i], most})
		}
	}
	slices.SortFunc(out, func(a, b gain) int {
		if a.most != b.most {
			return cmp.Compare(b.most, a.most)
		}
		return a.rank - b.rank
	})
	return out
}

// top is the most that n of them add together.
func top(gains []gain, n int) (sum int64) {
	for _, g := range gains[:min(n, len(gains))] {
		sum += g.most
	}
	return sum
}

// bestMerit is the most merit that n of them add.
func (s *search) bestMerit(gains []gain, n int) (sum merit) {
	if n <= 0 {
		return sum
	}
	first := make([]int, 0, n+1) // the n best ranked, in order
	for k := range gains {
		at, _ := slices.BinarySearchFunc(first, gains[k].rank, func(f, rank int) int { return gains[f].rank - rank })
		if at == n {
			continue
		}
		if first = slices.Insert(first, at, k); len(first) > n {
			first = first[:n]
		}
	}
	for _, k := range first {
		sum = sum.plus(s.merit(&s.m.offers[gains[k].i]))
	}
	return sum
}

// stepOffers is how many candidates a step weighs: a node of a search among more
// takes more steps, so that the same steps are about the same work.
const stepOffers = 200

// step counts a node; false when no step is left, and notes what is given up.
func (s *search) step(bound int64) bool {
	if s.steps <= 0 || s.stop != nil && s.nodes%64 == 0 && s.stop() {
		s.steps, s.cut, s.open = 0, true, max(s.open, bound)
		return false
	}
	s.nodes++
	s.steps = max(0, s.steps-max(1, len(s.m.offers)/stepOffers))
	return true
}

func (s *search) keep(g group) {
	if g.value < s.goal || s.found && !s.better(g, s.best) {
		return
	}
	g.members = slices.Clone(g.members)
	s.best, s.found = g, true
}

func (s *search) better(g, o group) bool {
	if s.near {
		return g.nearer(o)
	}
	return g.better(o)
}

func (s *search) with(g group, i int) group {
	return group{members: append(slices.Clip(g.members), i), merit: g.merit.plus(s.merit(&s.m.offers[i]))}
}

// hopeless says that no completion of a group can be kept.
func (s *search) hopeless(g group, gains []gain) bool {
	left := s.most - len(g.members)
	reach := g.value + top(gains, left)
	switch {
	case left <= 0 || len(gains) == 0 || reach < s.goal:
		return true
	case !s.found || reach > s.best.value:
		return false
	case reach < s.best.value:
		return true
	}
	if s.near {
		fewest := 1
		for g.value+top(gains, fewest) < s.best.value {
			fewest++
		}
		return g.merit.plus(s.bestMerit(gains, fewest)).against(s.best.merit) <= 0
	}
	more := len(s.best.members) - len(g.members) // members that a group as large as the best one may still take
	switch {
	case more <= 0:
		return true
	case more > 1 && g.value+top(gains, more-1) >= s.best.value:
		return false
	}
	return g.merit.plus(s.bestMerit(gains, more)).against(s.best.merit) <= 0
}

// gather looks for the best group of at most s.most members, whatever it covers:
// the candidates are tried from the one that may add the most, each one then
// being left aside.
func (s *search) gather(g group) {
	at := s.m.stand(g.members)
	g.value = at.value
	s.keep(g)
	gains := s.gains(&at, g.members)
	if s.hopeless(g, gains) || !s.step(g.value+top(gains, s.most-len(g.members))) {
		return
	}
	tried := 0
	for k, c := range gains {
		if s.hopeless(g, gains[k:]) {
			break
		}
		s.gather(s.with(g, c.i))
		s.out[c.i] = true
		tried++
	}
	for _, c := range gains[:tried] {
		s.out[c.i] = false
	}
}

// cover looks for the group of most merit that covers all that can be. Each cell
// that is not served whole must be, so that one of the few candidates who can
// help it is in the group: those are tried, from the scarcest cell.
func (s *search) cover(g group) {
	at := s.m.stand(g.members)
	g.value = at.value
	s.keep(g)
	if g.value >= s.goal {
		return // one more adds nothing, and a smaller group is better
	}
	gains := s.gains(&at, g.members)
	if s.hopeless(g, gains) || !s.step(g.value+top(gains, s.most-len(g.members))) {
		return
	}
	tried := s.helpers(&at, gains)
	for _, c := range tried {
		s.cover(s.with(g, c.i))
		s.out[c.i] = true
	}
	for _, c := range tried {
		s.out[c.i] = false
	}
}

// helpers are the candidates of which any complete group takes one.
func (s *search) helpers(at *stand, gains []gain) []gain {
	unmet := s.m.unmet(at)
	if unmet.empty() {
		return s.showers(at, gains)
	}
	scarce, few := -1, 0
	unmet.each(func(cell int) {
		n := 0
		for _, g := range gains {
			if s.m.offers[g.i].cells.has(cell) {
				n++
			}
		}
		if scarce < 0 || n < few {
			scarce, few = cell, n
		}
	})
	near := s.m.starved(at, scarce)
	return slices.DeleteFunc(slices.Clone(gains), func(g gain) bool { return !s.m.offers[g.i].cells.meets(near) })
}

// showers are those who bring something to the first requirement that lacks.
func (s *search) showers(at *stand, gains []gain) []gain {
	for r, n := range at.rest {
		if n > 0 {
			return slices.DeleteFunc(slices.Clone(gains), func(g gain) bool { return s.m.offers[g.i].shows[r] == 0 })
		}
	}
	return nil
}
