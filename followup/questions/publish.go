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
// or who asked is refused: who asked is never public. So is one that holds a number
// or an address of anybody, and words that may name somebody (NamesIn), unless they
// are confirmed to name nobody; the trail keeps that they were. The same text again
// changes nothing.
func (s *Service) Publish(ctx context.Context, id ID, t Text, nobody ...string) (*Published, error) {
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
		if err := s.anonymous(ctx, tx, q, t, nobody); err != nil {
			return err
		}
		done := "published"
		if len(t.Names()) > 0 {
			done = "published_names_confirmed"
		}
		out, err = s.keep(ctx, tx, q, t, done)
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

// Names gives the words of a text that may name somebody.
func (t Text) Names() []string {
	return NamesIn(strings.Join([]string{t.Title, t.Question, t.Answer}, "\n\n"))
}

// anonymous locates the words that would tell who asked, or who anybody is; nobody are
// those confirmed to name nobody.
func (s *Service) anonymous(ctx context.Context, tx store.Tx, q *Question, t Text, nobody []string) error {
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
			continue
		}
		if numbers := numbersIn(f.text); len(numbers) > 0 {
			bad = append(bad, fault.At(f.path, "personal", "Ce texte porte un numéro ou une adresse de quelqu’un : "+quoted(numbers, "« ", " »")+". Retirez-le.", "This text holds a number or an address of somebody: "+quoted(numbers, "“", "”")+". Take it out."))
			continue
		}
		if names := slices.DeleteFunc(NamesIn(f.text), func(w string) bool { return slices.Contains(nobody, w) }); len(names) > 0 {
			bad = append(bad, fault.At(f.path, "names", "Ces mots semblent nommer quelqu’un : "+quoted(names, "« ", " »")+". Réécrivez-les, ou confirmez qu’ils ne désignent personne.", "These words seem to name somebody: "+quoted(names, "“", "”")+". Rewrite them, or confirm that they name nobody."))
		}
	}
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

func quoted(words []string, opens, closes string) string {
	return opens + strings.Join(words, closes+", "+opens) + closes
}

func (s *Service) keep(ctx context.Context, tx store.Tx, q *Question, t Text, done string) (*Published, error) {
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
	return p, s.trail(ctx, tx, p, done)
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
