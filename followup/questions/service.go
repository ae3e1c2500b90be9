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
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Without Mail and
// Words no letter is delivered; the rest works.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
	Mail  mail.Sender
	Words Writer
}

// Service holds the use cases of the legal desk, each one transaction.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	clock  func() time.Time
	sender mail.Sender
	words  Writer
	paris  *time.Location
}

// NewService makes a service.
func NewService(cfg Config) (*Service, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("read the clock of Paris: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, sender: cfg.Mail, words: cfg.Words, paris: paris}, nil
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// scope is whose a question is: its structure's, where that one is.
func (s *Service) scope(q *Question) accounts.Scope {
	out := accounts.Of(q.OrganisationID)
	if ord, ok := s.atlas.Today(territories.CommuneCode(q.Commune)); ok {
		out = out.In(territories.SetOf(uint32(ord)))
	}
	return out
}

func (s *Service) allow(ctx context.Context, a accounts.Action, q *Question) error {
	return accounts.Allow(accounts.From(ctx), a, s.scope(q))
}

// Can tells a page whether who asks may do something to a question.
func (s *Service) Can(ctx context.Context, a accounts.Action, q *Question) bool {
	return s.allow(ctx, a, q) == nil
}

// Draft is a question before it is sent.
type Draft struct {
	Theme Theme
	Title string
	Body  string
}

// The bounds of what is written.
const (
	titleMost = 200
	bodyMost  = 10_000
)

// Check locates the faults of a draft.
func (d Draft) Check() error {
	var bad []fault.Field
	if !slices.Contains(Themes(), d.Theme) {
		bad = append(bad, badTheme())
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(d.Title)); n == 0 || n > titleMost {
		bad = append(bad, fault.At("title", "length", "Donnez un objet de 1 à 200 caractères.", "Give a subject of 1 to 200 characters."))
	}
	bad = append(bad, badBody("body", d.Body)...)
	if len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	return nil
}

func badTheme() fault.Field {
	return fault.At("theme", "choice", "Choisissez un thème.", "Choose a theme.")
}

func badBody(path, text string) []fault.Field {
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n == 0 || n > bodyMost {
		return []fault.Field{fault.At(path, "length", "Écrivez de 1 à 10 000 caractères.", "Write 1 to 10,000 characters.")}
	}
	return nil
}

// Ask sends a question in the name of one's structure. The same question again,
// within a day, is the one that was sent.
func (s *Service) Ask(ctx context.Context, d Draft) (*Question, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.QuestionAsk, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	now := s.now()
	q := &Question{UserID: me.UserID, OrganisationID: me.OrganisationID, Theme: d.Theme, Title: strings.TrimSpace(d.Title), State: Asked, Revision: 1, AskedAt: now, UpdatedAt: now}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "questions.ask"); err != nil {
			return err
		}
		same, err := sameQuestion(ctx, tx, q, strings.TrimSpace(d.Body), now.Add(-24*time.Hour))
		if err != nil || same != nil {
			q = same
			return err
		}
		if err := s.place(ctx, tx, q); err != nil {
			return err
		}
		if err := insertQuestion(ctx, tx, q); err != nil {
			return err
		}
		return s.add(ctx, tx, accounts.QuestionAsk, q, First, d.Body)
	})
	if err != nil {
		return nil, fmt.Errorf("ask a question: %w", err)
	}
	return q, nil
}

// place says where the structure is, so that the officers of the place read it
// and figures are by region.
func (s *Service) place(ctx context.Context, tx store.Tx, q *Question) (err error) {
	if q.Commune, err = communeOf(ctx, tx, q.OrganisationID); err != nil {
		return err
	}
	if ord, ok := s.atlas.Today(territories.CommuneCode(q.Commune)); ok {
		q.Region = s.atlas.Commune(ord).Region
	}
	return nil
}

// add writes a message with its trace.
func (s *Service) add(ctx context.Context, tx store.Tx, a accounts.Action, q *Question, k MessageKind, body string) error {
	me := accounts.From(ctx)
	m := &Message{QuestionID: q.ID, Kind: k, Body: strings.TrimSpace(body), AuthorID: me.UserID, AuthorFor: me.OrganisationID, At: s.now()}
	if err := insertMessage(ctx, tx, m); err != nil {
		return err
	}
	if err := accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "question", EntityID: int64(q.ID), Fields: []string{string(k)}}); err != nil {
		return err
	}
	if !k.Told() {
		return nil
	}
	return s.tell(ctx, tx, m.ID, q.UserID)
}

