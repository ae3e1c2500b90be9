package disclosure_test

import (
	"math"
	"testing"

	"maillage/indicators/disclosure"
)

// persons of two places, pairs of them and hours: a reader knows that persons and pairs are
// whole, and that each person has 150 hours at least.
func mixed(status disclosure.Status) disclosure.Task {
	of := func(measure string, whole bool, total, a, b float64) disclosure.Table {
		t := disclosure.Table{Name: measure, Measure: measure, Whole: whole, Dimensions: []disclosure.Dimension{{Name: "place", Total: "all"}}}
		for i, code := range []string{"all", "a", "b"} {
			x := []float64{total, a, b}[i]
			t.Cells = append(t.Cells, disclosure.Cell{Codes: []string{code}, Value: x, Count: x, Contributors: disclosure.Unknown()})
		}
		return t
	}
	persons, pairs, hours := of("persons", true, 10, 2, 8), of("pairs", true, 5, 1, 4), of("hours", false, 5760.5, 760.5, 5000)
	persons.Protection = disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 1}, Sliding: disclosure.Margin{AtLeast: 5}}
	persons.Cells[1].Given, persons.Cells[2].Given = disclosure.Primary, disclosure.Secondary
	for i := range 2 {
		pairs.Cells[1+i].Given, hours.Cells[1+i].Given = disclosure.Secondary, status
	}
	return disclosure.Task{Tables: []disclosure.Table{persons, pairs, hours}, AsGiven: true, Limits: []disclosure.Limit{
		{Factors: map[string]float64{"persons": 1, "pairs": -2}, Equal: true},
		{Factors: map[string]float64{"hours": 1, "persons": -150}},
	}}
}

// Beside 760.5 hours there are up to 5.07 persons, and 4 who are whole pairs: what is
// asked is of the latter, though hours are no whole numbers.
func TestWholeNumbersBesideAmounts(t *testing.T) {
	t.Parallel()
	if checked(t, mixed(disclosure.Published)).Safe() {
		t.Error("0 to 4 persons is as wide as 5")
	}
	if !checked(t, mixed(disclosure.Secondary)).Safe() {
		t.Error("nothing bounds the persons once the hours are hidden")
	}
	task := mixed(disclosure.Published)
	task.AsGiven = false
	o := protected(t, task)
	if got := statusOf(t, o, "a"); got != disclosure.Primary || !o.Safe() {
		t.Errorf("a is %v, safe %v", got, o.Safe())
	}
}

// One pair more and a half can be: what is asked of whole numbers is not there, and that is
// an answer, not a fault.
func TestAnEmptyBranchIsNothingThere(t *testing.T) {
	t.Parallel()
	task := mixed(disclosure.Secondary)
	task.Tables[0].Protection.Sliding.AtLeast = 3
	task.Tables[1].Cells[1].Ceiling = 1.5
	if checked(t, task).Safe() {
		t.Error("beside one pair and a half at most there are no three persons")
	}
}

// A whole number that readers have not is completed by one, beside amounts too.
func TestWholeNumbersAreCompletedByWholeOnes(t *testing.T) {
	t.Parallel()
	task := mixed(disclosure.Published)
	pairs := task.Tables[1]
	for i := range pairs.Cells {
		pairs.Cells[i].Value, pairs.Cells[i].Given = disclosure.Unknown(), disclosure.Secondary
	}
	task.Tables, task.Released = []disclosure.Table{task.Tables[0], task.Tables[2]}, []disclosure.Table{pairs}
	task.Limits = []disclosure.Limit{{Factors: map[string]float64{"hours": 1, "pairs": -300}}, {Factors: map[string]float64{"pairs": 450, "hours": -1}}}
	for _, v := range checked(t, task).System.Variables {
		if v.Whole && v.Value != math.Round(v.Value) {
			t.Errorf("%q is completed by %v", v.Name, v.Value)
		}
	}
}
