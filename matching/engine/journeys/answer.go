package journeys

import "maillage/territories"

// Match is a pair that holds: no gate is missed.
type Match struct {
	Position         PositionID `json:"position"`
	PositionRevision int64      `json:"position_revision"`
	Person           PersonID   `json:"person"`
	PersonRevision   int64      `json:"person_revision"`
	Score            int        `json:"score"` // 0 to 100, rounded once
	Confidence       int        `json:"confidence"`
	History          bool       `json:"history"` // the position can no longer be taken
	Findings         []Finding  `json:"criteria"`
}

// Finding gives the answer to one of the questions; the zero Finding when it
// wasn't asked.
func (m Match) Finding(c Criterion) Finding {
	for i := range m.Findings {
		if m.Findings[i].Criterion == c {
			return m.Findings[i]
		}
	}
	return Finding{}
}

// Near is a pair that misses exactly one gate, with what would change it.
type Near struct {
	Match
	Missed Criterion `json:"missed"`
	Remedy Remedy    `json:"remedy"`
}

// Remedy says what would make a near miss a match: a sentence and its values.
type Remedy struct {
	Key    string  `json:"key"`
	By     float32 `json:"by,omitempty"`
	Unit   Unit    `json:"unit,omitzero"`
	Params Params  `json:"params"`
}

// Candidates is the answer for a position.
type Candidates struct {
	Position  PositionID       `json:"position"`
	AsOf      territories.Date `json:"as_of"`
	Version   string           `json:"engine"`
	History   bool             `json:"history"`
	ToSpecify bool             `json:"to_specify"` // it names no occupation: nobody is ranked
	Total     int              `json:"total"`      // matches, before the limit
	Matches   []Match          `json:"matches"`
	Near      []Near           `json:"near"`

	room []Finding // of the matches, to be used again: see View.PeopleInto
}

// Prospects is the answer for a person.
type Prospects struct {
	Person    PersonID         `json:"person"`
	AsOf      territories.Date `json:"as_of"`
	Version   string           `json:"engine"`
	ToSpecify bool             `json:"to_specify"` // nothing wished nor held: nothing is ranked
	Total     int              `json:"total"`
	Matches   []Match          `json:"matches"`
	Near      []Near           `json:"near"`
}

// Options bound an answer. The zero value asks for every match and nothing else.
type Options struct {
	Limit     int              // matches returned, 0: all
	Near      int              // near misses returned
	Employer  EmployerID       // PeopleFor only: the people of one structure; 0: all
	PassedToo bool             // PositionsFor only: also the positions that can no longer be taken
	Since     territories.Date // with PassedToo: closed on that day or later; zero: whenever
	Kinds     []Kind           // PositionsFor only: these kinds; none: all
	Brief     bool             // leave the criteria out: scores only
	Untaught  bool             // PeopleFor only: trainings count for nothing; what is missing is a near miss whether or not one gives it
}
