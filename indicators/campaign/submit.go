package campaign

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/indicators/questionnaire"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Submit sends a questionnaire to the region: every question has a number or ND,
// every text was read, nothing impossible is left and what is surprising has its
// word of why; else each is located (fault.Invalid, the path is the question).
// expected is the revision of the questionnaire that was read; 0 does not check.
// Sent again it changes nothing. One that was reopened after the close is frozen
// at once, and its answers replace the former ones in the observatory.
func (s *Service) Submit(ctx context.Context, id QuestionnaireID, expected int64) (*Form, error) {
	var out *Form
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, c, err := s.writable(ctx, tx, id, accounts.QuestionnaireAnswer)
		if fault.Is(err, fault.KindConflict) {
			out, err = s.again(ctx, tx, id, err)
			return err
		}
		if err != nil {
			return err
		}
		if expected != 0 && expected != q.Revision {
			return fault.Stale()
		}
		if out, err = s.form(ctx, tx, q, c); err != nil {
			return err
		}
		if bad := out.unfit(); len(bad) > 0 {
			return fault.Invalid(bad...)
		}
		return s.send(ctx, tx, c, q)
	})
	if err != nil {
		return nil, fmt.Errorf("send questionnaire %d: %w", id, err)
	}
	return out, nil
}

// again reads a questionnaire that was already sent; of one that never was, the refusal stands.
func (s *Service) again(ctx context.Context, tx store.Tx, id QuestionnaireID, refusal error) (*Form, error) {
	q, err := questionnaireBy(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if q.State != Submitted && !q.Responded {
		return nil, refusal
	}
	c, err := campaignBy(ctx, tx, "ca.id = ?", q.CampaignID)
	if err != nil {
		return nil, err
	}
	return s.form(ctx, tx, q, c)
}

// unfit locates what stops sending.
func (f *Form) unfit() []fault.Field {
	var bad []fault.Field
	for _, i := range f.Items {
		path := string(i.Question.Code)
		switch {
		case i.Wrong != nil:
			bad = append(bad, fault.Field{Path: path, Code: "unread", Message: *i.Wrong})
		case i.Missing():
			bad = append(bad, fault.At(path, "required", "Répondez, ou dites que ce n’est pas collecté (ND).", "Answer, or say that it was not collected (ND)."))
		}
		for _, x := range i.Findings {
			if !x.Stops() {
				continue
			}
			code, text := "impossible", x.Text
			if x.Level == questionnaire.Confirm {
				code, text = "to-confirm", fault.Text{FR: x.Text.FR + " Corrigez, ou dites en un mot pourquoi c’est juste.", EN: x.Text.EN + " Correct it, or say in a word why it is right."}
			}
			bad = append(bad, fault.Field{Path: path, Code: code, Message: text})
		}
	}
	return bad
}

func (s *Service) send(ctx context.Context, tx store.Tx, c *Campaign, q *Questionnaire) error {
	q.State, q.SubmittedAt = Submitted, s.now()
	if err := s.step(ctx, tx, q, WasSubmitted, ""); err != nil {
		return err
	}
	if err := s.trail(ctx, tx, accounts.QuestionnaireAnswer, "questionnaire", int64(q.ID), "submitted"); err != nil || c.State == Open {
		return err
	}
	if err := s.settle(ctx, tx, c, q); err != nil {
		return err
	}
	if c.State != Closed {
		return nil
	}
	return cover(ctx, tx, c.ID)
}

// Return gives a questionnaire back to the enterprise to correct, with a word
// that says what. One that is frozen is reopened: it leaves a trace and a new
// revision, and what the observatory holds stays until it is sent again. Given
// back again it changes nothing.
func (s *Service) Return(ctx context.Context, id QuestionnaireID, expected int64, note string) (*Form, error) {
	text, wrong := short(note, mostComment)
	if wrong == nil && text == "" {
		wrong = &fault.Text{FR: "Dites en un mot ce qui est à corriger.", EN: "Say in a word what is to correct."}
	}
	if wrong != nil {
		return nil, fault.Invalid(fault.Field{Path: "note", Code: "text", Message: *wrong})
	}
	var out *Form
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.allow(ctx, accounts.QuestionnaireReview, q); err != nil {
			return err
		}
		c, err := campaignBy(ctx, tx, "ca.id = ?", q.CampaignID)
		if err != nil {
			return err
		}
		if err := s.giveBack(ctx, tx, c, q, expected, text); err != nil {
			return err
		}
		out, err = s.form(ctx, tx, q, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("return questionnaire %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) giveBack(ctx context.Context, tx store.Tx, c *Campaign, q *Questionnaire, expected int64, note string) error {
	kind := WasReturned
	switch {
	case q.State == Returned:
		return nil
	case expected != 0 && expected != q.Revision:
		return fault.Stale()
	case q.State == Frozen && c.State == Closed:
		kind = WasReopened
	case q.State != Submitted || c.State != Open:
		return fault.Conflict("not-sent", "Ce questionnaire n’est pas envoyé : il n’y a rien à retourner.", "This questionnaire was not sent: there is nothing to return.")
	}
	q.State = Returned
	if err := s.step(ctx, tx, q, kind, note); err != nil {
		return err
	}
	if err := s.trail(ctx, tx, accounts.QuestionnaireReview, "questionnaire", int64(q.ID), string(kind)); err != nil {
		return err
	}
	return s.tellReturned(ctx, tx, q)
}

// Comment adds a word on a question (or on the whole) between an enterprise and
// its region, at any time. The same word again, last of its thread, changes nothing.
func (s *Service) Comment(ctx context.Context, c Comment) (*Comment, error) {
	text, wrong := short(c.Text, mostComment)
	if wrong == nil && text == "" {
		wrong = &fault.Text{FR: "Écrivez votre commentaire.", EN: "Write your comment."}
	}
	if wrong != nil {
		return nil, fault.Invalid(fault.Field{Path: "text", Code: "text", Message: *wrong})
	}
	c.Text = text
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.comment(ctx, tx, &c) })
	if err != nil {
		return nil, fmt.Errorf("comment questionnaire %d: %w", c.QuestionnaireID, err)
	}
	return &c, nil
}

func (s *Service) comment(ctx context.Context, tx store.Tx, c *Comment) error {
	q, err := hold(ctx, tx, c.QuestionnaireID)
	if err != nil {
		return err
	}
	if err := s.allow(ctx, accounts.QuestionnaireComment, q); err != nil {
		return err
	}
	if _, ok := s.book.Find(c.Question); !ok && c.Question != "" {
		return fault.Invalid(fault.At("question", "unknown", "Cette question n’existe pas.", "There is no such question."))
	}
	me := accounts.From(ctx)
	c.Side, c.AuthorID, c.At = OfRegion, int64(me.UserID), s.now()
	if me.OrganisationID == q.OrganisationID {
		c.Side = OfEnterprise
	}
	all, err := commentsOf(ctx, tx, q.ID)
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Question != c.Question {
			continue
		}
		if all[i].AuthorID == c.AuthorID && all[i].Text == c.Text {
			*c = all[i]
			return nil
		}
		break
	}
	return insertComment(ctx, tx, c)
}
