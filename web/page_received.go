package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// ReceivedView is what an employer reads of the people presented for a need:
// cards side by side, in an order that was drawn, without any figure.
type ReceivedView struct {
	Tenures       []TenureView // of those who were met
	ID            string
	Heading, Lead string
	Need          Link // on another page than its own
	Cards         []PresentedView
	Ended         []PresentedView
	Steps         []Step
}

// PresentedView is one card.
type PresentedView struct {
	Ref, Label, Title string
	Running           bool
	State             Tag
	Structure, Kind   string
	OnSite            string
	Strengths         []string
	Available         string
	Trainings         []TrainingLine
	Contact           *placement.Contact
	Phone             string // as a telephone dials it
	AnswerBy          string
	Late              bool
	Action, Revision  string
	Answers           []Option
	Reasons           []Option
	Taken             string // the answer of who takes the person
	Full              bool   // every place is taken: "hired" is no answer
}

// Answer says whether the card may be answered so.
func (v PresentedView) Answer(state string) bool {
	return slices.ContainsFunc(v.Answers, func(o Option) bool { return o.Value == state })
}

func (c *call) presentedView(p placement.Presented, h placement.Head) PresentedView {
	lang := string(c.Lang)
	v := PresentedView{Ref: p.Ref, Label: p.Label, Title: strings.TrimSpace(p.Title.In(lang)), Running: p.State.Runs(), State: c.proposalTag(&placement.Line{State: p.State}), Structure: p.Structure, Contact: p.Contact,
		Late: p.Late, Revision: strconv.FormatInt(p.Revision, 10), Action: "/besoins/" + strconv.FormatInt(int64(h.Lot), 10) + "/candidatures/" + p.Ref}
	v.Taken = upperFirst(placement.Taken(h.Kind, false).In(lang))
	if v.State.Text = upperFirst(p.StateText.In(lang)); p.State != placement.Hired {
		v.State.Text = c.T("placing.mine." + string(p.State))
	}
	if p.Kind != "" {
		v.Kind = c.T("okind." + string(p.Kind))
	}
	if p.OnSite != nil {
		v.OnSite = p.OnSite.In(lang)
	}
	for _, s := range p.Strengths {
		v.Strengths = append(v.Strengths, s.In(lang))
	}
	if p.Available != nil {
		v.Available = p.Available.In(lang)
	}
	if p.Contact != nil {
		v.Phone = dialled(p.Contact.Phone)
	}
	if p.AnswerBy != nil {
		v.AnswerBy = c.When(*p.AnswerBy, c.now)
	}
	for _, t := range p.Trainings {
		starts, places := "", ""
		if day := c.civilDay(t.StartsOn); day != "" {
			starts = c.T("placing.training_from", "Day", day)
		}
		if t.Places > 0 {
			places = c.N("placing.training_places", t.Places)
		}
		v.Trainings = append(v.Trainings, TrainingLine{Brings: upperFirst(t.Brings.In(lang)), Title: t.Title, Over: joined(", ", starts, t.Town, places)})
	}
	for _, to := range placement.Answers() {
		if p.State.Allows(to) {
			v.Answers = append(v.Answers, Option{Value: string(to)})
		}
	}
	for _, r := range placement.Reasons() {
		v.Reasons = append(v.Reasons, Option{Value: string(r), Text: r.Words().In(lang)})
	}
	return v
}

// dialled keeps what a telephone dials.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// fillReceived adds the cards to the page of a need, where it is the reader's to
// answer for.
func (c *call) fillReceived(page *OpportunityPage, lot *opportunities.Lot) error {
	if !accounts.Can(c.who.Identity, accounts.ProposalReceived, accounts.Of(c.who.OrganisationID)) {
		return nil
	}
	found, err := c.s.cfg.Placement.Received(c.r.Context(), lot.ID)
	if err != nil {
		return unlessAbsent(err) // somebody else's need shows them no card
	}
	c.w.Header().Set("Cache-Control", "no-store")
	if len(found.Cards) == 0 {
		return nil
	}
	page.Received = c.receivedView(found)
	labels := map[string]string{}
	for _, p := range found.Cards {
		labels[p.Ref] = p.Title.In(string(c.Lang))
	}
	page.Received.Tenures, err = c.tenuresAt(lot.ID, labels)
	return err
}

