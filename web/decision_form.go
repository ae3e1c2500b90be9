package web

import (
	"strconv"
	"strings"
	"time"

	"maillage/followup"
	"maillage/matching"
	"maillage/opportunities"
)

// DecisionForm is what can be said of a match now, in one gesture.
type DecisionForm struct {
	Heading, State, Text, Note string
	StateClass                 string
	Revision                   string
	How, With                  *Field
	Day, Why, Word             *Field
	Buttons                    []FormButton
}

// FormButton is one gesture.
type FormButton struct{ Value, Text, Icon string }

// decisionForm asks what the state of a match lets somebody say.
func (c *call) decisionForm(p *pursued, errs map[string]string) DecisionForm {
	state := p.pursuit.State
	f := DecisionForm{Heading: c.T("decision.yours"), Revision: revisionOf(p.pursuit.Revision), Text: c.expectedWords(p)}
	if !state.Unanswered() {
		f.State = c.stateSince(p.pursuit)
		if !state.Closed() || state == followup.Won {
			f.StateClass = "met"
		}
	}
	switch {
	case state == followup.Go || state == followup.Answering:
		c.askAnswer(&f, p, errs)
	case state == followup.Submitted:
		c.askOutcome(&f, p, errs)
	case state == followup.Won || state == followup.Lost || state == followup.NoAward:
		f.Heading, f.Text = c.T("pursuit.outcome"), c.T("pursuit.reopen_text")
		f.Day = c.dayField(p, errs)
		f.Buttons = []FormButton{{"remise", c.T("pursuit.reopen"), "refresh"}}
	case state == followup.Withdrawn && p.pursuit.Role != followup.NoRole && !p.item.Lot.Gone() && (!p.mine || !c.decidable(p)):
		f.Text, f.Day = joined(" ", f.Text, c.T("pursuit.afterwards")), c.dayField(p, errs)
		f.Buttons = []FormButton{{"remise", c.T("pursuit.record"), "check"}}
	case !p.mine:
		f.Heading, f.Text = c.T("pursuit.theirs"), c.T("pursuit.theirs_text")
	case c.decidable(p):
		c.askDecision(&f, p, errs)
	case c.recordable(p):
		f.Text = joined(" ", f.Text, c.T("pursuit.afterwards"))
		f.How, f.With, f.Day = c.howField(p, c.T("pursuit.how_answer"), false, errs), c.withField(p, errs), c.dayField(p, errs)
		f.Buttons = []FormButton{{"reprise", c.T("pursuit.record"), "check"}}
	}
	if !p.mine && f.Heading == c.T("pursuit.answer") {
		f.Heading, f.Text = c.T("pursuit.theirs_answer"), ""
	}
	if len(f.Buttons) > 0 {
		f.Word = &Field{ID: "mot", Name: "mot", Kind: "area", Rows: 2, Label: c.T("decision.word"), Value: c.formOr("mot", p.pursuit.Note), Error: errs["mot"]}
	}
	return f
}

// decidable tells whether there is still something to decide.
func (c *call) decidable(p *pursued) bool {
	return p.item.State == matching.Proposed && !p.item.Lot.Gone() && p.lot.Opportunity.Open(c.now) && !p.lot.Filled() && (p.item.Lot.Deadline == nil || p.item.Lot.Deadline.After(c.now))
}

// over tells that the call of a match has ended, or its deadline has passed.
func (c *call) over(p *pursued) bool {
	return !p.lot.Opportunity.Open(c.now) || p.item.Lot.Deadline != nil && !p.item.Lot.Deadline.After(c.now)
}

// recordable tells whether an answer that was handed in before a call was over can still be told.
func (c *call) recordable(p *pursued) bool {
	return c.over(p) && !p.item.Lot.Gone() && p.item.State == matching.Proposed && !p.lot.Filled() && p.lot.Opportunity.State != opportunities.Draft
}

