package questionnaire

import (
	"slices"

	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/internal/fault"
)

// Text is one sentence in both languages, without typographic spaces.
type Text = fault.Text

// Unit is what an answer is counted in.
type Unit string

// The units.
const (
	Persons Unit = "persons"
	FTE     Unit = "fte"
	Hours   Unit = "hours"
	Euros   Unit = "eur"
	Tonnes  Unit = "tonnes"
	Points  Unit = "points" // of autonomy
	Count   Unit = "count"
	YesNo   Unit = "yes" // 1 or 0
)

// Units lists them.
func Units() []Unit { return []Unit{Persons, FTE, Hours, Euros, Tonnes, Points, Count, YesNo} }

// Question is one thing asked; its code is the measure that it answers.
type Question struct {
	Code     compute.Measure    `json:"code"`
	Register catalogue.Register `json:"register"` // the chapter under which it is asked
	Unit     Unit               `json:"unit"`
	Label    Text               `json:"label"`
	Help     Text               `json:"help"`
	Report   bool               `json:"report,omitempty"` // for the table of the workforce, whatever the indicators chosen
	Jump     int64              `json:"jump,omitempty"`   // points by which a move may part from that of the FTE; 0: not looked at
	Carry    compute.Measure    `json:"carry,omitempty"`  // the answer of last year that is a first answer to this one
}

// Level says what a check asks for.
type Level string

// The levels. Neither stops saving: a refusal stops sending.
const (
	Refuse  Level = "refuse"  // it is impossible
	Confirm Level = "confirm" // it is surprising: right, with a word of why, or to correct
)

// Rule is the form of a check.
type Rule string

// The rules, over sums of answers that are all collected.
const (
	AtMost     Rule = "at_most"      // left ≤ right, or ≤ Bound
	Sum        Rule = "sum"          // left = right, a hundredth a term aside for FTE
	Within     Rule = "within"       // |left| ≤ Times × right
	SameAsLast Rule = "same_as_last" // left = right of last year
)

// Check is one thing that must hold. It is shown at its first left question.
type Check struct {
	Code  string            `json:"code"`
	Rule  Rule              `json:"rule"`
	Left  []compute.Measure `json:"left"`
	Right []compute.Measure `json:"right"`
	Level Level             `json:"level"`
	Text  Text              `json:"text"`
	Kinds []compute.Kind    `json:"kinds,omitempty"` // none: all
	Times int64             `json:"times,omitempty"`
	Bound int64             `json:"bound,omitempty"` // hundredths
}

// Book is every question and check, in the order in which they are asked. It is never changed.
type Book struct {
	Minutes   int        `json:"minutes_per_question"`
	Questions []Question `json:"questions"`
	Checks    []Check    `json:"checks"`
}

// Find is the question of a measure.
func (b *Book) Find(code compute.Measure) (Question, bool) {
	i := slices.IndexFunc(b.Questions, func(q Question) bool { return q.Code == code })
	if i < 0 {
		return Question{}, false
	}
	return b.Questions[i], true
}

// For lists what an enterprise of a kind is asked among some questions.
func (b *Book) For(kind compute.Kind, among []compute.Measure) []Question {
	var out []Question
	for _, q := range b.Questions {
		if slices.Contains(among, q.Code) && q.Code.Applies(kind) {
			out = append(out, q)
		}
	}
	return out
}

// Total tells a question that is the sum of others for a kind: it need not be answered.
func (b *Book) Total(code compute.Measure, kind compute.Kind) bool {
	return slices.ContainsFunc(b.Checks, func(c Check) bool { return c.Rule == Sum && c.Left[0] == code && c.holdsFor(kind) })
}

// Parts are what a total is the sum of, for a kind; none where it is no total.
func (b *Book) Parts(code compute.Measure, kind compute.Kind) []compute.Measure {
	for _, c := range b.Checks {
		if c.Rule == Sum && c.Left[0] == code && c.holdsFor(kind) {
			return slices.Clone(c.Right)
		}
	}
	return nil
}

// Saved is how many minutes so many answers already given save: the stated time
// of one question (Minutes, an assumption of this project) for each.
func (b *Book) Saved(answers int) int { return b.Minutes * answers }

func (c Check) holdsFor(kind compute.Kind) bool {
	return len(c.Kinds) == 0 || slices.Contains(c.Kinds, kind)
}
