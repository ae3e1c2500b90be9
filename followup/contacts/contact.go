// Package contacts is the log of who was called, what was said and what is
// promised for when: the human part of following a call up. A contact is with an
// enterprise, and may be about a match, or about a call that was published or is
// expected.
//
// It refuses to be read by anybody but those of the perimeter, or by an
// enterprise beyond what itself noted, and to be changed: what was said was said.
// A promise alone moves, once, when it is kept. It is no place for people in
// insertion: the form says so above the field.
package contacts

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// ID identifies a contact.
type ID int64

// Way is how they spoke.
type Way string

// The ways.
const (
	Call    Way = "call"
	Mail    Way = "mail"
	Meeting Way = "meeting"
)

// Ways lists them in the order of a form.
func Ways() []Way { return []Way{Call, Mail, Meeting} }

// Outcome is what came of it.
type Outcome string

// The outcomes.
const (
	Reached       Outcome = "reached"
	NoAnswer      Outcome = "no_answer"
	CallBack      Outcome = "call_back"
	Interested    Outcome = "interested"
	NotInterested Outcome = "not_interested"
	NeedsHelp     Outcome = "needs_help"
)

// Outcomes lists them in the order of a form.
func Outcomes() []Outcome {
	return []Outcome{Reached, Interested, NeedsHelp, NotInterested, CallBack, NoAnswer}
}

// Contact is one exchange with an enterprise.
type Contact struct {
	bun.BaseModel `bun:"table:contacts,alias:ct"`

	ID             ID                `bun:"id,pk,autoincrement"`
	Key            string            `bun:"key"` // whoever notes twice with one key notes once
	OrganisationID network.ID        `bun:"organisation_id"`
	MatchID        *matching.ID      `bun:"match_id"`
	OpportunityID  *opportunities.ID `bun:"opportunity_id"` // a call, published or expected; that of the match where there is one
	ProspectID     *int64            `bun:"prospect_id"`    // a need that no notice tells, held by this organisation
	Way            Way               `bun:"way"`
	With           string            `bun:"spoken_with"` // at work: a name or a function
	Outcome        Outcome           `bun:"outcome"`
	Said           string            `bun:"said"`
	Promise        string            `bun:"promise"`
	PromisedFor    string            `bun:"promised_for"` // civil day; empty: nothing is promised
	KeptAt         *time.Time        `bun:"kept_at"`
	KeptBy         *int64            `bun:"kept_by"`
	NotedBy        *int64            `bun:"noted_by"`
	NotedFor       int64             `bun:"noted_for"` // organisation of who notes: its own, or the officer's association
	At             time.Time         `bun:"at"`
	CreatedAt      time.Time         `bun:"created_at"`
}

// Due tells that a promise waits to be kept on a civil day.
func (c *Contact) Due(today string) bool {
	return c.PromisedFor != "" && c.KeptAt == nil && c.PromisedFor <= today
}

// says tells whether a contact is what somebody notes, at an instant where one is given.
func (c *Contact) says(n *Contact, at time.Time) bool {
	same := *n
	same.ID, same.KeptAt, same.KeptBy, same.At, same.CreatedAt = c.ID, c.KeptAt, c.KeptBy, c.At, c.CreatedAt
	return reflect.DeepEqual(*c, same) && (at.IsZero() || at.Truncate(time.Microsecond).Equal(c.At))
}

// The bounds of what is noted, in characters.
const (
	longestName = 200
	longestSaid = 2000
	longestKey  = 100
)

// check refuses what is no contact, every fault located.
func (c *Contact) check() error {
	c.With, c.Said, c.Promise = strings.TrimSpace(c.With), strings.TrimSpace(c.Said), strings.TrimSpace(c.Promise)
	var f fault.List
	f.At(c.Key == "" || len(c.Key) > longestKey, "key", "required", "Une clé de 100 caractères au plus.", "A key of 100 characters at most.")
	f.At(c.OrganisationID <= 0, "organisation", "required", "Dites avec quelle entreprise.", "Say with which enterprise.")
	f.At(!slices.Contains(Ways(), c.Way), "way", "unknown", "Dites comment : appel, courrier ou rencontre.", "Say how: call, mail or meeting.")
	f.At(!slices.Contains(Outcomes(), c.Outcome), "outcome", "unknown", "Dites ce qu’il en est.", "Say what came of it.")
	f.At(utf8.RuneCountInString(c.With) > longestName, "with", "too_long", "200 caractères au plus.", "200 characters at most.")
	f.At(utf8.RuneCountInString(c.Said) > longestSaid, "said", "too_long", "2 000 caractères au plus.", "2,000 characters at most.")
	f.At(utf8.RuneCountInString(c.Promise) > longestSaid, "promise", "too_long", "2 000 caractères au plus.", "2,000 characters at most.")
	f.At(c.Promise != "" && c.PromisedFor == "", "promised_for", "required", "Dites pour quand.", "Say for when.")
	f.At(c.Promise == "" && c.PromisedFor != "", "promise", "required", "Dites ce qui est promis.", "Say what is promised.")
	f.Day("promised_for", c.PromisedFor)
	f.At(c.PromisedFor != "" && c.PromisedFor < followup.FirstDay, "promised_for", "too_early", "Cette date est antérieure à l’an 2000.", "This date is before the year 2000.")
	return f.Err()
}
