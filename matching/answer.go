package matching

import (
	"time"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Text is the same words in both languages.
type Text struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// In gives the words in lang; French for anything but "en".
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.FR
}

// Answer is what the command, the API and the pages show: who can answer a lot,
// or which lots suit an enterprise, and why. Its schema is docs/match.schema.json.
type Answer struct {
	Lot          *LotHead          `json:"lot,omitempty"`          // asked about a lot
	Organisation *OrganisationHead `json:"organisation,omitempty"` // asked about an enterprise
	AsOf         time.Time         `json:"as_of"`
	Engine       string            `json:"engine"`
	History      bool              `json:"history"`    // the lot has ended or is filled, or its deadline has passed
	ToSpecify    bool              `json:"to_specify"` // the lot, or the enterprise, doesn't say its trade: nothing is ranked
	Total        int               `json:"total"`      // matches, before paging
	Matches      []Item            `json:"matches"`
	Near         []NearItem        `json:"near"`
	Apart        []ApartItem       `json:"apart"` // cover the place, trade to be specified
	ApartTotal   int               `json:"apart_total"`
	Next         int               `json:"next,omitempty"` // rank to ask after for the next page; 0: the last page
}

// LotHead is what a reader needs to recognise a lot.
type LotHead struct {
	ID            opportunities.LotID  `json:"id"`
	OpportunityID opportunities.ID     `json:"opportunity_id"`
	Number        string               `json:"number"`
	Title         string               `json:"title"`
	Opportunity   string               `json:"opportunity"`
	Kind          opportunities.Kind   `json:"kind"`
	State         opportunities.State  `json:"state"`
	Buyer         string               `json:"buyer"`
	Deadline      *time.Time           `json:"deadline,omitempty"`
	Holidays      territories.Holidays `json:"-"`                      // those of its place, which working days leave out
	WorkingDays   *int                 `json:"working_days,omitempty"` // left; absent without a deadline or once it has passed
	Filled        bool                 `json:"filled"`                 // every place is taken
	Withdrawn     bool                 `json:"withdrawn,omitempty"`    // no longer in the latest notice
	Revision      int64                `json:"revision"`
}

// Gone tells that there is nothing left to answer: the lot was removed from its call, or
// the call was cancelled.
func (h LotHead) Gone() bool { return h.Withdrawn || h.State == opportunities.Cancelled }

// OrganisationHead is what a reader needs to recognise an enterprise.
type OrganisationHead struct {
	ID       network.ID   `json:"id"`
	Name     string       `json:"name"`
	Kind     network.Kind `json:"kind"`
	Commune  string       `json:"commune,omitempty"` // code
	Town     string       `json:"town,omitempty"`
	Revision int64        `json:"revision"`
}

// Item is one match with its reasons.
type Item struct {
	Match           ID                `json:"match,omitempty"` // to answer it; absent while it isn't kept (a draft, another date)
	Rank            int               `json:"rank"`
	Lot             LotHead           `json:"lot"`
	Organisation    OrganisationHead  `json:"organisation"`
	Activity        int64             `json:"activity"` // the activity that matches
	Score           int               `json:"score"`
	Confidence      int               `json:"confidence"`
	ConfidenceLevel engine.Confidence `json:"confidence_level"`
	History         bool              `json:"history"`
	Line            Text              `json:"line"` // the match in one sentence
	Criteria        []Criterion       `json:"criteria"`
	Assumed         bool              `json:"assumed"` // rests on a fact that nobody has said
	State           State             `json:"state,omitempty"`
	Reply           Reply             `json:"reply,omitempty"`
	ReplyReason     Motive            `json:"reply_reason,omitempty"`
	ReplyNote       string            `json:"reply_note,omitempty"`
	RepliedAt       *time.Time        `json:"replied_at,omitempty"`
}

// Criterion is a finding with its words.
type Criterion struct {
	engine.Finding
	Sentence Text `json:"sentence"`
	Seen     Text `json:"seen"`   // on the side of the enterprise
	Wanted   Text `json:"wanted"` // on the side of the lot
}

// NearItem is a near miss: one gate missed, and what would change it.
type NearItem struct {
	Item
	Missed engine.Criterion `json:"missed"`
	Change Text             `json:"change"`
}

// ApartItem is an enterprise that covers the place while its trade is not known.
type ApartItem struct {
	Organisation OrganisationHead `json:"organisation"`
	Km           *float64         `json:"km,omitempty"`
	NAF          string           `json:"naf,omitempty"`
}

// Query bounds a question. The zero value asks for the first twenty as of now.
type Query struct {
	AsOf   time.Time // zero: now
	Limit  int       // 0: 20; at most 200
	After  int       // rank after which the page begins
	Near   int       // near misses wanted
	Apart  int       // enterprises to be specified wanted
	Passed bool      // of an organisation: also lots that have ended
	// Expected: of an organisation, also the calls that nobody has published yet.
	Expected bool
}
