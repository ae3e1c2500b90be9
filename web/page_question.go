package web

import (
	"net/http"
	"slices"

	"maillage/accounts"
	"maillage/followup/questions"
)

// QuestionPage is one question and its exchange.
type QuestionPage struct {
	Page
	Heading, Lead string
	State         Tag
	Messages      []MessageView
	Revision      int64
	Add           *Field // of who asked
	Reply         *Field // of the desk
	Action        string
	CanTake       bool
	CanClose      bool
	Publish       []Field
	Nobody        *Field // words of it that may name somebody
	Published     string // address of what was published
	PublishText   string
}

// MessageView is one step of the exchange.
type MessageView struct {
	What, Who, When string
	Body            []string
	Desk            bool
}

func (s *Server) question(c *call) error { return c.showQuestion(200, nil) }

func (c *call) showQuestion(status int, errs map[string]string) error {
	id, err := c.id("id")
	if err != nil {
		return err
	}
	f, err := c.s.cfg.Questions.Get(c.r.Context(), questions.ID(id))
	if err != nil {
		return err
	}
	list := Crumb{c.T("questions.desk"), deskPath}
	if c.who.Role == accounts.Member {
		list.Text = c.T("questions.own")
	}
	row := c.deskRow(&f.Row)
	page := &QuestionPage{Page: c.page(f.Title, Crumb{c.T("questions.title"), questionsPath}, list, Crumb{Text: f.Title}), Heading: f.Title, Lead: row.Over, State: row.State, Revision: f.Revision, Action: questionPath(f.ID)}
	for _, m := range f.Messages {
		page.Messages = append(page.Messages, MessageView{What: c.T("questions.message_" + string(m.Kind)), Who: f.Authors[m.AuthorID], When: c.When(m.At, c.now), Body: paragraphs(m.Body), Desk: m.Kind.OfDesk()})
	}
	c.questionForms(page, f, errs)
	page.Errors = summary(errs, "mot", "reponse", "p-theme", "p-titre", "p-question", "p-reponse")
	return c.showStatus(status, "question", page)
}

func (c *call) questionForms(page *QuestionPage, f *questions.File, errs map[string]string) {
	can := func(a accounts.Action) bool { return c.s.cfg.Questions.Can(c.r.Context(), a, &f.Question) }
	if can(accounts.QuestionAsk) {
		label := "questions.add"
		if f.State == questions.MoreAsked {
			label = "questions.add_more"
		}
		page.Add = &Field{ID: "mot", Name: "mot", Kind: "area", Rows: 5, Label: c.T(label), Required: true, Value: c.form("mot"), Error: errs["mot"]}
	}
	if can(accounts.QuestionAnswer) && f.State != questions.Closed {
		page.Reply = &Field{ID: "reponse", Name: "reponse", Kind: "area", Rows: 8, Label: c.T("questions.reply"), Hint: c.T("questions.reply_hint"), Required: true, Value: c.form("reponse"), Error: errs["reponse"]}
		page.CanTake, page.CanClose = f.AdviserID != c.who.UserID, f.State == questions.Answered
	}
	if can(accounts.AnswerPublish) && !f.AnsweredAt.IsZero() {
		c.publishForm(page, f, errs)
	}
	if f.Text != nil && f.Text.Published {
		page.Published = publishedAnswerPath(f.Text.ID)
	}
}

