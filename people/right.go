package people

import (
	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/nomenclatures"
)

// RightKind is what a dated right or obligation is about.
type RightKind string

// The kinds.
const (
	PassIAE        RightKind = "pass_iae"        // from, until: as the teleservice shows it, 24 months where not said
	PassSuspension RightKind = "pass_suspension" // from, until; open where not said
	PassExtension  RightKind = "pass_extension"  // from, until
	ClauseEligible RightKind = "clause_eligible" // validated on, until, by which kind of body: a yes, and never why
	FirstMission   RightKind = "first_mission"   // day of the first provision to a user, in an AI
	MedicalVisit   RightKind = "medical_visit"   // done on, next due; the jobs it was for, three at most: never its result
)

// RightKinds lists them.
func RightKinds() []RightKind {
	return []RightKind{PassIAE, PassSuspension, PassExtension, ClauseEligible, FirstMission, MedicalVisit}
}

// Body is the kind of body that validated a clause eligibility.
type Body string

// The bodies.
const (
	Facilitator Body = "facilitator" // of insertion clauses
	Prescriber  Body = "prescriber"  // France Travail, mission locale, département…
)

// Right is one dated right or obligation of a person. It has no room for a reason.
type Right struct {
	bun.BaseModel `bun:"table:person_rights,alias:pr"`

	ID          int64                `bun:"id,pk,autoincrement"`
	PersonID    ID                   `bun:"person_id"`
	Kind        RightKind            `bun:"kind"`
	From        string               `bun:"valid_from"`
	Until       string               `bun:"valid_until"` // last day; empty: not said
	Body        Body                 `bun:"body"`
	Occupations []nomenclatures.ROME `bun:"occupations,type:jsonb"` // of a medical visit
}

// MonthHours is what an AI provided of a person to user enterprises in a month.
// Hours with individuals and non-profit bodies are not of this count (L5132-9).
type MonthHours struct {
	bun.BaseModel `bun:"table:person_hours,alias:ph"`

	PersonID  ID      `bun:"person_id,pk"`
	Month     string  `bun:"month,pk"` // "2026-11"
	Hours     float64 `bun:"hours"`
	Derogated bool    `bun:"derogated"` // under a derogation of the prefect (D5132-18-1): not of the count
}

// Severity says how pressing an alert is.
type Severity string

// The severities.
const (
	Notice Severity = "notice" // to prepare
	Soon   Severity = "soon"   // within a month
	Late   Severity = "late"   // the date has passed, or the ceiling is reached
)

// AlertKind names what is due.
type AlertKind string

// The kinds of alert.
const (
	AlertPassEnding   AlertKind = "pass_ending"
	AlertPassEnded    AlertKind = "pass_ended"
	AlertSuspension   AlertKind = "suspension_ending"
	AlertSuspended12  AlertKind = "suspension_twelve_months"
	AlertSuspended36  AlertKind = "suspension_thirty_six_months"
	AlertClauseEnding AlertKind = "clause_ending"
	AlertMedical      AlertKind = "medical_visit_due"
	AlertMedicalNext  AlertKind = "medical_visit_next"
	AlertHours        AlertKind = "ai_hours"
)

// Alert is what the employing structure has to do, by when, and by which rule.
// It excludes nobody from anything.
type Alert struct {
	Kind     AlertKind
	Severity Severity
	Due      string // day by which, YYYY-MM-DD
	Text     fault.Text
	Source   string // the rule, as it is cited
}
