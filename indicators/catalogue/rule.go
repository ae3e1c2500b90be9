package catalogue

import (
	"math"
	"slices"
	"time"
)

// Rule is the part of a definition that a computation applies to days and hours.
type Rule struct {
	Durable   *Duration  `json:"durable,omitempty"`   // from what length a fixed-term or temporary contract is durable
	Presence  []Presence `json:"presence,omitempty"`  // who counts as leaving, by kind of enterprise
	Withdrawn bool       `json:"withdrawn,omitempty"` // motives withdrawn from the observed exits leave the count
}

// Duration is a bound in months that the length of a contract or a stay must reach.
type Duration struct {
	Months    float64 `json:"months"`
	Inclusive bool    `json:"inclusive"` // true: at least; false: more than
}

// Presence is what makes a leaver an observed exit in some kinds of enterprise.
// Both bounds hold together; a nil Stay asks for no length.
type Presence struct {
	Kinds []string  `json:"kinds"` // ACI, EI, AI, ETTI, EITI
	Hours float64   `json:"hours"` // worked at least, over the stay
	Stay  *Duration `json:"stay,omitempty"`
}

// meanMonth is the length of a month of the Gregorian calendar, in days: 365.2425 / 12.
const meanMonth = 365.2425 / 12

// Days gives the fewest and the most days that exactly so many months may last.
// Six months are 181 (from 1 February) to 184 days (from 1 March); a part of a
// month is one mean length, so that both ends are equal.
func (d Duration) Days() (fewest, most int) {
	whole := int(d.Months)
	if float64(whole) != d.Months {
		n := int(math.Floor(d.Months * meanMonth))
		return n + 1, n // no number of days is exactly 2.65 months: 80 fall short, 81 pass
	}
	fewest = math.MaxInt
	for start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC); start.Year() < 2029; start = start.AddDate(0, 1, 0) {
		n := int(start.AddDate(0, whole, 0).Sub(start).Hours() / 24)
		fewest, most = min(fewest, n), max(most, n)
	}
	return fewest, most
}

// Met tells whether so many days, the first and the last included, reach the
// bound. Where only days are kept, every length that can be exactly six months
// is read as such: "at least" takes it, "more than" does not. So a contract of
// six months to the day is never on the wrong side of either reading.
func (d Duration) Met(days int) bool {
	fewest, most := d.Days()
	if d.Inclusive {
		return days >= fewest
	}
	return days > most
}

// MetBetween is Met where both civil days are known: no month is taken for another.
func (d Duration) MetBetween(first, last time.Time) bool {
	whole := int(d.Months)
	if float64(whole) != d.Months {
		return d.Met(int(last.Sub(first).Hours()/24) + 1)
	}
	exactly := first.AddDate(0, whole, -1) // last day of a contract of that length
	if d.Inclusive {
		return !last.Before(exactly)
	}
	return last.After(exactly)
}

// Observed tells whether somebody who left an enterprise of a kind, after so many
// hours worked and days of presence, is an observed exit. A kind that no line
// names is not observed: the indicator does not bear on it.
func (r Rule) Observed(kind string, hours float64, days int) bool {
	for _, p := range r.Presence {
		if slices.Contains(p.Kinds, kind) {
			return hours >= p.Hours && (p.Stay == nil || p.Stay.Met(days))
		}
	}
	return false
}
