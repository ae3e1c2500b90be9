package campaign

import (
	"context"
	"regexp"
	"slices"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
)

// Form is a questionnaire as it is filled: its questions with what is answered,
// what was said of the year before, and what does not hold.
type Form struct {
	Campaign      *Campaign
	Questionnaire *Questionnaire
	Name          string // of the enterprise
	Items         []Item
	Comments      []Comment // the oldest first
	Events        []Event   // the latest first
	Authors       map[int64]string
}

// Item is one question.
type Item struct {
	Question questionnaire.Question
	Answer   Answer // the zero Answer where there is none
	Wrong    *fault.Text
	Before   compute.Answer // of the year before; Waiting: nothing is known
	Total    bool           // the sum of others: it may be left empty
	Sum      *int64         // that sum, in hundredths, where its parts are all there
	Findings []Finding
}

// Finding is what a check found, and whether the enterprise answered it.
type Finding struct {
	questionnaire.Finding
	Explained bool // it asked to confirm, and a word of why is there
}

// Missing tells a question that still stops sending.
func (i Item) Missing() bool { return !i.Answer.Given() && !i.Total || i.Answer.Unread() }

// Stops tells a finding that still stops sending.
func (f Finding) Stops() bool { return f.Level == questionnaire.Refuse || !f.Explained }

// Tally is how far a questionnaire is.
type Tally struct {
	Asked    int // totals, which need no answer, aside
	Answered int
	Before   int // of which were there before anybody typed
	Stops    int // findings and texts that stop sending
	Minutes  int // that the answers of Before save: so many times the stated time of a question
}

// Tally counts.
func (f *Form) Tally(b *questionnaire.Book) Tally {
	var t Tally
	for _, i := range f.Items {
		if !i.Total {
			t.Asked++
		}
		if i.Answer.Given() && !i.Total {
			t.Answered++
			if i.Answer.Origin.Before() {
				t.Before++
			}
		}
		if i.Answer.Unread() {
			t.Stops++
		}
		for _, x := range i.Findings {
			if x.Stops() {
				t.Stops++
			}
		}
	}
	t.Minutes = b.Saved(t.Before)
	return t
}

// Form reads a questionnaire.
func (s *Service) Form(ctx context.Context, id QuestionnaireID) (*Form, error) {
	q, err := questionnaireBy(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if err := s.allow(ctx, accounts.QuestionnaireRead, q); err != nil {
		return nil, err
	}
	c, err := campaignBy(ctx, s.store.Read(), "ca.id = ?", q.CampaignID)
	if err != nil {
		return nil, err
	}
	return s.form(ctx, s.store.Read(), q, c)
}

// Own finds the questionnaires of an enterprise, the latest year first.
func (s *Service) Own(ctx context.Context, organisation int64) ([]Questionnaire, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.QuestionnaireRead, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	return ofOrganisation(ctx, s.store.Read(), organisation)
}

func (s *Service) form(ctx context.Context, db bun.IDB, q *Questionnaire, c *Campaign) (*Form, error) {
	f := &Form{Campaign: c, Questionnaire: q}
	who, err := identities(ctx, db, []int64{q.OrganisationID})
	if err != nil {
		return nil, err
	}
	f.Name = who[q.OrganisationID].Name
	answers, err := answersOf(ctx, db, q.ID)
	if err != nil {
		return nil, err
	}
	before, err := s.known.AnswersOf(ctx, db, c.Year-1, []int64{q.OrganisationID})
	if err != nil {
		return nil, err
	}
	then := questionnaire.Answers{}
	for m, a := range before[q.OrganisationID] {
		then[m] = a.Answer
	}
	f.Items = s.items(c, q.Kind, answers, then)
	if f.Comments, err = commentsOf(ctx, db, q.ID); err != nil {
		return nil, err
	}
	if f.Events, err = eventsOf(ctx, db, q.ID); err != nil {
		return nil, err
	}
	f.Authors, err = authors(ctx, db, f.wrote())
	return f, err
}

func (f *Form) wrote() []int64 {
	var out []int64
	for _, c := range f.Comments {
		out = append(out, c.AuthorID)
	}
	for _, e := range f.Events {
		if e.ActorID != nil {
			out = append(out, *e.ActorID)
		}
	}
	for _, i := range f.Items {
		if i.Answer.ActorID != nil {
			out = append(out, *i.Answer.ActorID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// items puts the questions of a kind beside their answers and checks them.
func (s *Service) items(c *Campaign, kind compute.Kind, answers map[compute.Measure]Answer, before questionnaire.Answers) []Item {
	now := questionnaire.Answers{}
	for m, a := range answers {
		now[m] = compute.Answer{Status: a.Status, Value: a.Value}
	}
	found := map[compute.Measure][]Finding{}
	for _, x := range s.book.Check(kind, now, before) {
		found[x.Question] = append(found[x.Question], Finding{x, x.Level == questionnaire.Confirm && answers[x.Question].Explained != ""})
	}
	var out []Item
	for _, q := range s.book.For(kind, c.Questions) {
		i := Item{Question: q, Answer: answers[q.Code], Before: before[q.Code], Total: s.book.Total(q.Code, kind), Findings: found[q.Code]}
		if i.Answer.Unread() {
			_, i.Wrong = q.Parse(i.Answer.Typed)
		}
		i.Sum = s.sum(q.Code, kind, now)
		out = append(out, i)
	}
	return out
}

// sum is what the parts of a total add up to, where they are all collected.
func (s *Service) sum(code compute.Measure, kind compute.Kind, now questionnaire.Answers) *int64 {
	parts := s.book.Parts(code, kind)
	if len(parts) == 0 {
		return nil
	}
	var sum int64
	for _, m := range parts {
		if now[m].Status != compute.Collected {
			return nil
		}
		sum += now[m].Value
	}
	return &sum
}

var (
	addressed = regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]+`)
	numbered  = regexp.MustCompile(`(?:\d[\s.\-]?){10,}`)
)

// personal finds an e-mail address, a telephone or a social security number: ten
// digits in a row and more, which no amount of a few words needs.
func personal(text string) bool { return addressed.MatchString(text) || numbered.MatchString(text) }
