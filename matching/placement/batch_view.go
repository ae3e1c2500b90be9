package placement

import (
	"cmp"
	"slices"
	"time"

	"maillage/opportunities"
	"maillage/people"
)

// BatchView is a batch as its reader may see it. A counsellor sees the people of
// the structure, explained, and what became of each suggestion. An officer sees
// labels: no person, no commune, no wait, no score, nothing that sets people or
// positions side by side, no gesture, nothing of what anybody said, and nobody to
// whom nothing is suggested. See veil for who of those suggested is shown.
type BatchView struct {
	ID        BatchID         `json:"id,omitempty"` // absent of a preview
	Key       string          `json:"key,omitempty"`
	Number    int64           `json:"number,omitempty"` // of the version
	Last      BatchID         `json:"last,omitempty"`   // the last version, where this one is not
	Wide      bool            `json:"wide"`             // prepared by an officer, across structures
	Owned     bool            `json:"owned"`            // the caller's organisation may compute it again
	Rules     BatchRules      `json:"rules"`
	Engine    string          `json:"engine"`
	Solver    string          `json:"solver"`
	Day       string          `json:"day"`
	CreatedAt *time.Time      `json:"created_at,omitempty"`
	Stale     []Text          `json:"stale"`            // what changed since; none: it still stands
	Totals    *BatchTotals    `json:"totals,omitempty"` // to whom the batch is
	Words     []Text          `json:"words"`            // what it says as a whole
	Compared  []Text          `json:"compared"`         // the two objectives side by side
	Positions []BatchPosition `json:"positions"`
	People    []BatchPerson   `json:"people"`
	Unnamed   bool            `json:"unnamed,omitempty"` // somebody's structure is not named, because what is suggested suits too few of it
}

// BatchPosition is a position and whom to speak with about it, in an order that
// tells nothing.
type BatchPosition struct {
	Position    Head              `json:"position"`
	Capacity    int               `json:"capacity"`        // people to speak with at most
	Suits       int               `json:"suits,omitempty"` // people of the batch; to an officer rounded down to a multiple of five
	Suggestions []BatchSuggestion `json:"suggestions"`
}

// BatchPerson is what a batch brings to one person.
type BatchPerson struct {
	Who         BatchWho          `json:"who"`
	Suggestions []BatchSuggestion `json:"suggestions"`
	Reason      string            `json:"reason" enum:"served,no-edge,over-k,all-full"`
	Words       Text              `json:"words"`
	Other       *BatchOther       `json:"other,omitempty"`   // absent to an officer
	SaidNo      []Head            `json:"said_no,omitempty"` // positions of the batch that are not suggested again
}

// BatchWho is a person: to the structure a journey, to an officer a label. Waiting
// is what the batch counts, since a proposal last led to a meeting or a contract or
// else since the journey began: the head of the person has no other beside it.
type BatchWho struct {
	Person    *PersonHead `json:"person,omitempty"`
	Waiting   *int        `json:"waiting_days,omitempty"`
	Label     string      `json:"label,omitempty"`
	Structure string      `json:"structure,omitempty"`
}

// BatchSuggestion is a person to speak with about a position.
type BatchSuggestion struct {
	Line       BatchLineID `json:"line,omitempty"`
	Who        BatchWho    `json:"who"`
	Position   Head        `json:"position"`
	Score      int         `json:"score,omitempty"`
	Suits      Text        `json:"suits"`
	Reason     string      `json:"reason" enum:"only,best,next,by-rule"`
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
	Why      string `json:"why" enum:"no-better,at-k,closed,better-fit,longer-waiting,drawn,whole-batch,by-rule"`
	Words    Text   `json:"words"`
	Held     int    `json:"held"`             // people suggested there
	Better   int    `json:"better,omitempty"` // of whom it suits better; absent of an officer's batch
	Longer   int    `json:"longer,omitempty"` // of whom wait longer; absent of an officer's batch
}

// reader is what a view is drawn from.
type reader struct {
	s        *Service
	of       *planned
	crew     *crew // whom the reader may see
	persons  map[people.ID]PersonHead
	heads    map[opportunities.LotID]Head
	consents map[pair]Consent
	no       map[people.ID][]Head
	noCard   map[pair]Text
	veil     *veil // of an officer
}

// blind tells that the reader sees labels alone.
func (r *reader) blind() bool { return r.crew.wide }

