package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/campaign"
	"maillage/indicators/catalogue"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

// Questionnaire is that of one enterprise for one year.
type Questionnaire struct {
	ID           int64               `json:"id"`
	Year         int                 `json:"year"`
	Organisation int64               `json:"organisation"`
	Name         string              `json:"name"`
	Kind         string              `json:"kind"`
	State        string              `json:"state" enum:"not_started,in_progress,submitted,returned,frozen"`
	Responded    bool                `json:"responded" doc:"Its answers are in the observatory."`
	Asked        int                 `json:"asked" doc:"Totals, which need no answer, aside."`
	Answered     int                 `json:"answered"`
	Before       int                 `json:"before" doc:"Of which were there before anybody typed."`
	Minutes      int                 `json:"minutes_saved"`
	Stops        int                 `json:"stops" doc:"What stops sending."`
	Answers      []QuestionAnswer    `json:"answers"`
	Comments     []QuestionComment   `json:"comments"`
	Events       []QuestionnaireStep `json:"events" doc:"The latest first."`
}

// QuestionAnswer is a question with what is answered. Amounts are in hundredths of the unit.
type QuestionAnswer struct {
	Question   string            `json:"question"`
	Unit       string            `json:"unit"`
	Label      Words             `json:"label"`
	Help       Words             `json:"help"`
	Indicators []string          `json:"indicators" doc:"Of the catalogue, that it serves."`
	Optional   bool              `json:"optional,omitempty" doc:"A total: its parts say it."`
	Status     string            `json:"status" enum:",collected,nd" doc:"Empty: no answer yet; nd: not collected. Neither is zero."`
	Value      *int64            `json:"value,omitempty" doc:"Hundredths of the unit."`
	Typed      string            `json:"typed,omitempty" doc:"As it was typed; with an empty status, it could not be read."`
	Wrong      *Words            `json:"wrong,omitempty"`
	Before     *int64            `json:"last_year,omitempty" doc:"Hundredths of the unit."`
	Origin     string            `json:"origin,omitempty" enum:",records,file,last_year,platform,typed,imported"`
	Explained  string            `json:"explained,omitempty"`
	Revision   int64             `json:"revision" doc:"Send it back with a change."`
	By         string            `json:"by,omitempty"`
	At         *time.Time        `json:"at,omitempty"`
	Findings   []QuestionFinding `json:"findings,omitempty"`
}

// QuestionFinding is what does not hold.
type QuestionFinding struct {
	Check     string `json:"check"`
	Level     string `json:"level" enum:"refuse,confirm" doc:"refuse: impossible; confirm: right with a word of why, or to correct."`
	Text      Words  `json:"text"`
	Explained bool   `json:"explained"`
}

// QuestionComment is a word between an enterprise and its region.
type QuestionComment struct {
	ID       int64     `json:"id"`
	Question string    `json:"question,omitempty"`
	Side     string    `json:"side" enum:"enterprise,region"`
	Text     string    `json:"text"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at"`
}

// QuestionnaireStep is one step of its life.
type QuestionnaireStep struct {
	Kind     string    `json:"kind" enum:"submitted,withdrawn,returned,reopened,frozen"`
	Note     string    `json:"note,omitempty"`
	Revision int64     `json:"revision"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at"`
}

func (s *Server) questionnaires() {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	const one = "/v1/questionnaires/{id}"
	stale := []int{http.StatusPreconditionFailed}
	add(s, Operation{ID: "get-questionnaire", Method: get, Path: one, Tag: tagCampaigns, Action: accounts.QuestionnaireRead,
		Summary: "Read a questionnaire", About: "With what does not hold, by the same checks as on the page."}, s.getQuestionnaire)
	add(s, Operation{ID: "save-answer", Method: put, Path: one + "/answers/{question}", Tag: tagCampaigns, Action: accounts.QuestionnaireAnswer, Errors: stale,
		Summary: "Answer a question", About: "What cannot be read is kept as it was typed. With a revision, an answer that somebody else changed meanwhile is not replaced (412).", Example: `{"text":"12,5","revision":0}`}, s.saveAnswer)
	add(s, Operation{ID: "submit-questionnaire", Method: post, Path: one + "/submit", Tag: tagCampaigns, Action: accounts.QuestionnaireAnswer, Errors: stale,
		Summary: "Send a questionnaire", About: "Every fault is located by its question. Sent again changes nothing."}, s.submitQuestionnaire)
	add(s, Operation{ID: "withdraw-questionnaire", Method: post, Path: one + "/withdraw", Tag: tagCampaigns, Action: accounts.QuestionnaireAnswer, Errors: stale,
		Summary: "Take back what was sent", About: "Until the campaign closes. The answers stay; it must be sent again. Taken back again changes nothing."}, s.withdrawQuestionnaire)
	add(s, Operation{ID: "return-questionnaire", Method: post, Path: one + "/return", Tag: tagCampaigns, Action: accounts.QuestionnaireReview, Errors: stale,
		Summary: "Give a questionnaire back to correct", About: "Or reopen one that is frozen: it leaves a trace and a new revision.", Example: `{"note":"Les ventes sont-elles hors taxes ?"}`}, s.returnQuestionnaire)
	add(s, Operation{ID: "create-questionnaire-comment", Method: post, Path: one + "/comments", Tag: tagCampaigns, Action: accounts.QuestionnaireComment,
		Summary: "Comment a question", About: "A few words, and nothing about a person.", Example: `{"question":"sales","text":"Hors taxes ?"}`}, s.commentQuestionnaire)
	add(s, Operation{ID: "export-answers", Method: get, Path: "/v1/campaigns/{year}/answers", Tag: tagCampaigns, Action: accounts.QuestionnaireRead,
		Summary: "Read the table of answers of a year", About: "The table that import-answers takes, as columns and rows: an enterprise its own, an officer those of the perimeter. Written as a file it comes back and changes nothing."}, s.exportAnswers)
	upload(s, Operation{ID: "import-answers", Method: post, Path: "/v1/imports/answers", Tag: tagCampaigns, Action: accounts.QuestionnaireImport, Body: maxFile,
		Summary: "Import the answers of the latest campaign from a file", About: "CSV or XLSX, described in docs/campaigns.md: one row a question of one enterprise. The same file again changes nothing; refused rows come back with every fault located."},
		[]string{"text/csv", xlsx}, s.importAnswers)
}

