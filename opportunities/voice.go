package opportunities

import (
	"strings"
	"time"
)

// Voice puts what a file holds in the words of a language. The doors have them;
// what it gives depends on nothing but its arguments, so that the same
// opportunities give the same bytes.
type Voice interface {
	// CodeWords names a code of a field: "kind", "state", "clause", "reserved_to", "source".
	CodeWords(field, code string) string
	PlaceWords(p Place) string
	// DayWords is a civil day with its year, InstantWords a day and its hour on the clock of Paris.
	DayWords(day time.Time) string
	InstantWords(t time.Time) string
}

func (f Outlet) words(field, code string) string {
	if f.Voice == nil || code == "" {
		return code
	}
	return f.Voice.CodeWords(field, code)
}

// place is where it is done, as the pages say it; "" where nobody knows.
func (f Outlet) place(p Place) string {
	if f.Voice == nil || p.unknown() {
		return p.Words
	}
	return f.Voice.PlaceWords(p)
}

func (f Outlet) day(text string) string {
	day, err := time.ParseInLocation(time.DateOnly, text, paris())
	if err != nil || f.Voice == nil {
		return text
	}
	return f.Voice.DayWords(day)
}

func (f Outlet) instant(t time.Time) string {
	if f.Voice == nil {
		return t.UTC().Format("2006-01-02 15:04 UTC")
	}
	return f.Voice.InstantWords(t)
}

// wall is a deadline as the clock of its place shows it. Its face is said, with
// the zone where that is not Paris; one that is not read stays as it was written.
func (f Outlet) wall(due Deadline) string {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		face, err := time.ParseInLocation(layout, due.Wall, paris())
		if err != nil || f.Voice == nil {
			continue
		}
		zone := due.Zone
		if zone == "" || zone == paris().String() {
			zone = f.say("heure de Paris", "Paris time")
		}
		return f.Voice.InstantWords(face) + " (" + zone + ")"
	}
	return strings.TrimSpace(strings.Replace(due.Wall, "T", " ", 1) + " " + due.Zone)
}