// unlessAbsent lets go of the fault of what is not there.
func unlessAbsent(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}

func (c *call) receivedView(found *placement.Received) *ReceivedView {
	v := &ReceivedView{ID: strconv.FormatInt(int64(found.Position.Lot), 10)}
	var due *time.Time
	waiting, met := 0, 0
	for _, p := range found.Cards {
		one := c.presentedView(p, found.Position)
		if found.Position.Filled {
			one.Full, one.Answers = true, slices.DeleteFunc(one.Answers, func(o Option) bool { return o.Value == string(placement.Hired) })
		}
		if !one.Running {
			if found.Position.Filled {
				one.Answers = nil
			}
			v.Ended = append(v.Ended, one)
			continue
		}
		v.Cards = append(v.Cards, one)
		switch p.State {
		case placement.Proposed:
			waiting++
			if p.AnswerBy != nil && (due == nil || p.AnswerBy.Before(*due)) {
				due = p.AnswerBy
			}
		case placement.Interested, placement.Met:
			met++
		}
	}
	v.Heading, v.Lead = c.T("placing.received_none"), c.T("placing.received_none_text")
	if n := len(v.Cards); n > 0 {
		v.Heading, v.Lead = upperFirst(c.N("placing.received", n, "Count", c.Count(n))), c.N("placing.received_lead", n)
	}
	v.Steps = c.receivedSteps(found.Position, due, waiting, met)
	return v
}

// receivedSteps says what comes next, and where the employer stands.
func (c *call) receivedSteps(h placement.Head, due *time.Time, waiting, met int) []Step {
	say := c.T("placing.step_say_done")
	if due != nil {
		key := "placing.step_say_by"
		if due.Before(c.now) {
			key = "placing.step_say_late"
		}
		say = c.T(key, "When", c.When(*due, c.now))
	}
	start := c.T("placing.step_start_text")
	if day := c.civilDay(h.StartsOn); day != "" {
		start = c.T("placing.step_start_on", "Day", day)
	}
	return []Step{
		{Title: c.T("placing.step_say"), Text: say, Now: waiting > 0},
		{Title: c.T("placing.step_meet"), Text: c.T("placing.step_meet_text"), Now: waiting == 0 && met > 0},
		{Title: c.T("placing.step_try"), Text: c.T("placing.step_try_text")},
		{Title: c.T("placing.step_start"), Text: start},
	}
}

// answerCard keeps what an employer says to a card.
func (s *Server) answerCard(c *call) error {
	lot, err := c.id("id")
	if err != nil {
		return err
	}
	id := opportunities.LotID(lot)
	revision, _ := strconv.ParseInt(c.form("revision"), 10, 64)
	reply := placement.Reply{State: placement.State(c.form("reponse"))}
	if reply.State == placement.NotRetained {
		reply.Reason = placement.Reason(c.form("motif"))
	}
	_, err = s.cfg.Placement.Answer(c.r.Context(), id, c.r.PathValue("ref"), max(0, revision), reply)
	if fields, general, ok := c.faults(err); ok {
		return c.showAnswered(id, or(or(fields["reason"], fields["state"]), general))
	}
	if err != nil {
		return err
	}
	found, err := s.cfg.Placement.Received(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.to(headPath(found.Position)+"#candidatures", "card_"+string(reply.State))
}

// showAnswered shows the cards again, with what was wrong.
func (c *call) showAnswered(id opportunities.LotID, why string) error {
	found, err := c.s.cfg.Placement.Received(c.r.Context(), id)
	if err != nil {
		return err
	}
	c.w.Header().Set("Cache-Control", "no-store")
	h := found.Position
	page := &CardsPage{Page: c.page(h.Title, Crumb{c.T("home.my_needs"), "/"}, Crumb{clip(h.Title, 60), headPath(h)}), Received: c.receivedView(found)}
	page.Errors = []FieldError{{Text: why}}
	return c.showStatus(422, "cards", page)
}

// CardsPage is the cards of a need alone, where an answer could not be kept.
type CardsPage struct {
	Page
	Received *ReceivedView
}
