package placement

import (
	"time"

	"maillage/opportunities"
	"maillage/people"
)

// Query bounds a question. The zero value asks for the first twenty as of today.
type Query struct {
	AsOf  string // day; empty: today
	Limit int    // default 20, at most 200
	After int    // rank after which the page begins
	Near  int    // near misses wanted, at most 50
}

// Candidates is what a counsellor sees of a position: the people of the structure
// whom it suits, each explained, then those who miss one thing.
type Candidates struct {
	Position  Head         `json:"position"`
	AsOf      string       `json:"as_of"`
	Engine    string       `json:"engine"`
	History   bool         `json:"history"`    // it can no longer be taken
	ToSpecify bool         `json:"to_specify"` // it names no occupation: nobody is ranked
	AnyTrade  bool         `json:"any_trade"`  // a training that names no occupation: for whoever lacks what it gives
	Placed    []Followed   `json:"placed"`     // who has a place here already, of what is no job: no candidates any more
	Total     int          `json:"total"`
	People    []Candidate  `json:"people"`
	Near      []Candidate  `json:"near"`
	Hired     []PersonHead `json:"hired"`          // whom it would suit, and who have a job with no end said
	Next      int          `json:"next,omitempty"` // rank to ask after for the next page; 0: the last
	Asked     int          `json:"asked"`          // cards that the employer has to look at now
	Room      int          `json:"room"`           // how many more it may be shown
	Refused   *Text        `json:"refused,omitempty"`
}

// Candidate is one person and one position, explained to the counsellor.
type Candidate struct {
	Rank       int         `json:"rank,omitempty"`
	Person     PersonHead  `json:"person"`
	Position   Head        `json:"position"`
	Score      int         `json:"score"`
	Confidence int         `json:"confidence"`
	Assumed    bool        `json:"assumed"` // rests on a fact that nobody has said
	History    bool        `json:"history"`
	Criteria   []Criterion `json:"criteria"`
	Held       []Text      `json:"held,omitempty"` // of what is asked: aptitudes and languages
	Missing    []Text      `json:"missing,omitempty"`
	Trainings  []Training  `json:"trainings,omitempty"` // that would give what is missing
	Missed     string      `json:"missed,omitempty"`    // of a near miss: the criterion
	Change     *Text       `json:"change,omitempty"`    // and what would make it a match
	Alerts     []Alert     `json:"alerts,omitempty"`    // of law: beside, never instead
	NoCard     *Text       `json:"no_card,omitempty"`   // why no card could be shown today, whatever the person agrees to
	Agreement  Consent     `json:"agreement"`
	Proposal   *Line       `json:"proposal,omitempty"` // the last one to this employer for this position
}

// PersonHead is what the structure reads of one of its people.
type PersonHead struct {
	ID           people.ID  `json:"id"`
	Code         string     `json:"code"`
	Town         string     `json:"town,omitempty"`
	Counsellor   *int64     `json:"counsellor,omitempty"`
	WaitingDays  *int       `json:"waiting_days,omitempty"` // since the journey began, or the last job they were hired for
	LastProposed *time.Time `json:"last_proposed_at,omitempty"`
	Post         *Post      `json:"post,omitempty"` // the job that they were hired for and have not left
	Revision     int64      `json:"revision"`
}

// Head is what a reader needs to recognise a position.
type Head struct {
	Lot         opportunities.LotID      `json:"lot"`
	Opportunity opportunities.ID         `json:"opportunity"`
	Kind        opportunities.Kind       `json:"kind"`
	State       opportunities.State      `json:"state"`
	Title       string                   `json:"title"`
	Employer    string                   `json:"employer,omitempty"`
	Place       Text                     `json:"place"`
	Posts       int                      `json:"posts"`
	Left        int                      `json:"places_left"` // of the posts, those that nobody was hired for
	StartsOn    string                   `json:"starts_on,omitempty"`
	EndsOn      string                   `json:"ends_on,omitempty"`
	Hours       float64                  `json:"hours,omitempty"`
	Slots       []string                 `json:"slots,omitempty"`
	Contract    opportunities.Employment `json:"contract,omitempty"`
	Deadline    *time.Time               `json:"deadline,omitempty"`
	Open        bool                     `json:"open"`             // somebody can still be proposed
	Filled      bool                     `json:"filled,omitempty"` // it is published, and every place is taken: nobody is asked
	Revision    int64                    `json:"revision"`
	Scene       string                   `json:"scene"` // stamps its place and its hours: sent with a question, which is refused once they have changed

	receiver int64 // who receives the cards
}

