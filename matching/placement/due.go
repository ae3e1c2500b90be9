package placement

import (
	"slices"
	"time"

	"maillage/matching/engine"
	"maillage/territories"
)

// answerDays is how long an employer has: 48 hours, counted on working days.
const answerDays = 2

// due is the instant by which an answer is asked of what is proposed now: two
// working days later at the same hour in Paris. What is proposed on a day that is
// not worked counts from the next morning that is, at midnight.
func due(now time.Time, loc *time.Location) time.Time {
	t := now.In(loc)
	if !worked(t) {
		t = nextWorked(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, loc))
	}
	for range answerDays {
		t = nextWorked(t)
	}
	return t.UTC()
}

// nextWorked is the same hour of the next working day.
func nextWorked(t time.Time) time.Time {
	for {
		if t = t.AddDate(0, 0, 1); worked(t) {
			return t
		}
	}
}

// worked tells a day from Monday to Friday that is no public holiday of
// metropolitan France.
func worked(t time.Time) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	return !slices.Contains(engine.Holidays(t.Year()), territories.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
}
