package web

import "time"

// workingDays counts the French working days after from, up to and including to: Monday to
// Friday but the public holidays of metropolitan France (Code du travail, L3133-1). From a
// Monday to the Friday of the same week it is 4; it is 0 when to is not after from. Only the
// dates count, in the location of each instant.
func workingDays(from, to time.Time) int {
	day, last := civil(from), civil(to)
	n := 0
	for day.Before(last) {
		day = day.AddDate(0, 0, 1)
		if isWorkingDay(day) {
			n++
		}
	}
	return n
}

// civil is the date of an instant, as midnight UTC, so that a change of hour cannot add a day.
func civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func isWorkingDay(day time.Time) bool {
	switch day.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !isHoliday(day)
}

// isHoliday says whether a date is one of the eleven public holidays of metropolitan France.
// The days of the overseas départements and of Alsace-Moselle are not in it.
func isHoliday(day time.Time) bool {
	_, m, d := day.Date()
	switch [2]int{int(m), d} {
	case [2]int{1, 1}, [2]int{5, 1}, [2]int{5, 8}, [2]int{7, 14}, [2]int{8, 15}, [2]int{11, 1}, [2]int{11, 11}, [2]int{12, 25}:
		return true
	}
	easter := easterSunday(day.Year())
	for _, after := range [...]int{1, 39, 50} { // Easter Monday, Ascension, Whit Monday
		if easter.AddDate(0, 0, after).Equal(civil(day)) {
			return true
		}
	}
	return false
}

// easterSunday is the Gregorian Easter (Meeus, Astronomical Algorithms, chapter 8).
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
