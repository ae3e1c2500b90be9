package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup/questions"
)

const tagQuestions = "Legal desk"

// LegalAnswer is an answer for everybody: it says nothing of who asked.
type LegalAnswer struct {
	ID          int64  `json:"id"`
	Theme       string `json:"theme"`
	Title       string `json:"title"`
	Question    string `json:"question"`
	Answer      string `json:"answer"`
	PublishedOn string `json:"published_on" format:"date"`
}

// LegalQuestion is what a structure asks its desk.
type LegalQuestion struct {
	ID           int64          `json:"id"`
	Organisation int64          `json:"organisation"`
	Theme        string         `json:"theme"`
	Title        string         `json:"title"`
	State        string         `json:"state" enum:"asked,taken,more_asked,answered,closed"`
	Adviser      string         `json:"adviser,omitempty" doc:"Who took it."`
	Published    bool           `json:"published"`
	AskedAt      time.Time      `json:"asked_at"`
	AnsweredAt   *time.Time     `json:"answered_at,omitempty"`
	Messages     []LegalMessage `json:"messages,omitempty"`
}

// LegalMessage is one step of the exchange.
type LegalMessage struct {
	ID     int64     `json:"id"`
	Kind   string    `json:"kind" enum:"question,more,answer,ask_more,taken,closed"`
	Body   string    `json:"body,omitempty"`
	Author string    `json:"author,omitempty"`
	At     time.Time `json:"at"`
}

// LegalDraft is a question before it is sent.
type LegalDraft struct {
	Theme string `json:"theme" enum:"conventions,labour,procurement,lending,statutes,taxes,data,home,other"`
	Title string `json:"title" maxLength:"200"`
	Body  string `json:"body" maxLength:"10000"`
}

// LegalText is what an answer says to everybody, rewritten.
type LegalText struct {
	Theme    string `json:"theme" enum:"conventions,labour,procurement,lending,statutes,taxes,data,home,other"`
	Title    string `json:"title" maxLength:"200"`
	Question string `json:"question" maxLength:"10000"`
	Answer   string `json:"answer" maxLength:"10000"`

	Nobody []string `json:"nobody,omitempty" maxItems:"100" doc:"Words that seem to name somebody (code names of a refusal), confirmed to name nobody; the trail keeps that they were."`
}

// LegalWord is a word of the exchange.
type LegalWord struct {
	Body string `json:"body" maxLength:"10000"`
}

