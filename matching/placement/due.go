package placement

import (
	"slices"
	"time"

	"maillage/matching/engine"
	"maillage/territories"
)

// answerDays is how long an employer has: 48 hours, counted on working days.
const answerDays = 2

// evening is the hour in Paris at which the last day ends.
const evening = 18

// due is the instant by which an answer is asked of what is proposed now: the
// evening of the second working day after, in Paris. What is proposed on a day that
// is not worked counts from the next that is. All that is proposed in a day is due
// together: an instant to the second would tell the employer who was proposed first.
func due(now time.Time, loc *time.Location) time.Time {
	day := now.In(loc)
	t := time.Date(day.Year(), day.Month(), day.Day(), evening, 0, 0, 0, loc)
	if !worked(t) {
		t = nextWorked(t)
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
