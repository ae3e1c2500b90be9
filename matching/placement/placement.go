// Package placement is the service of the market of people and positions: it
// shows a counsellor (CIP) which people of the structure suit a position, which
// positions suit a person, what is missing and what would open more, and lets the
// counsellor present a person to an employer once the person has agreed.
//
// It refuses to choose: it prepares what a counsellor and a person decide. It
// refuses to show anything of a person to an employer without an agreement that
// holds when the proposal is written and each time that it is read; to rank the
// people that an employer sees, to give them a figure, a commune, or a name that
// could be followed from one position to another (see package card, which also
// says which attacker is withstood). A refusal by the person makes no row, no
// count and no event here: it never leaves the structure. Sex, age, origin,
// health, the neighbourhood and the reason of an eligibility are not read.
package placement

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/matching"
	"maillage/matching/placement/card"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
)

// ID identifies a proposal within the platform; an employer knows its Ref alone.
type ID int64

// State is where a proposal stands.
type State string

// The states. Those that run are proposed, interested and met; the others are ends.
const (
	Proposed    State = "proposed"
	Interested  State = "interested"
	Met         State = "met"
	NotRetained State = "not_retained"
	Hired       State = "hired"
	Withdrawn   State = "withdrawn"
)

// Runs tells whether the employer still has the card.
func (s State) Runs() bool { return s == Proposed || s == Interested || s == Met }

// Answers lists what an employer may say, in the order of a form.
func Answers() []State { return []State{Interested, Met, NotRetained, Hired} }

// Allows tells whether an employer may move a proposal from a state to another.
// A hiring is an end: what was told of the others since rests on it. Who was not
// retained by mistake is looked at again while their card stands: see Service.again.
func (s State) Allows(to State) bool {
	switch s {
	case Proposed:
		return slices.Contains(Answers(), to)
	case Interested:
		return to == Met || to == NotRetained || to == Hired
	case Met:
		return to == NotRetained || to == Hired
	case NotRetained:
		return to == Interested
	}
	return false
}

// Reason is why a proposal ended. An employer's is about what the position
// needs, never about the person; there is no free text.
type Reason string

// The reasons.
const (
	NoReason Reason = ""

	// Of an employer that does not retain.
	PlaceTaken      Reason = "place_taken"
	NeedChanged     Reason = "need_changed"
	OtherSkills     Reason = "other_skills"
	OtherHours      Reason = "other_hours"
	OtherDates      Reason = "other_dates"
	MoreExperience  Reason = "more_experience"
	byTheCounsellor Reason = "counsellor" // withdrawn by the structure
	agreementOver   Reason = "agreement"  // withdrawn: no agreement holds any more, whatever ended it
	journeyOver     Reason = "journey"    // withdrawn: the journey is paused or has ended
	positionOver    Reason = "position"   // withdrawn: the position can no longer be taken
	movedOver       Reason = "moved"      // withdrawn: the place or the hours of the position have changed
	cardOver        Reason = "card"       // withdrawn: the card is no longer true, or would single the person out now
	placeGivenUp    Reason = "given_up"   // not retained in the end, of one's own: they had a place
)

// Reasons lists those of an employer, in the order of a form.
func Reasons() []Reason {
	return []Reason{PlaceTaken, NeedChanged, OtherSkills, OtherHours, OtherDates, MoreExperience}
}

// Proposal is a person presented for a position.
type Proposal struct {
	bun.BaseModel `bun:"table:proposals,alias:pp"`

	ID             ID                  `bun:"id,pk,autoincrement"`
	Ref            string              `bun:"ref"` // what the employer names it by, drawn at random
	PersonID       people.ID           `bun:"person_id"`
	LotID          opportunities.LotID `bun:"lot_id"`
	OrganisationID int64               `bun:"organisation_id"` // who presents: the structure
	EmployerID     int64               `bun:"employer_id"`     // to whom
	Label          string              `bun:"label"`           // "A7", drawn at random, once for a position
	Draw           int64               `bun:"draw"`            // where the employer's list has it: drawn at random
	State          State               `bun:"state"`
	Reason         Reason              `bun:"reason"`
	Sheet          Sheet               `bun:"sheet"`
	Contact        Contact             `bun:"contact"`
	DueAt          time.Time           `bun:"due_at"` // answer asked by
	ProposedBy     *int64              `bun:"proposed_by"`
	AnsweredAt     *time.Time          `bun:"answered_at"` // the last answer of the employer
	AnsweredBy     *int64              `bun:"answered_by"`
	WasMet         bool                `bun:"met"`         // the employer knows who it is
	RemindedAt     *time.Time          `bun:"reminded_at"` // the employer was told that it is late
	Revision       int64               `bun:"revision"`
	CreatedAt      time.Time           `bun:"created_at"`
	UpdatedAt      time.Time           `bun:"updated_at"`
}

// Late tells that the employer has not answered in time.
func (p *Proposal) Late(now time.Time) bool { return p.State == Proposed && now.After(p.DueAt) }

// own tells what the structure noted of a position that it gives itself: nothing was
// presented to anybody.
func (p *Proposal) own() bool { return p.OrganisationID == p.EmployerID }

// Sheet is what is told (the card), and what could not be.
type Sheet struct {
	Claims    card.Card    `json:"claims"`
	Trainings []Training   `json:"trainings,omitempty"` // of the aptitudes that a claim says trainable
	Left      []card.Claim `json:"left,omitempty"`      // for the counsellor alone
	Scene     *Scene       `json:"scene,omitempty"`     // of the position as it was told; nil: of before it was kept
	Crowd     int          `json:"crowd"`               // how many people could be the one: for the counsellor alone
}

// Training is a session that gives an aptitude which the position requires.
type Training struct {
	Aptitude nomenclatures.Aptitude `json:"aptitude"`
	Lot      opportunities.LotID    `json:"lot"`
	Title    string                 `json:"title"`
	StartsOn string                 `json:"starts_on,omitempty"`
	Town     string                 `json:"town,omitempty"`
	Places   int                    `json:"places,omitempty"` // left
	Km       float64                `json:"km,omitempty"`     // from the person's home: for the counsellor alone
}

// Contact is whom the employer calls, at work: the counsellor, or the structure.
type Contact struct {
	Name  string `bun:"name" json:"name"`
	Email string `bun:"email" json:"email,omitempty"`
	Phone string `bun:"phone" json:"phone,omitempty"`
}

// Event is one step of a proposal; it is never changed.
type Event struct {
	bun.BaseModel `bun:"table:proposal_events,alias:pv"`

	ID         int64     `bun:"id,pk,autoincrement"`
	ProposalID ID        `bun:"proposal_id"`
	At         time.Time `bun:"at"`
	ActorID    *int64    `bun:"actor_id"` // user; nil: a job
	From       State     `bun:"from_state"`
	To         State     `bun:"to_state"`
	Reason     Reason    `bun:"reason"`
}

// Text is the same words in both languages.
type Text = matching.Text
