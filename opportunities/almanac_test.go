package opportunities

import (
	"testing"
	"time"
)

// closed is a calendar with one holiday, Monday 6 April 2026.
func closed(from, to time.Time, zone *time.Location) int {
	n := 0
	for day := from.In(zone).AddDate(0, 0, 1); !day.After(to.In(zone)); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && day.Format(time.DateOnly) != "2026-04-06" {
			n++
		}
	}
	return n
}

// The mornings of letters: seven in Paris, summer and winter, on working days;
// the weekly one on the first working day of its week.
func TestMorningsOfLetters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, now, daily, weekly, nextDaily, nextWeekly string }{
		{"a Tuesday, a minute before", "2026-11-24T05:59:00Z", "2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z", "2026-11-30T06:00:00Z"},
		{"at seven", "2026-11-24T06:00:00Z", "2026-11-24T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-25T06:00:00Z", "2026-11-30T06:00:00Z"},
		{"on a Sunday", "2026-11-29T12:00:00Z", "2026-11-27T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-30T06:00:00Z", "2026-11-30T06:00:00Z"},
		{"after the clocks went back on Sunday", "2026-10-26T05:59:00Z", "2026-10-23T05:00:00Z", "2026-10-19T05:00:00Z", "2026-10-26T06:00:00Z", "2026-10-26T06:00:00Z"},
		{"after they went forward", "2026-03-30T05:00:00Z", "2026-03-30T05:00:00Z", "2026-03-30T05:00:00Z", "2026-03-31T05:00:00Z", "2026-04-07T05:00:00Z"},
		{"on a Monday of holiday", "2026-04-06T09:00:00Z", "2026-04-03T05:00:00Z", "2026-03-30T05:00:00Z", "2026-04-07T05:00:00Z", "2026-04-07T05:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		a := almanac{count: closed}
		for what, pair := range map[string][2]string{
			"last daily": {said(a.last(Daily, now)), c.daily}, "last weekly": {said(a.last(Weekly, now)), c.weekly},
			"next daily": {said(a.next(Daily, now)), c.nextDaily}, "next weekly": {said(a.next(Weekly, now)), c.nextWeekly},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s is %s, want %s", c.name, what, pair[0], pair[1])
			}
		}
	}
}

func said(at time.Time) string { return at.UTC().Format(time.RFC3339) }
