package web

import (
	"strconv"
	"strings"
	"time"

	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// CandidateView is one person and one position, explained to the counsellor: seen
// from the position it is named by the person, and the reverse.
type CandidateView struct {
	ID, Row      string
	Code         string // of the person, on the page of a position
	Title, Href  string
	Over         string
	Score        float64
	Confidence   string
	Why          string
	Assumed      bool
	Crits        []Criterion
	Detail       []CriterionLine
	Held         []Tag
	Missing      []Tag
	Trainings    []TrainingLine
	Alerts       []DueAlert
	NoCard       string // why no card could be shown today
	Agreement    Tag
	AgreementSay string
	Gestures     Gestures
	Card         Link
	Proposal     string // where the last one stands
	ProposalTag  Tag
	Missed       string // of a near miss: the criterion, in a word
	Change       string
}

// CriterionLine is a criterion with its sentence.
type CriterionLine struct{ Name, Sentence string }

// TrainingLine is a session that gives what is missing.
type TrainingLine struct{ Brings, Title, Href, Over string }

// Gestures are what may be recorded of what a person said of a position.
type Gestures struct {
	Action, Person, Back, Where string
	Scene                       string // of the position as it is shown here
	Options                     []Option
	Until                       Field
}

// candidateOf says a candidate of a position.
func (c *call) candidateOf(one *placement.Candidate) CandidateView {
	v := c.pairOf(one)
	v.Code, v.Title, v.Href = one.Person.Code, one.Person.Code, journeyPath(one.Person.ID)
	waits := ""
	if n := one.Person.WaitingDays; n != nil && *n >= 30 { // less is no month
		waits = c.T("placing.waiting", "Months", c.monthsWords(*n/30))
	}
	proposed := c.T("placing.never_proposed")
	if last := one.Person.LastProposed; last != nil {
		proposed = c.T("placing.last_proposed", "When", c.Ago(*last, c.now))
	}
	v.Over = joined(" · ", one.Person.Town, waits, proposed)
	if p := one.Person.Post; p != nil {
		v.Over = joined(" · ", v.Over, p.Words.In(string(c.Lang)))
	}
	return v
}

// prospectOf says a position to a person's counsellor.
func (c *call) prospectOf(one *placement.Candidate) CandidateView {
	v := c.pairOf(one)
	h := one.Position
	v.Title, v.Href = h.Title, headPath(h)
	starts := ""
	if day := c.civilDay(h.StartsOn); day != "" {
		starts = c.T("position.from", "Date", day)
	}
	v.Over = joined(" · ", c.T("kind."+string(h.Kind)), h.Employer, h.Place.In(string(c.Lang)), starts)
	if h.Filled {
		v.NoCard = c.T(ofKind("placing.filled", h.Kind))
	}
	return v
}

func (c *call) pairOf(one *placement.Candidate) CandidateView {
	lang := string(c.Lang)
	id := strconv.FormatInt(int64(one.Person.ID), 10) + "-" + strconv.FormatInt(int64(one.Position.Lot), 10)
	v := CandidateView{ID: id, Row: "p" + id, Score: float64(one.Score), Confidence: confidenceOf(one.Confidence), Assumed: one.Assumed, Why: c.whyOf(one),
		Card: Link{c.T("placing.prepare"), cardPath(one.Position.Lot, one.Person.ID)}, Agreement: c.consentTag(one.Agreement), AgreementSay: c.consentWhen(one.Agreement)}
	for _, f := range one.Criteria {
		if f.Weight > 0 || f.State != "met" {
			v.Crits = append(v.Crits, c.placingBar(f))
		}
		v.Detail = append(v.Detail, CriterionLine{c.T("placing.criterion." + f.Criterion), f.Sentence.In(lang)})
	}
	if one.NoCard != nil {
		v.NoCard = one.NoCard.In(lang)
	}
	for _, w := range one.Held {
		v.Held = append(v.Held, Tag{Text: upperFirst(w.In(lang)), State: Met})
	}
	for _, w := range one.Missing {
		v.Missing = append(v.Missing, Tag{Text: upperFirst(w.In(lang)), State: Partial})
	}
	for _, t := range one.Trainings {
		v.Trainings = append(v.Trainings, c.trainingLine(t))
	}
	for _, a := range one.Alerts {
		v.Alerts = append(v.Alerts, c.placingAlert(a))
	}
	if one.Missed != "" {
		v.Missed = c.T("placing.criterion." + one.Missed)
	}
	if one.Change != nil {
		v.Change = one.Change.In(lang)
	}
	v.Gestures = c.gesturesFor(one.Agreement, one.Person.ID, one.Position)
	if p := one.Proposal; p != nil {
		v.ProposalTag, v.Proposal = c.proposalTag(p), c.proposalWhen(p)
		if p.State == placement.Hired && one.Position.Kind == opportunities.JobNeed && one.Person.Post == nil {
			v.ProposalTag = Tag{Text: c.T("placing.state_gone"), State: Unknown, Kind: true}
		}
		if p.Own || p.State.Runs() || !one.Position.Open {
			v.Card.Text = c.placedLink(p)
		}
	} else if !one.Position.Open {
		v.Card = Link{} // nothing to prepare
	}
	return v
}

// confidenceOf says a confidence in three steps, as the market of enterprises does.
func confidenceOf(percent int) string {
	switch {
	case percent >= 90:
		return "high"
	case percent >= 70:
		return "medium"
	}
	return "low"
}

// told are the criteria of the sentence of a candidate, in its order.
func told() []string { return []string{"occupation", "travel", "slots"} }

// whyOf is a candidate in one sentence: the work, the way, the hours.
func (c *call) whyOf(one *placement.Candidate) string {
	var parts []string
	for _, name := range told() {
		for _, f := range one.Criteria {
			if f.Criterion != name {
				continue
			}
			words := strings.TrimSuffix(f.Sentence.In(string(c.Lang)), ".")
			if len(parts) > 0 {
				words = lowerFirst(words)
			}
			parts = append(parts, words)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return typoIn(c.Lang, strings.Join(parts, map[Lang]string{French: " ; ", English: "; "}[c.Lang])) + "."
}

// typoIn puts the French spaces where the page is French.
func typoIn(lang Lang, text string) string {
	if lang == French {
		return typo(text)
	}
	return text
}

// placingBar draws a criterion with its word.
func (c *call) placingBar(f placement.Criterion) Criterion {
	bar := Criterion{Name: c.T("placing.criterion." + f.Criterion), Share: f.Value, State: Unknown, Word: c.T("placing.word.unknown")}
	short := c.shortfall(f)
	switch f.State {
	case "met":
		bar.State, bar.Share, bar.Word = Met, 1, c.T("placing.word.met")
	case "partial":
		bar.State, bar.Word = Partial, c.T("placing.word.partial")
	case "missed":
		bar.State, bar.Word = Missed, c.T("placing.word.missed")
	}
	if short != "" && f.State == "partial" {
		bar.Word = c.T("placing.word.short", "By", short)
	}
	if short != "" && f.State == "missed" {
		bar.Word = c.T("placing.word.missed_by", "By", short)
	}
	if f.Assumed && f.State != "missed" && f.State != "unknown" {
		bar.State, bar.Word = Assumed, c.T("placing.word.assumed")
	}
	return bar
}

// shortfall says by how much a criterion is missed, where it is counted.
func (c *call) shortfall(f placement.Criterion) string {
	if f.By <= 0 {
		return ""
	}
	n := max(1, int(f.By+.5))
	switch f.Unit {
	case "km":
		return c.Km(f.By)
	case "hours_a_week":
		return c.Decimal(f.By, 1) + nbsp + "h"
	case "days", "slots":
		return c.N("placing.unit."+f.Unit, n)
	case "years":
		return c.monthsWords(max(1, int(f.By*12+.5)))
	}
	return ""
}

func (c *call) trainingLine(t placement.Training) TrainingLine {
	starts, km, places := "", "", ""
	if day := c.civilDay(t.StartsOn); day != "" {
		starts = c.T("placing.training_from", "Day", day)
	}
	if t.Town != "" && t.Km > 0 {
		km = c.T("placing.training_km", "Km", c.Km(t.Km))
	}
	if t.Places > 0 {
		places = c.N("placing.training_places", t.Places)
	}
	return TrainingLine{Brings: c.aptitudeName(t.Aptitude), Title: t.Title, Href: candidatesPath(t.Lot), Over: joined(", ", starts, t.Town, km, places)}
}

func (c *call) placingAlert(a placement.Alert) DueAlert {
	return c.dueAlert(people.Alert{Kind: a.Kind, Severity: a.Severity, Due: a.Due, Text: fault.Text(a.Text), Source: a.Source})
}

// consentTag says where the agreement of a person stands.
func (c *call) consentTag(a placement.Consent) Tag {
	if a.State == "" {
		return Tag{Text: c.T("placing.not_asked"), Kind: true}
	}
	if a.Moved {
		return c.askAgain()
	}
	tag := c.agreementState(a.State)
	tag.Text = upperFirst(a.Words.In(string(c.Lang)))
	return tag
}

// askAgain marks what was asked before the position moved.
func (c *call) askAgain() Tag {
	return Tag{Text: c.T("placing.ask_again"), State: Partial, Icon: "refresh"}
}

func (c *call) consentWhen(a placement.Consent) string {
	if a.Moved {
		return c.T("placing.moved_since")
	}
	if !a.Holds || a.Until == "" {
		return ""
	}
	return c.T("journey.holds_until", "Day", c.civilDay(a.Until))
}

// gesturesFor are what may be recorded next of what a person said: a position that
// can no longer be taken asks nobody, and one that moved is asked about again first.
func (c *call) gesturesFor(a placement.Consent, person people.ID, h placement.Head) Gestures {
	lot, may := h.Lot, map[people.AgreementState]bool{people.Asked: h.Open, people.Given: h.Open || h.Filled, people.Refused: true, people.Withdrawn: true}
	id := strconv.FormatInt(int64(person), 10)
	g := Gestures{Action: candidatesPath(lot), Person: id, Back: c.r.URL.RequestURI(), Scene: h.Scene}
	for _, to := range []people.AgreementState{people.Asked, people.Given, people.Refused, people.Withdrawn} {
		if may[to] && nextOf(a.State, a.Moved, to) {
			key := "placing.gesture_" + string(to)
			if to == people.Withdrawn && a.State == people.Asked {
				key = "placing.gesture_unasked"
			}
			if to == people.Asked && a.State != "" {
				key = "placing.gesture_again"
			}
			g.Options = append(g.Options, Option{Value: string(to), Text: c.T(key)})
		}
	}
	if may[people.Given] && nextOf(a.State, a.Moved, people.Given) {
		g.Until = Field{ID: "jusqu_au_" + id + "-" + strconv.FormatInt(int64(lot), 10), Name: "jusqu_au", Kind: "date", Bare: true, Short: true, Label: c.T("placing.until"), Hint: c.T("journey.q_agreed_until_hint", "N", people.AgreementDays),
			Min: c.today(), Max: c.now.AddDate(0, 0, people.MostAgreementDays).Format(time.DateOnly)}
	}
	return g
}

// nextOf tells whether a step may be recorded after a state: of a position that moved
// since the question, the question comes first again.
func nextOf(from people.AgreementState, moved bool, to people.AgreementState) bool {
	if moved && (to == people.Asked || to == people.Given) {
		return to == people.Asked
	}
	return from.Allows(to)
}

// proposalWords says where a proposal stands. Of what is no job, and of what the
// structure gives itself, the words are those of the proposal: nobody is hired there.
func (c *call) proposalWords(p *placement.Line) string {
	if p.Own || p.State == placement.Hired {
		return upperFirst(p.Words.In(string(c.Lang)))
	}
	return c.T("placing.state." + string(p.State))
}

// proposalTag says where a proposal stands.
func (c *call) proposalTag(p *placement.Line) Tag {
	tag := Tag{Text: c.proposalWords(p), Kind: true}
	switch {
	case p.Late:
		tag = Tag{Text: c.T("placing.state_late"), State: Missed, Icon: "clock"}
	case p.State == placement.Proposed:
		tag = Tag{Text: tag.Text, State: Partial, Icon: "clock"}
	case p.State == placement.Interested, p.State == placement.Met, p.State == placement.Hired:
		tag = Tag{Text: tag.Text, State: Met}
	}
	return tag
}

// proposalWhen says what the employer was asked, and what it answered.
func (c *call) proposalWhen(p *placement.Line) string {
	if p.Own {
		return c.T("placing.noted_on", "When", c.When(p.ProposedAt, c.now))
	}
	words := c.T("placing.proposed_on", "Label", p.Label, "When", c.When(p.ProposedAt, c.now))
	if p.State == placement.Proposed {
		words = joined(" ", words, c.T("placing.answer_by", "When", c.When(p.AnswerBy, c.now)))
	}
	if p.Reason != nil {
		words = joined(" ", words, p.Reason.In(string(c.Lang))+".")
	}
	return words
}