func (c *call) expectedWords(p *pursued) string {
	switch {
	case p.item.Lot.Gone():
		return upperFirst(c.goneTag(p.item.Lot)) + "."
	case p.item.State != matching.Proposed:
		return c.T("pursuit.withdrawn_match")
	case p.lot.Filled():
		return c.T("places.notice")
	case !c.decidable(p):
		return c.T("decision.closed")
	case p.item.Lot.Deadline == nil:
		return c.T("decision.no_date")
	}
	return c.T("decision.expected", "When", c.When(*p.item.Lot.Deadline, c.now))
}

func (c *call) askDecision(f *DecisionForm, p *pursued, errs map[string]string) {
	f.How, f.With = c.howField(p, c.T("pursuit.if_yes"), true, errs), c.withField(p, errs)
	f.Why = c.whyField(followup.NoGo, c.T("decision.why"), p.pursuit.Reason, errs)
	f.Buttons = []FormButton{{"go", c.T("decision.go"), "check"}, {"nogo", c.T("decision.no"), "x"}}
	if p.pursuit.State != followup.Interested {
		f.Buttons = append(f.Buttons, FormButton{"oui", c.T("pursuit.interested"), "clock"})
	}
	f.Note = c.T("match.no_harm")
}

func (c *call) askAnswer(f *DecisionForm, p *pursued, errs map[string]string) {
	f.Heading = c.T("pursuit.answer")
	if p.item.Lot.Gone() {
		f.Why = c.whyField(followup.Withdrawn, c.T("pursuit.why_dropped"), followup.CallChanged, errs)
		f.Buttons = []FormButton{{"abandon", c.T("pursuit.drop"), "x"}}
		return
	}
	f.How, f.With = c.howField(p, c.T("pursuit.how_answer"), false, errs), c.withField(p, errs)
	f.Why = c.whyField(followup.Withdrawn, c.T("pursuit.if_dropped"), followup.NoReason, errs)
	over, drop := c.over(p), FormButton{"abandon", c.T("pursuit.drop"), "x"}
	if over || p.pursuit.State == followup.Answering {
		f.Day = c.dayField(p, errs)
	}
	switch {
	case p.pursuit.State == followup.Answering:
		f.Buttons = []FormButton{{"remise", c.T("pursuit.submitted"), "check"}, {"prepare", c.T("pursuit.change_team"), "people"}, drop}
	case over:
		f.Text = joined(" ", f.Text, c.T("pursuit.afterwards"))
		f.Buttons = []FormButton{{"remise-faite", c.T("pursuit.record"), "check"}, drop}
	default:
		f.Buttons = []FormButton{{"prepare", c.T("pursuit.prepare"), "people"}, drop}
	}
}

// dayField asks on which day an answer was handed in: the one that is known, or today
// while it can still be handed in.
func (c *call) dayField(p *pursued, errs map[string]string) *Field {
	known := p.pursuit.SubmittedOn
	if known == "" && !c.over(p) {
		known = c.now.In(c.zone).Format(time.DateOnly)
	}
	return &Field{ID: "remise", Name: "remise", Kind: "date", Label: c.T("pursuit.submitted_on"), Value: c.formOr("remise", known), Error: errs["remise"], Bare: true}
}

func (c *call) askOutcome(f *DecisionForm, p *pursued, errs map[string]string) {
	f.Heading, f.Text = c.T("pursuit.outcome"), c.T("pursuit.outcome_text")
	f.Why = c.whyField(followup.Lost, c.T("pursuit.if_lost"), followup.NoReason, errs)
	if !p.item.Lot.Gone() {
		f.Buttons = []FormButton{{"gagne", c.T("pursuit.won"), "check"}}
	}
	f.Day = c.dayField(p, errs)
	f.Buttons = append(f.Buttons, FormButton{"perdu", c.T("pursuit.lost"), "x"}, FormButton{"sans-suite", c.T("pursuit.no_award"), "x"}, FormButton{"remise", c.T("pursuit.correct_day"), "refresh"})
	f.Note = c.T("pursuit.lost_note")
}

