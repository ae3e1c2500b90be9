package people

import (
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// AgreementID identifies an agreement.
type AgreementID int64

// AgreementState is what the person says to one position. There is no field for
// a motive, and none for what a refusal would change.
type AgreementState string

// The states: asked → given | refused; given → withdrawn | expired; whatever
// ended may be asked again.
const (
	Asked     AgreementState = "asked"
	Given     AgreementState = "given"
	Refused   AgreementState = "refused"
	Withdrawn AgreementState = "withdrawn"
	Expired   AgreementState = "expired"
)

// Agreement is what a person agreed to, for one position: without one that is
// given and runs, nothing of the person reaches an employer.
type Agreement struct {
	bun.BaseModel `bun:"table:agreements,alias:ag"`

	ID         AgreementID    `bun:"id,pk,autoincrement"`
	PersonID   ID             `bun:"person_id"`
	PositionID int64          `bun:"position_id"` // lot of an opportunity; unique with the person
	State      AgreementState `bun:"state"`
	AskedAt    time.Time      `bun:"asked_at"`
	AnsweredAt *time.Time     `bun:"answered_at"`
	ExpiresOn  string         `bun:"expires_on"`  // last day it holds, where given
	RecordedBy *int64         `bun:"recorded_by"` // user who wrote the last state; nil: a job
	Revision   int64          `bun:"revision"`
	UpdatedAt  time.Time      `bun:"updated_at"`

	// Moved: the place or the hours of the position have changed since it was asked,
	// so that it is asked again before it counts: see Moved.
	Moved bool `bun:"moved,scanonly"`
}

// Holds tells whether the agreement lets the person be proposed on a day (YYYY-MM-DD).
// One asked before the position moved does not: it was to another place or other hours.
func (a *Agreement) Holds(day string) bool {
	return a != nil && a.State == Given && !a.Moved && a.runs(day)
}

func (a *Agreement) runs(day string) bool { return a.ExpiresOn == "" || a.ExpiresOn >= day }

// On is the state on a day: what was given and ran out has expired, whether or
// not the sweep has passed.
func (a *Agreement) On(day string) AgreementState {
	if a.State == Given && !a.runs(day) {
		return Expired
	}
	return a.State
}

// underWay tells whether the question waits for an answer, or has a yes that holds.
func (a *Agreement) underWay(day string) bool {
	return a != nil && !a.Moved && (a.On(day) == Asked || a.On(day) == Given)
}

// ToAskAgain tells an agreement that would be under way on a day, had the position
// not moved since the question.
func (a *Agreement) ToAskAgain(day string) bool {
	return a != nil && a.Moved && (a.On(day) == Asked || a.On(day) == Given)
}

// Allows tells whether the state may become another one.
func (s AgreementState) Allows(to AgreementState) bool { return slices.Contains(agreementSteps[s], to) }

// agreementSteps: a question may be taken back, and what ended asked again.
var agreementSteps = map[AgreementState][]AgreementState{
	"":        {Asked},
	Asked:     {Given, Refused, Withdrawn},
	Given:     {Withdrawn, Expired},
	Refused:   {Asked},
	Withdrawn: {Asked},
	Expired:   {Asked},
}

// How long an agreement holds: without a word, so many days; at most so many,
// since one given for ever is one forgotten.
const (
	AgreementDays     = 30
	MostAgreementDays = 92
)