// Take makes a question one's own to answer; taken already by somebody else it is
// taken over. Taken again by the same, it changes nothing.
func (s *Service) Take(ctx context.Context, id ID, expected int64) (*Question, error) {
	return s.step(ctx, id, expected, accounts.QuestionAnswer, Took, "", func(q *Question) (bool, error) {
		me := accounts.From(ctx).UserID
		if q.State == Closed {
			return false, over()
		}
		if q.AdviserID == me && q.State != Asked {
			return false, nil
		}
		q.AdviserID, q.TakenAt = me, s.now()
		if q.State == Asked {
			q.State = Taken
		}
		return true, nil
	})
}

func over() error {
	return fault.Conflict("closed", "Cette question est close.", "This question is closed.")
}

// Reply answers; who asked receives a letter.
func (s *Service) Reply(ctx context.Context, id ID, expected int64, body string) (*Question, error) {
	return s.say(ctx, id, expected, Answer, body, func(q *Question) {
		q.State = Answered
		if q.AnsweredAt.IsZero() {
			q.AnsweredAt = s.now()
		}
	})
}

// AskFor asks who asked for more; they receive a letter.
func (s *Service) AskFor(ctx context.Context, id ID, expected int64, body string) (*Question, error) {
	return s.say(ctx, id, expected, AskMore, body, func(q *Question) { q.State = MoreAsked })
}

// say is a word of the desk.
func (s *Service) say(ctx context.Context, id ID, expected int64, k MessageKind, body string, to func(*Question)) (*Question, error) {
	if bad := badBody("body", body); len(bad) > 0 {
		return nil, fault.Invalid(bad...)
	}
	return s.step(ctx, id, expected, accounts.QuestionAnswer, k, body, func(q *Question) (bool, error) {
		if q.State == Closed {
			return false, over()
		}
		if q.AdviserID == 0 {
			q.AdviserID, q.TakenAt = accounts.From(ctx).UserID, s.now()
		}
		if q.RepliedAt.IsZero() {
			q.RepliedAt = s.now()
		}
		to(q)
		return true, nil
	})
}

// Add is a word of who asked: what the desk asked for, or a doubt about the
// answer, which opens the question again.
func (s *Service) Add(ctx context.Context, id ID, expected int64, body string) (*Question, error) {
	if bad := badBody("body", body); len(bad) > 0 {
		return nil, fault.Invalid(bad...)
	}
	return s.step(ctx, id, expected, accounts.QuestionAsk, More, body, func(q *Question) (bool, error) {
		q.State, q.ClosedAt = Asked, time.Time{}
		if q.AdviserID != 0 {
			q.State = Taken
		}
		return true, nil
	})
}

// Close ends a question: by the desk. Who asked may open it again with a word.
// Closed again, it changes nothing.
func (s *Service) Close(ctx context.Context, id ID, expected int64) (*Question, error) {
	return s.step(ctx, id, expected, accounts.QuestionAnswer, Shut, "", func(q *Question) (bool, error) {
		if q.State == Closed {
			return false, nil
		}
		q.State, q.ClosedAt = Closed, s.now()
		return true, nil
	})
}

// step holds a question, moves it and writes the message. The same word by the
// same person, as the last one, is not written twice.
func (s *Service) step(ctx context.Context, id ID, expected int64, a accounts.Action, k MessageKind, body string, to func(*Question) (bool, error)) (*Question, error) {
	var out *Question
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if s.allow(ctx, accounts.QuestionRead, q) != nil {
			return fault.NotFound("question", id)
		}
		if err := s.allow(ctx, a, q); err != nil {
			return err
		}
		out = q
		if again, err := s.again(ctx, tx, q, k, body); err != nil || again {
			return err
		}
		moved, err := to(q)
		if err != nil || !moved {
			return err
		}
		if expected != 0 && expected != q.Revision {
			return fault.Stale()
		}
		q.Revision, q.UpdatedAt = q.Revision+1, s.now()
		if err := saveQuestion(ctx, tx, q); err != nil {
			return err
		}
		return s.add(ctx, tx, a, q, k, body)
	})
	if err != nil {
		return nil, fmt.Errorf("move question %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) again(ctx context.Context, tx store.Tx, q *Question, k MessageKind, body string) (bool, error) {
	all, err := messagesOf(ctx, tx, q.ID)
	if err != nil || len(all) == 0 || body == "" {
		return false, err
	}
	last := all[len(all)-1]
	return last.Kind == k && last.Body == strings.TrimSpace(body) && last.AuthorID == accounts.From(ctx).UserID, nil
}
