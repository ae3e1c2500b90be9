package territories

import (
	"fmt"
	"time"
)

// Date is a civil date, without hour or zone: communes are born and die on a
// date, in force from its first instant.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2012-01-01" and refuses a day that does not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, unread("« %s » n'est pas une date écrite comme 2012-01-01", "“%s” is not a date written as 2012-01-01", s)
	}
	return DateOf(t), nil
}

// DateOf is the civil date of an instant, in the instant's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// String writes the date as ParseDate reads it; the zero date is empty.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// IsZero reports that no date is given.
func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative when d comes first, as slices.SortFunc wants.
func (d Date) Compare(e Date) int {
	if d.Year != e.Year {
		return d.Year - e.Year
	}
	if d.Month != e.Month {
		return int(d.Month - e.Month)
	}
	return d.Day - e.Day
}

// Before reports that d comes strictly before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports that d comes strictly after e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// eve is the day before.
func (d Date) eve() Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day-1, 12, 0, 0, 0, time.UTC))
}

// MarshalText and UnmarshalText make a Date a JSON string; the zero date is
// the empty string.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}
