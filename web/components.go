package web

import (
	"math"
	"time"

	"maillage/matching"
	"maillage/opportunities"
	"maillage/territories"
)

// State is how a criterion, a need or a fact stands. It is never shown by colour alone: each has
// its texture, its icon and its word.
type State string

// The five states of the drawings.
const (
	Met     State = "met"
	Partial State = "part"
	Missed  State = "miss"
	Assumed State = "asm"
	Unknown State = "unk"
)

// Icon is the state's icon in the sprite.
func (s State) Icon() string {
	switch s {
	case Met:
		return "check"
	case Partial:
		return "partial"
	case Missed:
		return "x"
	}
	return "help"
}

// TagClass is the state's class on a tag.
func (s State) TagClass() string {
	switch s {
	case Assumed:
		return "assumed"
	case Unknown:
		return ""
	}
	return string(s)
}

// Criterion is one short bar with its word.
type Criterion struct {
	Name  string
	State State
	Share float64 // 0..1, the length of the bar
	Word  string
}

// Width is the bar's length in hundredths; a partial one is never empty nor full.
func (c Criterion) Width() int {
	w := int(math.Round(c.Share * 100))
	if c.State == Partial {
		return min(max(w, 3), 97)
	}
	return min(max(w, 0), 100)
}

// Days is what is left before a deadline, in working days.
type Days struct {
	Left   int
	Past   bool
	When   string // in words
	Stamp  string // machine-readable
	NoDate bool
}

// Soon is true from three working days.
func (d Days) Soon() bool { return !d.Past && !d.NoDate && d.Left <= 3 }

// daysLeft counts from now to a deadline that has no place; a zero one is "no date".
func (l *Locale) daysLeft(now, deadline time.Time) Days {
	return l.daysLeftIn(territories.MetropolitanHolidays, now, deadline)
}

// lotDays counts from now to the deadline of a lot, on the calendar of its place.
func (c *call) lotDays(lot matching.LotHead) Days {
	if lot.Deadline == nil {
		return Days{NoDate: true}
	}
	return c.daysLeftIn(lot.Holidays, c.now, *lot.Deadline)
}

// placeDays counts from now to the deadline of what is asked at a place.
func (c *call) placeDays(p opportunities.Place, deadline time.Time) Days {
	return c.daysLeftIn(p.Holidays(c.s.cfg.Atlas), c.now, deadline)
}

// daysLeftIn counts from now to a deadline, on the calendar of a place.
func (l *Locale) daysLeftIn(h territories.Holidays, now, deadline time.Time) Days {
	if deadline.IsZero() {
		return Days{NoDate: true}
	}
	return Days{
		Left: h.WorkingDays(now, deadline, l.zone), Past: deadline.Before(now),
		When: l.When(deadline, now), Stamp: deadline.In(l.zone).Format("2006-01-02T15:04"),
	}
}

// Link is a place to go, with its words.
type Link struct {
	Text, Href string
}

// Fact is a labelled value: the first line may be big, the others explain.
type Fact struct {
	Label string
	Big   string
	Lines []string
	Links []Link
}

// Tag is a word in a frame; a state adds its icon.
type Tag struct {
	Text  string
	State State
	Kind  bool // a plain category
	Icon  string
	Href  string
}

// Option is a choice of a list.
type Option struct {
	Value, Text string
	Selected    bool
	Group       string // heading that it is listed under; empty: none
}

// OptionGroup is the choices under one heading.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Grouped gathers the choices that follow each other under one heading.
func (f Field) Grouped() []OptionGroup {
	var groups []OptionGroup
	for _, option := range f.Options {
		if n := len(groups); n == 0 || groups[n-1].Label != option.Group {
			groups = append(groups, OptionGroup{Label: option.Group})
		}
		last := &groups[len(groups)-1]
		last.Options = append(last.Options, option)
	}
	return groups
}

// Field is one question of a form.
type Field struct {
	ID, Name, Label, Hint string
	Kind                  string // text, email, password, date, number, area, code, select, search
	Value                 string
	Options               []Option
	Error                 string
	Required              bool
	Bare                  bool // neither required nor said to be optional: the form says it once
	Short                 bool
	Autocomplete          string
	Rows                  int
	Combo                 string // address of the suggestions: the field becomes a combobox
	HiddenName            string // name of the field that receives the value chosen in the combobox
	HiddenValue           string
	InputMode             string
	Min, Max, Step        string
}

// Described lists the ids that describe the field, for aria-describedby.
func (f Field) Described() string {
	s := ""
	if f.Hint != "" {
		s = f.ID + "-aide"
	}
	if f.Error != "" {
		if s != "" {
			s += " "
		}
		s += f.ID + "-erreur"
	}
	return s
}

// FieldError is a line of the summary at the top of a refused form.
type FieldError struct {
	ID, Text string
}

// Crumb is a step of the path to the page; the last one has no address.
type Crumb = Link

// Flash is what the last gesture did, said once.
type Flash struct {
	Text string
	Good bool
	Undo string // a place where it can be taken back
}

// Empty is a list with nothing in it: what that means and what to do next.
type Empty struct {
	Title, Text string
	Actions     []Link
}

// Pager leads to the pages around this one; an empty address is none. Said is "51 à 100 sur 3 853".
type Pager struct {
	Said, Previous, Next string
}

// Shown says whether there is anything to say.
func (p Pager) Shown() bool { return p.Said != "" || p.Previous != "" || p.Next != "" }

// Swatch is a texture of a legend.
type Swatch string

// The textures of the maps.
const (
	SwatchAsked   Swatch = "warp"
	SwatchOffered Swatch = "weft"
	SwatchBoth    Swatch = "cross"
	SwatchWider   Swatch = "wide"
	SwatchPin     Swatch = "pin"
	SwatchMissing Swatch = "asm"
)

// MapTable is the same content in words: every map has its list.
type MapTable struct {
	Summary, Caption string
	Head             []string
	Rows             [][]string
	Numbers          []bool // columns that hold numbers
	Rest             string // what the list leaves out
	Open             bool
}
