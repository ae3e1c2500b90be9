// Package matching keeps the matches between what the enterprises of the network
// can do and what is asked of them. It feeds the pure engine from the database,
// follows the change journal, writes the matches that hold, withdraws those that
// no longer do, and answers who can answer a lot, which lots suit an enterprise,
// and why.
//
// It refuses to delete a match: one that no longer holds is withdrawn with the
// reason, and what a member answered stays. It refuses to rank an enterprise
// whose trade nobody has said. It decides nothing: it proposes and explains.
package matching

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// ID identifies a match.
type ID int64

// State is where a match stands.
type State string

// The states.
const (
	Proposed  State = "proposed"
	Withdrawn State = "withdrawn"
)

// Reply is the last word of a member on a match: which side of the life of the
// match, told by package followup, it stands on.
type Reply string

// The replies; the empty one is "not yet".
const (
	NoReply    Reply = ""
	Interested Reply = "interested"
	NotForUs   Reply = "not_for_us"
)

// Motive is why a match is not for a member, or ended without a contract. It
// lowers nothing: it only refines what is proposed next.
type Motive string

// The motives that close a match before an answer; package followup lists more,
// by the state that they close.
const (
	TooFar    Motive = "too_far"
	NotTrade  Motive = "not_our_trade"
	TooLarge  Motive = "too_large"
	TooShort  Motive = "too_short"
	TeamTaken Motive = "team_taken"
	Price     Motive = "price"
	OtherWhy  Motive = "other"
)

// Match is one row: the last thing known of a pair.
type Match struct {
	bun.BaseModel `bun:"table:matches,alias:mt"`

	ID                   ID                  `bun:"id,pk,autoincrement"`
	LotID                opportunities.LotID `bun:"lot_id"`
	OrganisationID       network.ID          `bun:"organisation_id"`
	State                State               `bun:"state"`
	Reason               string              `bun:"reason"` // why it was withdrawn: a criterion, or what became of the lot or of the enterprise
	Score                int                 `bun:"score"`
	Confidence           int                 `bun:"confidence"`
	ActivityID           int64               `bun:"activity_id"`
	Explanation          []engine.Finding    `bun:"explanation"`
	Digest               string              `bun:"digest"` // of all that the engine said: an equal one changes nothing
	Engine               string              `bun:"engine"` // version of the rules
	LotRevision          int64               `bun:"lot_revision"`
	OrganisationRevision int64               `bun:"organisation_revision"`
	Reply                Reply               `bun:"reply"`
	ReplyReason          Motive              `bun:"reply_reason"`
	ReplyNote            string              `bun:"reply_note"`
	RepliedBy            *int64              `bun:"replied_by"`
	RepliedAt            *time.Time          `bun:"replied_at"`
	FirstProposedAt      time.Time           `bun:"first_proposed_at"`
	ComputedAt           time.Time           `bun:"computed_at"`
	UpdatedAt            time.Time           `bun:"updated_at"`
}

// Event is one entry of a match's history; it is never changed.
type Event struct {
	bun.BaseModel `bun:"table:match_events,alias:me"`

	ID      int64     `bun:"id,pk,autoincrement"`
	MatchID ID        `bun:"match_id"`
	At      time.Time `bun:"at"`
	Kind    string    `bun:"kind"`     // "proposed", "withdrawn", "restored"; "interested" and "not_for_us" before followup told them
	ActorID *int64    `bun:"actor_id"` // user; nil: a job
	Detail  Detail    `bun:"detail"`
}

// Detail is what an event says beyond its kind.
type Detail struct {
	Reason string `json:"reason,omitempty"`
	Note   string `json:"note,omitempty"`
	Score  int    `json:"score,omitempty"`
}
