package web

import (
	"html/template"

	"maillage/followup"
)

// MatchView is a match read in one line, with its bars and its two gestures.
type MatchView struct {
	ID         string
	Row        string
	Title      string
	Href       string
	Over       string // the buyer · the place
	Score      float64
	Confidence string // high, medium, low
	Days       Days
	Why        string
	Assumed    string // what is assumed, in words; empty: nothing
	Crits      []Criterion
	Open       bool   // the bars are shown at once
	Answer     string // "", yes, no
	Answered   string // the answer in words
	Correct    *Link  // of a refusal: the fact of the enterprise that it speaks of, to put right
	CanAnswer  bool
	Action     string // where the answer is posted
	Back       string // where to come back
	Reasons    []Option
}

// AnswerIcon is the icon of the answer that was given.
func (m MatchView) AnswerIcon() string {
	if m.Answer == "yes" {
		return "check"
	}
	return "x"
}

// Await is one thing that waits for the person, the most urgent first.
type Await struct {
	Days       *Days
	Figure     string // where there is no deadline: how many, of what
	FigureWord string
	Title      string
	Text       template.HTML
	Do         Link
}

// Figure is a number with what it counts.
type Figure struct {
	Label, Value, Note string
}

// OppRow is an opportunity in a list.
type OppRow struct {
	Row, Title, Href, Over, Text string
	Days                         Days
	Tags                         []Tag
}

// OrgRow is an organisation in a list.
type OrgRow struct {
	Row, Name, Href, Over, Text string
	Tags                        []Tag
}

// NearView is a candidate or a lot that misses exactly one gate.
type NearView struct {
	Name, Href  string
	Missing     string // the criterion, in a word
	Text        string
	WouldChange string
	Do          *Link
}

// refusals are the reasons that a member may give; one is enough.
func (c *call) refusals() []Option {
	return c.reasonsOf(followup.Declined)
}

// reasonsOf lists the reasons that close a match in a state.
func (c *call) reasonsOf(to followup.State) []Option {
	var options []Option
	for _, reason := range followup.Reasons(to) {
		options = append(options, Option{Value: string(reason), Text: upperFirst(followup.ReasonWords(reason).In(string(c.Lang)))})
	}
	return options
}
