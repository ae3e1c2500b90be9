package placement

import (
	"testing"
	"time"

	"maillage/matching/engine"
)

func TestAnAnswerIsAskedWithin48WorkingHours(t *testing.T) {
	t.Parallel()
	paris := engine.Paris()
	for _, c := range []struct{ at, want, why string }{
		{"2026-11-23 09:30", "2026-11-25 18:00", "a Monday"},
		{"2026-11-23 19:12", "2026-11-25 18:00", "the same Monday in the evening: nothing tells which came first"},
		{"2026-11-27 15:00", "2026-12-01 18:00", "a Friday: Tuesday"},
		{"2026-11-28 10:00", "2026-12-02 18:00", "a Saturday counts from Monday"},
		{"2026-12-24 10:00", "2026-12-29 18:00", "Christmas, then a week-end"},
		{"2027-05-05 18:00", "2027-05-10 18:00", "Ascension on the 6th; a week-end"},
		{"2027-03-26 12:00", "2027-03-31 18:00", "Easter Monday, and the hour changes on Sunday"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, paris)
		if err != nil {
			t.Fatal(err)
		}
		got := due(at, paris)
		if text := got.In(paris).Format("2006-01-02 15:04"); text != c.want {
			t.Errorf("%s (%s): %s, want %s", c.at, c.why, text, c.want)
		}
		if n := engine.WorkingDays(at, got, paris); worked(at) && n != answerDays {
			t.Errorf("%s: %d working days", c.at, n)
		}
	}
}
