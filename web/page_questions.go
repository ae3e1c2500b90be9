package web

import (
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup/questions"
)

const (
	questionsPath  = "/questions"
	askPath        = "/questions/nouvelle"
	deskPath       = "/questions/suivi"
	deskCountsPath = "/questions/chiffres"
	publishedPath  = "/reponses-publiees"
)

func questionPath(id questions.ID) string {
	return questionsPath + "/" + strconv.FormatInt(int64(id), 10)
}

func publishedAnswerPath(id questions.AnswerID) string {
	return publishedPath + "/" + strconv.FormatInt(int64(id), 10)
}

// QuestionsPage is the published answers, found by their words.
type QuestionsPage struct {
	Page
	Heading, Lead string
	Filters       []Field
	Clear         string
	Found         string
	Rows          []AnswerRow
	Empty         Empty
	Do            []Link
}

// AnswerRow is a published answer in a list.
type AnswerRow struct {
	Title, Href, Over, Text string
}

func (s *Server) questions(c *call) error {
	theme := questions.Theme(c.query("theme"))
	all, err := s.cfg.Questions.Search(c.r.Context(), c.query("quoi"), theme)
	if err != nil {
		return err
	}
	title := c.T("questions.title")
	page := &QuestionsPage{Page: c.page(title, Crumb{c.T("nav.home"), "/"}, Crumb{Text: title}), Heading: c.T("questions.heading"), Lead: c.T("questions.lead"), Found: c.N("questions.found", len(all)), Do: c.questionGestures(),
		Filters: []Field{{ID: "quoi", Name: "quoi", Kind: "search", Label: c.T("questions.words"), Value: c.query("quoi")},
			{ID: "theme", Name: "theme", Kind: "select", Bare: true, Label: c.T("questions.theme"), Options: c.options("questions.theme_", string(theme), c.T("questions.every_theme"), texts(questions.Themes())...)}},
		Empty: Empty{Title: c.T("questions.none"), Text: c.T("questions.none_text"), Actions: c.questionGestures()}}
	if c.r.URL.RawQuery != "" {
		page.Clear = questionsPath
	}
	for _, p := range all {
		page.Rows = append(page.Rows, c.answerRow(&p))
	}
	return c.show("questions", page)
}

func (c *call) answerRow(p *questions.Published) AnswerRow {
	return AnswerRow{Title: p.Title, Href: publishedAnswerPath(p.ID), Over: joined(" · ", c.T("questions.theme_"+string(p.Theme)), c.T("questions.published_on", "Day", c.civilDay(p.PublishedOn))), Text: clip(p.Answer, 220)}
}

// questionGestures are what who reads may do next.
func (c *call) questionGestures() (out []Link) {
	can := func(a accounts.Action) bool { return c.may(a) }
	if can(accounts.QuestionAsk) {
		out = append(out, Link{c.T("questions.ask"), askPath})
	}
	if can(accounts.QuestionRead) {
		word := "questions.desk"
		if c.who.Role == accounts.Member {
			word = "questions.own"
		}
		out = append(out, Link{c.T(word), deskPath})
	}
	if can(accounts.QuestionCount) {
		out = append(out, Link{c.T("questions.counts"), deskCountsPath})
	}
	return out
}

// PublishedPage is one published answer.
type PublishedPage struct {
	Page
	Heading, Lead    string
	Question, Answer []string
	Do               []Link
}

func (s *Server) publishedAnswer(c *call) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	p, err := s.cfg.Questions.Answer(c.r.Context(), questions.AnswerID(id))
	if err != nil {
		return err
	}
	page := &PublishedPage{Page: c.page(p.Title, Crumb{c.T("questions.title"), questionsPath}, Crumb{Text: p.Title}), Heading: p.Title, Lead: c.answerRow(p).Over, Question: paragraphs(p.Question), Answer: paragraphs(p.Answer), Do: c.questionGestures()}
	return c.show("question_published", page)
}

// AskPage is the form of a question, with the published answers near to it.
type AskPage struct {
	Page
	Heading, Lead string
	Fields        []Field
	Related       []AnswerRow
}

func (s *Server) askForm(c *call) error { return c.showAsk(200, nil, nil) }

