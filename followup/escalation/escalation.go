// Package escalation makes sure that somebody answers. It reminds an enterprise
// of the matches that it says nothing of, at steps counted in working days; then
// it passes them on to the officer of the enterprise's territory, to the one of
// the region, to the federation. It tells those concerned, and them alone, what
// changed in a call, which search was widened, which promise comes to its day,
// which person is to be asked about, which place a convention brings, who answers
// their call, what becomes of their answer to one and that it is closed, which piece of
// their file lapses, who counts them among its
// partners and which award names them; and it offers to look further for who could
// answer a lot that nobody wants.
//
// What is due is what the facts ask for and the ledger does not hold: a run that
// was missed is made up for by the next, and one that runs twice says nothing
// twice. It refuses to write more than one letter a person and day, to write at
// night or on a day that the person does not work, and to name a person in
// insertion in a letter.
package escalation

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/opportunities"
)

// Subject is what a line of the ledger is about; its number is that of a row of it.
type Subject string

// The subjects, in the order of a letter.
const (
	OfChange   Subject = "change"   // of a call that somebody follows: a match
	OfAward    Subject = "award"    // a match whose enterprise an award names, to be confirmed
	OfPartner  Subject = "partner"  // a match whose enterprise answers with another one: that one is told
	OfInterest Subject = "interest" // an answer to a call, for who speaks for it
	OfSettled  Subject = "settled"  // an answer to a call that was accepted or declined, for who gave it
	OfPiece    Subject = "piece"    // a piece of a file that lapses, or has
	OfWider    Subject = "wider"    // a match that a wider search made
	OfMatch    Subject = "match"    // a match that nobody of the enterprise answers
	OfRung     Subject = "rung"     // the same, passed on to an officer
	OfOffer    Subject = "offer"    // a lot that nobody wants, and where else to look
	OfPledge   Subject = "promise"  // a contact whose promise comes to its day
	OfTenure   Subject = "tenure"   // a person hired, to be asked about: a proposal
	OfRouted   Subject = "routed"   // a place that a convention brings to a counsellor: a lot
	OfClosed   Subject = "closed"   // an answer to a call that closed, for who gave it
)

// Subjects lists them in the order of a letter.
func Subjects() []Subject {
	return []Subject{OfChange, OfAward, OfPartner, OfInterest, OfSettled, OfPiece, OfWider, OfMatch, OfRung, OfOffer, OfPledge, OfTenure, OfRouted, OfClosed}
}

// Step is which telling of a subject a line is. Of a match: "1", "2"… in the order
// of the pace; of a rung, the rung; of an offer, the perimeter; of a change, the
// last event that it holds; of an answer to a call, the event that brought it, settled it
// or closed the call; of a piece, whether it has lapsed and its last day.
type Step string

// How a line was told.
type How string

// The ways.
const (
	Named   How = "named"   // in words, in a letter or on the page of an officer
	Counted How = "counted" // a letter says how many more there are, and where
	Passed  How = "passed"  // a later step was due already: it was never told
)

// line is a line of the ledger: somebody was told a step of something, once.
type line struct {
	bun.BaseModel `bun:"table:reminders,alias:rm"`

	ID          int64           `bun:"id,pk,autoincrement"`
	Subject     Subject         `bun:"subject"`
	SubjectID   int64           `bun:"subject_id"`
	Step        Step            `bun:"step"`
	Proposal    int64           `bun:"proposal"` // of a match: the event that proposed it again; 0: the first
	UserID      accounts.UserID `bun:"user_id"`
	StandingFor accounts.UserID `bun:"standing_for"` // 0: for themself
	How         How             `bun:"how"`
	LetterID    *LetterID       `bun:"letter_id"`   // nil: who wants no letters; a page says it
	AfterEvent  int64           `bun:"after_event"` // of a change: the events after this one, up to the next
	EventID     int64           `bun:"event_id"`
	At          time.Time       `bun:"at"`

	deadline *time.Time       // of what it is about: what is urgent is named first
	call     opportunities.ID // of a change or a match
}

// LetterID numbers a letter of reminders.
type LetterID int64

// Letter is one letter of reminders: one a person and day.
type Letter struct {
	bun.BaseModel `bun:"table:reminder_letters,alias:rl"`

	ID     LetterID        `bun:"id,pk,autoincrement"`
	UserID accounts.UserID `bun:"user_id"`
	Day    string          `bun:"day"`           // civil day of Paris
	Link   string          `bun:"link,nullzero"` // digest of the secret that ends such letters; empty: not written yet
	MadeAt time.Time       `bun:"made_at"`
	SentAt time.Time       `bun:"sent_at,nullzero"`
}
