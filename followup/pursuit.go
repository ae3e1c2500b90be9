// Package followup tells what becomes of a match once it was proposed: who was
// told and saw it, whether the enterprise goes for it, alone or with whom, what
// was handed in, what was won or lost, and why it stopped.
//
// The state of a pursuit is a projection of its events: they are written in the
// same transaction and never changed nor erased, and what was closed can be
// reopened. It refuses a step that the table of transitions does not have, a
// decision taken by anybody but the enterprise, and to say by itself that
// something was won: an award is a suggestion that somebody confirms. A reason
// for stopping is typed, and lowers nobody.
package followup

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/matching"
	"maillage/network"
)

// State is where a pursuit stands.
type State string

// The states. A match that has no pursuit yet is Proposed.
const (
	Proposed   State = "proposed"
	Notified   State = "notified" // a letter told of it
	Seen       State = "seen"     // somebody of the enterprise opened its page
	Interested State = "interested"
	Declined   State = "declined" // with a reason, before weighing it
	Go         State = "go"
	NoGo       State = "no_go" // with a reason, after weighing it
	Answering  State = "answering"
	Submitted  State = "submitted"
	Won        State = "won"
	Lost       State = "lost"     // with a reason
	NoAward    State = "no_award" // the buyer gave it up
	Withdrawn  State = "withdrawn"
)

// States lists them in the order of a life.
func States() []State {
	return []State{Proposed, Notified, Seen, Interested, Declined, Go, NoGo, Answering, Submitted, Won, Lost, NoAward, Withdrawn}
}

// Role is how an enterprise answers.
type Role string

// The roles: by itself, at the head of a group (mandataire), or in one (cotraitant).
const (
	NoRole  Role = ""
	Alone   Role = "alone"
	Lead    Role = "lead"
	Partner Role = "partner"
)

// Roles lists them in the order of a form.
func Roles() []Role { return []Role{Alone, Lead, Partner} }

// Origin is where an event comes from.
type Origin string

// The origins. The empty one is a gesture of a person.
const (
	ByGesture Origin = ""
	Carried   Origin = "carried" // an answer given before pursuits were kept
	ByAward   Origin = "award"   // somebody confirmed what an award says
	ByLetter  Origin = "letter"
	ByPage    Origin = "page"
	ByGone    Origin = "gone" // a win told when its lot was gone already, taken out of what was won (migration 20261207000300)
)

// Pursuit is the life of a match after it was proposed, as it stands.
type Pursuit struct {
	bun.BaseModel `bun:"table:pursuits,alias:pu"`

	MatchID     matching.ID            `bun:"match_id,pk"`
	State       State                  `bun:"state"`
	Since       time.Time              `bun:"since"` // in this state
	Reason      Reason                 `bun:"reason"`
	Note        string                 `bun:"note"` // a word for the network, of the enterprise or of who followed it up
	Role        Role                   `bun:"role"` // since Answering
	Consortium  *matching.ConsortiumID `bun:"consortium_id"`
	Partners    []network.ID           `bun:"partners"`
	SubmittedOn string                 `bun:"submitted_on"` // civil day; empty: not handed in
	Revision    int64                  `bun:"revision"`     // 1 while it is only proposed
	CreatedAt   time.Time              `bun:"created_at"`
	UpdatedAt   time.Time              `bun:"updated_at"`
}

// Event is one step of a pursuit; it is never changed.
type Event struct {
	bun.BaseModel `bun:"table:pursuit_events,alias:pe"`

	ID      int64       `bun:"id,pk,autoincrement"`
	MatchID matching.ID `bun:"match_id"`
	At      time.Time   `bun:"at"`
	ActorID *int64      `bun:"actor_id"` // user; nil: a job, a letter
	From    State       `bun:"from_state"`
	To      State       `bun:"to_state"`
	Reason  Reason      `bun:"reason"`
	Note    string      `bun:"note"`
	Detail  Detail      `bun:"detail"`
	Origin  Origin      `bun:"origin"`
}

// Detail is what an event says beyond its states.
type Detail struct {
	Role        Role                   `json:"role,omitempty"`
	Consortium  *matching.ConsortiumID `json:"consortium,omitempty"`
	Partners    []network.ID           `json:"partners,omitempty"`
	SubmittedOn string                 `json:"submitted_on,omitempty"`
}

// begin is the pursuit of a match of which nothing was told yet.
func begin(m *matching.Match) *Pursuit {
	return &Pursuit{MatchID: m.ID, State: Proposed, Since: m.FirstProposedAt, Partners: []network.ID{}, Revision: 1, CreatedAt: m.FirstProposedAt, UpdatedAt: m.FirstProposedAt}
}

// says tells whether a step would change nothing.
func (p *Pursuit) says(step Step) bool {
	if p.State != step.To || p.Reason != step.Reason || p.Note != step.Note {
		return false
	}
	switch step.To {
	case Answering:
		return p.Role == step.Role && same(p.Consortium, step.Consortium) && slices.Equal(p.Partners, step.Partners)
	case Submitted:
		return p.SubmittedOn == step.SubmittedOn
	}
	return true
}

func same(a, b *matching.ConsortiumID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// take makes the pursuit what a step says. What is reopened before an answer
// forgets how it was answered: its events do not.
func (p *Pursuit) take(step Step, at time.Time) {
	if p.State != step.To {
		p.Since = at
	}
	p.State, p.Reason, p.Note, p.UpdatedAt = step.To, step.Reason, step.Note, at
	switch {
	case step.To == Answering:
		p.Role, p.Consortium, p.Partners, p.SubmittedOn = step.Role, step.Consortium, step.Partners, ""
	case step.To == Submitted:
		p.SubmittedOn = step.SubmittedOn
	case !step.To.Answered() && step.To != Withdrawn:
		p.Role, p.Consortium, p.Partners, p.SubmittedOn = NoRole, nil, []network.ID{}, ""
	}
	p.Revision++
}
