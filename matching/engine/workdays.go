package engine

import (
	"time"

	"maillage/territories"
)

// WorkingDays counts the working days left between two instants read in loc:
// the days after the one of from, up to and including the one of to. Saturdays,
// Sundays and the public holidays of metropolitan France are left out. It is 0
// when to falls on the day of from or before.
func WorkingDays(from, to time.Time, loc *time.Location) int {
	first, last := dayNumber(from.In(loc))+1, dayNumber(to.In(loc))
	if last < first {
		return 0
	}
	n := weekdaysUntil(last+1) - weekdaysUntil(first)
	for year := from.In(loc).Year(); year <= to.In(loc).Year(); year++ {
		days := holidayNumbers(year)
		for i, h := range days {
			repeated := i > 0 && h == days[i-1]
			if !repeated && h >= first && h <= last && weekday(h) < 5 {
				n--
			}
		}
	}
	return n
}

// Holidays gives the eleven public holidays of metropolitan France in a year,
// in order (Code du travail, L3133-1). Alsace-Moselle and the overseas
// territories have others, which are not counted.
func Holidays(year int) []territories.Date {
	numbers := holidayNumbers(year)
	dates := make([]territories.Date, 0, len(numbers))
	for _, n := range numbers {
		y, m, d := time.Unix(int64(n)*86400, 0).UTC().Date()
		dates = append(dates, territories.Date{Year: y, Month: m, Day: d})
	}
	return dates
}

// holidayNumbers are the holidays of a year as day numbers, ascending. Two may
// be the same day: Ascension fell on 1 May in 2008.
func holidayNumbers(year int) [11]int {
	fixed := func(m time.Month, d int) int {
		return dayNumber(time.Date(year, m, d, 0, 0, 0, 0, time.UTC))
	}
	easter := easterSunday(year)
	out := [11]int{
		fixed(time.January, 1), easter + 1, fixed(time.May, 1), fixed(time.May, 8),
		easter + 39, easter + 50, fixed(time.July, 14), fixed(time.August, 15),
		fixed(time.November, 1), fixed(time.November, 11), fixed(time.December, 25),
	}
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// easterSunday is the day number of Easter in the Gregorian calendar (the
// anonymous algorithm, as given by Meeus, Astronomical Algorithms, chapter 8).
func easterSunday(year int) int {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return dayNumber(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC))
}

// dayNumber counts the civil days since 1970-01-01 on the calendar of t's zone.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// weekday is 0 on a Monday and 6 on a Sunday.
func weekday(n int) int { return ((n+3)%7 + 7) % 7 }

// weekdaysUntil counts the Mondays to Fridays before day n, from a fixed origin
// that is the same for all n.
func weekdaysUntil(n int) int {
	const aMonday = 4 // 1970-01-05
	return (n-weekday(n)-aMonday)/7*5 + min(weekday(n), 5)
}

// dateNumber is dayNumber for a civil date.
func dateNumber(d territories.Date) int {
	return dayNumber(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}
