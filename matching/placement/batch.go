package placement

import (
	"time"

	"github.com/uptrace/bun"

	"maillage/matching/engine/assignment"
	"maillage/opportunities"
	"maillage/people"
)

// BatchID identifies one version of a batch.
type BatchID int64

// BatchLineID identifies one suggestion of a batch.
type BatchLineID int64

// BatchSource says which positions a batch is prepared for. Only those that can be
// taken, and of which the employer is known here, are kept.
type BatchSource string

// The sources.
const (
	ChosenLots    BatchSource = "chosen"      // named one by one
	OfPartnership BatchSource = "partnership" // covered by a convention: see covered
	OfTerritory   BatchSource = "territory"   // done in a territory
	WithinReach   BatchSource = "reach"       // that suit somebody of the batch
)

// BatchSources lists them in the order of a form.
func BatchSources() []BatchSource {
	return []BatchSource{WithinReach, OfPartnership, OfTerritory, ChosenLots}
}

// The bounds of a batch.
const (
	mostBatchLots   = 300
	mostBatchPeople = 3000
	mostPerPost     = 10
	mostProposals   = 10         // that a person may have at once
	batchBudget     = 20_000_000 // edges read by the search: seconds
)

// BatchRules are what somebody chose. The zero value of each means its default.
type BatchRules struct {
	Source      BatchSource           `json:"source" enum:"reach,partnership,territory,chosen"`
	Lots        []opportunities.LotID `json:"lots,omitempty"`        // of ChosenLots
	Partnership int64                 `json:"partnership,omitempty"` // of OfPartnership
	Territory   string                `json:"territory,omitempty"`   // of OfTerritory: a perimeter expression
	Mine        bool                  `json:"mine,omitempty"`        // only whom the counsellor accompanies
	Counsellor  int64                 `json:"counsellor,omitempty"`  // of mine: whose
	Idle        bool                  `json:"idle,omitempty"`        // only those of whom nothing is proposed
	PerPost     int                   `json:"per_post"`              // people to speak with for one place; default 3
	Most        int                   `json:"most"`                  // proposals a person may have at once; default 1
	Objective   string                `json:"objective" enum:"fit-first,waiting-first"`
	Seed        int64                 `json:"seed"`             // of the draw between equals; 0: drawn
	Budget      int64                 `json:"budget,omitempty"` // edges that may be read; default 20,000,000
}

// objective is the one to follow, as the solver names it.
func (r BatchRules) objective() assignment.Objective {
	if r.Objective == assignment.WaitingFirst.String() {
		return assignment.WaitingFirst
	}
	return assignment.FitFirst
}

// LineState is what the person's own structure makes of a suggestion.
type LineState string

// The states. None of them reaches an employer.
const (
	Suggested LineState = "suggested"
	ToDiscuss LineState = "to_discuss" // to talk about with the person
	SetAside  LineState = "set_aside"
	Talked    LineState = "asked" // the person was asked: an agreement is recorded as asked
)

// LineStates lists what a counsellor may make of a suggestion.
func LineStates() []LineState { return []LineState{ToDiscuss, SetAside, Talked} }

// allows tells whether a suggestion may move; one asked about has its own life,
// the agreement.
func (s LineState) allows(to LineState) bool {
	return s != Talked && to != Suggested && s != to
}

// batchRow is one version of a batch, as it was computed.
type batchRow struct {
	bun.BaseModel `bun:"table:batches,alias:ba"`

	ID             BatchID     `bun:"id,pk,autoincrement"`
	OrganisationID int64       `bun:"organisation_id"` // whose: a structure
	Key            string      `bun:"key"`             // of all the versions, chosen by who asked for it
	Number         int64       `bun:"number"`          // of the version
	MadeBy         *int64      `bun:"made_by"`
	Rules          BatchRules  `bun:"rules,type:jsonb"`
	Engine         string      `bun:"engine"`
	Solver         string      `bun:"solver"`
	Day            string      `bun:"day"`
	Totals         BatchTotals `bun:"totals,type:jsonb"`
	Revision       int64       `bun:"revision"`
	CreatedAt      time.Time   `bun:"created_at"`
}

