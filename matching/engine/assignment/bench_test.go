package assignment_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"maillage/matching/engine/assignment"
)

// town makes a batch as a territory has them: people and positions on a line,
// each person reaches the positions around them, fit falls with the distance
// and varies with the trade. Cards are tight: about one person in two is served.
func town(people, positions, degree int, minimums bool) assignment.Problem {
	r := rand.New(rand.NewPCG(4, 8))
	var p assignment.Problem
	for j := range positions {
		most := 1 + r.IntN(max(1, people/positions-1))
		least := 0
		if minimums && j%5 == 0 {
			least = min(2, most)
		}
		p.Positions = append(p.Positions, assignment.Position{ID: assignment.PositionID(j), AtLeast: least, AtMost: most})
	}
	for i := range people {
		p.People = append(p.People, assignment.Person{ID: assignment.PersonID(i), Waiting: r.IntN(700), Pending: max(0, r.IntN(10)-8)})
		around := r.IntN(positions)
		for _, d := range r.Perm(min(3*degree, positions))[:min(degree, positions)] {
			j := (around + d) % positions
			fit := max(0, 100-d/2-r.IntN(60))
			p.Edges = append(p.Edges, assignment.Edge{Person: assignment.PersonID(i), Position: assignment.PositionID(j), Fit: fit})
		}
	}
	return p
}

// rush makes the hard case: everyone asks for the same positions, fits are few
// and tie, and there are nearly enough places.
func rush(people, positions, degree, fits int) assignment.Problem {
	r := rand.New(rand.NewPCG(1, 2))
	p := town(people, positions, degree, false)
	for j := range p.Positions {
		p.Positions[j].AtMost = people * 9 / 10 / positions
	}
	p.Edges = p.Edges[:0]
	for i := range p.People {
		p.People[i].Pending = 0
		for seen := map[int]bool{}; len(seen) < degree; {
			j := int(float64(positions) * r.Float64() * r.Float64())
			if !seen[j] {
				p.Edges = append(p.Edges, assignment.Edge{Person: assignment.PersonID(i), Position: assignment.PositionID(j), Fit: r.IntN(fits)})
			}
			seen[j] = true
		}
	}
	return p
}

func BenchmarkRush(b *testing.B) {
	for _, fits := range []int{1, 3, assignment.MaxFit + 1} {
		b.Run(fmt.Sprint(fits, "fits"), func(b *testing.B) { against(b, rush(20000, 2000, 40, fits), assignment.Config{}) })
	}
}

func BenchmarkBatch(b *testing.B) {
	for _, size := range []struct {
		name                      string
		people, positions, degree int
		minimums                  bool
		config                    assignment.Config
	}{
		{"2000x300", 2000, 300, 40, false, assignment.Config{}},
		{"2000x300/waiting", 2000, 300, 40, false, assignment.Config{Objective: assignment.WaitingFirst}},
		{"2000x300/k3", 2000, 300, 40, false, assignment.Config{K: 3}},
		{"2000x300/minimums", 2000, 300, 40, true, assignment.Config{}},
		{"20000x2000", 20000, 2000, 40, false, assignment.Config{}},
		{"20000x2000/waiting", 20000, 2000, 40, false, assignment.Config{Objective: assignment.WaitingFirst}},
		{"20000x2000/k3", 20000, 2000, 40, false, assignment.Config{K: 3}},
		{"20000x2000/minimums", 20000, 2000, 40, true, assignment.Config{}},
		{"20000x2000/budget", 20000, 2000, 40, false, assignment.Config{Budget: 20_000_000}},
	} {
		b.Run(size.name, func(b *testing.B) {
			against(b, town(size.people, size.positions, size.degree, size.minimums), size.config)
		})
	}
}

// against times the solver and greedy in turn, and reports what the one gives over the other.
func against(b *testing.B, p assignment.Problem, c assignment.Config) {
	var plan, greedy *assignment.Plan
	var solving, hand time.Duration
	for b.Loop() {
		plan, solving = timed(b, p, c, assignment.Solve)
		_, t := timed(b, p, c, assignment.Greedy)
		greedy, hand = timed(b, p, c, assignment.Greedy)
		hand = min(hand, t)
	}
	b.ReportMetric(solving.Seconds()*1e3, "solve-ms")
	b.ReportMetric(float64(solving)/float64(hand), "time/greedy")
	if greedy.Totals.Fit > 0 {
		b.ReportMetric(float64(plan.Totals.Fit)/float64(greedy.Totals.Fit), "fit/greedy")
	}
	b.ReportMetric(float64(plan.Totals.Served), "served")
	b.ReportMetric(float64(plan.Totals.Served-greedy.Totals.Served), "served-greedy")
	b.ReportMetric(float64(plan.Steps)/1e6, "Msteps")
	b.ReportMetric(float64(plan.Gap.Most), "gap")
}

func timed(b *testing.B, p assignment.Problem, c assignment.Config,
	do func(assignment.Problem, assignment.Config) (*assignment.Plan, error)) (*assignment.Plan, time.Duration) {
	start := time.Now()
	plan, err := do(p, c)
	if err != nil {
		b.Fatal(err)
	}
	return plan, time.Since(start)
}
