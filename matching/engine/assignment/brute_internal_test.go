package assignment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// brute reads every plan of a small problem. It shares nothing with the solver
// but the draw between equals: precedence is compared place by place, so that
// the plain ranks of the solver are put to the proof.
type brute struct {
	Problem
	Config
	order []claim
	used  map[PositionID]int
	taken map[PersonID][]Edge
	best  []int
}

// claim is a possible proposal of a person: the level counts the pending ones.
type claim struct {
	level, waiting int
	lot            uint64
	person         PersonID
	unit           int
}

func newBrute(p Problem, c Config) *brute {
	b := &brute{Problem: p, Config: c, used: map[PositionID]int{}, taken: map[PersonID][]Edge{}}
	for _, who := range p.People {
		for u := 1; who.Pending+u <= c.K; u++ {
			b.order = append(b.order, claim{who.Pending + u, who.Waiting, lot(c.Seed, int64(who.ID)), who.ID, u})
		}
	}
	slices.SortFunc(b.order, func(x, y claim) int {
		for _, d := range []int{x.level - y.level, y.waiting - x.waiting} {
			if d != 0 {
				return d
			}
		}
		if x.lot < y.lot {
			return -1
		}
		return 1
	})
	return b
}

// value is what a plan is worth as a list compared lexicographically.
func (b *brute) value() []int {
	minimum, fit := 0, 0
	for _, p := range b.Positions {
		minimum += min(p.AtLeast, b.used[p.ID])
	}
	var served []int
	for _, c := range b.order {
		n := 0
		if len(b.taken[c.person]) >= c.unit {
			n = 1
		}
		served = append(served, n)
	}
	for _, edges := range b.taken {
		for _, e := range edges {
			fit += e.Fit
		}
	}
	if b.Objective == WaitingFirst {
		return append(append([]int{minimum}, served...), fit)
	}
	return append([]int{minimum, fit}, served...)
}

func (b *brute) from(n int) {
	if n == len(b.Edges) {
		if v := b.value(); b.best == nil || slices.Compare(v, b.best) > 0 {
			b.best = v
		}
		return
	}
	b.from(n + 1)
	if e := b.Edges[n]; b.open(e) {
		b.take(e)
		b.from(n + 1)
		b.used[e.Position]--
		b.taken[e.Person] = b.taken[e.Person][:len(b.taken[e.Person])-1]
	}
}

func (b *brute) take(e Edge) {
	b.used[e.Position]++
	b.taken[e.Person] = append(b.taken[e.Person], e)
}

func (b *brute) open(e Edge) bool {
	for _, p := range b.People {
		if p.ID == e.Person && p.Pending+len(b.taken[p.ID]) >= b.K {
			return false
		}
	}
	for _, p := range b.Positions {
		if p.ID == e.Position && b.used[p.ID] >= p.AtMost {
			return false
		}
	}
	return true
}

// valueOf reads a plan given by the solver, and fails if it breaks a limit.
func valueOf(t *rapid.T, p Problem, c Config, plan *Plan) []int {
	b := newBrute(p, c)
	edges := map[[2]int64]Edge{}
	for _, e := range p.Edges {
		edges[[2]int64{int64(e.Person), int64(e.Position)}] = e
	}
	for _, o := range plan.Outcomes {
		for _, given := range o.Proposals {
			e, known := edges[[2]int64{int64(o.Person), int64(given.Position)}]
			if !known || e.Fit != given.Fit || !b.open(e) {
				t.Fatalf("person %d can't be given %+v", o.Person, given)
			}
			delete(edges, [2]int64{int64(o.Person), int64(given.Position)})
			b.take(e)
		}
	}
	return b.value()
}

