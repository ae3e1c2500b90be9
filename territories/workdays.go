package territories

import (
	"slices"
	"time"
)

// Holidays is whose public holidays a place keeps beside the eleven of the whole
// country (Code du travail, L3133-1): a key of localHolidays. The zero value
// keeps no other.
type Holidays string

// MetropolitanHolidays are the eleven alone.
const MetropolitanHolidays Holidays = ""

// feast is a day of every year: fixed, or so many days after Easter Sunday.
type feast struct {
	month  time.Month // 0: movable
	day    int
	easter int
}

// localHolidays are those of a part of the country. Overseas, the abolition of
// slavery is commemorated on the day of each territory (Code du travail, L3422-2;
// décret 83-1003 as changed by 2012-553; Saint-Martin has kept 28 May, not 27, since
// 2018). In the
// Bas-Rhin, the Haut-Rhin and the Moselle: Good Friday, kept where a commune has
// a Protestant church or a shared one, counted here everywhere, and Saint
// Stephen's day (L3134-13). Polynésie, Nouvelle-Calédonie and Wallis-et-Futuna
// have laws of their own, which are not counted.
func localHolidays(h Holidays) []feast {
	switch h {
	case "57", "67", "68":
		return []feast{{easter: -2}, {time.December, 26, 0}}
	case "971":
		return []feast{{time.May, 27, 0}}
	case "972":
		return []feast{{time.May, 22, 0}}
	case "973":
		return []feast{{time.June, 10, 0}}
	case "974":
		return []feast{{time.December, 20, 0}}
	case "976":
		return []feast{{time.April, 27, 0}}
	case "977":
		return []feast{{time.October, 9, 0}}
	case "978":
		return []feast{{time.May, 28, 0}}
	}
	return nil
}

// HolidaysOf is whose holidays a département, or a COM standing for one, keeps.
func HolidaysOf(departement string) Holidays {
	if h := Holidays(departement); localHolidays(h) != nil {
		return h
	}
	return MetropolitanHolidays
}

// HolidaysIn is whose holidays a set of communes keeps: those of all of them, or
// of the whole country where they differ or there are none.
func (a *Atlas) HolidaysIn(s *Set) Holidays {
	out, first := MetropolitanHolidays, true
	if s == nil {
		return out
	}
	s.Each(func(ord int) bool {
		h := HolidaysOf(a.Commune(ord).Departement)
		if !first && h != out {
			out = MetropolitanHolidays
			return false
		}
		out, first = h, false
		return true
	})
	return out
}

// In gives the holidays of a year, in order. Two may be the same day: Ascension
// fell on 1 May in 2008.
func (h Holidays) In(year int) []Date {
	numbers := h.numbers(year)
	dates := make([]Date, 0, len(numbers))
	for _, n := range numbers {
		y, m, d := time.Unix(int64(n)*86400, 0).UTC().Date()
		dates = append(dates, Date{Year: y, Month: m, Day: d})
	}
	return dates
}

// WorkingDays counts the working days left between two instants read in loc: the
// days after the one of from, up to and including the one of to. Saturdays,
// Sundays and the holidays are left out. It is 0 when to falls on the day of from
// or before.
func (h Holidays) WorkingDays(from, to time.Time, loc *time.Location) int {
	first, last := dayNumber(from.In(loc))+1, dayNumber(to.In(loc))
	if last < first {
		return 0
	}
	n := weekdaysUntil(last+1) - weekdaysUntil(first)
	for year := from.In(loc).Year(); year <= to.In(loc).Year(); year++ {
		days := h.numbers(year)
		for i, off := range days {
			repeated := i > 0 && off == days[i-1]
			if !repeated && off >= first && off <= last && weekday(off) < 5 {
				n--
			}
		}
	}
	return n
}

// Works tells whether the day of an instant, read in loc, is worked.
func (h Holidays) Works(at time.Time, loc *time.Location) bool {
	return h.WorkingDays(at.In(loc).AddDate(0, 0, -1), at, loc) > 0
}

// nationwide is how many holidays the whole country keeps.
const nationwide = 11

// numbers are the holidays of a year as day numbers, ascending.
func (h Holidays) numbers(year int) []int {
	fixed := func(m time.Month, d int) int {
		return dayNumber(time.Date(year, m, d, 0, 0, 0, 0, time.UTC))
	}
	easter := easterSunday(year)
	out := make([]int, 0, nationwide+2)
	out = append(out, fixed(time.January, 1), easter+1, fixed(time.May, 1), fixed(time.May, 8),
		easter+39, easter+50, fixed(time.July, 14), fixed(time.August, 15),
		fixed(time.November, 1), fixed(time.November, 11), fixed(time.December, 25))
	for _, f := range localHolidays(h) {
		if f.month == 0 {
			out = append(out, easter+f.easter)
			continue
		}
		out = append(out, fixed(f.month, f.day))
	}
	slices.Sort(out)
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
