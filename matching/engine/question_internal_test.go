package engine

import (
	"testing"
	"time"

	"maillage/territories"
)

// The days that a lot leaves are counted on the calendar of its place.
func TestALotKeepsTheHolidaysOfItsPlace(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2027, 4, 26, 8, 0, 0, 0, time.UTC)
	for holidays, want := range map[territories.Holidays]int{territories.MetropolitanHolidays: 2, "976": 1} {
		q := (&Rules{zone: Paris()}).dated(&Lot{Holidays: holidays, Deadline: time.Date(2027, 4, 28, 11, 0, 0, 0, time.UTC)}, asOf)
		if q.left != want {
			t.Errorf("holidays %q leave %d days, want %d", holidays, q.left, want)
		}
	}
}
