package engine

import (
	"time"

	"maillage/territories"
)

// WorkingDays counts the working days left between two instants read in loc, on
// the calendar of metropolitan France: see [territories.Holidays.WorkingDays].
func WorkingDays(from, to time.Time, loc *time.Location) int {
	return territories.MetropolitanHolidays.WorkingDays(from, to, loc)
}

// Holidays gives the public holidays of metropolitan France in a year, in order.
func Holidays(year int) []territories.Date { return territories.MetropolitanHolidays.In(year) }

// dayNumber counts the civil days since 1970-01-01 on the calendar of t's zone.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// dateNumber is dayNumber for a civil date.
func dateNumber(d territories.Date) int {
	return dayNumber(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}
