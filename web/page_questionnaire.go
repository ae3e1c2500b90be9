package web

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/internal/fault"
)

const (
	ownCampaignPath = "/campagne"
	campaignsPath   = "/campagnes"
)

func campaignPath(year int) string { return campaignsPath + "/" + strconv.Itoa(year) }

func questionnairePath(year int, id campaign.QuestionnaireID) string {
	return campaignPath(year) + "/" + strconv.FormatInt(int64(id), 10)
}

// ownQuestionnaire is the questionnaire of who asks: the latest, or that of ?annee.
func (s *Server) ownQuestionnaire(c *call) error {
	f, others, err := c.ownForm()
	if err != nil {
		return err
	}
	if f == nil {
		return c.show("questionnaire", c.noQuestionnaire())
	}
	page := c.questionnairePage(f, nil)
	page.Others = others
	return c.show("questionnaire", page)
}

func (c *call) noQuestionnaire() *QuestionnairePage {
	title := c.T("camp.own")
	return &QuestionnairePage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: title, None: &Empty{Title: c.T("camp.none"), Text: c.T("camp.none_text")}}
}

// ownForm finds the questionnaire of who asks; nil where nobody asks it anything yet.
func (c *call) ownForm() (*campaign.Form, []Link, error) {
	ctx, all := c.r.Context(), c.s.cfg.Campaigns
	own, err := all.Own(ctx, c.who.OrganisationID)
	if err != nil || len(own) == 0 {
		return nil, nil, err
	}
	var found *campaign.Form
	var others []Link
	for i, q := range own {
		f, err := all.Form(ctx, q.ID)
		if err != nil {
			return nil, nil, err
		}
		year := strconv.Itoa(f.Campaign.Year)
		if asked := c.query("annee"); asked == year || asked == "" && i == 0 {
			found = f
			continue
		}
		others = append(others, Link{year, ownCampaignPath + "?annee=" + year})
	}
	if found == nil {
		return nil, nil, fault.NotFound("questionnaire", c.query("annee"))
	}
	return found, others, nil
}

