// Package compute counts what the observatory publishes: from the records of one
// enterprise and one year to exact counts, from those to the counts of a
// territory and a kind, from those to indicators and to the tables of the
// federation's report. It is pure: the same records give the same figures in any
// order, on any machine.
//
// It counts in whole numbers and rounds once, at the very end. It refuses to
// guess: what was not collected is ND, which is neither zero nor suppressed, and
// a sum over an ND is ND unless the sum was collected itself. It hides nothing:
// disclosure control comes after it, on its counts.
package compute

// Kind is the kind of enterprise, as the network names it.
type Kind string

// The kinds that the observatory tells apart.
const (
	AI    Kind = "AI"
	ACI   Kind = "ACI"
	EI    Kind = "EI"
	ETTI  Kind = "ETTI"
	EITI  Kind = "EITI"
	SAP   Kind = "SAP" // home services
	GEIQ  Kind = "GEIQ"
	EA    Kind = "EA"
	RQ    Kind = "RQ"
	Other Kind = "OTHER"
)

// AllKinds is the margin over the kinds.
const AllKinds Kind = ""

// Kinds lists them, those of insertion by economic activity first.
func Kinds() []Kind { return []Kind{AI, ACI, EI, ETTI, EITI, SAP, GEIQ, EA, RQ, Other} }

// InsertionKinds are those of insertion by economic activity (labour code, L5132-4).
func InsertionKinds() []Kind { return []Kind{AI, ACI, EI, ETTI, EITI} }

// Status says what is known of a thing. The zero value is an answer that was
// asked for and has not come.
type Status string

// The statuses. "Suppressed" is not one: it exists only once something is published.
const (
	Waiting   Status = ""
	Collected Status = "collected"
	ND        Status = "nd" // not collected: nobody asked it
)

// Section is a sort of record that an enterprise sends for a year, whole or not at all.
type Section string

// The sections.
const (
	Contracts  Section = "contracts"
	Hours      Section = "hours"
	Exits      Section = "exits"
	Placements Section = "placements"
	Trainings  Section = "trainings"
)

// Sections lists them in the order of a journey.
func Sections() []Section { return []Section{Contracts, Hours, Exits, Placements, Trainings} }
