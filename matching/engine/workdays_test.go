package engine_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine"
)

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, from, to string
		want           int
	}{
		{"the same day", "2026-11-23", "2026-11-23", 0},
		{"before", "2026-11-23", "2026-11-20", 0},
		{"two weeks from a Monday", "2026-11-23", "2026-12-07", 10},
		{"a weekend", "2026-11-20", "2026-11-22", 0},
		{"over 11 November, a Wednesday", "2026-11-10", "2026-11-12", 1},
		{"over Easter Monday 2026", "2026-04-03", "2026-04-07", 1},
		{"over Ascension 2026", "2026-05-13", "2026-05-15", 1},
		{"over Whit Monday 2026", "2026-05-22", "2026-05-26", 1},
		{"Ascension on 1 May 2008 counts once", "2008-04-30", "2008-05-02", 1},
		{"over new year", "2026-12-31", "2027-01-04", 1},
		{"before 1970", "1969-12-24", "1969-12-29", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := engine.WorkingDays(day(c.from), day(c.to), time.UTC); got != c.want {
				t.Errorf("from %s to %s: %d working days, want %d", c.from, c.to, got, c.want)
			}
		})
	}
}

// 23:30 UTC is already the next day in Paris.
func TestWorkingDaysReadTheCalendarOfTheZone(t *testing.T) {
	t.Parallel()
	paris := time.FixedZone("Paris in winter", 3600)
	from := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // the 24th in Paris
	to := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	if got := engine.WorkingDays(from, to, paris); got != 0 {
		t.Errorf("in Paris: %d, want 0", got)
	}
	if got := engine.WorkingDays(from, to, time.UTC); got != 1 {
		t.Errorf("in UTC: %d, want 1", got)
	}
}

func TestWorkingDaysEqualsCountingThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := day("1968-01-01").AddDate(0, 0, rapid.IntRange(0, 30000).Draw(t, "from"))
		to := from.AddDate(0, 0, rapid.IntRange(-5, 900).Draw(t, "days"))
		off := map[string]bool{}
		for y := from.Year(); y <= to.Year(); y++ {
			for _, h := range engine.Holidays(y) {
				off[h.String()] = true
			}
		}
		want := 0
		for d := from.AddDate(0, 0, 1); !d.After(to); d = d.AddDate(0, 0, 1) {
			if w := d.Weekday(); w != time.Saturday && w != time.Sunday && !off[d.Format(time.DateOnly)] {
				want++
			}
		}
		if got := engine.WorkingDays(from, to, time.UTC); got != want {
			t.Fatalf("from %v to %v: %d, want %d", from, to, got, want)
		}
	})
}

func TestEaster(t *testing.T) {
	t.Parallel()
	// Easter Monday is the second movable feast; dates of the civil calendar.
	for year, want := range map[int]string{2000: "2000-04-24", 2008: "2008-03-24", 2011: "2011-04-25", 2024: "2024-04-01", 2026: "2026-04-06", 2038: "2038-04-26"} {
		found := false
		for _, h := range engine.Holidays(year) {
			found = found || h.String() == want
		}
		if !found {
			t.Errorf("Easter Monday %s is not a holiday of %d: %v", want, year, engine.Holidays(year))
		}
	}
}
