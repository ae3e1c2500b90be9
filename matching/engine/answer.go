package engine

import "time"

// Match is a pair that holds: no gate is missed.
type Match struct {
	Lot                LotID        `json:"lot"`
	LotRevision        int64        `json:"lot_revision"`
	Enterprise         EnterpriseID `json:"enterprise"`
	EnterpriseRevision int64        `json:"enterprise_revision"`
	Activity           int64        `json:"activity"` // the activity that matches
	Score              int          `json:"score"`    // 0 to 100, rounded once
	Confidence         int          `json:"confidence"`
	Level              Confidence   `json:"confidence_level"`
	History            bool         `json:"history"` // it has ended, or its deadline has passed
	Findings           []Finding    `json:"criteria"`
}

// Finding gives the answer to one of the questions; one that says nothing when it
// wasn't asked.
func (m Match) Finding(c Criterion) Finding {
	for i := range m.Findings {
		if m.Findings[i].Criterion == c {
			return m.Findings[i]
		}
	}
	return Finding{Params: &Params{}}
}

// Near is a pair that misses exactly one gate, with what would change it.
type Near struct {
	Match
	Missed Criterion `json:"missed"`
	Change Change    `json:"change"`
}

// Change says what would make a near miss a match: a sentence and its values.
type Change struct {
	Key    string `json:"key"`
	Params Params `json:"params"`
}

// Apart is an enterprise that covers the place while nobody has said its trade:
// to be specified, outside the ranking.
type Apart struct {
	Enterprise EnterpriseID `json:"enterprise"`
	Revision   int64        `json:"enterprise_revision"`
	Km         float64      `json:"km"`
	HasKm      bool         `json:"has_km"`
}

// Candidates is the answer for a lot.
type Candidates struct {
	Lot       LotID     `json:"lot"`
	AsOf      time.Time `json:"as_of"`
	Version   string    `json:"engine"`
	History   bool      `json:"history"`
	ToSpecify bool      `json:"to_specify"` // the lot names no trade: nobody is ranked
	Total     int       `json:"total"`      // matches, before the limit
	Matches   []Match   `json:"matches"`
	Near      []Near    `json:"near"`
	Apart     []Apart   `json:"apart"`
	ApartOf   int       `json:"apart_total"`

	room room // of the matches, to be used again: see View.CandidatesInto
}

// Lots is the answer for an enterprise.
type Lots struct {
	Enterprise EnterpriseID `json:"enterprise"`
	AsOf       time.Time    `json:"as_of"`
	Version    string       `json:"engine"`
	ToSpecify  bool         `json:"to_specify"` // no activity says its trade: nothing is ranked
	Total      int          `json:"total"`
	Matches    []Match      `json:"matches"`
	Near       []Near       `json:"near"`
}

// Options bound an answer. The zero value asks for every match and nothing else.
type Options struct {
	Limit     int  // matches returned, 0: all
	Near      int  // near misses returned
	Apart     int  // enterprises to be specified returned
	PassedToo bool // Lots only: also those that have ended
	Expected  bool // Lots only: also the calls that nobody has published yet
	Brief     bool // leave the criteria out: scores only
}

// leaves tells a lot that is not asked for: one that has ended, one that is
// only expected.
func (o Options) leaves(q *question) bool {
	return q.history && !o.PassedToo || q.lot.Kind == ExpectedCall && !o.Expected
}