// Criterion is the answer to one question, in words. Its evidence is in the
// sentence.
type Criterion struct {
	Criterion string  `json:"criterion"`
	State     string  `json:"state" enum:"met,partial,missed,unknown"`
	Gate      bool    `json:"gate"`
	Assumed   bool    `json:"assumed,omitempty"` // rests on a fact that nobody has said
	Value     float64 `json:"value"`             // 0 to 1
	Weight    float64 `json:"weight"`            // 0: not counted in the score
	Points    float64 `json:"points"`            // brought to the score, before it is rounded
	By        float64 `json:"by,omitempty"`      // how much is missing
	Unit      string  `json:"unit,omitempty"`
	Sentence  Text    `json:"sentence"`
}

// Consent is where the agreement of a person stands for a position.
type Consent struct {
	State people.AgreementState `json:"state,omitempty"`
	Words Text                  `json:"words"`
	Until string                `json:"until,omitempty"`
	Holds bool                  `json:"holds"`
	Moved bool                  `json:"moved,omitempty"` // asked before the place or the hours of the position changed: it is asked again
}

// consentOf is where an agreement stands on a day.
func consentOf(a *people.Agreement, today string) Consent {
	out := Consent{State: a.On(today), Until: a.ExpiresOn, Holds: a.Holds(today), Moved: a.ToAskAgain(today)}
	if out.Words = agreementWords(out.State); out.Moved {
		out.Words = movedWords(out.State)
	}
	return out
}

// Alert is what the structure has to do of a person's rights.
type Alert struct {
	Kind     people.AlertKind `json:"kind"`
	Severity people.Severity  `json:"severity"`
	Due      string           `json:"due"`
	Text     Text             `json:"text"`
	Source   string           `json:"source"`
}

// Line is a proposal as the structure follows it.
type Line struct {
	ID         ID                  `json:"id"`
	Person     people.ID           `json:"person"`
	Lot        opportunities.LotID `json:"lot"`
	Label      string              `json:"label"`
	Own        bool                `json:"own,omitempty"` // noted by the structure of a position that it gives itself: nothing was presented
	State      State               `json:"state"`
	Words      Text                `json:"words"`
	Reason     *Text               `json:"reason,omitempty"`
	Next       []State             `json:"next,omitempty"`     // of one's own: what may be noted after it, see Conclude
	AnswerBy   time.Time           `json:"answer_by,omitzero"` // zero of one's own: nobody is asked
	Late       bool                `json:"late"`               // no answer in time
	ProposedAt time.Time           `json:"proposed_at"`
	Card       Sheet               `json:"card"`
	CardWords  []Text              `json:"card_words"` // what the employer reads
	LeftWords  []Text              `json:"left_words"` // what could not be told
	Revision   int64               `json:"revision"`
}

// Prospects is what a counsellor sees of a person: the positions that suit, then
// those that miss one thing.
type Prospects struct {
	Person    PersonHead  `json:"person"`
	AsOf      string      `json:"as_of"`
	Engine    string      `json:"engine"`
	ToSpecify bool        `json:"to_specify"` // nothing wished nor practised: nothing is ranked
	Paused    bool        `json:"paused"`     // the journey is not under way: nothing is looked for
	Total     int         `json:"total"`
	Positions []Candidate `json:"positions"`
	Near      []Candidate `json:"near"`
	Next      int         `json:"next,omitempty"`
}

// Openings is what one more licence, skill, language or a wider range would open
// to a person, over the positions open now and those of the last twelve months.
type Openings struct {
	Person PersonHead `json:"person"`
	AsOf   string     `json:"as_of"`
	Since  string     `json:"since"`
	Gains  []Opening  `json:"gains"`
}

// Change is one thing that a person could do next.
type Change struct {
	Kind  string  `json:"kind" enum:"aptitude,language,occupation,range"`
	Code  string  `json:"code,omitempty"`
	Level uint8   `json:"level,omitempty"`
	Km    float64 `json:"km,omitempty"` // of a range: so much farther
}

// Opening is one change and what it would open.
type Opening struct {
	Change    Change     `json:"change"`
	Sentence  Text       `json:"sentence"`
	Total     int        `json:"total"`
	Open      int        `json:"open"` // of them, those that can still be taken: of an aptitude, in time with one of Trainings
	Positions []Head     `json:"positions"`
	Trainings []Training `json:"trainings,omitempty"` // that would bring it, and that the person can follow
}
