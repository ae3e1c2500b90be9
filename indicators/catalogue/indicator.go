package catalogue

import (
	"slices"
	"time"

	"maillage/internal/fault"
)

// Text is one sentence in both languages, without typographic spaces.
type Text = fault.Text

// ID names an indicator for ever: C01 to C11 in the core, then R1.1 to R6.5.
type ID string

// Indicator is one thing that is measured, whoever defines it.
type Indicator struct {
	ID          ID          `json:"id"`
	Register    Register    `json:"-"` // of its file
	Label       Text        `json:"label"`
	Unit        Unit        `json:"unit"`
	Level       Level       `json:"level"`
	Population  Population  `json:"population"`
	Sources     []Source    `json:"sources"`
	Breakdowns  []Breakdown `json:"breakdowns"`
	Direction   Direction   `json:"direction"`
	Publication Publication `json:"publication"`
	Computation Computation `json:"computation"`       // "" where nothing here computes it
	Depends     []ID        `json:"depends,omitempty"` // whose versions change this one too
	Pending     *Text       `json:"pending,omitempty"` // why no value of it is released: it is not computed, or may not be yet
	Caution     *Text       `json:"caution,omitempty"` // what must be read with it, beside the rule of all: it describes, it does not rank
	Links       []Link      `json:"links"`
	Versions    []Version   `json:"versions"` // in the order of their numbers, 1 first
}

// Version is one definition. All stay: a series published with one is read with it.
type Version struct {
	Number      int    `json:"number"`
	Name        Text   `json:"name"`
	From        Date   `json:"from"` // first day of the data that it applies to by default
	UsedBy      []Body `json:"used_by"`
	Alternative bool   `json:"alternative,omitempty"` // another body's reading: never the default, chosen by name
	Definition  Text   `json:"definition"`
	Numerator   Text   `json:"numerator"`
	Denominator *Text  `json:"denominator,omitempty"` // absent: a count, not a rate
	Changes     *Text  `json:"changes,omitempty"`     // against the version before; absent on the first
	Rule        *Rule  `json:"rule,omitempty"`
}

// Date is a civil day, written 2006-01-02.
type Date struct{ day time.Time }

// UnmarshalText reads a civil day.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	d.day = t
	return err
}

// MarshalText writes it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes it, too.
func (d Date) String() string { return d.day.Format(time.DateOnly) }

// Time is the day at midnight, in UTC.
func (d Date) Time() time.Time { return d.day }

// Rate says whether the indicator has a base: its three parts (numerator,
// complement, base) must then be publishable before it is. FTE are hours over reference
// hours, which are a table and not a count: they are a total.
func (i *Indicator) Rate() bool {
	return i.Versions[0].Denominator != nil && !slices.Contains([]Unit{"fte", "persons_fte"}, i.Unit)
}

// Version finds a definition by its number; ok is false when there is none.
func (i *Indicator) Version(number int) (Version, bool) {
	for _, v := range i.Versions {
		if v.Number == number {
			return v, true
		}
	}
	return Version{}, false
}

// Default is the definition that applies to data of a day when nobody chose one:
// the latest of ours that had begun. Data older than the first version take it.
func (i *Indicator) Default(on time.Time) Version {
	chosen := i.Versions[0]
	for _, v := range i.Versions[1:] {
		if !v.Alternative && !v.From.day.After(on) {
			chosen = v
		}
	}
	return chosen
}