func (c *call) showAsk(status int, errs map[string]string, near []questions.Published) error {
	title := c.T("questions.ask")
	theme := Field{ID: "theme", Name: "theme", Kind: "select", Label: c.T("questions.theme"), Required: true, Error: errs["theme"], Options: c.options("questions.theme_", c.form("theme"), c.T("quality.choose"), texts(questions.Themes())...)}
	page := &AskPage{Page: c.page(title, Crumb{c.T("questions.title"), questionsPath}, Crumb{Text: title}), Heading: title, Lead: c.T("questions.ask_lead"), Fields: []Field{theme,
		{ID: "objet", Name: "objet", Label: c.T("questions.subject"), Required: true, Value: c.form("objet"), Error: errs["objet"]},
		{ID: "texte", Name: "texte", Kind: "area", Rows: 8, Label: c.T("questions.body"), Hint: c.T("questions.body_hint"), Required: true, Value: c.form("texte"), Error: errs["texte"]}}}
	for _, p := range near {
		page.Related = append(page.Related, c.answerRow(&p))
	}
	page.Errors = summary(errs, "theme", "objet", "texte")
	return c.showStatus(status, "question_ask", page)
}

// ask sends a question; the first time, the answers near to it are shown before.
func (s *Server) ask(c *call) error {
	d := questions.Draft{Theme: questions.Theme(c.form("theme")), Title: c.form("objet"), Body: c.form("texte")}
	err := d.Check()
	if err == nil && c.form("geste") != "envoyer" {
		var near []questions.Published
		if near, err = s.cfg.Questions.Related(c.r.Context(), d); err != nil {
			return err
		}
		if len(near) > 0 {
			return c.showAsk(200, nil, near)
		}
	}
	var q *questions.Question
	if err == nil {
		q, err = s.cfg.Questions.Ask(c.r.Context(), d)
	}
	if err == nil {
		return c.to(questionPath(q.ID), "question_asked")
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{"theme": fields["theme"], "objet": fields["title"], "texte": fields["body"]}
	if len(fields) == 0 {
		errs[""] = general
	}
	return c.showAsk(422, errs, nil)
}

// DeskPage is the questions that somebody may read.
type DeskPage struct {
	Page
	Heading, Lead string
	Chosen        []Option
	Found         string
	Rows          []DeskRow
	Empty         Empty
	Do            []Link
}

// DeskRow is one question in a list.
type DeskRow struct {
	Title, Href, Over, When string
	State                   Tag
	Published               bool
}

func (s *Server) desk(c *call) error {
	f := questions.Filter{Mine: c.query("etat") == "miennes"}
	for _, st := range questions.States() {
		if c.query("etat") == string(st) {
			f.States = []questions.State{st}
		}
	}
	rows, err := s.cfg.Questions.List(c.r.Context(), f)
	if err != nil {
		return err
	}
	title := c.T("questions.desk")
	page := &DeskPage{Lead: c.T("questions.desk_lead"), Found: c.N("questions.asked_n", len(rows)), Empty: Empty{Title: c.T("questions.desk_none"), Text: c.T("questions.desk_none_text"), Actions: []Link{{c.T("questions.read"), questionsPath}}}}
	if c.who.Role == accounts.Member {
		title, page.Lead = c.T("questions.own"), c.T("questions.own_lead")
		page.Empty = Empty{Title: c.T("questions.own_none"), Text: c.T("questions.own_none_text"), Actions: []Link{{c.T("questions.ask"), askPath}}}
		page.Do = []Link{{c.T("questions.ask"), askPath}}
	} else {
		page.Do = []Link{{c.T("questions.counts"), deskCountsPath}}
	}
	page.Page, page.Heading = c.page(title, Crumb{c.T("questions.title"), questionsPath}, Crumb{Text: title}), title
	page.Chosen = c.deskChosen()
	for _, r := range rows {
		page.Rows = append(page.Rows, c.deskRow(&r))
	}
	return c.show("question_desk", page)
}

func (c *call) deskChosen() []Option {
	out := []Option{{Value: deskPath, Text: c.T("questions.every_state"), Selected: c.query("etat") == ""}}
	if c.who.Role != accounts.Member {
		out = append(out, Option{Value: deskPath + "?etat=miennes", Text: c.T("questions.taken_by_me"), Selected: c.query("etat") == "miennes"})
	}
	for _, s := range questions.States() {
		out = append(out, Option{Value: deskPath + "?etat=" + string(s), Text: c.T("questions.state_" + string(s)), Selected: c.query("etat") == string(s)})
	}
	return out
}

func (c *call) deskRow(r *questions.Row) DeskRow {
	out := DeskRow{Title: r.Title, Href: questionPath(r.ID), State: c.questionTag(r.State), When: c.T("questions.asked_on", "Ago", c.Ago(r.AskedAt, c.now)), Published: r.Published}
	structure := r.Structure
	if c.who.Role == accounts.Member {
		structure = ""
	}
	out.Over = joined(" · ", c.T("questions.theme_"+string(r.Theme)), structure)
	if r.Adviser != "" {
		out.Over = joined(" · ", out.Over, c.T("questions.with", "Name", r.Adviser))
	}
	return out
}

func (c *call) questionTag(s questions.State) Tag {
	out := Tag{Text: c.T("questions.state_" + string(s)), State: Unknown, Icon: "clock"}
	switch s {
	case questions.Answered:
		return Tag{Text: out.Text, State: Met}
	case questions.MoreAsked:
		return Tag{Text: out.Text, State: Partial}
	case questions.Closed:
		out.Icon = "check"
	case questions.Asked, questions.Taken:
	}
	return out
}

// DeskCountsPage is how many questions, and how fast.
type DeskCountsPage struct {
	Page
	Heading, Lead string
	Figures       []Figure
	Tables        []DeskTable
	Empty         Empty
	Rule          string
}

// DeskTable is a cut of the figures.
type DeskTable struct {
	ID, Title, Head string
	Rows            []DeskCount
}

// DeskCount is a line of it.
type DeskCount struct{ Name, Asked, Answered, Waiting, Median, Oldest string }

func (s *Server) deskCounts(c *call) error {
	f, err := s.cfg.Questions.Figures(c.r.Context(), time.Time{})
	if err != nil {
		return err
	}
	title := c.T("questions.counts")
	page := &DeskCountsPage{Page: c.page(title, Crumb{c.T("questions.title"), questionsPath}, Crumb{c.T("questions.desk"), deskPath}, Crumb{Text: title}), Heading: title, Lead: c.T("questions.counts_lead"), Rule: c.T("questions.counts_rule"),
		Empty: Empty{Title: c.T("questions.desk_none"), Text: c.T("questions.desk_none_text"), Actions: []Link{{c.T("questions.read"), questionsPath}}}}
	if f.All.Asked == 0 {
		return c.show("question_counts", page)
	}
	page.Figures = []Figure{{Label: c.T("questions.c_asked"), Value: c.Num(f.All.Asked)}, {Label: c.T("questions.c_median"), Value: c.workingDays(f.All.Median)}, {Label: c.T("questions.c_waiting"), Value: c.Num(f.All.Waiting)}, {Label: c.T("questions.c_oldest"), Value: c.workingDays(f.All.Oldest)}}
	themes, regions := DeskTable{ID: "themes", Title: c.T("questions.by_theme"), Head: c.T("questions.theme")}, DeskTable{ID: "regions", Title: c.T("quality.by_region"), Head: c.T("quality.region")}
	for _, n := range f.ByTheme {
		themes.Rows = append(themes.Rows, c.deskCount(c.T("questions.theme_"+n.Key), n))
	}
	for _, n := range f.ByRegion {
		regions.Rows = append(regions.Rows, c.deskCount(c.regionWords(n.Key), n))
	}
	page.Tables = []DeskTable{themes, regions}
	return c.show("question_counts", page)
}

func (c *call) deskCount(name string, n questions.Count) DeskCount {
	return DeskCount{name, c.Num(n.Asked), c.Num(n.Answered), c.Num(n.Waiting), c.workingDays(n.Median), c.workingDays(n.Oldest)}
}

func (c *call) workingDays(n int) string {
	if n < 0 {
		return "—"
	}
	return c.N("days.count", n)
}
