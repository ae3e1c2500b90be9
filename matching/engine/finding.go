package engine

import "maillage/territories"

// Criterion is one of the ten questions asked of a pair.
type Criterion string

// The criteria, in the order in which an answer lists them.
const (
	Open           Criterion = "open"
	Reserved       Criterion = "reservation"
	Trade          Criterion = "activity"
	ServiceMode    Criterion = "mode"
	Territory      Criterion = "territory"
	Strength       Criterion = "capacity"
	Certifications Criterion = "certification"
	TimeLeft       Criterion = "time"
	TrackRecord    Criterion = "references"
	Ties           Criterion = "ties"
)

// Criteria lists them in order.
func Criteria() []Criterion {
	return []Criterion{Open, Reserved, Trade, ServiceMode, Territory, Strength,
		Certifications, TimeLeft, TrackRecord, Ties}
}

// The weights of the graded criteria. The five first make a hundred. The two
// others count only when they apply: a wish for certifications, a tie.
const (
	weightTrade         = 30
	weightTerritory     = 25
	weightCapacity      = 15
	weightTime          = 15
	weightReferences    = 15
	weightCertification = 10
	weightTie           = 5
)

// State is the answer to one question.
type State string

// The states.
const (
	Met     State = "met"
	Partial State = "partial"
	Missed  State = "missed"
	Unknown State = "unknown"
)

// Unit is what a shortfall is counted in.
type Unit string

// The units.
const (
	Kilometres  Unit = "km"
	WorkDays    Unit = "working_days"
	Days        Unit = "days"
	FTEs        Unit = "fte"
	WorkHours   Unit = "hours"
	Euros       Unit = "eur"
	Contracts   Unit = "contracts"
	Proximity   Unit = "proximity" // 0 to 1, from nothing in common to the same trade
	Percentage  Unit = "percent"
	Requirement Unit = "requirement"
)

// Finding is the answer to one question with what a person needs to check it.
type Finding struct {
	Criterion Criterion `json:"criterion"`
	Gate      bool      `json:"gate"`
	State     State     `json:"state"`
	Value     float64   `json:"value"`             // 0 to 1
	Weight    float64   `json:"weight"`            // 0: not counted in the score
	Points    float64   `json:"points"`            // Value × Weight
	Assumed   bool      `json:"assumed,omitempty"` // rests on a fact nobody has said
	By        float64   `json:"by,omitempty"`      // how much is missing, in Unit
	Unit      Unit      `json:"unit,omitempty"`
	Key       string    `json:"key"` // of the sentence; see Sentences
	// Params are shared by the findings that say the same, within an answer and
	// beyond: they are read, never written to.
	Params *Params `json:"params"`
}

// said gives the figures, which one made by hand may not have.
func (f *Finding) said() *Params {
	if f.Params == nil {
		return &Params{}
	}
	return f.Params
}

// Params are what the sentences are made with; each key says which it reads.
type Params struct {
	Offered    string           `json:"offered,omitempty"` // code or name on the side of the enterprise
	Asked      string           `json:"asked,omitempty"`   // the same, on the side of the lot
	Kinship    string           `json:"kinship,omitempty"`
	Zone       string           `json:"zone,omitempty"`  // canonical perimeter expression
	Place      string           `json:"place,omitempty"` // the same
	Communes   int              `json:"communes,omitempty"`
	Of         int              `json:"of,omitempty"` // communes of the place
	Population int64            `json:"population,omitempty"`
	OfPeople   int64            `json:"of_population,omitempty"`
	Km         float64          `json:"km,omitempty"`
	HasKm      bool             `json:"has_km,omitempty"`
	Commune    string           `json:"commune,omitempty"`
	Have       float64          `json:"have,omitempty"`
	Want       float64          `json:"want,omitempty"`
	Modes      Modes            `json:"modes,omitempty"`
	AskedModes Modes            `json:"asked_modes,omitempty"`
	Status     string           `json:"status,omitempty"`
	Article    string           `json:"article,omitempty"`
	Date       territories.Date `json:"date,omitzero"`
	Name       string           `json:"name,omitempty"`
	Count      int              `json:"count,omitempty"`
}

// mark is a finding before it is explained: what the score needs, and no more.
type mark struct {
	state   state
	counted bool // contributes to the score when it isn't unknown
	assumed bool
	value   float64
	weight  float64
}

// state is State without its text.
type state uint8

const (
	unknown state = iota
	missed
	partial
	met
)

func (s state) text() State { return [...]State{Unknown, Missed, Partial, Met}[s] }

// graded makes a counted mark out of a share: all is met, nothing is missed.
func graded(weight, value float64, assumed bool) mark {
	m := mark{state: partial, counted: true, assumed: assumed, value: value, weight: weight}
	switch {
	case value >= 1:
		m.state, m.value = met, 1
	case value <= 0:
		m.state, m.value = missed, 0
	}
	return m
}

// gate makes an uncounted mark.
func gate(s state) mark {
	m := mark{state: s}
	if s == met {
		m.value = 1
	}
	return m
}

// with completes a finding with its mark.
func (f Finding) with(m mark) Finding {
	f.State, f.Value, f.Assumed = m.state.text(), m.value, m.assumed
	if m.counted {
		f.Weight = m.weight
		if m.state != unknown {
			f.Points = m.weight * m.value
		}
	}
	if m.state == unknown {
		f.Value = 0
	}
	return f
}
