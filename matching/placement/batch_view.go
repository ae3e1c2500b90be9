package placement

import (
	"cmp"
	"slices"
	"time"

	"maillage/opportunities"
	"maillage/people"
)

// BatchView is a batch as the counsellors of its structure read it: its people,
// explained, and what became of each suggestion. Nobody else reads one.
type BatchView struct {
	ID        BatchID         `json:"id,omitempty"` // absent of a preview
	Key       string          `json:"key,omitempty"`
	Number    int64           `json:"number,omitempty"` // of the version
	Last      BatchID         `json:"last,omitempty"`   // the last version, where this one is not
	Rules     BatchRules      `json:"rules"`
	Engine    string          `json:"engine"`
	Solver    string          `json:"solver"`
	Day       string          `json:"day"`
	CreatedAt *time.Time      `json:"created_at,omitempty"`
	Stale     []Text          `json:"stale"` // what changed since; none: it still stands
	Totals    BatchTotals     `json:"totals"`
	Words     []Text          `json:"words"`    // what it says as a whole
	Compared  []Text          `json:"compared"` // the two objectives side by side
	Positions []BatchPosition `json:"positions"`
	People    []BatchPerson   `json:"people"`
}

// BatchPosition is a position and whom to speak with about it, in an order that
// tells nothing.
type BatchPosition struct {
	Position    Head              `json:"position"`
	Capacity    int               `json:"capacity"`        // people to speak with at most
	Suits       int               `json:"suits,omitempty"` // people of the batch
	Suggestions []BatchSuggestion `json:"suggestions"`
}

// BatchPerson is what a batch brings to one person.
type BatchPerson struct {
	Who         BatchWho          `json:"who"`
	Suggestions []BatchSuggestion `json:"suggestions"`
	Reason      string            `json:"reason" enum:"served,no-edge,over-k,all-full"`
	Words       Text              `json:"words"`
	Other       *BatchOther       `json:"other,omitempty"`
	SaidNo      []Head            `json:"said_no,omitempty"` // positions of the batch that are not suggested again
}

// BatchWho is a person. Waiting is what the batch counts, since a proposal last led
// to a meeting or a contract or else since the journey began: the head of the person
// has no other beside it.
type BatchWho struct {
	Person  PersonHead `json:"person"`
	Waiting int        `json:"waiting_days"`
}

// BatchSuggestion is a person to speak with about a position.
type BatchSuggestion struct {
	Line       BatchLineID `json:"line,omitempty"`
	Who        BatchWho    `json:"who"`
	Position   Head        `json:"position"`
	Score      int         `json:"score,omitempty"`
	Suits      Text        `json:"suits"`
	Reason     string      `json:"reason" enum:"only,best,next"`
	Words      Text        `json:"words"`
	Criteria   []Criterion `json:"criteria,omitempty"`
	State      LineState   `json:"state,omitempty"`
	StateWords *Text       `json:"state_words,omitempty"`
	NoCard     *Text       `json:"no_card,omitempty"` // why no card could be shown today, whatever the person agrees to
	Agreement  *Consent    `json:"agreement,omitempty"`
	Revision   int64       `json:"revision,omitempty"`
}

// BatchOther is the best position that is not suggested to a person, and why.
type BatchOther struct {
	Position Head   `json:"position"`
	Score    int    `json:"score,omitempty"`
	Why      string `json:"why" enum:"no-better,at-k,closed,better-fit,longer-waiting,drawn,whole-batch"`
	Words    Text   `json:"words"`
	Held     int    `json:"held"`             // people suggested there
	Better   int    `json:"better,omitempty"` // of whom it suits better
	Longer   int    `json:"longer,omitempty"` // of whom wait longer
}

// reader is what a view is drawn from.
type reader struct {
	s        *Service
	of       *planned
	persons  map[people.ID]PersonHead
	heads    map[opportunities.LotID]Head
	consents map[pair]Consent
	no       map[people.ID][]Head
	noCard   map[pair]Text
}

func (r *reader) view() *BatchView {
	b := r.of.row
	out := &BatchView{ID: b.ID, Key: b.Key, Number: b.Number, Rules: b.Rules, Engine: b.Engine, Solver: b.Solver, Day: b.Day, Totals: b.Totals,
		Stale: []Text{}, Words: b.said(), Compared: b.compared(), Positions: []BatchPosition{}, People: []BatchPerson{}}
	if b.ID != 0 {
		out.CreatedAt = &b.CreatedAt
	}
	r.fillPeople(out)
	r.fillPositions(out)
	return out
}

// fillPeople lists the people, the longest waiting first.
func (r *reader) fillPeople(out *BatchView) {
	for _, p := range r.of.people {
		row := BatchPerson{Who: r.who(p), Reason: p.Reason, Words: outcomeWords(p.Reason), Suggestions: []BatchSuggestion{}, Other: r.other(p), SaidNo: r.no[p.PersonID]}
		for _, l := range r.of.lines {
			if l.PersonID == p.PersonID {
				row.Suggestions = append(row.Suggestions, r.suggestion(l, row.Who))
			}
		}
		out.People = append(out.People, row)
	}
	slices.SortStableFunc(out.People, func(a, b BatchPerson) int {
		return cmp.Or(cmp.Compare(b.Who.Waiting, a.Who.Waiting), cmp.Compare(a.Who.Person.Code, b.Who.Person.Code))
	})
}

func (r *reader) who(p *batchPerson) BatchWho {
	head := r.persons[p.PersonID]
	head.WaitingDays = nil
	return BatchWho{Person: head, Waiting: p.Waiting}
}

func (r *reader) suggestion(l *batchLine, who BatchWho) BatchSuggestion {
	words := l.State.Words()
	out := BatchSuggestion{Line: l.ID, Who: who, Position: r.heads[l.LotID], Score: l.Fit, Suits: suitsWords(l.Fit), Reason: l.Reason, Words: lineReasonWords(l.Reason),
		Criteria: l.Criteria, State: l.State, StateWords: &words, Revision: l.Revision}
	if why, none := r.noCard[pair{l.PersonID, l.LotID}]; none {
		out.NoCard = &why
	}
	agreed, ok := r.consents[pair{l.PersonID, l.LotID}]
	if !ok {
		agreed = Consent{Words: agreementWords("")}
	}
	out.Agreement = &agreed
	return out
}

func (r *reader) other(p *batchPerson) *BatchOther {
	if p.OtherLotID == nil {
		return nil
	}
	return &BatchOther{Position: r.heads[*p.OtherLotID], Score: p.OtherFit, Why: p.Why, Held: p.Held, Better: p.Better, Longer: p.Longer, Words: whyWords(p)}
}

func (r *reader) fillPositions(out *BatchView) {
	for _, p := range r.of.positions {
		row := BatchPosition{Position: r.heads[p.LotID], Capacity: p.Capacity, Suits: p.Suits, Suggestions: []BatchSuggestion{}}
		for _, person := range out.People {
			for _, x := range person.Suggestions {
				if x.Position.Lot == p.LotID {
					row.Suggestions = append(row.Suggestions, x)
				}
			}
		}
		slices.SortStableFunc(row.Suggestions, func(a, b BatchSuggestion) int { return cmp.Compare(a.Who.Person.Code, b.Who.Person.Code) })
		out.Positions = append(out.Positions, row)
	}
	slices.SortStableFunc(out.Positions, func(a, b BatchPosition) int {
		return cmp.Or(cmp.Compare(len(b.Suggestions), len(a.Suggestions)), cmp.Compare(a.Position.Lot, b.Position.Lot))
	})
}