// publishForm proposes to rewrite: what was published, else the exchange itself, to be cleaned.
func (c *call) publishForm(page *QuestionPage, f *questions.File, errs map[string]string) {
	t := questions.Text{Theme: f.Theme, Title: f.Title}
	for _, m := range f.Messages {
		switch m.Kind {
		case questions.First:
			t.Question = m.Body
		case questions.Answer:
			t.Answer = m.Body
		case questions.More, questions.AskMore, questions.Took, questions.Shut:
		}
	}
	var confirmed []string // when it was published
	if f.Text != nil {
		t = questions.Text{Theme: f.Text.Theme, Title: f.Text.Title, Question: f.Text.Question, Answer: f.Text.Answer}
		confirmed = t.Names()
	}
	if c.r.Method == http.MethodPost && c.form("p-titre")+c.form("p-reponse") != "" {
		t = c.publishedText()
	}
	page.PublishText = c.T("questions.publish_text")
	page.Publish = []Field{
		{ID: "p-theme", Name: "p-theme", Kind: "select", Label: c.T("questions.theme"), Required: true, Error: errs["p-theme"], Options: c.options("questions.theme_", string(t.Theme), "", texts(questions.Themes())...)},
		{ID: "p-titre", Name: "p-titre", Label: c.T("questions.p_title"), Required: true, Value: t.Title, Error: errs["p-titre"]},
		{ID: "p-question", Name: "p-question", Kind: "area", Rows: 4, Label: c.T("questions.p_question"), Required: true, Value: t.Question, Error: errs["p-question"]},
		{ID: "p-reponse", Name: "p-reponse", Kind: "area", Rows: 8, Label: c.T("questions.p_answer"), Required: true, Value: t.Answer, Error: errs["p-reponse"]},
	}
	if names := t.Names(); len(names) > 0 {
		nobody := Field{ID: "p-personne", Name: "p-personne", Kind: "checkbox", Label: c.T("questions.p_nobody"), Hint: c.T("questions.p_nobody_hint")}
		for _, w := range names {
			sure := slices.Contains(c.r.PostForm["p-personne"], w) || slices.Contains(confirmed, w)
			nobody.Options = append(nobody.Options, Option{Value: w, Text: w, Selected: sure})
		}
		page.Nobody = &nobody
	}
}

func (c *call) publishedText() questions.Text {
	return questions.Text{Theme: questions.Theme(c.form("p-theme")), Title: c.form("p-titre"), Question: c.form("p-question"), Answer: c.form("p-reponse")}
}

// addToQuestion is a word of who asked.
func (s *Server) addToQuestion(c *call) error {
	id, revision, err := c.questionAt()
	if err != nil {
		return err
	}
	_, err = s.cfg.Questions.Add(c.r.Context(), id, revision, c.form("mot"))
	return c.saidQuestion(id, "question_added", err, map[string]string{"body": "mot"})
}

func (c *call) questionAt() (questions.ID, int64, error) {
	id, err := c.id("id")
	if err != nil {
		return 0, 0, err
	}
	revision, err := c.revision()
	return questions.ID(id), revision, err
}

// saidQuestion goes on, or shows the question again with nothing lost.
func (c *call) saidQuestion(id questions.ID, flash string, err error, names map[string]string) error {
	if err == nil {
		return c.to(questionPath(id), flash)
	}
	fields, general, ok := c.faults(err)
	if !ok {
		return err
	}
	errs := map[string]string{}
	for path, name := range names {
		if fields[path] != "" {
			errs[name] = fields[path]
		}
	}
	if len(errs) == 0 {
		errs[""] = general
	}
	return c.showQuestion(refusedStatus(err), errs)
}

// replyToQuestion is a gesture of the desk.
func (s *Server) replyToQuestion(c *call) error {
	id, revision, err := c.questionAt()
	if err != nil {
		return err
	}
	ctx, body, flash := c.r.Context(), c.form("reponse"), "question_replied"
	switch c.form("geste") {
	case "prendre":
		flash = "question_taken"
		_, err = s.cfg.Questions.Take(ctx, id, revision)
	case "demander":
		_, err = s.cfg.Questions.AskFor(ctx, id, revision, body)
	case "clore":
		flash = "question_closed"
		_, err = s.cfg.Questions.Close(ctx, id, revision)
	default:
		_, err = s.cfg.Questions.Reply(ctx, id, revision, body)
	}
	return c.saidQuestion(id, flash, err, map[string]string{"body": "reponse"})
}

// publishAnswer publishes the rewritten text, or takes it back.
func (s *Server) publishAnswer(c *call) error {
	n, err := c.id("id")
	if err != nil {
		return err
	}
	id := questions.ID(n)
	if c.form("geste") == "retirer" {
		return c.saidQuestion(id, "legal_withdrawn", s.cfg.Questions.Withdraw(c.r.Context(), id), nil)
	}
	_, err = s.cfg.Questions.Publish(c.r.Context(), id, c.publishedText(), c.r.PostForm["p-personne"]...)
	return c.saidQuestion(id, "legal_published", err, map[string]string{"theme": "p-theme", "title": "p-titre", "question": "p-question", "answer": "p-reponse"})
}

// awaitsDesk are the questions of the perimeter that wait for an answer.
func (c *call) awaitsDesk() (int, error) {
	rows, err := c.s.cfg.Questions.List(c.r.Context(), questions.Filter{States: []questions.State{questions.Asked, questions.Taken}})
	rows = slices.DeleteFunc(rows, func(r questions.Row) bool { return !r.Waits() })
	return len(rows), err
}
