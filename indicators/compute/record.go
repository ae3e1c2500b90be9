package compute

import (
	"slices"
	"time"
)

// Enterprise is everything known of one enterprise for one year, and of the years
// around it where a rule asks for them. Days are civil, at midnight UTC.
type Enterprise struct {
	ID       int64
	Year     int
	Kind     Kind
	Group    string // the economic group, which is the contributor; never empty
	Sections map[Section]Status
	Workers  []Worker
	Answers  map[Measure]Answer // by what they answer
	Asked    []Measure          // what a campaign of the year asked it
}

// Answer is what an enterprise answered in a questionnaire or declared itself.
type Answer struct {
	Status Status
	Value  int64 // in hundredths of the measure's unit
}

// Worker is somebody in insertion, under the pseudonym that this enterprise alone knows.
type Worker struct {
	ID      int64
	Sex     Sex      // SexUnsaid where it is not said
	Born    int      // year; 0: not said
	Age     Age      // where the year of birth is not said; AgeUnsaid: neither
	Publics []Public // criteria that they meet
	Known   []Public // criteria of which it was said whether they meet them

	Contracts []Contract // of every year
	Months    []Month    // of the year
	Exits     []Exit     // of the year, and of the years before where continuity asks
	Trainings []Training // of the year
	Placed    []Placement
	Earlier   int64 // hundredths of hours worked in the year before
}

// publics are the criteria that they meet, and those of which nothing was said.
func (w *Worker) publics() []Public {
	return append(slices.Clone(w.Publics), unsaidOf(append(slices.Clone(w.Publics), w.Known...))...)
}

// age is the band in a year.
func (w *Worker) age(year int) Age {
	if w.Born == 0 {
		if w.Age == AnyAge {
			return AgeUnsaid
		}
		return w.Age
	}
	return AgeIn(year, w.Born)
}

// Contract is an insertion contract or a mission.
type Contract struct {
	Begins time.Time
	Ends   time.Time // last day; zero: open
	Weekly *int64    // hundredths of hours a week; nil: not said
}

// Month is what was worked in one month, in hundredths of hours; nil is not said.
type Month struct {
	Month                int // 1 to 12
	Paid, Worked, Clause *int64
}

// Exit is a person who left.
type Exit struct {
	On       time.Time
	Motive   Motive
	Days     int       // of the contract obtained, where the motive has one; 0: not said
	Entered  time.Time // first day of the journey; zero: of the first contract
	Declared Declared
}

// Declared is what the enterprise itself says of an exit: whether it was counted
// as observed in its yearly agreement. Where it says nothing the rule decides.
type Declared string

// The declarations.
const (
	Undeclared  Declared = ""
	DeclaredYes Declared = "yes"
	DeclaredNo  Declared = "no"
)

// Training is one training followed.
type Training struct {
	Begins    time.Time
	Hours     *int64 // hundredths; nil: not said
	Certified bool   // a certification was obtained
}

// PlacementKind is how somebody met another employer.
type PlacementKind string

// The kinds of placement.
const (
	Hired     PlacementKind = "hired"
	Immersion PlacementKind = "immersion" // PMSMP
	Mission   PlacementKind = "mission"
)

// PlacementKinds lists them.
func PlacementKinds() []PlacementKind { return []PlacementKind{Hired, Immersion, Mission} }

// Placement is one of them.
type Placement struct {
	Begins time.Time
	Kind   PlacementKind
}

// contract intervals in order of their first day.
func (w *Worker) first() time.Time {
	var first time.Time
	for _, c := range w.Contracts {
		if first.IsZero() || c.Begins.Before(first) {
			first = c.Begins
		}
	}
	return first
}
