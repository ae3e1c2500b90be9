package territories_test

import (
	"testing"
	"time"

	"maillage/territories"
)

// Each territory keeps its own holidays, on the working days that they take.
func TestHolidaysAreThoseOfAPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ departement, before, holiday string }{
		{"971", "2026-05-26", "2026-05-27"},
		{"972", "2026-05-21", "2026-05-22"},
		{"973", "2026-06-09", "2026-06-10"},
		{"974", "2027-12-19", "2027-12-20"},
		{"976", "2026-04-26", "2026-04-27"},
		{"977", "2026-10-08", "2026-10-09"},
		{"978", "2026-05-27", "2026-05-28"},
		{"67", "2026-04-02", "2026-04-03"}, // Good Friday
		{"57", "2028-12-25", "2028-12-26"},
	} {
		from, to := midday(t, c.before), midday(t, c.holiday)
		if n := territories.HolidaysOf(c.departement).WorkingDays(from, to, time.UTC); n != 0 {
			t.Errorf("%s works on %s", c.departement, c.holiday)
		}
		if n := territories.HolidaysOf("26").WorkingDays(from, to, time.UTC); n != 1 {
			t.Errorf("the Drôme does not work on %s: %d", c.holiday, n)
		}
	}
	if territories.HolidaysOf("971").Works(midday(t, "2026-07-14"), time.UTC) {
		t.Error("Guadeloupe works on 14 July")
	}
}

func TestHolidaysOfAPerimeter(t *testing.T) {
	t.Parallel()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	of := func(codes ...string) territories.Holidays {
		set := territories.SetOf()
		for _, code := range codes {
			more, err := a.Of(territories.Ref{Kind: territories.KindDepartement, Code: code})
			if err != nil {
				t.Fatal(err)
			}
			set = set.Or(more)
		}
		return a.HolidaysIn(set)
	}
	for want, codes := range map[territories.Holidays][]string{"974": {"974"}, "": {"974", "26"}} {
		if got := of(codes...); got != want {
			t.Errorf("%v keep the holidays of %q, want %q", codes, got, want)
		}
	}
	if a.HolidaysIn(nil) != territories.MetropolitanHolidays {
		t.Error("no place keeps holidays of its own")
	}
}

func midday(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(12 * time.Hour)
}
