package outlook

import (
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// Query asks for the outlook of a territory.
type Query struct {
	In     *territories.Set
	AsOf   time.Time
	Months int    // looked back on; default 12
	Domain string // letter of a major domain; empty: all
	// Detail is the occupation whose people are told area by area; empty: none.
	Detail nomenclatures.ROME
}

// The bounds of what counts as near.
const (
	leastShare = 0.1  // of the people of a place, to be asked in the territory
	nearbyKm   = 30.0 // from a session to the territory
)

// Outlook is the answer.
type Outlook struct {
	AsOf   time.Time
	Since  time.Time
	Areas  []Area // in which people are counted, and of which the words are
	Rows   []Row  // occupations, the most lacking first
	Totals []Total
	Skills []Skill
	// Aside are those of the period that are in no row.
	Wide, Unplaced, Unsorted int
}

// Row is one occupation.
type Row struct {
	Code     nomenclatures.ROME
	Demand   Demand
	Expected []*Ask // the calls to come, the soonest first
	Wish     Figure
	Practice Figure
	Able     Figure
	Coming   *Figure // who live elsewhere and wish it; nil where several areas are asked
	Sessions []*Ask  // that prepare for it, in the territory or near, the soonest first
	Places   int
	Tension  Tension
	Sure     bool // whatever the hidden numbers are
	Compared Compared
	Gap      float64 // what is asked in Outlook.Areas less what is surely held there
	Areas    []AreaFigures
}

// Compared is what is asked in Outlook.Areas, whole, whatever part of them the
// territory is: the word sets it against the people who live there.
type Compared struct {
	Posts int     // of the period
	FTE   float64 // full-time years derived from lots and contracts
}

// People is how many full-time people it is worth.
func (c Compared) People() float64 { return float64(c.Posts) + c.FTE }

// AreaFigures are the two figures of one area: who lives there and wishes the
// occupation, who lives elsewhere and could come.
type AreaFigures struct {
	Area         Area
	Wish, Coming Figure
}

// Demand is what is asked of an occupation.
type Demand struct {
	Open     int     // posts that can be taken now
	Passed   int     // posts of the period that no longer can
	Lots     int     // lots of tenders and purchases of the period
	Contract int     // awarded contracts with hours to fill
	Hours    float64 // of lots and contracts, by the share of their place and of the occupation
	HoursOf  int     // how many say them
	FTE      float64 // full-time years, the same
	FTEOf    int
	Asks     []*Ask // all of them, open first, the latest first
}

// Posts counts the posts of the period.
func (d Demand) Posts() int { return d.Open + d.Passed }

// People is how many full-time people the demand is worth.
func (d Demand) People() float64 { return float64(d.Posts()) + d.FTE }

// Total sums a major domain: posts are posts; wishes are wishes, of somebody who
// may have several, and of what is shown alone.
type Total struct {
	Domain             string
	Occupations        int
	Open, Passed, Lots int
	FTE                float64
	Expected           int
	Wish               Figure
	Places             int
}

// Skill is one aptitude.
type Skill struct {
	Code     nomenclatures.Aptitude
	Required int // posts of the period that require it
	Liked    int // that appreciate it
	Open     int // that require or appreciate it and can be taken now
	Hold     Figure
	Sessions []*Ask
	Places   int
	Tension  Tension
	Sure     bool
	Gap      float64
}
