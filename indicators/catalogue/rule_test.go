package catalogue

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	moreThanSix = Duration{Months: 6}
	atLeastSix  = Duration{Months: 6, Inclusive: true}
)

func TestMonthsInDays(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		d            Duration
		fewest, most int
	}{{moreThanSix, 181, 184}, {Duration{Months: 3}, 89, 92}, {Duration{Months: 2.65}, 81, 80}} {
		if fewest, most := x.d.Days(); fewest != x.fewest || most != x.most {
			t.Errorf("%v months last %d to %d days", x.d.Months, fewest, most)
		}
	}
	for days, want := range map[int][2]bool{180: {false, false}, 181: {false, true}, 184: {false, true}, 185: {true, true}} {
		if moreThanSix.Met(days) != want[0] || atLeastSix.Met(days) != want[1] {
			t.Errorf("%d days: more than six %v, at least six %v", days, moreThanSix.Met(days), atLeastSix.Met(days))
		}
	}
	for days, want := range map[int]bool{80: false, 81: true} {
		if (Duration{Months: 2.65}).Met(days) != want {
			t.Errorf("%d days and 2.65 months: want %v", days, want)
		}
	}
}

// A contract of six months to the day, whenever it begins, is durable for Dares
// and not for COORACE, by its dates as by its days.
func TestSixMonthsToTheDay(t *testing.T) {
	t.Parallel()
	for n := range 9000 {
		first := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		if first.Day() > 28 { // from the 29th on, the calendar itself may have no sixth month to the day
			continue
		}
		last := first.AddDate(0, 6, -1)
		days := int(last.Sub(first).Hours()/24) + 1
		if !atLeastSix.MetBetween(first, last) || moreThanSix.MetBetween(first, last) || !atLeastSix.Met(days) || moreThanSix.Met(days) {
			t.Fatalf("%s to %s, %d days", first.Format(time.DateOnly), last.Format(time.DateOnly), days)
		}
		if next := last.AddDate(0, 0, 1); !moreThanSix.MetBetween(first, next) {
			t.Fatalf("a day more, to %s, is not more than six months", next.Format(time.DateOnly))
		}
		if atLeastSix.MetBetween(first, last.AddDate(0, 0, -1)) {
			t.Fatal("a day less is at least six months")
		}
	}
}

// Whatever the length, "more than" is never met where "at least" is not.
func TestMoreThanIsStricter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		months := rapid.SampledFrom([]float64{1, 2.65, 3, 6, 12}).Draw(t, "months")
		days := rapid.IntRange(0, 800).Draw(t, "days")
		if (Duration{Months: months}).Met(days) && !(Duration{Months: months, Inclusive: true}).Met(days) {
			t.Fatalf("%d days are more than %v months and not at least", days, months)
		}
	})
}

func TestWhoIsAnObservedExit(t *testing.T) {
	t.Parallel()
	i, _ := loaded(t).Get("C08")
	older, newer := i.Versions[0].Rule, i.Versions[1].Rule
	for _, x := range []struct {
		kind         string
		hours        float64
		days         int
		older, newer bool
	}{
		{"ACI", 1, 85, false, true}, {"EI", 0.5, 300, false, false}, {"ACI", 1, 89, true, true}, {"EI", 200, 80, false, false},
		{"AI", 150, 3, true, true}, {"ETTI", 149.75, 400, false, false}, {"EITI", 1, 1, true, true}, {"SAP", 900, 400, false, false},
	} {
		if older.Observed(x.kind, x.hours, x.days) != x.older || newer.Observed(x.kind, x.hours, x.days) != x.newer {
			t.Errorf("%+v: older %v, newer %v", x, older.Observed(x.kind, x.hours, x.days), newer.Observed(x.kind, x.hours, x.days))
		}
	}
}
