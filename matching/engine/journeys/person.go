package journeys

import (
	"time"

	"github.com/paulmach/orb"

	"maillage/nomenclatures"
	"maillage/territories"
)

// PersonID names a person by the pseudonym of their journey.
type PersonID int64

// EmployerID names the structure that employs or accompanies a person.
type EmployerID int64

// NoHome is the Home of a person whose commune is not known.
const NoHome = -1

// Occupation is a ROME code, "K2204". A text that is no ROME code is an
// occupation that resembles nothing but itself.
type Occupation string

// Person is what the engine reads of a journey.
type Person struct {
	ID       PersonID
	Revision int64
	Employer EmployerID

	Home     int       // ordinal of the commune in the atlas, or NoHome
	Point    orb.Point // longitude, latitude in degrees; where HasPoint is false, that of Home
	HasPoint bool

	Available bool             // for work, now or from a date
	From      territories.Date // zero: now

	Wished []Occupation // in order of preference
	Held   []Practice   // practised, wished or not

	Skills    []Skill
	Licences  []Licence
	Languages []Language

	Hours       Span                // hours a week
	Slots       nomenclatures.Slots // when the person can work; 0: not said
	SplitShifts Tri                 // accepts a day cut in two

	Mobility   []Mobility
	Kilometres float64 // range as the crow flies, whatever the mode, where no mode is told
	Told       Facts

	WaitingSince territories.Date // zero: not known
	LastProposed time.Time        // zero: never
}

// Practice is an occupation that a person held.
type Practice struct {
	Occupation Occupation
	Years      float64
}

// Skill is what a person can do, by the code of the nomenclature in use.
type Skill struct {
	Code  string
	Level nomenclatures.Mastery
	On    territories.Date // when it was observed
}

// Licence is a driving licence or an aptitude that a position may require: "B",
// "CACES R489-3".
type Licence string

// Language is a language and its level.
type Language struct {
	Code  string // ISO 639-1
	Level nomenclatures.Fluency
}

// Span is a minimum and a maximum; zero: not said.
type Span struct{ Min, Max float64 }

// IsZero says that nothing is said.
func (s Span) IsZero() bool { return s == Span{} }

// Facts are what has been asked and answered, be it by none: a list that is
// empty says nothing otherwise.
type Facts uint8

// The facts that an empty value leaves open.
const (
	ToldRange Facts = 1 << iota
	ToldPractice
	ToldSkills
	ToldLicences
	ToldLanguages
)

// Tri is a fact that may not be known; its zero value is unknown.
type Tri uint8

// The three values of a Tri.
const (
	Unsaid Tri = iota
	Yes
	No
)