func TestSolveEqualsEveryPlanRead(t *testing.T) {
	t.Parallel()
	full := 0
	each(t, func(rt *rapid.T, _ *rand.Rand, p Problem, c Config) {
		b := newBrute(p, c)
		b.from(0)
		plan, err := Solve(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		if got := valueOf(rt, p, c, plan); slices.Compare(got, b.best) != 0 {
			rt.Fatalf("%+v\n%+v\ngot  %v\nbest %v", p, c, got, b.best)
		}
		if plan.Gap != (Gap{}) {
			rt.Fatalf("best, and a gap of %+v", plan.Gap)
		}
		for _, o := range plan.Outcomes {
			if o.Reason == AllFull {
				full++
			}
		}
	})
	if full == 0 {
		t.Error("nobody was ever left out: the problems drawn prove little")
	}
}

// A stopped search never passes the best, and never says that it missed less than it did.
func TestGapIsHonest(t *testing.T) {
	t.Parallel()
	short := 0
	each(t, func(rt *rapid.T, r *rand.Rand, p Problem, c Config) {
		c.Budget = 1 + r.Int64N(20)
		b := newBrute(p, c)
		b.from(0)
		plan, err := Solve(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		got := valueOf(rt, p, c, plan)
		missed := b.missed(got)
		if missed.Part != Proven {
			short++
		}
		if missed.Part == Proven {
			return // any gap is honest
		}
		switch g := plan.Gap; {
		case g.Part == Proven:
			rt.Fatalf("%+v said proven, missed %+v", p, missed)
		case b.tier(g.Part) > b.tier(missed.Part):
			rt.Fatalf("said %+v, missed %+v before it", g, missed)
		case g.Part == missed.Part && g.Most < missed.Most:
			rt.Fatalf("said %+v, missed %+v", g, missed)
		}
	})
	if short == 0 {
		t.Error("no search was stopped short of the best: the budgets prove nothing")
	}
}

// Whatever the budget, no plan is under greedy's in the order of the objective, place by place.
func TestNoPlanIsUnderGreedy(t *testing.T) {
	t.Parallel()
	each(t, func(rt *rapid.T, r *rand.Rand, p Problem, c Config) {
		c.Budget = r.Int64N(20)
		plan, err := Solve(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		greedy, err := Greedy(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		if mine, hand := valueOf(rt, p, c, plan), valueOf(rt, p, c, greedy); slices.Compare(mine, hand) < 0 {
			rt.Fatalf("%+v %+v\nplan   %v\ngreedy %v", p, c, mine, hand)
		}
	})
}

// Tightening never raises the ceiling: a smaller gap is worth its reading.
func TestTighteningNeverLoosens(t *testing.T) {
	t.Parallel()
	lower := 0
	each(t, func(rt *rapid.T, r *rand.Rand, p Problem, c Config) {
		c.Budget = 1 + r.Int64N(20)
		b, err := newBatch(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		f := newFlow(b.graph, b.weights, c.Budget)
		f.run()
		before := f.ceiling()
		f.tighten()
		switch f.ceiling().Cmp(before) {
		case 1:
			rt.Fatalf("%+v %+v: the ceiling rose from %v to %v", p, c, before, f.ceiling())
		case -1:
			lower++
		}
	})
	if lower == 0 {
		t.Error("no ceiling was ever lowered")
	}
}

// tier is where a part stands in the objective.
func (b *brute) tier(p Part) int {
	return slices.Index(map[Objective][]Part{FitFirst: {Minimums, Fit, Waiting}, WaitingFirst: {Minimums, Waiting, Fit}}[b.Objective], p)
}

// missed is the first part where a value is under the best, and by how much.
func (b *brute) missed(got []int) Gap {
	fit, served := 1, 2
	if b.Objective == WaitingFirst {
		fit, served = len(got)-1, 1
	}
	gaps := map[Part]int64{Minimums: int64(b.best[0] - got[0]), Fit: int64(b.best[fit] - got[fit])}
	for n := range b.order {
		if b.best[served+n] != got[served+n] {
			gaps[Waiting] = 1
		}
	}
	for n := range 3 {
		for _, part := range []Part{Minimums, Fit, Waiting} {
			if b.tier(part) == n && gaps[part] != 0 {
				return Gap{part, gaps[part]}
			}
		}
	}
	return Gap{}
}

// each draws many small problems, every plan of which can be read, with many ties.
func each(t *testing.T, check func(*rapid.T, *rand.Rand, Problem, Config)) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), rapid.Uint64().Draw(rt, "more")))
		for range 20 {
			p, c := small(r)
			check(rt, r, p, c)
		}
	})
}

func small(r *rand.Rand) (Problem, Config) {
	var p Problem
	people, positions := 1+r.IntN(6), 1+r.IntN(4)
	for i := range people {
		p.People = append(p.People, Person{PersonID(100 + i), r.IntN(4), max(0, r.IntN(5)-3)})
	}
	wishes := r.IntN(2) == 0
	for j := range positions {
		most, least := max(0, r.IntN(5)-1), 0
		if wishes {
			least = r.IntN(most + 1)
		}
		p.Positions = append(p.Positions, Position{PositionID(j - 1), least, most})
	}
	fits := []int{2, 4, MaxFit + 1}[r.IntN(3)]
	for n, at := range r.Perm(people * positions) {
		if n < 12 {
			p.Edges = append(p.Edges, Edge{p.People[at/positions].ID, p.Positions[at%positions].ID, r.IntN(fits)})
		}
	}
	p.Edges = p.Edges[:len(p.Edges)-r.IntN(1+len(p.Edges)/2)]
	return p, Config{K: 1 + r.IntN(3), Seed: r.Uint64(), Objective: Objective(r.IntN(2))}
}
