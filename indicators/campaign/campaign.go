// Package campaign asks the members of a year what the observatory cannot know
// otherwise: a questionnaire an enterprise, filled beforehand with what is known,
// saved as it goes, checked as it is typed, sent, returned by the region where it
// must be corrected, and frozen when the campaign closes. What is frozen is
// written once to the observatory's answers, by their natural key, and nowhere
// else.
//
// It refuses to lose an answer: what cannot be read is kept as it was typed, two
// persons of one enterprise do not undo each other, and the history is only added
// to. It refuses to fill by guess, and to judge: a check asks, the enterprise
// answers. It holds nothing about a person.
package campaign

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// ID identifies a campaign, QuestionnaireID a questionnaire.
type (
	ID              int64
	QuestionnaireID int64
)

// State is where a campaign is.
type State string

// The states, in order.
const (
	Draft   State = "draft"
	Open    State = "open"
	Closing State = "closing" // nobody answers any more, questionnaires are being frozen
	Closed  State = "closed"
)

// Campaign asks about one year.
type Campaign struct {
	bun.BaseModel `bun:"table:campaigns,alias:ca"`

	ID         ID                `bun:"id,pk,autoincrement"`
	Year       int               `bun:"year"`     // the calendar year asked about, and the key
	OpensOn    string            `bun:"opens_on"` // civil days of metropolitan France
	ClosesOn   string            `bun:"closes_on"`
	State      State             `bun:"state"`
	Kinds      []compute.Kind    `bun:"kinds"` // of the enterprises that it asks
	Indicators []catalogue.ID    `bun:"indicators"`
	Questions  []compute.Measure `bun:"questions"` // that those indicators need
	Revision   int64             `bun:"revision"`
	CreatedAt  time.Time         `bun:"created_at"`
	UpdatedAt  time.Time         `bun:"updated_at"`
	OpenedAt   time.Time         `bun:"opened_at,nullzero"`
	FramedAt   time.Time         `bun:"framed_at,nullzero"` // every member of the year has a questionnaire, filled with what was known then
	ClosedAt   time.Time         `bun:"closed_at,nullzero"`
}

// Plan is what a campaign is made of. The zero Kinds are all of them, the zero
// Indicators all that are answered.
type Plan struct {
	Year              int
	OpensOn, ClosesOn string
	Kinds             []compute.Kind
	Indicators        []catalogue.ID
}

// FormState is where a questionnaire is.
type FormState string

// The states of a questionnaire.
const (
	NotStarted FormState = "not_started"
	InProgress FormState = "in_progress"
	Submitted  FormState = "submitted"
	Returned   FormState = "returned" // the region asks to correct
	Frozen     FormState = "frozen"
)

// Questionnaire is that of one enterprise.
type Questionnaire struct {
	bun.BaseModel `bun:"table:questionnaires,alias:qu"`

	ID             QuestionnaireID         `bun:"id,pk,autoincrement"`
	CampaignID     ID                      `bun:"campaign_id"`
	OrganisationID int64                   `bun:"organisation_id"`
	Kind           compute.Kind            `bun:"kind"` // as it was when the questionnaire was made
	Commune        territories.CommuneCode `bun:"commune"`
	Region         string                  `bun:"region"` // empty: not placed
	State          FormState               `bun:"state"`
	Responded      bool                    `bun:"responded"` // frozen with its answers in the observatory
	Revision       int64                   `bun:"revision"`  // raised by each change
	UpdatedAt      time.Time               `bun:"updated_at"`
	SubmittedAt    time.Time               `bun:"submitted_at,nullzero"`
}

// Writable tells whether answers may still be written in a state.
func (s FormState) Writable() bool { return s == NotStarted || s == InProgress || s == Returned }

// Answerable tells whether a questionnaire in a state may be answered now: while
// the campaign is open and, once it is closed, where the region reopened it.
func (c *Campaign) Answerable(s FormState) bool {
	return s.Writable() && c.State == Open || s == Returned && c.State == Closed
}

// Origin says where an answer comes from.
type Origin string

