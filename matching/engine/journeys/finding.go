package journeys

import (
	"maillage/nomenclatures"
	"maillage/territories"
)

// Criterion is one of the questions asked of a pair.
type Criterion uint8

// The criteria, in the order in which an answer lists them. What a position does
// not ask is not listed.
const (
	Available Criterion = iota
	Trade
	Reach
	Travel
	Licences
	Languages
	Entry    // the prerequisites of a training
	Outcomes // what it gives
	WeeklyHours
	TimeSlots
	Skills
	Experience
	criteria = iota
)

var criterionNames = [criteria]string{"availability", "occupation", "reach", "travel", "licences", "languages",
	"prerequisites", "outcomes", "hours", "slots", "skills", "experience"}

// String names the criterion.
func (c Criterion) String() string { return criterionNames[c] }

// MarshalText makes a criterion a JSON string.
func (c Criterion) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// The weights of the graded criteria make a hundred. They are choices of this
// project: what is wished comes first, then what can be done and reached.
const (
	weightTrade      = 35
	weightTravel     = 20
	weightSkills     = 20
	weightHours      = 10
	weightSlots      = 10
	weightExperience = 5
)

// State is the answer to one question.
type State uint8

// The states.
const (
	Unknown State = iota
	Missed
	Partial
	Met
)

// String names the state.
func (s State) String() string { return [...]string{"unknown", "missed", "partial", "met"}[s] }

// MarshalText makes a state a JSON string.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Unit is what a shortfall is counted in.
type Unit uint8

// The units.
const (
	NoUnit Unit = iota
	Kilometres
	Days
	HoursAWeek
	HalfDays
	Count
	YearsHeld
	Proximity // 0 to 1, from nothing in common to the same occupation
)

var unitNames = [...]string{"", "km", "days", "hours_a_week", "slots", "count", "years", "proximity"}

// String names the unit.
func (u Unit) String() string { return unitNames[u] }

// MarshalText makes a unit a JSON string.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// Finding is the answer to one question with what a person needs to check it. It
// is kept small: fifty candidates have some hundreds.
type Finding struct {
	Key       string    `json:"key"` // of the sentence; see Sentences
	Criterion Criterion `json:"criterion"`
	State     State     `json:"state"`
	Unit      Unit      `json:"unit,omitzero"`
	Gate      bool      `json:"gate"`
	Assumed   bool      `json:"assumed,omitempty"` // rests on a fact nobody has said
	Value     float32   `json:"value"`             // 0 to 1
	Weight    float32   `json:"weight"`            // 0: not counted in the score
	By        float32   `json:"by,omitempty"`      // how much is missing, in Unit
	Params    Params    `json:"params"`
}

// Params are what the sentences are made with; each key says which it reads.
type Params struct {
	Offered Occupation          `json:"offered,omitempty"` // on the side of the person
	Asked   Occupation          `json:"asked,omitempty"`   // on the side of the position
	Have    float64             `json:"have,omitempty"`    // value seen
	Want    float64             `json:"want,omitempty"`    // value wanted
	Slots   nomenclatures.Slots `json:"slots,omitempty"`   // those that are missing
	Mode    Mode                `json:"mode,omitzero"`
	Rank    uint8               `json:"rank,omitempty"` // of the wish, from 1
	Detail  *Detail             `json:"detail,omitempty"`
}

// Detail is what few findings have.
type Detail struct {
	From      territories.Date `json:"from,omitzero"`
	Start     territories.Date `json:"start,omitzero"`
	Held      []string         `json:"held,omitempty"`
	Trainable []string         `json:"trainable,omitempty"`
	Missing   []string         `json:"missing,omitempty"`
	Sessions  []PositionID     `json:"sessions,omitempty"` // that close what is trainable, in the same order
}

// Points is what the finding brings to the score.
func (f *Finding) Points() float32 {
	if f.State == Unknown {
		return 0
	}
	return f.Value * f.Weight
}

// mark is a finding before it is explained: what the score needs, and no more.
type mark struct {
	state   State
	counted bool // contributes to the score when it isn't unknown
	assumed bool
	value   float64
	weight  float64
}

// graded makes a counted mark out of a share: all is met, nothing is missed.
func graded(weight, value float64) mark {
	m := mark{state: Partial, counted: true, value: value, weight: weight}
	switch {
	case value >= 1:
		m.state, m.value = Met, 1
	case value <= 0:
		m.state, m.value = Missed, 0
	}
	return m
}

// unsaid is a counted mark that nothing answers.
func unsaid(weight float64) mark { return mark{counted: true, weight: weight} }

// gate makes an uncounted mark.
func gate(s State) mark {
	m := mark{state: s}
	if s == Met {
		m.value = 1
	}
	return m
}

// with completes a finding with its mark.
func (f Finding) with(m mark) Finding {
	f.State, f.Assumed = m.state, m.assumed
	if m.counted {
		f.Weight = float32(m.weight)
	}
	if m.state != Unknown {
		f.Value = float32(m.value)
	}
	return f
}
