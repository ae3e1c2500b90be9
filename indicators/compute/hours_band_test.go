package compute_test

import (
	"slices"
	"testing"

	"maillage/indicators/compute"
)

// Each worker of the year is in the band of the hours they were paid, and in no other; where
// a month's are not said, nobody can tell.
func TestWorkersAreInOneBandOfHours(t *testing.T) {
	t.Parallel()
	var all []compute.Worker
	for _, h := range []int64{1, 149, 150, 599, 600, 1039, 1040, 1820} {
		all = append(all, compute.Worker{Sex: compute.Women, Months: []compute.Month{{Month: 1, Paid: hundredths(h*100 - 50), Worked: hundredths(h * 100), Clause: hundredths(0)}, {Month: 2, Paid: hundredths(50), Worked: hundredths(0), Clause: hundredths(0)}}})
	}
	p := counted(t, hoursOf(2025, all...))
	for _, b := range compute.HourBands() {
		if got := amount(p, b.Measure); got != 2 {
			t.Errorf("%s: %d workers, want 2", b.Measure, got)
		}
		if at, is := compute.HourBand(b.Measure); !is || at != b {
			t.Errorf("%s is no band", b.Measure)
		}
	}
	all[0].Months[0].Paid = nil
	if got := amount(counted(t, hoursOf(2025, all...)), compute.HoursFrom1040); got != -1 {
		t.Errorf("hours that nobody said give %d", got)
	}
}

func TestTheMedianIsInTheBandOfTheMiddle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		persons []int64
		want    string
	}{{[]int64{5, 0, 0, 0}, "under_150"}, {[]int64{5, 5, 0, 0}, "under_150"}, {[]int64{5, 6, 0, 0}, "150_to_599"}, {[]int64{1, 1, 1, 9}, "from_1040"}, {[]int64{2, 2, 1, 4}, "600_to_1039"}, {[]int64{0, 0, 0, 0}, ""}} {
		if b, ok := compute.MedianBand(c.persons); b.Name != c.want || ok != (c.want != "") {
			t.Errorf("%v: %q, want %q", c.persons, b.Name, c.want)
		}
	}
}

func TestBandsFollowOneAnother(t *testing.T) {
	t.Parallel()
	all := compute.HourBands()
	for i, b := range all[1:] {
		if b.From != all[i].Below {
			t.Errorf("%s begins at %d, the one before ends at %d", b.Name, b.From, all[i].Below)
		}
	}
	var parts []string
	for _, f := range compute.PartsOf("R1.1") {
		parts = append(parts, f.Indicator)
	}
	if !slices.Equal(parts, []string{"R1.1.under_150", "R1.1.150_to_599", "R1.1.600_to_1039", "R1.1.from_1040"}) || len(compute.PartsOf("R1")) > 0 {
		t.Error(parts)
	}
}