func (r *reader) view() *BatchView {
	b := r.of.row
	out := &BatchView{ID: b.ID, Key: b.Key, Number: b.Number, Wide: b.Wide, Owned: b.OrganisationID == r.crew.owner, Rules: b.Rules, Engine: b.Engine, Solver: b.Solver, Day: b.Day,
		Stale: []Text{}, Words: []Text{}, Compared: []Text{}, Positions: []BatchPosition{}, People: []BatchPerson{}}
	if b.ID != 0 {
		out.CreatedAt = &b.CreatedAt
	}
	if out.Owned {
		out.Totals, out.Words, out.Compared = &b.Totals, b.said(), b.compared()
	} else {
		out.Key, out.Rules.Lots = "", nil
	}
	if r.blind() {
		r.veil = r.veiled()
	}
	r.fillPeople(out)
	r.fillPositions(out)
	return out
}

func (r *reader) fillPeople(out *BatchView) {
	for _, p := range r.of.people {
		row := BatchPerson{Who: r.who(p), Reason: p.Reason, Words: outcomeWords(p.Reason), Suggestions: []BatchSuggestion{}, Other: r.other(p)}
		if !r.blind() {
			row.SaidNo = r.no[p.PersonID]
		}
		for _, l := range r.of.lines {
			if l.PersonID == p.PersonID && r.shows(l) {
				row.Suggestions = append(row.Suggestions, r.suggestion(l, row.Who))
			}
		}
		if r.blind() && len(row.Suggestions) == 0 {
			continue
		}
		out.Unnamed = out.Unnamed || r.blind() && row.Who.Structure == ""
		out.People = append(out.People, row)
	}
	slices.SortStableFunc(out.People, r.order)
}

// order is the longest waiting first for a counsellor, by structure and label for an officer.
func (r *reader) order(a, b BatchPerson) int {
	if r.blind() {
		return cmp.Or(cmp.Compare(a.Who.Structure, b.Who.Structure), cmp.Compare(len(a.Who.Label), len(b.Who.Label)), cmp.Compare(a.Who.Label, b.Who.Label))
	}
	return cmp.Or(cmp.Compare(*b.Who.Waiting, *a.Who.Waiting), cmp.Compare(a.Who.Person.Code, b.Who.Person.Code))
}

func (r *reader) who(p *batchPerson) BatchWho {
	if !r.blind() {
		head := r.persons[p.PersonID]
		head.WaitingDays = nil
		return BatchWho{Person: &head, Waiting: &p.Waiting}
	}
	if !r.veil.named[p.PersonID] {
		return BatchWho{Label: p.Label}
	}
	return BatchWho{Label: p.Label, Structure: r.crew.names[p.OrganisationID]}
}

func (r *reader) suggestion(l *batchLine, who BatchWho) BatchSuggestion {
	out := BatchSuggestion{Who: who, Position: r.heads[l.LotID], Suits: suitsWords(l.Fit), Reason: l.Reason, Words: lineReasonWords(l.Reason)}
	if r.blind() {
		out.Reason, out.Words = byRule, lineReasonWords(byRule)
		return out
	}
	words := l.State.Words()
	out.Line, out.Score, out.Criteria, out.State, out.StateWords, out.Revision = l.ID, l.Fit, l.Criteria, l.State, &words, l.Revision
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
	if p.OtherLotID == nil || r.blind() {
		return nil
	}
	return &BatchOther{Position: r.heads[*p.OtherLotID], Score: p.OtherFit, Why: p.Why, Held: p.Held, Better: p.Better, Longer: p.Longer, Words: whyWords(p)}
}

func (r *reader) fillPositions(out *BatchView) {
	for _, p := range r.of.positions {
		if r.blind() && p.Suits < r.s.least() {
			continue // of a version kept before such a position was left out
		}
		row := BatchPosition{Position: r.heads[p.LotID], Capacity: p.Capacity, Suggestions: []BatchSuggestion{}}
		if out.Owned {
			row.Suits = p.Suits
		}
		if r.blind() {
			row.Suits = floored(p.Suits)
		}
		for _, person := range out.People {
			for _, x := range person.Suggestions {
				if x.Position.Lot == p.LotID {
					row.Suggestions = append(row.Suggestions, x)
				}
			}
		}
		slices.SortStableFunc(row.Suggestions, func(a, b BatchSuggestion) int { return cmp.Compare(a.Who.code(), b.Who.code()) })
		if out.Owned || len(row.Suggestions) > 0 {
			out.Positions = append(out.Positions, row)
		}
	}
	slices.SortStableFunc(out.Positions, func(a, b BatchPosition) int {
		return cmp.Or(cmp.Compare(len(b.Suggestions), len(a.Suggestions)), cmp.Compare(a.Position.Lot, b.Position.Lot))
	})
}

func (w BatchWho) code() string {
	if w.Person != nil {
		return w.Person.Code
	}
	return w.Label
}
