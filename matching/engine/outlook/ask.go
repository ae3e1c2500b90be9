package outlook

import (
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Source is who or what asks for, or teaches, an occupation.
type Source string

// The sources.
const (
	Post     Source = "post"     // a need, a mission, an immersion: places for people
	Tender   Source = "tender"   // a lot of a tender or a purchase
	Hours    Source = "hours"    // insertion hours of an awarded contract
	Expected Source = "expected" // a call that nobody has published yet
	Session  Source = "session"  // training for people in journeys
)

// Ask is one thing that is asked or taught somewhere.
type Ask struct {
	ID          int64 // of the lot
	Opportunity int64
	Lot         string // number within the opportunity
	Source      Source
	Follows     int64  // procurement whose award asks these hours; 0: none
	FollowsLot  string // its lot, where the award says one
	Title       string
	Occupations []nomenclatures.ROME
	Derived     bool // through the sector of its codes
	Posts       int  // places; 1 at least of a Post
	Taken       int  // of them, those that somebody was hired for
	Hours       float64
	FTE         float64 // 0: not said; worked out from the hours then
	Required    []nomenclatures.Aptitude
	Liked       []nomenclatures.Aptitude
	Gives       []nomenclatures.Aptitude // of a session
	Opened      time.Time                // published; zero: not known
	Closed      time.Time                // closed, awarded, or past its deadline; zero: not yet
	From, On    string                   // of an expected call and of a session: civil days
	Until       string

	Place  *territories.Set // nil: not known, or the whole country
	People int64            // of the place
}

// hoursOfYear are the hours of one full-time year: the yearly equivalent of the
// legal duration, code du travail L3121-41.
const hoursOfYear = 1607

// FullTime is the full-time years that are asked; 0 where neither they nor the
// hours are said.
func (a *Ask) FullTime() float64 {
	if a.FTE > 0 {
		return a.FTE
	}
	return a.Hours / hoursOfYear
}

// places parts those of a Post into what can still be taken and what no longer can.
// While it is open one at least is left; how many were before is not kept, so that
// a question about the past reads the places taken since as taken.
func (a *Ask) places(asOf time.Time) (open, passed int) {
	n := max(a.Posts, 1)
	if !a.open(asOf) {
		return 0, n
	}
	open = max(n-a.Taken, 1)
	return open, n - open
}

// Left are the places of a session that nobody has taken.
func (a *Ask) Left() int { return max(0, a.Posts-a.Taken) }

// open tells whether it can still be answered.
func (a *Ask) open(asOf time.Time) bool { return a.Closed.IsZero() || a.Closed.After(asOf) }

// within tells what was open at some time since an instant.
func (a *Ask) within(since, asOf time.Time) bool {
	return (a.Opened.IsZero() || !a.Opened.After(asOf)) && (a.Closed.IsZero() || !a.Closed.Before(since))
}
