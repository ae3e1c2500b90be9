package engine

import (
	"time"

	"maillage/nomenclatures"
	"maillage/territories"
)

// EnterpriseID names a candidate: an organisation of the network.
type EnterpriseID int64

// BuyerID names who buys; it is an organisation too.
type BuyerID int64

// NoSite is the Site of an enterprise whose commune is not known.
const NoSite = -1

// Kind is what an enterprise is, in the words of the field.
type Kind string

// The kinds of enterprise.
const (
	AI       Kind = "ai"
	ACI      Kind = "aci"
	EI       Kind = "ei"
	ETTI     Kind = "etti"
	EITI     Kind = "eiti"
	GEIQ     Kind = "geiq"
	EA       Kind = "ea"
	ESAT     Kind = "esat"
	SAP      Kind = "sap"
	Regie    Kind = "regie"
	Training Kind = "training"
	Other    Kind = "other"
)

// Lends says that the trade of the kind is to put people at the disposal of
// others: AI (Code du travail, L5132-7), ETTI (L5132-6), GEIQ (L1253-1). Its
// activities are told by occupations.
func (k Kind) Lends() bool { return k == AI || k == ETTI || k == GEIQ }

// Tri is a fact that may not be known; its zero value is unknown.
type Tri uint8

// The three values of a Tri.
const (
	Unsaid Tri = iota
	Yes
	No
)

// Modes are the ways of serving that an activity offers or a lot accepts; the
// zero value says nothing of them.
type Modes uint8

// The ways of serving. A personal service (SAP) is a Provision when the
// enterprise employs, a Mandate when the customer does.
const (
	Provision  Modes = 1 << iota // prestation
	Secondment                   // mise à disposition de personnel
	Supply                       // fourniture
	Mandate                      // mandataire
)

// Enterprise is a candidate, as the engine reads it. It is not changed once
// given to an [Index]: a new version replaces it.
type Enterprise struct {
	// What every question reads comes first, on two lines of the processor's cache.
	ID                  EnterpriseID
	Revision            int64
	Site                int // ordinal of its commune in the atlas, or NoSite
	Activities          []Activity
	Active              bool
	Reachable           Tri
	StatusesKnown       bool // Statuses is the whole list, even when it is empty
	CertificationsKnown bool
	ReferencesKnown     bool
	Refused             []string // SIRET or SIREN of the buyers that exclude it
	References          []Reference
	Ties                []Tie

	Name           string
	SIRET          string // empty: unknown
	Folded         string // its legal name as names are compared (territories.Fold)
	Kind           Kind
	Statuses       []Status
	Certifications []Certification
	Turnover       float64 // euros a year, 0 unknown
	Insurance      float64 // euros insured, 0 unknown

	LastProposed time.Time // when a lot was last proposed to it; zero: never
}

// Activity is one thing the enterprise does. What it does, how and where hold
// together: two activities are never mixed to make a match.
type Activity struct {
	ID       int64
	Codes    []nomenclatures.Code   // none: the trade is not known
	Modes    Modes                  // 0: not known
	Zone     *territories.Perimeter // nil: not known
	Capacity Capacity

	AssumedTrade bool // deduced from the NAF code, not said by the member
	AssumedZone  bool
}

// Capacity is what can be given or what is asked; 0 is unknown or not asked.
type Capacity struct {
	FTE    float64 // full-time equivalents
	Hours  float64
	Amount float64 // euros, without tax
}

// StatusKind is a legal status that opens a reservation.
type StatusKind string

// The statuses. An IAE convention makes a SIAE (Code du travail, L5132-4: EI,
// ETTI, AI and ACI; EITI by the experiment of article 83 of law 2018-771), an
// approval makes an EA (L5213-13), an authorisation an ESAT (Code de l'action
// sociale et des familles, L344-2).
const (
	ConventionAI   StatusKind = "convention_ai"
	ConventionACI  StatusKind = "convention_aci"
	ConventionEI   StatusKind = "convention_ei"
	ConventionETTI StatusKind = "convention_etti"
	ConventionEITI StatusKind = "convention_eiti"
	AgrementEA     StatusKind = "agrement_ea"
	AgrementESAT   StatusKind = "agrement_esat"
	// StatusESS: an enterprise of the social and solidarity economy in the
	// sense of article 1 of law 2014-856.
	StatusESS StatusKind = "ess"
	// EquivalentDisadvantaged and EquivalentDisabled are the "structures
	// équivalentes" of L2113-13 and L2113-12; Share and Proof tell them.
	EquivalentDisadvantaged StatusKind = "equivalent_disadvantaged"
	EquivalentDisabled      StatusKind = "equivalent_disabled"
	// StatusPrison: work by detained persons in a prison (L2113-13-1).
	StatusPrison StatusKind = "prison"
)

// Status is a legal status between two dates, both included; a zero date is
// open.
type Status struct {
	Kind        StatusKind
	From, Until territories.Date
	FTE         float64 // financed by the convention, 0 unknown
	Share       float64 // share of the workers concerned, 0 to 1, for an equivalent
	Proof       string  // what shows the share; an equivalent without proof doesn't count
	Assumed     bool    // deduced from the kind, not read on the convention
	Undated     bool    // read in a register without its dates: probable, not shown
}

// on says whether the status holds on a day.
func (s Status) on(day territories.Date) bool {
	return (s.From.IsZero() || !day.Before(s.From)) && (s.Until.IsZero() || !day.After(s.Until))
}

// Certification is a label, a qualification or an approval that a buyer may ask.
type Certification struct {
	Code        string
	From, Until territories.Date
}

func (c Certification) on(day territories.Date) bool {
	return Status{From: c.From, Until: c.Until}.on(day)
}

// Reference is a contract won or delivered.
type Reference struct {
	Codes       []nomenclatures.Code
	Place       *territories.Perimeter
	On          territories.Date // when it was awarded
	BuyerSIRET  string           // or SIREN; empty: unknown
	ReservedESS bool             // reserved under L2113-15
}

// TieKind is what two parties may share.
type TieKind string

// The ties.
const (
	Pole       TieKind = "pole"
	Group      TieKind = "group"
	Convention TieKind = "convention"
	Network    TieKind = "network"
)

// TieRef names a tie.
type TieRef struct {
	Kind TieKind
	ID   int64
}

// Tie is what the enterprise belongs to. A convention covers its sector, Codes,
// on its Territory; nil or empty means any.
type Tie struct {
	TieRef
	Name        string
	Codes       []nomenclatures.Code
	Territory   *territories.Perimeter
	From, Until territories.Date
}

func (t *Tie) on(day territories.Date) bool {
	return Status{From: t.From, Until: t.Until}.on(day)
}
