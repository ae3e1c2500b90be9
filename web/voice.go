package web

import (
	"time"

	"maillage/opportunities"
)

// voice lends the words of the pages to the files that leave for other programs.
type voice struct{ c *call }

// CodeWords names a code; one that the pages do not know stays as it is.
func (v voice) CodeWords(field, code string) string {
	switch field {
	case "source":
		return v.c.sourceWords(code)
	case "state":
		return v.c.wordOf("ostate.", code)
	case "reserved_to":
		return v.c.wordOf("reserved.", code)
	}
	return v.c.wordOf(field+".", code)
}

// PlaceWords is the place as the pages say it.
func (v voice) PlaceWords(p opportunities.Place) string { return v.c.placeWords(p) }

// DayWords is 7 décembre 2026.
func (v voice) DayWords(day time.Time) string { return v.c.ShortDate(day) }

// InstantWords is lundi 7 décembre 2026, 12 h.
func (v voice) InstantWords(t time.Time) string { return v.c.Date(t) + ", " + v.c.Hour(t) }
