// Package questions is the network's legal desk: a structure asks, an adviser
// takes the question, answers, asks for more, closes. An answer may be published,
// as a text of its own that the desk rewrites: who asked is never public. What is
// published is found by its words, and is offered before a question is sent.
//
// It refuses to give an answer for advice on a person: nothing on a person is
// asked. It erases nothing: messages are only added.
package questions

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// ID identifies a question, MessageID a message, AnswerID a published answer.
type (
	ID        int64
	MessageID int64
	AnswerID  int64
)

// Theme is what a question is about.
type Theme string

// The themes of the field.
const (
	Agreements  Theme = "conventions" // agreements with the State, statuses, aid
	Labour      Theme = "labour"      // contracts, working time, pay
	Procurement Theme = "procurement" // tenders, reserved contracts, clauses
	Lending     Theme = "lending"     // lending of workers
	Statutes    Theme = "statutes"    // the association, the company, its bodies
	Taxes       Theme = "taxes"
	Data        Theme = "data" // protection of personal data
	HomeCare    Theme = "home" // home services
	OtherTheme  Theme = "other"
)

// Themes lists them.
func Themes() []Theme {
	return []Theme{Agreements, Labour, Procurement, Lending, Statutes, Taxes, Data, HomeCare, OtherTheme}
}

// State is where a question is.
type State string

// The states. MoreAsked waits for who asked; the others for the desk.
const (
	Asked     State = "asked"
	Taken     State = "taken"
	MoreAsked State = "more_asked"
	Answered  State = "answered"
	Closed    State = "closed"
)

// States lists them in the order of a life.
func States() []State { return []State{Asked, Taken, MoreAsked, Answered, Closed} }

// Question is what a structure asks.
type Question struct {
	bun.BaseModel `bun:"table:legal_questions,alias:lq"`

	ID             ID              `bun:"id,pk,autoincrement"`
	UserID         accounts.UserID `bun:"user_id"`
	OrganisationID int64           `bun:"organisation_id"`
	Theme          Theme           `bun:"theme"`
	Title          string          `bun:"title"`
	Commune        string          `bun:"commune"` // of the structure, when it asked; empty: not placed
	Region         string          `bun:"region"`
	State          State           `bun:"state"`
	AdviserID      accounts.UserID `bun:"adviser_id"` // who took it; 0: nobody
	Revision       int64           `bun:"revision"`
	AskedAt        time.Time       `bun:"asked_at"`
	TakenAt        time.Time       `bun:"taken_at,nullzero"`
	RepliedAt      time.Time       `bun:"replied_at,nullzero"`  // first word of the desk
	AnsweredAt     time.Time       `bun:"answered_at,nullzero"` // first answer
	ClosedAt       time.Time       `bun:"closed_at,nullzero"`
	UpdatedAt      time.Time       `bun:"updated_at"`
}

// Waits tells a question that awaits the desk.
func (q *Question) Waits() bool { return q.State == Asked || q.State == Taken }

// MessageKind is what a message does.
type MessageKind string

// The kinds.
const (
	First   MessageKind = "question"
	More    MessageKind = "more"   // of who asked
	Answer  MessageKind = "answer" // of the desk, as the next
	AskMore MessageKind = "ask_more"
	Took    MessageKind = "taken" // nothing is written
	Shut    MessageKind = "closed"
)

// OfDesk tells a message of the desk.
func (k MessageKind) OfDesk() bool { return k == Answer || k == AskMore || k == Took || k == Shut }

// Told tells a message that who asked receives a letter about.
func (k MessageKind) Told() bool { return k == Answer || k == AskMore }

// Message is one step of the exchange.
type Message struct {
	bun.BaseModel `bun:"table:legal_messages,alias:lm"`

	ID         MessageID       `bun:"id,pk,autoincrement"`
	QuestionID ID              `bun:"question_id"`
	Kind       MessageKind     `bun:"kind"`
	Body       string          `bun:"body"`
	AuthorID   accounts.UserID `bun:"author_id"`
	AuthorFor  int64           `bun:"author_for"` // organisation of who writes, then
	At         time.Time       `bun:"at"`
}

// Published is an answer for everybody: its own text. QuestionID is the desk's alone.
type Published struct {
	bun.BaseModel `bun:"table:legal_answers,alias:la"`

	ID          AnswerID  `bun:"id,pk,autoincrement"`
	QuestionID  ID        `bun:"question_id"`
	Theme       Theme     `bun:"theme"`
	Title       string    `bun:"title"`
	Question    string    `bun:"question"`
	Answer      string    `bun:"answer"`
	Folded      string    `bun:"folded"`    // what a search reads: without accents or case
	Published   bool      `bun:"published"` // false: withdrawn
	Revision    int64     `bun:"revision"`
	PublishedOn string    `bun:"published_on"` // civil day of metropolitan France
	UpdatedAt   time.Time `bun:"updated_at"`
}
