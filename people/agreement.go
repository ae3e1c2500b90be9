package people

import (
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
}

// Holds tells whether the agreement lets the person be proposed on a day (YYYY-MM-DD).
func (a *Agreement) Holds(day string) bool {
	return a != nil && a.State == Given && (a.ExpiresOn == "" || a.ExpiresOn >= day)
}
