package fairness

import (
	"fmt"
	"time"
)

// Dimension is one way to cut people into groups.
type Dimension string

// The dimensions.
const (
	BySex      Dimension = "sex"
	ByAge      Dimension = "age"
	ByQPV      Dimension = "qpv" // priority neighbourhood
	ByDistance Dimension = "distance"
	ByWaiting  Dimension = "waiting"
)

// Dimensions lists them in the order of the report.
func Dimensions() []Dimension { return []Dimension{BySex, ByAge, ByQPV, ByDistance, ByWaiting} }

// Unknown is the group of those of whom a dimension says nothing: it is shown as
// the others, never shared among them.
const Unknown = "unknown"

// Groups lists the groups of a dimension in their order, the unknown last.
func (d Dimension) Groups() []string {
	switch d {
	case BySex:
		return []string{"f", "m", Unknown}
	case ByAge:
		return []string{"under26", "26to49", "from50", Unknown}
	case ByQPV:
		return []string{"yes", "no", Unknown}
	case ByDistance:
		return []string{"under5", "5to10", "10to20", "from20", Unknown}
	}
	return []string{"under6", "6to12", "12to24", "from24", Unknown}
}

// AgeBand is the group of a year of birth on a day: by the age reached in the year.
func AgeBand(born int, on time.Time) string {
	switch age := on.Year() - born; {
	case born == 0:
		return Unknown
	case age < 26:
		return "under26"
	case age < 50:
		return "26to49"
	}
	return "from50"
}

// DistanceBand is the group of a distance in kilometres; known is false where one end isn't.
func DistanceBand(km float64, known bool) string {
	switch {
	case !known:
		return Unknown
	case km < 5:
		return "under5"
	case km < 10:
		return "5to10"
	case km < 20:
		return "10to20"
	}
	return "from20"
}

// WaitingBand is the group of a first day of the journey, seen from a day; both
// are civil days and an empty one is not known.
func WaitingBand(from string, on time.Time) string {
	d, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return Unknown
	}
	for _, band := range []struct {
		months int
		name   string
	}{{24, "from24"}, {12, "12to24"}, {6, "6to12"}} {
		if !d.AddDate(0, band.months, 0).After(on) {
			return band.name
		}
	}
	return "under6"
}

// Unit is what a row is: a person, or a proposal.
type Unit string

// The units.
const (
	Person   Unit = "person"
	Proposal Unit = "proposal"
)

// Subject is one unit as it is counted: its groups and what happened to it, and
// nothing that tells whose it is but a number that means nothing elsewhere: people
// are counted against K, not their proposals.
type Subject struct {
	Who     int // the same for all of one person, within one audit
	Groups  map[Dimension]string
	Stratum string // of standardisation: occupation's domain and distance
	Yes     map[Metric]bool
	Counted map[Metric]bool // whether it is in the denominator
	Hours   float64         // to the first answer; only where Counted[Answered] and Yes[Answered]
}

// Metric is one rate.
type Metric string

// The metrics.
const (
	First    Metric = "first"        // of people: among the first of the engine for an open position at least once
	Proposed Metric = "proposed"     // of people: presented to an employer at least once in the period
	Answered Metric = "answered"     // of proposals whose time has come: answered
	Met      Metric = "met"          // of proposals: the person was met
	Hired    Metric = "hired"        // of proposals with an end: hired
	Refused  Metric = "not_retained" // of proposals with an end: not retained
)

// Metrics lists them in the order of the report.
func Metrics() []Metric { return []Metric{First, Proposed, Answered, Met, Hired, Refused} }

// Unit says of what a metric is a rate.
func (m Metric) Unit() Unit {
	if m == First || m == Proposed {
		return Person
	}
	return Proposal
}

// Stratum names a stratum of standardisation.
func Stratum(domain, distance string) string { return fmt.Sprintf("%s|%s", domain, distance) }
