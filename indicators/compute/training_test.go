package compute_test

import (
	"testing"

	"maillage/indicators/compute"
)

// The workers of the enterprises that did not say who was trained complete the others:
// nobody's where trainings came, everybody's where they are awaited, ND where they are;
// and who did not work in the year is no trained worker of it.
func TestWhoseTrainingIsNotSaid(t *testing.T) {
	t.Parallel()
	at := func(trainings compute.Status) *compute.Part {
		idle := compute.Worker{Sex: compute.Men, Age: compute.From26To49, Trainings: []compute.Training{{Begins: day(t, "2025-03-01"), Hours: hundredths(20_00)}}}
		one := idle
		one.Months = []compute.Month{{Month: 1, Paid: hundredths(100_00), Worked: hundredths(100_00), Clause: hundredths(0)}}
		e := hoursOf(2025, one, one, idle)
		if trainings != compute.Waiting {
			e.Sections[compute.Trainings] = trainings
		}
		return counted(t, e)
	}
	for _, c := range []struct {
		trainings                       compute.Status
		workers, said, trained, notSaid int64
	}{{compute.Collected, 2, 2, 2, 0}, {compute.Waiting, 2, -2, -2, 2}, {compute.ND, 2, -1, -1, -1}} {
		p := at(c.trainings)
		got := [4]int64{amount(p, compute.Workers), amount(p, compute.Workers.Among(compute.Trained)), amount(p, compute.Trained.Among(compute.Workers)), amount(p, compute.TrainingUnsaid)}
		if got != [4]int64{c.workers, c.said, c.trained, c.notSaid} {
			t.Errorf("trainings %q: %v, want %+v", c.trainings, got, c)
		}
	}
}
