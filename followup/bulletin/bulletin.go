// Package bulletin writes the letters of the week, one generator for two audiences:
// members read the lots newly proposed to their enterprise and what is public;
// partners, who have no account, read what is public only. An officer sees a letter
// before it leaves, may add a word and hold it; a partners' letter leaves only once
// it is agreed to. A lot whose deadline falls before the next weekly letter does not
// wait for it: an alert leaves at once.
//
// It refuses to tell somebody the same match and revision twice, whichever letter
// told it; to write to a partner who did not confirm or whom no officer added with a
// reason; and to tell partners anything that a visitor may not read, because it reads
// it as one.
package bulletin

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/followup/bounces"
	"maillage/followup/questions"
	"maillage/matching"
	"maillage/opportunities"
)

// Audience is whom a letter is for.
type Audience string

// The audiences. An alert is a member's.
const (
	Members  Audience = "members"
	Partners Audience = "partners"
	Alert    Audience = "alert"
)

// LetterID numbers a letter.
type LetterID int64

// Letter is one letter to somebody: one an audience and week; alerts, one a moment.
type Letter struct {
	bun.BaseModel `bun:"table:bulletin_letters,alias:bl"`

	ID        LetterID         `bun:"id,pk,autoincrement"`
	Audience  Audience         `bun:"audience"`
	UserID    *accounts.UserID `bun:"user_id"`    // nil: a partner's
	PartnerID *PartnerID       `bun:"partner_id"` // nil: an account's
	Key       string           `bun:"key"`        // the week; of an alert, the last event that it tells
	Link      string           `bun:"link,nullzero"`
	MadeAt    time.Time        `bun:"made_at"`
	SentAt    time.Time        `bun:"sent_at,nullzero"`
}

// told is a line of the ledger: somebody was told of a match at a revision, once.
type told struct {
	bun.BaseModel `bun:"table:bulletin_told,alias:bt"`

	UserID   accounts.UserID `bun:"user_id,pk"`
	MatchID  matching.ID     `bun:"match_id,pk"`
	Revision int64           `bun:"revision,pk"` // the event that proposed it
	LetterID *LetterID       `bun:"letter_id"`   // nil: a letter of searches or a reminder told it
}

// Decision is what an officer says of a letter before it leaves.
type Decision string

// The decisions. None: members' letters leave, partners' wait.
const (
	None   Decision = ""
	Agreed Decision = "agreed"
	Held   Decision = "held"
)

// Edition is the letter of an association to an audience, in a week.
type Edition struct {
	bun.BaseModel `bun:"table:bulletin_editions,alias:be"`

	Week           string    `bun:"week,pk"` // the civil day on which it leaves
	Audience       Audience  `bun:"audience,pk"`
	OrganisationID int64     `bun:"organisation_id,pk"` // the association that sends it
	Word           string    `bun:"word"`               // of the association, before the rest
	Decision       Decision  `bun:"decision"`
	DecidedBy      *int64    `bun:"decided_by"`
	Revision       int64     `bun:"revision"` // 0: nobody said anything
	UpdatedAt      time.Time `bun:"updated_at"`
}

// PartnerID numbers a partner.
type PartnerID int64

// Partner is somebody without an account who reads the letter of an association.
type Partner struct {
	bun.BaseModel `bun:"table:bulletin_partners,alias:bp"`

	ID             PartnerID `bun:"id,pk,autoincrement"`
	OrganisationID int64     `bun:"organisation_id"`
	Email          string    `bun:"email"`
	EmailFolded    string    `bun:"email_folded"`
	Lang           string    `bun:"lang"`
	Territory      string    `bun:"territory"` // canonical expression; empty: the whole country
	Reason         string    `bun:"reason"`    // why an officer added them; empty: they asked themself
	AddedBy        *int64    `bun:"added_by"`
	Link           string    `bun:"link,nullzero"` // digest of the secret that confirms
	AskedAt        time.Time `bun:"asked_at"`
	ConfirmedAt    time.Time `bun:"confirmed_at,nullzero"`
	EndedAt        time.Time `bun:"ended_at,nullzero"`
}

// Reader is a partner, with whether their address takes letters.
type Reader struct {
	Partner     `bun:",extend"`
	SuspendedAt *time.Time     `bun:"suspended_at,scanonly"` // nil: it does
	SuspendedBy bounces.Origin `bun:"suspended_by,scanonly"`
}

// Reads tells that letters go to a partner.
func (p Partner) Reads() bool { return !p.ConfirmedAt.IsZero() && p.EndedAt.IsZero() }

// Issue is what a letter holds.
type Issue struct {
	Audience Audience
	Week     string
	From     string // the association; empty: the federation
	Word     string
	Matches  []matching.LotHead // of a member's enterprise, the soonest deadline first
	MatchIDs []matching.ID      // in the same order
	Others   int                // matches left out
	Calls    []*opportunities.Opportunity
	Events   []agenda.Row
	Answers  []questions.Published
}

// Count is how many things it tells.
func (i Issue) Count() int {
	return len(i.Matches) + i.Others + len(i.Calls) + len(i.Events) + len(i.Answers)
}