// posted is the questionnaire that a form was of.
func (c *call) posted() (campaign.QuestionnaireID, error) {
	id, err := strconv.ParseInt(c.form("questionnaire"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.NotFound("questionnaire", c.form("questionnaire"))
	}
	return campaign.QuestionnaireID(id), nil
}

// saveQuestionnaire keeps every answer of the form, then does what was asked:
// send it, or say a word on a question. Nothing that was typed is lost.
func (s *Server) saveQuestionnaire(c *call) error {
	id, err := c.posted()
	if err != nil {
		return err
	}
	f, err := s.cfg.Campaigns.Form(c.r.Context(), id)
	if err != nil {
		return err
	}
	if c.form("geste") == "reprendre" {
		return c.withdrawQuestionnaire(f)
	}
	do, code, _ := strings.Cut(c.form("geste"), ":")
	if do == "commenter" && f.Questionnaire.State == campaign.Submitted { // nothing to save
		return c.commentQuestionnaire(f, code, ownCampaignPath)
	}
	saved, err := s.cfg.Campaigns.SaveAnswers(c.r.Context(), id, c.entries(f))
	if err != nil {
		return c.refusedQuestionnaire(f, err)
	}
	if len(saved.Clashes)+len(saved.Faults) > 0 {
		page := c.questionnairePage(saved.Form, saved)
		status := 422
		if len(saved.Clashes) > 0 {
			status = 412
		}
		return c.showStatus(status, "questionnaire", page)
	}
	switch do {
	case "envoyer":
		return c.sendQuestionnaire(saved.Form)
	case "commenter":
		return c.commentQuestionnaire(saved.Form, code, ownCampaignPath)
	}
	return c.to(c.backTo(saved.Form, ""), "answers_saved")
}

// backTo is the page of a questionnaire for who fills it.
func (c *call) backTo(f *campaign.Form, anchor string) string {
	return ownCampaignPath + "?annee=" + strconv.Itoa(f.Campaign.Year) + anchor
}

// refusedQuestionnaire shows a questionnaire that no longer changes, with the reason.
func (c *call) refusedQuestionnaire(f *campaign.Form, err error) error {
	_, general, ok := c.faults(err)
	if !ok {
		return err
	}
	page := c.questionnairePage(f, nil)
	page.Errors = []FieldError{{Text: general}}
	return c.showStatus(409, "questionnaire", page)
}

// withdrawQuestionnaire takes back what was sent.
func (c *call) withdrawQuestionnaire(f *campaign.Form) error {
	revision, err := c.revision()
	if err != nil {
		return err
	}
	back, err := c.s.cfg.Campaigns.Withdraw(c.r.Context(), f.Questionnaire.ID, revision)
	if err != nil {
		return c.refusedQuestionnaire(f, err)
	}
	return c.to(c.backTo(back, ""), "questionnaire_taken_back")
}

func (c *call) sendQuestionnaire(f *campaign.Form) error {
	sent, err := c.s.cfg.Campaigns.Submit(c.r.Context(), f.Questionnaire.ID, f.Questionnaire.Revision)
	if err == nil {
		return c.to(c.backTo(sent, ""), "questionnaire_sent")
	}
	if fault.Of(err).Kind != fault.KindInvalid {
		return c.refusedQuestionnaire(f, err)
	}
	page := c.questionnairePage(f, nil)
	for _, field := range fault.Of(err).Fields {
		q, _ := c.s.cfg.Campaigns.Book().Find(compute.Measure(field.Path))
		page.Errors = append(page.Errors, FieldError{ID: questionID(q.Code) + "-v", Text: c.T("camp.fault", "Question", q.Label.In(string(c.Lang)), "Text", lowerFirst(field.Message.In(string(c.Lang))))})
	}
	return c.showStatus(422, "questionnaire", page)
}

// commentQuestionnaire says a word on a question, or on the whole.
func (c *call) commentQuestionnaire(f *campaign.Form, code, back string) error {
	_, err := c.s.cfg.Campaigns.Comment(c.r.Context(), campaign.Comment{QuestionnaireID: f.Questionnaire.ID, Question: compute.Measure(code), Text: c.form("mot-" + code)})
	fields, _, ok := c.faults(err)
	if err != nil && !ok {
		return err
	}
	if err != nil {
		page := c.questionnairePage(f, nil)
		page.Errors = []FieldError{{ID: questionID(compute.Measure(code)) + "-mot", Text: fields["text"]}}
		return c.showStatus(422, "questionnaire", page)
	}
	anchor := "#" + questionID(compute.Measure(code))
	if back == ownCampaignPath {
		return c.to(c.backTo(f, anchor), "comment_said")
	}
	return c.to(back+anchor, "comment_said")
}

// entries reads the answers of a posted form.
func (c *call) entries(f *campaign.Form) []campaign.Entry {
	var out []campaign.Entry
	for _, i := range f.Items {
		code := string(i.Question.Code)
		if _, there := c.r.PostForm["v-"+code]; !there {
			continue
		}
		out = append(out, c.entry(code, c.r.PostForm))
	}
	return out
}

// entry reads one answer. ND is a gesture of its own; a number typed after it,
// the box still ticked, is the later gesture.
func (c *call) entry(code string, form url.Values) campaign.Entry {
	get := func(name string) string { return form.Get(name + "-" + code) }
	text, explained := strings.TrimSpace(get("v")), get("e")
	if get("nd") != "" && (text == "" || text == strings.TrimSpace(get("lu"))) {
		text = "ND"
	}
	revision, err := strconv.ParseInt(get("r"), 10, 64)
	if err != nil {
		revision = 0
	}
	e := campaign.Entry{Question: compute.Measure(code), Text: &text, Revision: revision}
	if _, there := form["e-"+code]; there {
		e.Explained = &explained
	}
	return e
}

// saveAnswer keeps one answer as it is typed and tells what changes on the page:
// the checks are the server's, the script only puts their words in place.
func (s *Server) saveAnswer(c *call) error {
	id, err := c.posted()
	if err != nil {
		return err
	}
	code := c.form("question")
	saved, err := s.cfg.Campaigns.SaveAnswers(c.r.Context(), id, []campaign.Entry{c.entry(code, c.r.PostForm)})
	if err != nil {
		return err
	}
	page := c.questionnairePage(saved.Form, saved)
	out := savedAnswer{Revision: page.revisionOf(code), Notes: map[string]string{}, Clash: len(saved.Clashes) > 0}
	if out.Tally, err = c.markup("questionnaire-tally", page); err != nil {
		return err
	}
	for _, g := range page.Groups {
		for _, q := range g.Items {
			if out.Notes[q.ID], err = c.markup("question-notes", q); err != nil {
				return err
			}
		}
	}
	return c.json(out)
}

// savedAnswer is what a script puts in place: markup that the server wrote.
type savedAnswer struct {
	Revision int64             `json:"revision"`
	Clash    bool              `json:"clash"`
	Tally    string            `json:"tally"`
	Notes    map[string]string `json:"notes"`
}

func (c *call) markup(block string, data any) (string, error) {
	var b bytes.Buffer
	err := c.s.pages.write(&b, c.Lang, "questionnaire", block, data)
	return b.String(), err
}

// reviewedQuestionnaire is that of an enterprise, for its region.
func (s *Server) reviewedQuestionnaire(c *call) error {
	f, err := c.reviewed()
	if err != nil {
		return err
	}
	return c.show("questionnaire", c.questionnairePage(f, nil))
}

func (c *call) reviewed() (*campaign.Form, error) {
	id, err := c.id("id")
	if err != nil {
		return nil, err
	}
	f, err := c.s.cfg.Campaigns.Form(c.r.Context(), campaign.QuestionnaireID(id))
	if err == nil && strconv.Itoa(f.Campaign.Year) != c.r.PathValue("annee") {
		return nil, fault.NotFound("questionnaire", id)
	}
	return f, err
}

// reviewQuestionnaire gives a questionnaire back, or says a word on a question.
func (s *Server) reviewQuestionnaire(c *call) error {
	f, err := c.reviewed()
	if err != nil {
		return err
	}
	here := questionnairePath(f.Campaign.Year, f.Questionnaire.ID)
	if do, code, _ := strings.Cut(c.form("geste"), ":"); do == "commenter" {
		return c.commentQuestionnaire(f, code, here)
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	_, err = s.cfg.Campaigns.Return(c.r.Context(), f.Questionnaire.ID, revision, c.form("note"))
	if err == nil {
		return c.to(here, "questionnaire_returned")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	page := c.questionnairePage(f, nil)
	page.Return.Value, page.Return.Error = c.form("note"), fields["note"]
	page.Errors = summary(map[string]string{"note": fields["note"]}, "note")
	if fields["note"] == "" {
		page.Errors = []FieldError{{Text: general}}
	}
	return c.showStatus(422, "questionnaire", page)
}

// awaitCampaign asks an enterprise for its questionnaire, on its first page.
func (c *call) awaitCampaign() ([]Await, error) {
	if c.s.cfg.Campaigns == nil || accounts.ReachOf(c.who.Identity, accounts.QuestionnaireAnswer) == accounts.Never {
		return nil, nil
	}
	own, err := c.s.cfg.Campaigns.Own(c.r.Context(), c.who.OrganisationID)
	if err != nil || len(own) == 0 || !own[0].State.Writable() {
		return nil, err
	}
	f, err := c.s.cfg.Campaigns.Form(c.r.Context(), own[0].ID)
	if err != nil || !f.Campaign.Answerable(own[0].State) {
		return nil, err
	}
	t, days := f.Tally(c.s.cfg.Campaigns.Book()), c.closing(f.Campaign)
	title := c.T("camp.await", "Year", f.Campaign.Year)
	if f.Questionnaire.State == campaign.Returned {
		title = c.T("camp.await_returned", "Year", f.Campaign.Year)
	}
	return []Await{{Days: &days, Title: title, Text: c.H("camp.await_text", "Answered", c.Num(t.Answered), "Asked", c.Num(t.Asked), "Minutes", c.minutes(t.Minutes)), Do: Link{c.T("camp.await_do"), ownCampaignPath}}}, nil
}

// closing is what is left before the last day of a campaign, which ends at midnight.
func (c *call) closing(of *campaign.Campaign) Days {
	day, err := time.ParseInLocation(time.DateOnly, of.ClosesOn, c.zone)
	if err != nil {
		return Days{NoDate: true}
	}
	d := c.daysLeft(c.now, day.Add(24*time.Hour-time.Second))
	d.When = c.Date(day)
	return d
}

// minutes says a length of time: 36 minutes, 1 h 20.
func (c *call) minutes(n int) string {
	if n < 60 {
		return c.N("camp.minutes", n)
	}
	return c.Duration(time.Duration(n) * time.Minute)
}

func questionID(code compute.Measure) string {
	if code == "" {
		return "q-tout"
	}
	return "q-" + strings.ReplaceAll(string(code), ".", "-")
}

// revisionOf is that of the answer to a question on the page.
func (p *QuestionnairePage) revisionOf(code string) int64 {
	for _, g := range p.Groups {
		if i := slices.IndexFunc(g.Items, func(q QuestionView) bool { return q.Code == code }); i >= 0 {
			return g.Items[i].Revision
		}
	}
	return 0
}
