package questions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// Text is what an answer says to everybody: rewritten, without who asked.
type Text struct {
	Theme                   Theme
	Title, Question, Answer string
}

func (t Text) check() error {
	var bad []fault.Field
	if !slices.Contains(Themes(), t.Theme) {
		bad = append(bad, badTheme())
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(t.Title)); n == 0 || n > titleMost {
		bad = append(bad, fault.At("title", "length", "Donnez un titre de 1 à 200 caractères.", "Give a title of 1 to 200 characters."))
	}
	bad = append(bad, badBody("question", t.Question)...)
	bad = append(bad, badBody("answer", t.Answer)...)
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

// Publish shows the answer of a question to everybody, as the desk rewrote it; or
// changes what was published. A text that names the structure, the town it is in
// or who asked is refused: who asked is never public. The same text again changes
// nothing.
func (s *Service) Publish(ctx context.Context, id ID, t Text) (*Published, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	var out *Published
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		if q.AnsweredAt.IsZero() {
			return fault.Conflict("unanswered", "Répondez d’abord à la question.", "Answer the question first.")
		}
		if err := s.anonymous(ctx, tx, q, t); err != nil {
			return err
		}
		out, err = s.keep(ctx, tx, q, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("publish the answer of question %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) held(ctx context.Context, tx store.Tx, id ID) (*Question, error) {
	q, err := hold(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if s.allow(ctx, accounts.QuestionRead, q) != nil {
		return nil, fault.NotFound("question", id)
	}
	return q, s.allow(ctx, accounts.AnswerPublish, q)
}

// anonymous locates the words that would tell who asked.
func (s *Service) anonymous(ctx context.Context, tx store.Tx, q *Question, t Text) error {
	who, err := telling(ctx, tx, q)
	if err != nil {
		return err
	}
	if ord, ok := s.atlas.Today(territories.CommuneCode(q.Commune)); ok {
		who = append(who, s.atlas.Commune(ord).Name)
	}
	var bad []fault.Field
	for _, f := range []struct{ path, text string }{{"title", t.Title}, {"question", t.Question}, {"answer", t.Answer}} {
		if word := accounts.Trace(f.text, who); word != "" {
			bad = append(bad, fault.At(f.path, "anonymous", "Ce texte dit qui a demandé : « "+word+" ». Réécrivez-le.", "This text tells who asked: “"+word+"”. Rewrite it."))
		}
	}
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

func (s *Service) keep(ctx context.Context, tx store.Tx, q *Question, t Text) (*Published, error) {
	p, err := publishedOf(ctx, tx, q.ID)
	if err != nil {
		return nil, err
	}
	want := Text{t.Theme, strings.TrimSpace(t.Title), strings.TrimSpace(t.Question), strings.TrimSpace(t.Answer)}
	if p == nil {
		p = &Published{QuestionID: q.ID}
	} else if p.Published && (Text{p.Theme, p.Title, p.Question, p.Answer}) == want {
		return p, nil
	}
	p.Theme, p.Title, p.Question, p.Answer = want.Theme, want.Title, want.Question, want.Answer
	p.Folded = territories.Fold(strings.Join([]string{p.Title, p.Question, p.Answer}, " "))
	if !p.Published {
		p.Published, p.PublishedOn = true, s.clock().In(s.paris).Format(time.DateOnly)
	}
	p.Revision, p.UpdatedAt = p.Revision+1, s.now()
	if err := savePublished(ctx, tx, p); err != nil {
		return nil, err
	}
	return p, s.trail(ctx, tx, p, "published")
}

func (s *Service) trail(ctx context.Context, tx store.Tx, p *Published, done string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.AnswerPublish, Entity: "answer", EntityID: int64(p.ID), Fields: []string{done}})
}

// Withdraw takes a published answer back. Withdrawn again, it changes nothing.
func (s *Service) Withdraw(ctx context.Context, id ID) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := publishedOf(ctx, tx, q.ID)
		if err != nil || p == nil || !p.Published {
			return err
		}
		p.Published, p.Revision, p.UpdatedAt = false, p.Revision+1, s.now()
		if err := savePublished(ctx, tx, p); err != nil {
			return err
		}
		return s.trail(ctx, tx, p, "withdrawn")
	})
	if err != nil {
		return fmt.Errorf("withdraw the answer of question %d: %w", id, err)
	}
	return nil
}