// howField asks how the enterprise answers: in a group that exists, alone, or with others.
func (c *call) howField(p *pursued, label string, later bool, errs map[string]string) *Field {
	f := &Field{ID: "comment", Name: "comment", Kind: "radio", Label: label, Error: errs["comment"]}
	chosen := c.formOr("comment", c.howNow(p))
	for _, g := range p.sheet.Groups {
		f.Options = append(f.Options, Option{Value: "groupe-" + revisionOf(int64(g.ID)), Text: c.T("pursuit.in_group", "Name", g.Name)})
	}
	for _, role := range followup.Roles() {
		f.Options = append(f.Options, Option{Value: string(role), Text: upperFirst(followup.RoleWords(role).In(string(c.Lang)))})
	}
	if later {
		f.Options = append(f.Options, Option{Value: "", Text: c.T("pursuit.to_see")})
	}
	for i := range f.Options {
		f.Options[i].Selected = f.Options[i].Value == chosen
	}
	return f
}

func (c *call) howNow(p *pursued) string {
	if p.pursuit.Consortium != nil {
		return "groupe-" + revisionOf(int64(*p.pursuit.Consortium))
	}
	if p.pursuit.Role == followup.NoRole && len(p.sheet.Asking) > 0 { // as who asks understands it
		if p.sheet.Asking[0].Role == followup.Lead {
			return string(followup.Partner)
		}
		return string(followup.Lead)
	}
	return string(p.pursuit.Role)
}

// withField offers as partners those who would make the answer whole, and those already chosen.
func (c *call) withField(p *pursued, errs map[string]string) *Field {
	f := &Field{ID: "avec", Name: "avec", Kind: "checkbox", Label: c.T("pursuit.with"), Hint: c.T("pursuit.with_hint"), Error: errs["avec"]}
	chosen := map[string]bool{}
	for _, id := range p.pursuit.Partners {
		chosen[memberID(id)] = true
	}
	for _, id := range c.r.PostForm["avec"] {
		chosen[id] = true
	}
	if p.pursuit.Role == followup.NoRole {
		for _, a := range p.sheet.Asking {
			chosen[memberID(a.ID)] = true
		}
	}
	for _, ally := range p.sheet.Partners {
		f.Options = append(f.Options, Option{Value: memberID(ally.ID), Text: joined(", ", ally.Name, ally.Town), Selected: chosen[memberID(ally.ID)]})
		delete(chosen, memberID(ally.ID))
	}
	for _, a := range p.sheet.Asking {
		if chosen[memberID(a.ID)] {
			f.Options = append(f.Options, Option{Value: memberID(a.ID), Text: joined(", ", a.Name, a.Town), Selected: true})
			delete(chosen, memberID(a.ID))
		}
	}
	for _, id := range p.pursuit.Partners {
		if o, err := c.s.cfg.Network.Get(c.r.Context(), id); err == nil && chosen[memberID(id)] {
			f.Options = append(f.Options, Option{Value: memberID(id), Text: o.Called(), Selected: true})
		}
	}
	if len(f.Options) == 0 {
		return nil
	}
	return f
}

func (c *call) whyField(to followup.State, label string, now followup.Reason, errs map[string]string) *Field {
	f := &Field{ID: "motif", Name: "motif", Kind: "select", Label: label, Bare: true, Options: append([]Option{{Text: c.T("decision.choose")}}, c.reasonsOf(to)...), Error: errs["motif"]}
	for i := range f.Options {
		f.Options[i].Selected = f.Options[i].Value != "" && f.Options[i].Value == c.formOr("motif", string(now))
	}
	return f
}

// formOr is what was typed, kept after a refusal, or else what is known.
func (c *call) formOr(name, known string) string {
	if _, typed := c.r.PostForm[name]; typed {
		return strings.TrimSpace(c.r.PostForm.Get(name))
	}
	return known
}

func revisionOf(n int64) string { return strconv.FormatInt(n, 10) }
