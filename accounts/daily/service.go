package daily

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Writer makes one letter of several; stop is the secret of the address that ends them.
type Writer interface {
	Daily(to accounts.User, parts []mail.Letter, stop string) mail.Letter
}

// Config is what the service needs. Sources are in the order of a letter.
type Config struct {
	Store       *store.Store
	Now         func() time.Time // default time.Now
	WorkingDays func(from, to time.Time, zone *time.Location) int
	Mail        mail.Sender
	Words       Writer
	Sources     []Source
}

// Service gathers and sends the letters of the day.
type Service struct{ Config }

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Letters of the day leave from this time of a working day on: every job that adds to
// them has run by then, since seven.
const leavesAt = 7*time.Hour + 45*time.Minute

// Gather makes the letter of the day of each person who has a part waiting and had none
// today, and tells how many. It is a job's: run again, or by several processes at once,
// it makes none twice; a morning that was missed is made up for by the next run.
func (s *Service) Gather(ctx context.Context) (int, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return 0, fmt.Errorf("read the clock of Paris: %w", err)
	}
	now := s.now().In(zone)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	if now.Before(midnight.Add(leavesAt)) || s.WorkingDays(now.AddDate(0, 0, -1), now, zone) == 0 {
		return 0, nil
	}
	day := now.Format(time.DateOnly)
	users, err := waiting(ctx, s.Store.Read(), day)
	if err != nil {
		return 0, err
	}
	made, failed := 0, []error(nil)
	for _, user := range users {
		done, err := s.gather(ctx, user, day)
		if done {
			made++
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("make the letter of the day of account %d: %w", user, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return made, errors.Join(failed...)
}

func (s *Service) gather(ctx context.Context, user accounts.UserID, day string) (made bool, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		open, err := Turn(ctx, tx, user, day)
		if err != nil || !open {
			return err
		}
		id, err := insertLetter(ctx, tx, user, day)
		if err != nil {
			return err
		}
		if err := takeParts(ctx, tx, user, id); err != nil {
			return err
		}
		made = true
		return tx.Enqueue(ctx, SendLetter{ID: id})
	})
	return made && err == nil, err
}

// SendLetter asks for one letter of the day. It carries a number only: the secret that
// ends such letters is drawn when the letter is written.
type SendLetter struct {
	ID LetterID `json:"id"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "daily.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// DeliverLetter writes and sends one letter, of the parts that still say something; with
// none left no letter goes. Run again after it was sent it does nothing; a process killed
// between the sending and its trace sends it again under the same Message-ID, which mail
// programs show once. An address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.Mail == nil || s.Words == nil {
		return errors.New("deliver a letter of the day: no way to write and send mail was given")
	}
	l, err := letterBy(ctx, s.Store.Read(), "id = ?", job.ID)
	if fault.Is(err, fault.KindNotFound) || err == nil && l.SentAt != nil {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := recipient(ctx, s.Store.Read(), l.UserID)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	secret, err := accounts.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	drafts, err := s.drafts(ctx, l, secret)
	if err != nil || len(drafts) == 0 {
		return err
	}
	if err := s.send(ctx, l, to, drafts, secret); err != nil {
		return fmt.Errorf("deliver letter of the day %d: %w", l.ID, err)
	}
	return nil
}

// drafts writes the parts of a letter.
func (s *Service) drafts(ctx context.Context, l *Letter, secret string) (out []*Draft, err error) {
	parts, err := partsOf(ctx, s.Store.Read(), l.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(parts, func(a, b part) int { return s.source(a) - s.source(b) })
	for _, p := range parts {
		at := s.source(p)
		if at < 0 {
			return nil, fmt.Errorf("write letter of the day %d: nothing writes %s", l.ID, p.Kind)
		}
		d, err := s.Sources[at].Compose(ctx, []byte(p.Args), secret)
		if err != nil {
			return nil, err
		}
		if d != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

// source is which source writes a part; -1: none.
func (s *Service) source(p part) int {
	return slices.IndexFunc(s.Sources, func(from Source) bool { return from.Kind == p.Kind })
}

func (s *Service) send(ctx context.Context, l *Letter, to accounts.User, drafts []*Draft, secret string) error {
	mark := func(ctx context.Context, column string, value any) error {
		return s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return setLetter(ctx, tx, l.ID, column, value) })
	}
	if err := mark(ctx, "link", accounts.SecretDigest(secret)); err != nil {
		return err
	}
	letter := drafts[0].Letter
	if len(drafts) > 1 {
		parts := make([]mail.Letter, len(drafts))
		for i, d := range drafts {
			parts[i] = d.Letter
		}
		letter = s.Words.Daily(to, parts, secret)
	}
	m, err := letter.Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "daily-" + strconv.FormatInt(int64(l.ID), 10)
	if err := s.Mail.Send(ctx, m); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for _, d := range drafts { // each in a transaction of its own: they hold rows in orders of their own
		if d.Sent == nil {
			continue
		}
		if err := d.Sent(ctx); err != nil {
			return err
		}
	}
	return mark(ctx, "sent_at", s.now())
}

// Stoppable tells whether a secret is that of a letter; fault.NotFound where it is none.
func (s *Service) Stoppable(ctx context.Context, secret string) error {
	_, err := letterBy(ctx, s.Store.Read(), "link = ?", accounts.SecretDigest(secret))
	return err
}

// Stop ends what a letter was made of, by the secret in it, without signing in. Again
// changes nothing.
func (s *Service) Stop(ctx context.Context, secret string) error {
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		l, err := letterBy(ctx, tx, "link = ?", accounts.SecretDigest(secret))
		if err != nil {
			return err
		}
		who := accounts.Identity{UserID: l.UserID, Role: accounts.Public} // an account that is shut is nobody's to act for
		if u, err := recipient(ctx, tx, l.UserID); err == nil {
			who.Role = u.Role
		}
		parts, err := partsOf(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if at := s.source(p); at >= 0 {
				if err := s.Sources[at].Silence(accounts.With(ctx, who), tx, l.UserID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("stop letters of the day: %w", err)
	}
	return nil
}