// The origins. The first four were there before anybody typed: they save time.
const (
	FromRecords  Origin = "records"   // counted from the records that the enterprise sent
	FromFile     Origin = "file"      // an answer imported in the observatory
	FromLastYear Origin = "last_year" // what was said of the year before
	FromPlatform Origin = "platform"  // what the network knows
	Typed        Origin = "typed"
	Imported     Origin = "imported" // read in a spreadsheet of the campaign
)

// Before tells an answer that was there before anybody typed.
func (o Origin) Before() bool {
	return slices.Contains([]Origin{FromRecords, FromFile, FromLastYear, FromPlatform}, o)
}

// Answer is what is answered to one question. Where Typed is not empty and Status
// is, what was typed could not be read.
type Answer struct {
	bun.BaseModel `bun:"table:questionnaire_answers,alias:qa"`

	QuestionnaireID QuestionnaireID `bun:"questionnaire_id,pk"`
	Question        compute.Measure `bun:"question,pk"`
	Typed           string          `bun:"typed"`
	Status          compute.Status  `bun:"status"`
	Value           int64           `bun:"value"` // hundredths of the unit
	Origin          Origin          `bun:"origin"`
	Explained       string          `bun:"explained"` // why a surprising answer is right
	Revision        int64           `bun:"revision"`  // of the questionnaire when it was written
	ActorID         *int64          `bun:"actor_id"`  // nobody: it was there before
	At              time.Time       `bun:"at"`
}

// Unread tells an answer of which the text could not be read.
func (a Answer) Unread() bool { return a.Status == compute.Waiting && a.Typed != "" }

// Given tells an answer that says something: a number or ND.
func (a Answer) Given() bool { return a.Status != compute.Waiting }

// Event is one step in the life of a questionnaire.
type Event struct {
	bun.BaseModel `bun:"table:questionnaire_events,alias:qe"`

	ID              int64           `bun:"id,pk,autoincrement"`
	QuestionnaireID QuestionnaireID `bun:"questionnaire_id"`
	Kind            EventKind       `bun:"kind"`
	Note            string          `bun:"note"`
	Revision        int64           `bun:"revision"`
	ActorID         *int64          `bun:"actor_id"`
	At              time.Time       `bun:"at"`
}

// EventKind names a step.
type EventKind string

// The steps.
const (
	WasSubmitted EventKind = "submitted"
	WasReturned  EventKind = "returned"
	WasReopened  EventKind = "reopened" // after the campaign closed
	WasFrozen    EventKind = "frozen"
	WasWithdrawn EventKind = "withdrawn" // by the enterprise, before the close
)

// Side is who comments.
type Side string

// The sides.
const (
	OfEnterprise Side = "enterprise"
	OfRegion     Side = "region"
)

// Comment is a short word between an enterprise and its region; Question is
// empty where it is about the whole.
type Comment struct {
	bun.BaseModel `bun:"table:questionnaire_comments,alias:qc"`

	ID              int64           `bun:"id,pk,autoincrement"`
	QuestionnaireID QuestionnaireID `bun:"questionnaire_id"`
	Question        compute.Measure `bun:"question"`
	Side            Side            `bun:"side"`
	Text            string          `bun:"text"`
	AuthorID        int64           `bun:"author_id"`
	At              time.Time       `bun:"at"`
}

// Coverage is how many enterprises of a region and a kind were asked, and how many answered.
type Coverage struct {
	bun.BaseModel `bun:"table:campaign_coverage,alias:cc"`

	CampaignID ID           `bun:"campaign_id,pk"`
	Region     string       `bun:"region,pk"`
	Kind       compute.Kind `bun:"kind,pk"`
	Frame      int          `bun:"frame"`
	Responded  int          `bun:"responded"`
}

// Frame asks for the questionnaires of a campaign that was opened to be made.
type Frame struct {
	ID ID `json:"id"`
}

// Kind names the job.
func (Frame) Kind() string { return "campaigns.frame" }

// Freeze asks for the questionnaires of a campaign that closes to be frozen.
type Freeze struct {
	ID ID `json:"id"`
}

// Kind names the job.
func (Freeze) Kind() string { return "campaigns.freeze" }

var _ = []store.Args{Frame{}, Freeze{}}

func badDay(path string) fault.Field {
	return fault.At(path, "date", "Donnez un jour, comme 2027-03-31.", "Give a day, such as 2027-03-31.")
}