func (s *Server) getQuestionnaire(ctx context.Context, in *ByID) (*Found[Questionnaire], error) {
	return s.shownForm(s.cfg.Campaigns.Form(ctx, campaign.QuestionnaireID(in.ID)))
}

func (s *Server) shownForm(f *campaign.Form, err error) (*Found[Questionnaire], error) {
	if err != nil {
		return nil, err
	}
	return revised(s.showForm(f), f.Questionnaire.Revision), nil
}

func (s *Server) showForm(f *campaign.Form) Questionnaire {
	q, t := f.Questionnaire, f.Tally(s.cfg.Campaigns.Book())
	by := func(id *int64) string {
		if id == nil {
			return ""
		}
		return f.Authors[*id]
	}
	return Questionnaire{ID: int64(q.ID), Year: f.Campaign.Year, Organisation: q.OrganisationID, Name: f.Name, Kind: string(q.Kind), State: string(q.State), Responded: q.Responded,
		Asked: t.Asked, Answered: t.Answered, Before: t.Before, Minutes: t.Minutes, Stops: t.Stops,
		Answers: each(f.Items, func(i campaign.Item) QuestionAnswer { return showItem(i, by(i.Answer.ActorID)) }),
		Comments: each(f.Comments, func(c campaign.Comment) QuestionComment {
			return QuestionComment{c.ID, string(c.Question), string(c.Side), c.Text, by(&c.AuthorID), c.At.UTC()}
		}),
		Events: each(f.Events, func(e campaign.Event) QuestionnaireStep {
			return QuestionnaireStep{string(e.Kind), e.Note, e.Revision, by(e.ActorID), e.At.UTC()}
		})}
}

func showItem(i campaign.Item, by string) QuestionAnswer {
	q, a := i.Question, i.Answer
	out := QuestionAnswer{Question: string(q.Code), Unit: string(q.Unit), Label: Words(q.Label), Help: Words(q.Help), Indicators: each(q.Serves(), text[catalogue.ID]), Optional: i.Total,
		Status: string(a.Status), Typed: a.Typed, Wrong: words(i.Wrong), Origin: string(a.Origin), Explained: a.Explained, Revision: a.Revision, By: by, At: since(a.At)}
	if a.Status == compute.Collected {
		out.Value = &a.Value
	}
	if i.Before.Status == compute.Collected {
		out.Before = &i.Before.Value
	}
	for _, x := range i.Findings {
		out.Findings = append(out.Findings, QuestionFinding{x.Check, string(x.Level), Words(x.Text), x.Explained})
	}
	return out
}

func (s *Server) saveAnswer(ctx context.Context, in *struct {
	ByID
	Question string `path:"question" maxLength:"60"`
	Body     struct {
		Text      *string `json:"text,omitempty" maxLength:"200" doc:"A number, ND, or empty to take the answer away. Absent: not changed."`
		Explained *string `json:"explained,omitempty" maxLength:"600" doc:"Why a surprising figure is right."`
		Revision  *int64  `json:"revision,omitempty" minimum:"0" doc:"Of the answer that was read; 0: there was none. Absent: not checked."`
	}
}) (*Found[Questionnaire], error) {
	e := campaign.Entry{Question: compute.Measure(in.Question), Text: in.Body.Text, Explained: in.Body.Explained, Revision: campaign.AnyRevision}
	if in.Body.Revision != nil {
		e.Revision = *in.Body.Revision
	}
	saved, err := s.cfg.Campaigns.SaveAnswers(ctx, campaign.QuestionnaireID(in.ID), []campaign.Entry{e})
	switch {
	case err != nil:
		return nil, err
	case len(saved.Clashes) > 0:
		return nil, fault.Stale()
	case len(saved.Faults) > 0:
		saved.Faults[0].Path = map[bool]string{true: "text", false: "explained"}[saved.Faults[0].Code == "personal"]
		return nil, fault.Invalid(saved.Faults...)
	}
	return s.shownForm(saved.Form, nil)
}

