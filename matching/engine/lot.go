package engine

import (
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// LotID names a lot.
type LotID int64

// LotKind is what kind of opportunity the lot belongs to.
type LotKind string

// The kinds.
const (
	Tender          LotKind = "tender"
	PrivatePurchase LotKind = "private_purchase"
	JobNeed         LotKind = "job_need"
	InsertionHours  LotKind = "insertion_hours"
	CallForPartners LotKind = "call_for_partners"
	// ExpectedCall is not published yet: nothing is to be answered, so no time is left nor short.
	ExpectedCall LotKind = "expected"
)

// Scope is what is known of the place; its zero value is nothing.
type Scope uint8

// The scopes.
const (
	PlaceUnknown Scope = iota
	PlaceCommunes
	PlaceCountry
)

// Reservation says to whom a lot is reserved; its zero value is to nobody in
// particular.
type Reservation string

// The reservations of the Code de la commande publique.
const (
	Unreserved     Reservation = ""
	ReservedSIAE   Reservation = "siae"    // L2113-13
	ReservedEAESAT Reservation = "ea_esat" // L2113-12
	ReservedBoth   Reservation = "both"    // L2113-14
	ReservedESS    Reservation = "ess"     // L2113-15
	ReservedPrison Reservation = "prison"  // L2113-13-1
	// ReservedUnclear: the notice reserves it, to whom is not established.
	ReservedUnclear Reservation = "unclear"
)

// Lot is what is asked, as the engine reads it. It is not changed once given to
// an [Index].
type Lot struct {
	ID          LotID
	Revision    int64
	Opportunity int64
	Title       string
	Kind        LotKind

	Codes          []nomenclatures.Code // the main one first; none: the trade is not known
	Modes          Modes                // accepted; 0: not known
	Scope          Scope
	Place          *territories.Perimeter // nil unless Scope is PlaceCommunes
	Wider          *territories.Perimeter // how far the network looks beyond Place for who could answer; nil: no further
	Reservation    Reservation
	Certifications []CertificationWish
	Asked          Capacity
	TurnoverFloor  float64 // euros a year, 0: none
	InsuranceFloor float64 // euros, 0: none
	References     ReferencesAsked
	InsertionHours float64 // of the clause (L2112-2), 0: none or unknown
	InsertionShare float64 // of the working time, where the clause counts no hours; 0..1, 0: not said

	Deadline       time.Time            // zero: not known
	Ended          time.Time            // since when it is known to be closed or awarded, whatever its deadline; zero: it is not
	Holidays       territories.Holidays // those of its place, which its working days leave out
	DaysNeeded     int                  // working days to answer, 0: the usual of its kind
	DurationMonths int                  // 0: unknown
	Until          territories.Date     // last day of what is asked, as hours to fill say it; zero: not known
	UntilSupposed  bool                 // Until is a default: the notices don't say the duration

	Buyer      BuyerID  // 0: unknown
	BuyerSIRET string   // or SIREN; empty: unknown
	BuyerTies  []TieRef // what the buyer belongs to
	IssuerTies []TieRef // what the issuer belongs to when it isn't a buyer
	Holders    []Holder // of insertion hours to fill: who won the contract that asks them
}

// Holder is who won a contract. Folded is its name as [Enterprise].Folded is.
type Holder struct{ SIRET, Name, Folded string }

// CertificationWish is a certification asked; "or equivalent" is always
// understood (R2111-12 to R2111-14 on labels and their equivalents).
type CertificationWish struct {
	Code     string
	Required bool
}

// ReferencesAsked is how many similar contracts the buyer wants to see. With
// Known false the lot doesn't say; with Known and Count 0 none is asked.
type ReferencesAsked struct {
	Known bool
	Count int
	Since territories.Date // zero: three years before the date of the match
}

// usualDays are the working days an answer takes when the lot doesn't say: an
// estimate of this project by kind, to be replaced by what the lot declares.
func (k LotKind) usualDays() int {
	switch k {
	case JobNeed:
		return 2
	case InsertionHours:
		return 3
	case PrivatePurchase:
		return 4
	}
	return 5
}

// borrows says that people lent can fill the lot: insertion hours, a job need,
// a lot that accepts secondment, or one whose trade is staffing.
func (l *Lot) borrows() bool {
	return l.Kind == InsertionHours || l.Kind == JobNeed || l.Modes&Secondment != 0 ||
		slices.ContainsFunc(l.Codes, isStaffing)
}

// undue says that nothing is to be handed in on a day: a call that nobody has
// published yet, hours to fill that are taken as long as the contract runs.
func (l *Lot) undue() bool {
	return l.Kind == ExpectedCall || l.Kind == InsertionHours && l.Deadline.IsZero()
}

// isStaffing recognises recruitment and supply of personnel: CPV group 796, and
// the sectors that the crosswalk marks.
func isStaffing(c nomenclatures.Code) bool {
	switch c.Scheme {
	case nomenclatures.SchemeCPV:
		return strings.HasPrefix(c.Value, "796")
	case nomenclatures.SchemeSector:
		info, ok := nomenclatures.LookupSector(nomenclatures.Sector(c.Value))
		return ok && info.Staffing
	}
	return false
}
