package assignment_test

import (
	"fmt"

	"maillage/matching/engine/assignment"
)

// Two people, one card left on the position that suits both: each objective
// says whom to speak with first, why, and what the choice costs.
func ExampleCompare() {
	batch := assignment.Problem{
		People: []assignment.Person{{ID: 1, Waiting: 210}, {ID: 2, Waiting: 30}},
		Positions: []assignment.Position{
			{ID: 10, AtMost: assignment.Capacity(1, 1)},
			{ID: 11, AtMost: assignment.Capacity(1, 3)},
		},
		Edges: []assignment.Edge{
			{Person: 1, Position: 10, Fit: 70},
			{Person: 2, Position: 10, Fit: 90}, {Person: 2, Position: 11, Fit: 10},
			{Person: 1, Position: 11, Fit: 0},
		},
	}
	choice, err := assignment.Compare(batch, assignment.Config{Seed: 2026})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range choice.FitFirst.Outcomes {
		fmt.Println(o.Person, o.Reason, o.Proposals, o.Other.Position, o.Other.Why)
	}
	fmt.Println(choice.FitFirst.Totals.Fit, choice.FitFirst.Gap.Part, choice.FitLost)
	// Output:
	// 1 served [{11 0}] 10 better-fit
	// 2 served [{10 90}] 11 no-better
	// 90 proven 0
}
