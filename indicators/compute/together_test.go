package compute_test

import (
	"fmt"
	"math/big"
	"testing"

	"maillage/indicators/compute"
)

// answering is an ACI of ten workers with some answers.
func answering(t *testing.T, id int64, answers map[compute.Measure]int64) *compute.Part {
	t.Helper()
	e := &compute.Enterprise{ID: id, Year: 2023, Kind: compute.ACI, Group: fmt.Sprint(id), Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected}, Answers: map[compute.Measure]compute.Answer{}}
	for i := range 10 {
		e.Workers = append(e.Workers, compute.Worker{ID: int64(i), Sex: compute.Women, Months: []compute.Month{{Month: 1, Paid: hundredths(182_00)}}})
	}
	for m, v := range answers {
		e.Answers[m] = compute.Answer{Status: compute.Collected, Value: 100 * v}
	}
	return counted(t, e)
}

// One enterprise of ten answered: the rate is its own, with that coverage.
func TestARateIsOfThoseThatAnsweredBoth(t *testing.T) {
	t.Parallel()
	parts := []*compute.Part{answering(t, 1, map[compute.Measure]int64{compute.HealthCovered: 10, compute.RightsOpened: 20, compute.PublicBodies: 3, compute.PublicAid: 100_000, compute.Contributions: 0, compute.Cooperating: 1,
		compute.Purchases: 50, compute.LocalPurchases: 20})}
	for i := range int64(9) {
		parts = append(parts, answering(t, i+2, map[compute.Measure]int64{compute.Purchases: 1000}))
	}
	rows := compute.Index(compute.Sum(parts))
	for id, want := range map[string]*big.Rat{"R1.3": big.NewRat(100, 1), "R2.2": big.NewRat(2, 1), "R5.3": big.NewRat(3, 1), "R5.2": big.NewRat(100, 1), "R6.1": big.NewRat(100_000, 1), "R4.2": big.NewRat(40, 1)} {
		f, _ := compute.FormulaOf(id, compute.COORACE)
		g := f.Of(rows, compute.Total, scaleOf(t, 2023))
		if g.Outcome != compute.Value || g.Responded != 1 || g.Frame != 10 {
			t.Errorf("%s: %+v", id, g)
			continue
		}
		if id == "R6.1" { // ten workers of 182 hours are one FTE of an ACI
			want = big.NewRat(100_000, 1)
		}
		if g.Exact.Cmp(want) != 0 {
			t.Errorf("%s: %s, want %s", id, g.Exact.FloatString(2), want.FloatString(2))
		}
	}
	if rows[compute.Workers].Responded != 10 || rows[compute.Workers].At(compute.Total).Amount != 100 {
		t.Error("a count stays that of everybody who gave it")
	}
}

// The table closes or has no total: six gave their workers and four their permanents.
func TestATotalIsOfTheSameEnterprises(t *testing.T) {
	t.Parallel()
	var parts []*compute.Part
	for i := range int64(6) {
		answers := map[compute.Measure]int64{}
		if i < 4 {
			answers = map[compute.Measure]int64{compute.PermanentPersons: 10, compute.PermanentFTE: 9}
		}
		parts = append(parts, answering(t, i, answers))
	}
	home := counted(t, &compute.Enterprise{ID: 9, Year: 2023, Kind: compute.SAP, Group: "h", Answers: map[compute.Measure]compute.Answer{}})
	total := func(parts []*compute.Part, id string) compute.Number {
		return compute.Workforce(yearOf(t, 2023, parts), id, compute.Headcount)
	}
	for _, id := range []string{"iae_total", "ensemble", "proxim_total"} {
		if n := total(append(parts, home), id); n.Known || n.Awaited {
			t.Errorf("%s: %+v: nobody was asked the rest", id, n)
		}
	}
	asked := &compute.Enterprise{ID: 9, Year: 2023, Kind: compute.SAP, Group: "h", Asked: []compute.Measure{compute.HomeWorkerPersons, compute.ManagerPersons}}
	whole := append(parts[:4:4], counted(t, asked))
	if n := total(whole, "iae_total"); !n.Known || n.Exact.Cmp(big.NewRat(80, 1)) != 0 || n.Frame != 4 {
		t.Errorf("%+v", n)
	}
	for _, id := range []string{"proxim_home_workers", "proxim_total", "ensemble"} {
		if n := total(whole, id); n.Known || !n.Awaited {
			t.Errorf("%s: %+v: it was asked and has not come", id, n)
		}
	}
}

// Who has no recorded sex is in neither part of the rate of women, and is counted.
func TestTheRateOfWomenIsOfThoseWhoseSexIsSaid(t *testing.T) {
	t.Parallel()
	of := func(sexes ...compute.Sex) compute.Figure {
		e := &compute.Enterprise{ID: 1, Year: 2023, Kind: compute.ACI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected}}
		for i, s := range sexes {
			e.Workers = append(e.Workers, compute.Worker{ID: int64(i), Sex: s, Months: []compute.Month{{Month: 1, Paid: hundredths(100_00)}}})
		}
		f, _ := compute.FormulaOf("C10", compute.COORACE)
		return f.Of(compute.Index(compute.Sum([]*compute.Part{counted(t, e)})), compute.Total, scaleOf(t, 2023))
	}
	if g := of(compute.Women, compute.Women, compute.Men, compute.SexUnsaid, compute.SexUnsaid); g.Outcome != compute.Value || g.Exact.Cmp(big.NewRat(200, 3)) != 0 || g.Unsaid != 2 || g.Persons != 3 {
		t.Errorf("%+v", g)
	}
	if g := of(compute.SexUnsaid, compute.SexUnsaid); g.Outcome != compute.Missing || g.Exact != nil || g.Unsaid != 2 {
		t.Errorf("nobody said: ND, not zero: %+v", g)
	}
}

// A training whose hours nobody said is no training of zero hours.
func TestTrainingHoursThatNobodySaidAreNotZero(t *testing.T) {
	t.Parallel()
	of := func(trainings ...compute.Training) int64 {
		return amount(counted(t, &compute.Enterprise{ID: 1, Year: 2011, Kind: compute.ACI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Trainings: compute.Collected},
			Workers: []compute.Worker{{Sex: compute.Women, Trainings: trainings}}}), compute.Trained)
	}
	if of(compute.Training{}) != -1 || of(compute.Training{Hours: hundredths(3_00)}, compute.Training{}) != -1 {
		t.Error("hours not said are ND")
	}
	if of(compute.Training{Hours: hundredths(8_00)}, compute.Training{}) != 1 || of(compute.Training{Hours: hundredths(3_00)}) != 0 {
		t.Error("what is said decides where it can")
	}
}
