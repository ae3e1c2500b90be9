package assignment_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine/assignment"
)

// crowd makes a problem of some tens of people, too large to read every plan.
func crowd(r *rand.Rand) (assignment.Problem, assignment.Config) {
	p := town(2+r.IntN(60), 3+r.IntN(12), 1+r.IntN(3), r.IntN(3) == 0)
	for n := range p.People {
		p.People[n].Waiting, p.People[n].Pending = r.IntN(20), max(0, r.IntN(6)-4)
	}
	for n := range p.Edges {
		p.Edges[n].Fit = r.IntN(101)
	}
	for n := range p.Positions {
		p.Positions[n].AtMost = max(p.Positions[n].AtLeast, r.IntN(5))
	}
	return p, assignment.Config{K: 1 + r.IntN(3), Seed: r.Uint64(), Objective: assignment.Objective(r.IntN(2))}
}

func crowds(t *testing.T, check func(*rapid.T, *rand.Rand, assignment.Problem, assignment.Config)) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), rapid.Uint64().Draw(rt, "more")))
		p, c := crowd(r)
		check(rt, r, p, c)
	})
}

func solve(t *rapid.T, p assignment.Problem, c assignment.Config) *assignment.Plan {
	plan, err := assignment.Solve(p, c)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestTheOrderOfTheInputChangesNothing(t *testing.T) {
	t.Parallel()
	crowds(t, func(rt *rapid.T, r *rand.Rand, p assignment.Problem, c assignment.Config) {
		c.Budget = int64(r.IntN(2) * 50)
		before, _ := json.Marshal(solve(rt, p, c))
		r.Shuffle(len(p.People), func(a, b int) { p.People[a], p.People[b] = p.People[b], p.People[a] })
		r.Shuffle(len(p.Positions), func(a, b int) { p.Positions[a], p.Positions[b] = p.Positions[b], p.Positions[a] })
		r.Shuffle(len(p.Edges), func(a, b int) { p.Edges[a], p.Edges[b] = p.Edges[b], p.Edges[a] })
		if after, _ := json.Marshal(solve(rt, p, c)); string(after) != string(before) {
			rt.Fatalf("%s\n%s", before, after)
		}
	})
}

// Limits hold, the totals are those of the lists, and the reasons are facts.
func TestAPlanTellsTheTruth(t *testing.T) {
	t.Parallel()
	crowds(t, func(rt *rapid.T, r *rand.Rand, p assignment.Problem, c assignment.Config) {
		plan := solve(rt, p, c)
		truth(rt, p, c, plan)
		c.Budget = 1 + r.Int64N(plan.Steps+1)
		truth(rt, p, c, solve(rt, p, c))
		c.Budget = max(1, plan.Steps-1) // nearly everyone has entered: what was found is kept, and completed
		truth(rt, p, c, solve(rt, p, c))
	})
}

func truth(t *rapid.T, p assignment.Problem, c assignment.Config, plan *assignment.Plan) {
	fit, cards, held := 0, 0, map[assignment.PositionID]int{}
	pending, edges := map[assignment.PersonID]int{}, map[assignment.PersonID][]assignment.Edge{}
	for _, who := range p.People {
		pending[who.ID] = who.Pending
	}
	for _, e := range p.Edges {
		edges[e.Person] = append(edges[e.Person], e)
	}
	for _, o := range plan.Outcomes {
		if n := len(o.Proposals); n > max(0, c.K-pending[o.Person]) || (n > 0) != (o.Reason == assignment.Served) {
			t.Fatalf("%d pending, k %d: %+v", pending[o.Person], c.K, o)
		}
		for _, given := range o.Proposals {
			fit, cards = fit+given.Fit, cards+1
			held[given.Position]++
		}
	}
	left := map[assignment.PositionID]int{}
	for n, f := range plan.Fillings {
		asked := p.Positions[n] // town numbers them in order
		if len(f.People) != held[f.Position] || f.Left != asked.AtMost-held[f.Position] || f.Left < 0 || f.Missing != max(0, asked.AtLeast-len(f.People)) {
			t.Fatalf("%+v %+v, held %d", asked, f, held[f.Position])
		}
		left[f.Position] = f.Left
	}
	if plan.Totals.Fit != fit || plan.Totals.Proposals != cards {
		t.Fatalf("fit %d, %d cards: %+v", fit, cards, plan.Totals)
	}
	for _, o := range plan.Outcomes {
		reasonIsTrue(t, c, o, pending[o.Person], edges[o.Person], left)
		for _, e := range edges[o.Person] {
			whyIsTrue(t, plan, e, left)
		}
	}
}

func reasonIsTrue(t *rapid.T, c assignment.Config, o assignment.Outcome, pending int, edges []assignment.Edge, left map[assignment.PositionID]int) {
	room := false
	for _, e := range edges {
		room = room || left[e.Position] > 0
	}
	want := o.Reason
	switch {
	case len(o.Proposals) > 0:
		want = assignment.Served
	case len(edges) == 0:
		want = assignment.NoEdge
	case pending >= c.K:
		want = assignment.OverK
	case !room:
		want = assignment.AllFull
	default:
		t.Fatalf("left out though a position has room: %+v", o)
	}
	if o.Reason != want {
		t.Fatalf("%+v: %v expected", o, want)
	}
	if (o.Other != nil) != (len(edges) > len(o.Proposals)) {
		t.Fatalf("%+v of %d edges", o, len(edges))
	}
}

func whyIsTrue(t *rapid.T, plan *assignment.Plan, e assignment.Edge, left map[assignment.PositionID]int) {
	a, refused := plan.Why(e.Person, e.Position)
	if !refused {
		return
	}
	if full := left[e.Position] == 0; !full && a.Why != assignment.AtK && a.Why != assignment.NoBetter {
		t.Fatalf("%+v has room: %+v", e, a)
	}
	if a.Why == assignment.BetterFit && a.Better == 0 || a.Why == assignment.LongerWaiting && a.Longer == 0 ||
		a.Why == assignment.Closed && a.Held > 0 || a.Why == assignment.WholeBatch && a.Held == 0 {
		t.Fatalf("%+v: %+v", e, a)
	}
}

// One more place somewhere, or one proposal more for everyone, never costs fit.
func TestMoreRoomNeverCosts(t *testing.T) {
	t.Parallel()
	more := 0
	crowds(t, func(rt *rapid.T, r *rand.Rand, p assignment.Problem, c assignment.Config) {
		c.Objective = assignment.FitFirst
		before := solve(rt, p, c).Totals
		if r.IntN(4) == 0 {
			c.K++
		} else {
			p.Positions[r.IntN(len(p.Positions))].AtMost++
		}
		after := solve(rt, p, c).Totals
		if after.Missing > before.Missing || after.Missing == before.Missing && after.Fit < before.Fit {
			rt.Fatalf("%+v, then %+v", before, after)
		}
		more += after.Fit - before.Fit
	})
	if more == 0 {
		t.Error("more room never brought anything: nothing was tight")
	}
}

// Never worse than a careful hand, whatever the budget; and often better.
func TestNeverWorseThanGreedy(t *testing.T) {
	t.Parallel()
	better := 0
	crowds(t, func(rt *rapid.T, r *rand.Rand, p assignment.Problem, c assignment.Config) {
		c.Budget = int64(r.IntN(2) * (1 + r.IntN(200)))
		for n := range p.People {
			p.People[n].Pending = 0 // first proposals go before second ones: Longest then reads precedence
		}
		plan := solve(rt, p, c)
		greedy, err := assignment.Greedy(p, c)
		if err != nil {
			rt.Fatal(err)
		}
		mine, hand := plan.Totals, greedy.Totals
		if mine.Missing > hand.Missing {
			rt.Fatalf("%+v, greedy %+v", mine, hand)
		}
		if mine.Missing < hand.Missing {
			return
		}
		if c.Objective == assignment.FitFirst && mine.Fit < hand.Fit || c.Objective == assignment.WaitingFirst && mine.Longest > hand.Longest {
			rt.Fatalf("%+v, greedy %+v", mine, hand)
		}
		better += max(0, mine.Fit-hand.Fit)
	})
	if better == 0 {
		t.Error("never better than greedy: nothing was tight")
	}
}

func TestCompareSaysWhatWaitingCosts(t *testing.T) {
	t.Parallel()
	p := assignment.Problem{
		People:    []assignment.Person{{ID: 1, Waiting: 400}, {ID: 2, Waiting: 10}},
		Positions: []assignment.Position{{ID: 7, AtMost: 1}},
		Edges:     []assignment.Edge{{Person: 1, Position: 7, Fit: 60}, {Person: 2, Position: 7, Fit: 90}},
	}
	choice, err := assignment.Compare(p, assignment.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if choice.FitLost != 30 || choice.ServedMore != 0 {
		t.Errorf("%+v", choice)
	}
	if a, _ := choice.FitFirst.Why(1, 7); a.Why != assignment.BetterFit || a.Better != 1 {
		t.Errorf("fit first: %+v", a)
	}
	if a, _ := choice.WaitingFirst.Why(2, 7); a.Why != assignment.LongerWaiting || a.Longer != 1 {
		t.Errorf("waiting first: %+v", a)
	}
	if got := choice.FitFirst.Totals.Longest; got != 400 {
		t.Errorf("the longest left out waits %d days", got)
	}
}

func TestBadProblemsAreRefusedWhole(t *testing.T) {
	t.Parallel()
	p := assignment.Problem{
		People:    []assignment.Person{{ID: 1}, {ID: 1}, {ID: 2, Waiting: -1}},
		Positions: []assignment.Position{{ID: 7, AtLeast: 2, AtMost: 1}, {ID: 7}},
		Edges:     []assignment.Edge{{Person: 1, Position: 8}, {Person: 1, Position: 7, Fit: 101}, {Person: 1, Position: 7}},
	}
	_, err := assignment.Solve(p, assignment.Config{})
	if !errors.Is(err, assignment.ErrInvalid) {
		t.Fatal(err)
	}
	if faults, ok := err.(interface{ Unwrap() []error }); !ok || len(faults.Unwrap()) != 7 {
		t.Errorf("seven faults expected: %v", err)
	}
	for _, c := range []assignment.Config{{K: -1}, {K: assignment.MaxK + 1}, {Budget: -1}, {Objective: 2}} {
		if _, err := assignment.Solve(assignment.Problem{}, c); !errors.Is(err, assignment.ErrInvalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if plan, err := assignment.Solve(assignment.Problem{}, assignment.Config{}); err != nil || plan.Gap != (assignment.Gap{}) {
		t.Errorf("an empty batch is proven: %+v, %v", plan, err)
	}
}
