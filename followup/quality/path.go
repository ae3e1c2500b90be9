package quality

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
)

// ID identifies a path, EventID an event.
type (
	ID      int64
	EventID int64
)

// State is where a path is.
type State string

// The states. Expired is that of a certificate whose last day is past.
const (
	Engaged   State = "engaged"
	InReview  State = "in_review" // audited: the committee is awaited
	Postponed State = "postponed"
	Refused   State = "refused"
	Granted   State = "granted"
	Reserved  State = "reserved" // granted with reserve
	Suspended State = "suspended"
	Expired   State = "expired"
	Withdrawn State = "withdrawn" // by who certifies
	Left      State = "left"      // the enterprise gave up
)

// States lists them in the order of a life.
func States() []State {
	return []State{Engaged, InReview, Postponed, Refused, Granted, Reserved, Suspended, Expired, Withdrawn, Left}
}

// Holds tells a state in which the certificate is valid.
func (s State) Holds() bool { return s == Granted || s == Reserved }

// EventKind names what happened.
type EventKind string

// The kinds.
const (
	Entered     EventKind = "entered" // engaged, or engaged again
	Audited     EventKind = "audited"
	Decided     EventKind = "decided" // by the committee
	Interrupted EventKind = "interrupted"
	Restored    EventKind = "restored"
	TakenAway   EventKind = "taken_away"
	GaveUp      EventKind = "gave_up"
	Voided      EventKind = "voided" // another event was a mistake
)

// Kinds lists those that somebody records, in the order of a life.
func Kinds() []EventKind {
	return []EventKind{Entered, Audited, Decided, Interrupted, Restored, TakenAway, GaveUp}
}

// AuditKind is why an auditor came.
type AuditKind string

// The audits.
const (
	Initial      AuditKind = "initial"
	Surveillance AuditKind = "surveillance"
	Renewal      AuditKind = "renewal"
)

// Audits lists them.
func Audits() []AuditKind { return []AuditKind{Initial, Surveillance, Renewal} }

// Outcome is the result of an audit or a committee's decision.
type Outcome string

// The outcomes of an audit, then those of a committee.
const (
	Conform      Outcome = "conform"
	ToCorrect    Outcome = "to_correct"
	NotConform   Outcome = "not_conform"
	GrantedPlain Outcome = "granted"
	GrantedBut   Outcome = "granted_with_reserve"
	PutOff       Outcome = "postponed"
	TurnedDown   Outcome = "refused"
)

// Results lists the outcomes of an audit, Decisions those of a committee.
func Results() []Outcome { return []Outcome{Conform, ToCorrect, NotConform} }

// Decisions lists what a committee may decide.
func Decisions() []Outcome { return []Outcome{GrantedPlain, GrantedBut, PutOff, TurnedDown} }

// Path is an enterprise's way to a label, through its renewals. What is below the
// label is the projection of its events.
type Path struct {
	bun.BaseModel `bun:"table:quality_paths,alias:qp"`

	ID             ID        `bun:"id,pk,autoincrement"`
	OrganisationID int64     `bun:"organisation_id"`
	Label          Code      `bun:"label"`
	State          State     `bun:"state"`       // as of the last event: Expired is told by On
	From           string    `bun:"valid_from"`  // of the last certificate; empty: none yet
	Until          string    `bun:"valid_until"` // its last day
	Renewing       bool      `bun:"renewing"`    // the renewal is under way
	LastOn         string    `bun:"last_on"`     // day of the last event
	Revision       int64     `bun:"revision"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

// On is the state on a day: a certificate whose last day is past has expired.
func (p *Path) On(day string) State {
	if (p.State.Holds() || p.State == Suspended) && p.Until < day {
		return Expired
	}
	return p.State
}

// Event is something that happened, on a civil day of metropolitan France.
type Event struct {
	bun.BaseModel `bun:"table:quality_events,alias:qv"`

	ID      EventID   `bun:"id,pk,autoincrement"`
	PathID  ID        `bun:"path_id"`
	Kind    EventKind `bun:"kind"`
	On      string    `bun:"happened_on"`
	Audit   AuditKind `bun:"audit"` // of an audit
	Body    string    `bun:"body"`  // who audited or decided
	Minor   int       `bun:"minor"` // findings of an audit
	Major   int       `bun:"major"`
	Outcome Outcome   `bun:"outcome"` // of an audit or a decision
	Reason  string    `bun:"reason"`
	From    string    `bun:"valid_from"` // of what is granted; empty: as usual for the label
	Until   string    `bun:"valid_until"`
	Voids   EventID   `bun:"voids_id"` // the event that was a mistake
	ActorID *int64    `bun:"actor_id"`
	At      time.Time `bun:"at"`
}

// same tells an event that says what another says.
func (e *Event) same(o *Event) bool {
	return e.Kind == o.Kind && e.On == o.On && e.Audit == o.Audit && e.Body == o.Body && e.Minor == o.Minor && e.Major == o.Major &&
		e.Outcome == o.Outcome && e.Reason == o.Reason && e.From == o.From && e.Until == o.Until && e.Voids == o.Voids
}

func badDay(path string) fault.Field {
	return fault.At(path, "date", "Donnez un jour, comme 2027-03-31.", "Give a day, such as 2027-03-31.")
}
