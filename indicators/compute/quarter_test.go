package compute_test

import (
	"math/big"
	"testing"

	"maillage/indicators/compute"
)

// Quarters of pension: whole ones, four at most, of 200 hours before 2014 and 150 since;
// of who worked in the year alone, by sex, and ND where the paid hours of a month are not said.
func TestQuartersOfPension(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year   int
		months []int64 // paid hours
		want   int64
	}{
		{2025, []int64{149}, 0}, {2025, []int64{150}, 1}, {2025, []int64{75, 75}, 1}, {2025, []int64{299}, 1}, {2025, []int64{600}, 4}, {2025, []int64{900, 900}, 4},
		{2013, []int64{150}, 0}, {2013, []int64{200}, 1}, {2014, []int64{150}, 1}, {2025, nil, 0},
	} {
		w := compute.Worker{Sex: compute.Women}
		for i, h := range c.months {
			w.Months = append(w.Months, compute.Month{Month: i + 1, Paid: hundredths(h * 100), Worked: hundredths(h * 100), Clause: hundredths(0)})
		}
		if got := amount(counted(t, hoursOf(c.year, w)), compute.Quarters); got != c.want {
			t.Errorf("%d %v: %d quarters, want %d", c.year, c.months, got, c.want)
		}
	}
	idle := compute.Worker{Months: []compute.Month{{Month: 1, Paid: hundredths(300_00), Worked: hundredths(0), Clause: hundredths(0)}}}
	if p := counted(t, hoursOf(2025, idle)); amount(p, compute.Workers) == 0 && amount(p, compute.Quarters) != 0 {
		t.Error("quarters of somebody who is no worker of the year")
	}
	unsaid := compute.Worker{Months: []compute.Month{{Month: 1, Worked: hundredths(300_00), Clause: hundredths(0)}}}
	if got := amount(counted(t, hoursOf(2025, unsaid)), compute.Quarters); got != -1 {
		t.Errorf("paid hours that nobody said give %d", got)
	}
}

func hoursOf(year int, workers ...compute.Worker) *compute.Enterprise {
	return &compute.Enterprise{ID: 1, Year: year, Kind: compute.ACI, Group: "g", Sections: map[compute.Section]compute.Status{compute.Hours: compute.Collected}, Workers: workers}
}

// The mean is of every worker, and by sex.
func TestQuartersPerWorker(t *testing.T) {
	t.Parallel()
	of := func(sex compute.Sex, paid int64) compute.Worker {
		return compute.Worker{Sex: sex, Months: []compute.Month{{Month: 1, Paid: hundredths(paid * 100), Worked: hundredths(paid * 100), Clause: hundredths(0)}}}
	}
	p := counted(t, hoursOf(2025, of(compute.Women, 600), of(compute.Women, 150), of(compute.Men, 100)))
	f, ok := compute.FormulaOf("R1.2", compute.COORACE)
	if !ok {
		t.Fatal("R1.2 is not computed")
	}
	rows := compute.Index(compute.Sum([]*compute.Part{p}))
	one := func(compute.Measure) int64 { return 1 }
	for cross, want := range map[compute.Cross]*big.Rat{compute.Total: big.NewRat(5, 3), compute.CrossOf(compute.Women, compute.AnyAge, compute.AnyPublic): big.NewRat(5, 2)} {
		if g := f.Of(rows, cross, one); g.Exact == nil || g.Exact.Cmp(want) != 0 {
			t.Errorf("%v: %v, want %v", cross, g.Exact, want)
		}
	}
}
