package opportunities

import (
	"sync"
	"time"
	_ "time/tzdata" // letters leave on the clock of Paris wherever the program runs
)

// morning is the hour at which letters of news are made, on the clock of Paris.
const morning = 7

// paris is the clock of the letters.
var paris = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.UTC // cannot be: the zones are embedded
	}
	return zone
})

// almanac tells the mornings on which letters leave. count is Config.WorkingDays.
type almanac struct {
	count func(from, to time.Time, zone *time.Location) int
}

// last is the latest morning at or before an instant on which the letters of a
// frequency leave: each working day, or the first one of each week.
func (a almanac) last(every Frequency, now time.Time) time.Time {
	day := now.In(paris())
	for {
		if at := morningOf(day); !at.After(now) && a.falls(every, at) {
			return at
		}
		day = day.AddDate(0, 0, -1)
	}
}

// next is the first such morning after an instant.
func (a almanac) next(every Frequency, now time.Time) time.Time {
	day := now.In(paris())
	for {
		if at := morningOf(day); at.After(now) && a.falls(every, at) {
			return at
		}
		day = day.AddDate(0, 0, 1)
	}
}

// leave tells whether letters leave at an instant: from the morning of a working
// day to its midnight. One that was missed leaves in that time or waits for the
// next morning: it is neither sent at night nor takes the place of the letter of
// the day that begins.
func (a almanac) leave(now time.Time) bool {
	return dayOf(a.last(Daily, now)) == dayOf(now)
}

func morningOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), morning, 0, 0, 0, paris())
}

// falls tells whether the letters of a frequency leave on the day of a morning.
func (a almanac) falls(every Frequency, at time.Time) bool {
	if !a.working(at) {
		return false
	}
	if every == Daily {
		return true
	}
	for back := (int(at.Weekday()) + 6) % 7; back > 0; back-- { // the days of the week before this one
		if a.working(at.AddDate(0, 0, -back)) {
			return false
		}
	}
	return true
}

func (a almanac) working(day time.Time) bool {
	if a.count != nil {
		return a.count(day.AddDate(0, 0, -1), day, paris()) > 0
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}