func (s *Server) submitQuestionnaire(ctx context.Context, in *OfRevision) (*Found[Questionnaire], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return s.shownForm(s.cfg.Campaigns.Submit(ctx, campaign.QuestionnaireID(in.ID), revision))
}

func (s *Server) withdrawQuestionnaire(ctx context.Context, in *OfRevision) (*Found[Questionnaire], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return s.shownForm(s.cfg.Campaigns.Withdraw(ctx, campaign.QuestionnaireID(in.ID), revision))
}

func (s *Server) returnQuestionnaire(ctx context.Context, in *struct {
	OfRevision
	Body struct {
		Note string `json:"note" maxLength:"600" doc:"What is to correct. Nothing about a person."`
	}
}) (*Found[Questionnaire], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return s.shownForm(s.cfg.Campaigns.Return(ctx, campaign.QuestionnaireID(in.ID), revision, in.Body.Note))
}

func (s *Server) commentQuestionnaire(ctx context.Context, in *struct {
	ByID
	Body struct {
		Question string `json:"question,omitempty" maxLength:"60" doc:"Absent: about the whole."`
		Text     string `json:"text" maxLength:"600"`
	}
}) (*Found[QuestionComment], error) {
	c, err := s.cfg.Campaigns.Comment(ctx, campaign.Comment{QuestionnaireID: campaign.QuestionnaireID(in.ID), Question: compute.Measure(in.Body.Question), Text: in.Body.Text})
	if err != nil {
		return nil, err
	}
	return found(QuestionComment{c.ID, string(c.Question), string(c.Side), c.Text, accounts.From(ctx).Name, c.At.UTC()}), nil
}

// AnswersReport is what an import of answers did: read = updated + unchanged + rejected.
type AnswersReport struct {
	Read      int             `json:"read"`
	Updated   int             `json:"updated"`
	Unchanged int             `json:"unchanged"`
	Rejected  int             `json:"rejected"`
	Header    []string        `json:"header" doc:"Of the cells of refused rows."`
	Refused   []RefusedAnswer `json:"refused"`
}

// RefusedAnswer is a row that was not kept.
type RefusedAnswer struct {
	Line   int           `json:"line"`
	Faults []ColumnFault `json:"faults"`
	Cells  []string      `json:"cells"`
}

// AnswersTable is the questionnaires of one or many enterprises, a row a question.
type AnswersTable struct {
	Columns []string   `json:"columns" doc:"The same names as in a file; in docs/campaigns.md."`
	Rows    [][]string `json:"rows"`
}

func (s *Server) exportAnswers(ctx context.Context, in *OfYear) (*Found[AnswersTable], error) {
	table, err := s.cfg.Campaigns.Export(ctx, in.Year, campaign.Wording{Lang: accounts.From(ctx).Lang, Unit: text[questionnaire.Unit], Origin: text[campaign.Origin]})
	if err != nil {
		return nil, err
	}
	return found(AnswersTable{each(campaign.Columns(), func(c campaign.Column) string { return c.Name }), append([][]string{}, table.Rows()...)}), nil
}

// importAnswers reads a file for the latest campaign, one that is open first.
func (s *Server) importAnswers(ctx context.Context, in *Upload, kind string) (*Found[AnswersReport], error) {
	all, err := s.cfg.Campaigns.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound("campaign", "latest")
	}
	year := all[max(0, slices.IndexFunc(all, func(c campaign.Campaign) bool { return c.State == campaign.Open }))].Year
	r, err := s.cfg.Campaigns.Import(ctx, campaign.File{Year: year, Name: in.file(kind), Content: bytes.NewReader(in.RawBody)})
	if err != nil {
		return nil, err
	}
	lang := accounts.From(ctx).Lang
	return found(AnswersReport{Read: r.Read, Updated: r.Updated, Unchanged: r.Unchanged, Rejected: r.Rejected, Header: each(campaign.Columns(), func(c campaign.Column) string { return c.Name }),
		Refused: each(r.Refused, func(row campaign.Refusal) RefusedAnswer {
			return RefusedAnswer{row.Line, each(row.Faults, func(l campaign.Located) ColumnFault { return ColumnFault{l.Column, l.Text.In(lang)} }), append([]string{}, row.Cells...)}
		})}), nil
}
