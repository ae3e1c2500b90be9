package journeys

import (
	"github.com/paulmach/orb"

	"maillage/nomenclatures"
	"maillage/territories"
)

// PositionID names a position.
type PositionID int64

// NoPlace is the Place of a position whose commune is not known.
const NoPlace = -1

// DefaultReach is how far around a position people are looked for, in
// kilometres, where the position does not say.
const DefaultReach = 50

// Kind is what a position is.
type Kind string

// The kinds of position. The zero value is a job.
const (
	Job       Kind = "job"
	Mission   Kind = "mission"   // through an AI or an ETTI
	Immersion Kind = "immersion" // PMSMP
	Training  Kind = "training"  // a session for people in journeys
)

// Position is a place to take: several posts of one need are one position.
type Position struct {
	ID          PositionID
	Revision    int64
	Kind        Kind
	Occupations []Occupation
	Posts       int

	Place    int       // ordinal of the commune in the atlas, or NoPlace
	Point    orb.Point // where HasPoint is false, that of Place
	HasPoint bool
	Reach    float64 // km; 0: DefaultReach

	StartsOn, EndsOn territories.Date // of the work or of the session
	Hours            Span             // a week
	Slots            nomenclatures.Slots
	SplitShift       Tri

	Required, Wished []Need // skills
	Licences         []Licence
	Languages        []Language
	Years            float64 // of experience asked; 0: none

	Prerequisites Attainments // of a training: to enter it
	Outcomes      Attainments // of a training: what it gives

	Filled   bool             // no place is left: as a session, it is followed by nobody more
	Opened   territories.Date // given from
	Ended    territories.Date // filled or withdrawn; zero: still given
	Deadline territories.Date // last day to propose somebody; zero: none
}

// Need is a skill and the level wanted; 0 is any.
type Need struct {
	Code  string
	Level nomenclatures.Mastery
}

// Attainments are what a person has before or after a training.
type Attainments struct {
	Skills      []Need
	Licences    []Licence
	Languages   []Language
	Occupations []Occupation
}

// reach is Reach, or what stands for it.
func (p *Position) reach() float64 {
	if p.Reach > 0 {
		return p.Reach
	}
	return DefaultReach
}

// history says that the position can no longer be taken on a day.
func (p *Position) history(asOf territories.Date) bool {
	return !p.Ended.IsZero() && !p.Ended.After(asOf) || !p.Deadline.IsZero() && p.Deadline.Before(asOf)
}

// closed is the day since which it is history; zero while it isn't.
func (p *Position) closed() territories.Date {
	switch {
	case p.Ended.IsZero():
		return p.Deadline
	case !p.Deadline.IsZero() && p.Deadline.Before(p.Ended):
		return p.Deadline
	}
	return p.Ended
}

// starts is the day on which a person must be available: the first day of work,
// or the day asked about once that has come.
func (p *Position) starts(asOf territories.Date) territories.Date {
	if p.StartsOn.After(asOf) {
		return p.StartsOn
	}
	return asOf
}

// targets are the occupations that a person would work in, or learn.
func (p *Position) targets() []Occupation {
	if p.Kind != Training || len(p.Outcomes.Occupations) == 0 {
		return p.Occupations
	}
	return p.Outcomes.Occupations
}
