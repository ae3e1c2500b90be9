// Package webhooks tells programs what is new, at an address that somebody gives
// on their own account, as the Standard Webhooks specification writes it
// (https://www.standardwebhooks.com): each message is signed, sent again until it
// is taken, and told once for a thing, kind and revision, whatever runs twice.
//
// A message holds numbers and the address where the rest is read, with the rights
// of who reads: it says nothing of anybody. The package refuses to tell more than
// the owner of the address may read, to follow an address elsewhere, and to keep
// anything of what a program answers but its status.
package webhooks

import (
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// Type is what a message tells.
type Type string

// The types. Test is sent by a gesture, whatever was chosen.
const (
	MatchProposed   Type = "match.proposed"   // a lot suits an enterprise, or does again
	MatchWithdrawn  Type = "match.withdrawn"  // it no longer does
	AnswerChanged   Type = "answer.changed"   // the enterprise decided, answered, won…
	SearchNew       Type = "search.new"       // published in a saved search
	SearchChanged   Type = "search.changed"   // no longer what it was
	SearchCancelled Type = "search.cancelled" // will not be
	Test            Type = "webhook.test"
)

// Types lists those that may be chosen, in the order of a form.
func Types() []Type {
	return []Type{MatchProposed, MatchWithdrawn, AnswerChanged, SearchNew, SearchChanged, SearchCancelled}
}

// Off is why nothing is sent to an address; empty: it is on.
type Off string

// The reasons.
const (
	On         Off = ""
	ByOwner    Off = "owner"
	ByFailures Off = "failures" // not one success in days
	ByAnswer   Off = "gone"     // it answered 410
)

// ID numbers an address.
type ID int64

// Webhook is an address to tell, and of what.
type Webhook struct {
	bun.BaseModel `bun:"table:webhooks,alias:wh"`

	ID           ID              `bun:"id,pk,autoincrement"`
	UserID       accounts.UserID `bun:"user_id"`
	Name         string          `bun:"name"`
	URL          string          `bun:"url"`
	EventList    string          `bun:"events"` // separated by spaces
	Secret       string          `bun:"secret"`
	OldSecrets   string          `bun:"old_secrets"` // separated by spaces; they sign too, until OldUntil
	OldUntil     time.Time       `bun:"old_until,nullzero"`
	Off          Off             `bun:"off"`
	OffAt        time.Time       `bun:"off_at,nullzero"`
	FailingSince time.Time       `bun:"failing_since,nullzero"` // of the first failure since a success
	Since        time.Time       `bun:"since"`                  // what is older is not told
	ToldUntil    time.Time       `bun:"told_until"`             // what is new was looked for up to here
	Revision     int64           `bun:"revision"`
	CreatedAt    time.Time       `bun:"created_at"`
	UpdatedAt    time.Time       `bun:"updated_at"`
}

// Events are the types chosen.
func (w Webhook) Events() []Type {
	var out []Type
	for _, text := range strings.Fields(w.EventList) {
		out = append(out, Type(text))
	}
	return out
}

func (w Webhook) wants(t Type) bool { return t == Test || slices.Contains(w.Events(), t) }

// secretsMost bounds the signatures of a message, whatever was drawn in a day.
const secretsMost = 4

// secrets are those that sign at an instant, the present one first.
func (w Webhook) secrets(now time.Time) []string {
	all := []string{w.Secret}
	if now.Before(w.OldUntil) {
		all = append(all, strings.Fields(w.OldSecrets)...)
	}
	return all[:min(len(all), secretsMost)]
}

// State is where a message stands.
type State string

// The states.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	Failed    State = "failed"  // every attempt was made
	Dropped   State = "dropped" // the address was shut before it was taken
)

// MessageID numbers a message.
type MessageID int64

// Message is one thing that an address is told: a line of the ledger.
type Message struct {
	bun.BaseModel `bun:"table:webhook_messages,alias:wm"`

	ID        MessageID `bun:"id,pk,autoincrement"`
	WebhookID ID        `bun:"webhook_id"`
	Type      Type      `bun:"type"`
	Subject   Subject   `bun:"subject"`
	SubjectID int64     `bun:"subject_id"`
	Revision  int64     `bun:"revision"` // of the subject: the event that is told
	Key       string    `bun:"key"`      // the header webhook-id: one for all attempts
	Body      string    `bun:"body"`
	State     State     `bun:"state"`
	CreatedAt time.Time `bun:"created_at"`
	SettledAt time.Time `bun:"settled_at,nullzero"`

	Attempts []Attempt `bun:"-"` // the latest first
}

// Subject is what a message is about; its number and its revision are of its own.
type Subject string

// The subjects.
const (
	OfMatch       Subject = "match"
	OfAnswer      Subject = "answer"
	OfOpportunity Subject = "opportunity"
	OfTest        Subject = "test"
)

// Fault is why an attempt had no answer; empty: it had one.
type Fault string

// The faults.
const (
	BadAddress Fault = "address" // it leads where nothing may be sent
	NoName     Fault = "dns"
	TooSlow    Fault = "timeout"
	BadTLS     Fault = "tls"
	NoAnswer   Fault = "connection"
)

// Attempt is one request. Nothing of the answer is kept but its status.
type Attempt struct {
	bun.BaseModel `bun:"table:webhook_attempts,alias:wa"`

	ID        int64     `bun:"id,pk,autoincrement"`
	MessageID MessageID `bun:"message_id"`
	At        time.Time `bun:"at"`
	Status    int       `bun:"status"` // 0: none
	Fault     Fault     `bun:"fault"`
	TookMS    int       `bun:"took_ms"`
}

// Taken tells a success: any 2xx.
func (a Attempt) Taken() bool { return a.Status >= 200 && a.Status < 300 }