// LegalCount is the questions of a group; days are working days.
type LegalCount struct {
	Key      string `json:"key"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Waiting  int    `json:"waiting" doc:"Never answered, still open."`
	Median   *int   `json:"median_days,omitempty" doc:"Working days within which half had a first answer, those that wait kept (Kaplan–Meier). Absent: fewer than half had one."`
	Oldest   *int   `json:"oldest_days,omitempty" doc:"Since the oldest that waits was asked."`
}

// LegalFigures are the questions of who asks' perimeter.
type LegalFigures struct {
	All      LegalCount   `json:"all"`
	ByTheme  []LegalCount `json:"by_theme"`
	ByRegion []LegalCount `json:"by_region" doc:"By INSEE code; empty: not placed."`
}

const (
	exampleDraft = `{"theme":"labour","title":"Congés payés d’un CDDI","body":"Un salarié en CDDI de six mois peut-il prendre ses congés dès le premier mois ?"}`
	exampleText  = `{"theme":"labour","title":"Congés payés en CDDI","question":"Quand prendre les congés ?","answer":"Dès leur acquisition."}`
	exampleWord  = `{"body":"Dès leur acquisition."}`
)

func (s *Server) questions() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	const all, one = "/v1/legal/questions", "/v1/legal/questions/{id}"
	stale := []int{http.StatusPreconditionFailed}
	add(s, Operation{ID: "search-legal-answers", Method: get, Path: "/v1/legal/answers", Tag: tagQuestions, Action: accounts.AnswerRead, Summary: "Search the published answers", About: "Those that hold every word, the latest first."}, s.searchAnswers)
	add(s, Operation{ID: "get-legal-answer", Method: get, Path: "/v1/legal/answers/{id}", Tag: tagQuestions, Action: accounts.AnswerRead, Summary: "Read a published answer"}, s.getAnswer)
	add(s, Operation{ID: "find-related-answers", Method: post, Path: "/v1/legal/related", Tag: tagQuestions, Action: accounts.AnswerRead, Summary: "Find the published answers nearest to a draft", About: "Nothing is kept.", Example: exampleDraft}, s.relatedAnswers)
	add(s, Operation{ID: "list-legal-questions", Method: get, Path: all, Tag: tagQuestions, Action: accounts.QuestionRead, Summary: "List questions", About: "A structure's own, or those of an officer's perimeter; what waits for the desk comes first."}, s.listQuestions)
	add(s, Operation{ID: "ask-legal-question", Method: post, Path: all, Tag: tagQuestions, Action: accounts.QuestionAsk, Status: http.StatusCreated, Summary: "Ask a question", Example: exampleDraft}, s.askQuestion)
	add(s, Operation{ID: "get-legal-question", Method: get, Path: one, Tag: tagQuestions, Action: accounts.QuestionRead, Summary: "Read a question and its exchange"}, s.getQuestion)
	add(s, Operation{ID: "add-to-legal-question", Method: post, Path: one + "/words", Tag: tagQuestions, Action: accounts.QuestionAsk, Errors: stale, Summary: "Add a word to one's question", About: "Opens it again where it was closed.", Example: exampleWord}, s.addWord)
	for _, m := range []struct{ id, path, summary, example string }{{"take-legal-question", "/take", "Take a question", ""}, {"answer-legal-question", "/answer", "Answer a question", exampleWord}, {"ask-more-legal-question", "/ask-more", "Ask for more", exampleWord}, {"close-legal-question", "/close", "Close a question", ""}} {
		op := Operation{ID: m.id, Method: post, Path: one + m.path, Tag: tagQuestions, Action: accounts.QuestionAnswer, Errors: stale, Summary: m.summary, Example: m.example}
		if m.example == "" {
			add(s, op, s.deskGesture(m.id))
			continue
		}
		add(s, op, s.deskWord(m.id))
	}
	add(s, Operation{ID: "publish-legal-answer", Method: put, Path: one + "/published", Tag: tagQuestions, Action: accounts.AnswerPublish, Summary: "Publish an answer, rewritten", About: "A text that names the structure, its commune or who asked is refused; so is one with a SIREN, a telephone number, an address, a NIR or an IBAN, or words that seem to name somebody and are not confirmed to name nobody.", Example: exampleText}, s.publishAnswer)
	add(s, Operation{ID: "withdraw-legal-answer", Method: del, Path: one + "/published", Tag: tagQuestions, Action: accounts.AnswerPublish, Status: http.StatusNoContent, Summary: "Take a published answer back"}, s.withdrawAnswer)
	add(s, Operation{ID: "get-legal-figures", Method: get, Path: "/v1/legal/figures", Tag: tagQuestions, Action: accounts.QuestionCount, Summary: "Count questions and times to answer", About: "By theme and region, in the perimeter of who asks."}, s.legalFigures)
}

func showAnswer(p questions.Published) LegalAnswer {
	return LegalAnswer{ID: int64(p.ID), Theme: string(p.Theme), Title: p.Title, Question: p.Question, Answer: p.Answer, PublishedOn: p.PublishedOn}
}

func (s *Server) searchAnswers(ctx context.Context, in *struct {
	Q     string `query:"q" maxLength:"200"`
	Theme string `query:"theme" enum:"conventions,labour,procurement,lending,statutes,taxes,data,home,other"`
}) (*Found[[]LegalAnswer], error) {
	all, err := s.cfg.Questions.Search(ctx, in.Q, questions.Theme(in.Theme))
	return found(each(all, showAnswer)), err
}

func (s *Server) getAnswer(ctx context.Context, in *ByID) (*Found[LegalAnswer], error) {
	p, err := s.cfg.Questions.Answer(ctx, questions.AnswerID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(showAnswer(*p), p.Revision), nil
}

func (d LegalDraft) draft() questions.Draft {
	return questions.Draft{Theme: questions.Theme(d.Theme), Title: d.Title, Body: d.Body}
}

func (s *Server) relatedAnswers(ctx context.Context, in *struct{ Body LegalDraft }) (*Found[[]LegalAnswer], error) {
	all, err := s.cfg.Questions.Related(ctx, in.Body.draft())
	return found(each(all, showAnswer)), err
}

func showQuestion(r questions.Row) LegalQuestion {
	return LegalQuestion{ID: int64(r.ID), Organisation: r.OrganisationID, Theme: string(r.Theme), Title: r.Title, State: string(r.State), Adviser: r.Adviser, Published: r.Published, AskedAt: r.AskedAt.UTC(), AnsweredAt: since(r.AnsweredAt)}
}

func (s *Server) listQuestions(ctx context.Context, in *struct {
	States []string `query:"state,explode" enum:"asked,taken,more_asked,answered,closed" maxItems:"5"`
	Themes []string `query:"theme,explode" enum:"conventions,labour,procurement,lending,statutes,taxes,data,home,other" maxItems:"9"`
	Mine   bool     `query:"mine" doc:"Taken by who asks."`
}) (*Found[[]LegalQuestion], error) {
	rows, err := s.cfg.Questions.List(ctx, questions.Filter{States: cast[questions.State](in.States), Themes: cast[questions.Theme](in.Themes), Mine: in.Mine})
	return found(each(rows, showQuestion)), err
}

func (s *Server) askQuestion(ctx context.Context, in *struct{ Body LegalDraft }) (*Made[LegalQuestion], error) {
	q, err := s.cfg.Questions.Ask(ctx, in.Body.draft())
	if err != nil {
		return nil, err
	}
	return &Made[LegalQuestion]{ETag: tag(q.Revision), Location: "/v1/legal/questions/" + strconv.FormatInt(int64(q.ID), 10), Body: showQuestion(questions.Row{Question: *q})}, nil
}

func (s *Server) getQuestion(ctx context.Context, in *ByID) (*Found[LegalQuestion], error) {
	f, err := s.cfg.Questions.Get(ctx, questions.ID(in.ID))
	if err != nil {
		return nil, err
	}
	out := showQuestion(f.Row)
	out.Messages = each(f.Messages, func(m questions.Message) LegalMessage {
		return LegalMessage{ID: int64(m.ID), Kind: string(m.Kind), Body: m.Body, Author: f.Authors[m.AuthorID], At: m.At.UTC()}
	})
	return revised(out, f.Revision), nil
}

func (s *Server) writtenQuestion(ctx context.Context, id int64, err error) (*Found[LegalQuestion], error) {
	if err != nil {
		return nil, err
	}
	return s.getQuestion(ctx, &ByID{ID: id})
}

// WordAtRevision is a word on a question at the version that was read.
type WordAtRevision struct {
	ByID
	IfMatch
	Body LegalWord
}

// QuestionAtRevision names a question and the version that was read.
type QuestionAtRevision struct {
	ByID
	IfMatch
}

func (s *Server) addWord(ctx context.Context, in *WordAtRevision) (*Found[LegalQuestion], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	_, err = s.cfg.Questions.Add(ctx, questions.ID(in.ID), revision, in.Body.Body)
	return s.writtenQuestion(ctx, in.ID, err)
}

func (s *Server) deskWord(id string) func(context.Context, *WordAtRevision) (*Found[LegalQuestion], error) {
	say := s.cfg.Questions.Reply
	if id == "ask-more-legal-question" {
		say = s.cfg.Questions.AskFor
	}
	return func(ctx context.Context, in *WordAtRevision) (*Found[LegalQuestion], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		_, err = say(ctx, questions.ID(in.ID), revision, in.Body.Body)
		return s.writtenQuestion(ctx, in.ID, err)
	}
}

func (s *Server) deskGesture(id string) func(context.Context, *QuestionAtRevision) (*Found[LegalQuestion], error) {
	do := s.cfg.Questions.Take
	if id == "close-legal-question" {
		do = s.cfg.Questions.Close
	}
	return func(ctx context.Context, in *QuestionAtRevision) (*Found[LegalQuestion], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		_, err = do(ctx, questions.ID(in.ID), revision)
		return s.writtenQuestion(ctx, in.ID, err)
	}
}

func (s *Server) publishAnswer(ctx context.Context, in *struct {
	ByID
	Body LegalText
}) (*Found[LegalAnswer], error) {
	p, err := s.cfg.Questions.Publish(ctx, questions.ID(in.ID), questions.Text{Theme: questions.Theme(in.Body.Theme), Title: in.Body.Title, Question: in.Body.Question, Answer: in.Body.Answer}, in.Body.Nobody...)
	if err != nil {
		return nil, err
	}
	return revised(showAnswer(*p), p.Revision), nil
}

func (s *Server) withdrawAnswer(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Questions.Withdraw(ctx, questions.ID(in.ID)))
}

func (s *Server) legalFigures(ctx context.Context, _ *Empty) (*Found[LegalFigures], error) {
	f, err := s.cfg.Questions.Figures(ctx, time.Time{})
	if err != nil {
		return nil, err
	}
	return found(LegalFigures{All: showLegalCount(f.All), ByTheme: each(f.ByTheme, showLegalCount), ByRegion: each(f.ByRegion, showLegalCount)}), nil
}

func showLegalCount(c questions.Count) LegalCount {
	out := LegalCount{Key: c.Key, Asked: c.Asked, Answered: c.Answered, Waiting: c.Waiting}
	if c.Median >= 0 {
		out.Median = &c.Median
	}
	if c.Oldest >= 0 {
		out.Oldest = &c.Oldest
	}
	return out
}