// batchPerson is what a batch brings to one person, and the revision it read.
type batchPerson struct {
	bun.BaseModel `bun:"table:batch_people,alias:bp"`

	BatchID        BatchID              `bun:"batch_id,pk"`
	PersonID       people.ID            `bun:"person_id,pk"`
	OrganisationID int64                `bun:"organisation_id"`
	Waiting        int                  `bun:"waiting"` // days without a proposal that led somewhere
	Reason         string               `bun:"reason"`
	OtherLotID     *opportunities.LotID `bun:"other_lot_id"` // the best position not suggested
	OtherFit       int                  `bun:"other_fit"`
	Why            string               `bun:"why"`
	Held           int                  `bun:"held"`
	Better         int                  `bun:"better"`
	Longer         int                  `bun:"longer"`
	PersonRevision int64                `bun:"person_revision"`
}

// batchPosition is a position of a batch, and the revision it read.
type batchPosition struct {
	bun.BaseModel `bun:"table:batch_positions,alias:bo"`

	BatchID     BatchID             `bun:"batch_id,pk"`
	LotID       opportunities.LotID `bun:"lot_id,pk"`
	LotRevision int64               `bun:"lot_revision"`
	Capacity    int                 `bun:"capacity"` // people to speak with
	Suits       int                 `bun:"suits"`    // how many of the batch it suits
}

// batchLine is one suggestion: a person to speak with about a position.
type batchLine struct {
	bun.BaseModel `bun:"table:batch_lines,alias:bl"`

	ID             BatchLineID         `bun:"id,pk,autoincrement"`
	BatchID        BatchID             `bun:"batch_id"`
	PersonID       people.ID           `bun:"person_id"`
	LotID          opportunities.LotID `bun:"lot_id"`
	OrganisationID int64               `bun:"organisation_id"`
	Fit            int                 `bun:"fit"`
	Reason         string              `bun:"reason"` // why this one: see lineReason
	Criteria       []Criterion         `bun:"criteria,type:jsonb"`
	State          LineState           `bun:"state"`
	SettledBy      *int64              `bun:"settled_by"`
	SettledAt      *time.Time          `bun:"settled_at"`
	Revision       int64               `bun:"revision"`
}

// batchEvent is one step of a batch or of a suggestion; it is never changed.
type batchEvent struct {
	bun.BaseModel `bun:"table:batch_events,alias:be"`

	ID      int64        `bun:"id,pk,autoincrement"`
	BatchID BatchID      `bun:"batch_id"`
	LineID  *BatchLineID `bun:"line_id"`
	At      time.Time    `bun:"at"`
	ActorID *int64       `bun:"actor_id"`
	From    LineState    `bun:"from_state"`
	To      LineState    `bun:"to_state"`
}

// BatchTotals count a batch under both objectives.
type BatchTotals struct {
	People     int        `json:"people"`
	Positions  int        `json:"positions"`
	Pairs      int        `json:"pairs"` // that suit and may be suggested
	Fit        PlanTotals `json:"fit_first"`
	Waiting    PlanTotals `json:"waiting_first"`
	Differ     int        `json:"differ"`      // suggestions of one that are not of the other
	ServedMore int        `json:"served_more"` // people whom waiting-first serves more, in number
}

// PlanTotals count one plan.
type PlanTotals struct {
	Proposals int    `json:"proposals"`
	Served    int    `json:"served"`
	Left      int    `json:"left"`                   // people left without, though something suits and they await no answer
	Points    int    `json:"points,omitempty"`       // of fit, over all proposals
	Average   int    `json:"average_fit,omitempty"`  // of a proposal, out of 100; 0: none
	Unserved  int    `json:"longest_wait,omitempty"` // days waited by who waits longest and is left without, though something suits
	FirstWait int    `json:"first_wait,omitempty"`   // days waited by who waits longest among those served
	Gap       string `json:"gap" enum:"proven,minimums,fit,waiting,unknown"`
	GapMost   int64  `json:"gap_most,omitempty"` // points of fit that a better plan could gain at most; of gap fit alone
}
