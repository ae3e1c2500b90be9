package escalation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching"
)

// Writer puts reminders in somebody's words. stop is the secret of the address
// that ends such letters.
type Writer interface {
	Reminders(to accounts.User, d Digest, stop string) mail.Letter
}

// SendLetter asks for one letter of reminders. It carries a number only: the
// secret that ends such letters is drawn when the letter is written.
type SendLetter struct {
	ID LetterID `json:"id"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "escalation.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// DeliverLetter writes and sends one letter, and notes in their events that the
// matches it names were told. What was answered since, or can no longer be, is left
// out; with nothing left no letter goes. Run again after it was sent it does
// nothing; a process killed between the sending and its trace sends it again under
// the same Message-ID, which mail programs show once. An address refused for good
// is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.Mail == nil || s.Words == nil {
		return errors.New("deliver a letter of reminders: no way to write and send mail was given")
	}
	l, to, d, err := s.holds(ctx, job)
	if err != nil || l == nil {
		return err
	}
	if err := s.send(ctx, l, to, d); err != nil {
		return fmt.Errorf("deliver letter of reminders %d: %w", l.ID, err)
	}
	return nil
}

// Compose is the same letter as a part of the letter of the day; nil: nothing is left.
func (s *Service) Compose(ctx context.Context, job SendLetter, stop string) (*daily.Draft, error) {
	l, to, d, err := s.holds(ctx, job)
	if err != nil || l == nil {
		return nil, err
	}
	return &daily.Draft{Letter: s.Words.Reminders(to, d, stop), Sent: func(ctx context.Context) error { return s.left(ctx, l, d) }}, nil
}

// holds reads what a letter says now, and to whom; no letter: nothing is left to send.
func (s *Service) holds(ctx context.Context, job SendLetter) (*Letter, accounts.User, Digest, error) {
	l, err := letterBy(ctx, s.Store.Read(), "rl.id = ?", job.ID)
	if err != nil || !l.SentAt.IsZero() {
		return nil, accounts.User{}, Digest{}, gone(err)
	}
	to, err := recipient(ctx, s.Store.Read(), l.UserID)
	if err != nil {
		return nil, to, Digest{}, gone(err)
	}
	silent, err := silentNow(ctx, s.Store.Read(), to.ID)
	if err != nil || silent {
		return nil, to, Digest{}, err
	}
	d, err := s.digest(ctx, l)
	if err != nil || d.Count() == 0 {
		return nil, to, d, err
	}
	return l, to, d, nil
}

func (s *Service) send(ctx context.Context, l *Letter, to accounts.User, d Digest) error {
	secret, err := accounts.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	l.Link = accounts.SecretDigest(secret)
	if err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return setLetter(ctx, tx, l, "link") }); err != nil {
		return err
	}
	m, err := s.Words.Reminders(to, d, secret).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "escalation.letter-" + strconv.FormatInt(int64(l.ID), 10)
	if err := s.Mail.Send(ctx, m); err != nil {
		return err
	}
	return s.left(context.WithoutCancel(ctx), l, d)
}

// left notes that a letter is with a mail server.
func (s *Service) left(ctx context.Context, l *Letter, d Digest) error {
	l.SentAt = s.now()
	return s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := setLetter(ctx, tx, l, "sent_at"); err != nil {
			return err
		}
		return s.Followup.Tell(ctx, tx, d.told()...)
	})
}

// told are the matches that a letter names to their enterprise, by number: they
// are held in one order by all who hold several.
func (d Digest) told() []matching.ID {
	var ids []matching.ID
	for _, r := range slices.Concat(d.Wider, d.Reminders) {
		ids = append(ids, r.Match)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Stoppable tells whether the secret of a letter would end anything: false once it
// did; fault.NotFound where it is none.
func (s *Service) Stoppable(ctx context.Context, secret string) (bool, error) {
	l, err := letterBy(ctx, s.Store.Read(), "rl.link = ?", accounts.SecretDigest(secret))
	if err != nil {
		return false, err
	}
	silent, err := silentNow(ctx, s.Store.Read(), l.UserID)
	return !silent, err
}

// Stop ends the letters of whom one was written to, by the secret in it, without
// signing in. What waits for them is still on their pages. Again changes nothing.
func (s *Service) Stop(ctx context.Context, secret string) error {
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		l, err := letterBy(ctx, tx, "rl.link = ?", accounts.SecretDigest(secret))
		if err != nil {
			return err
		}
		who := accounts.Identity{UserID: l.UserID, Role: accounts.Public} // an account that is shut is nobody's to act for
		if u, err := recipient(ctx, tx, l.UserID); err == nil {
			who.Role = u.Role
		}
		return s.silence(accounts.With(ctx, who), tx, l.UserID, true, accounts.LetterStop)
	})
	if err != nil {
		return fmt.Errorf("stop letters of reminders: %w", err)
	}
	return nil
}

// Silence ends the letters of somebody, who acts through the end of their letter of the day.
func (s *Service) Silence(ctx context.Context, tx store.Tx, id accounts.UserID) error {
	return s.silence(ctx, tx, id, true, accounts.LetterStop)
}

func (s *Service) silence(ctx context.Context, tx store.Tx, id accounts.UserID, silent bool, a accounts.Action) error {
	changed, err := setSilence(ctx, tx, id, silent, s.now())
	if err != nil || !changed {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "user", EntityID: int64(id), Fields: []string{"reminders"}})
}

// Wanted tells whether who asks has letters of reminders.
func (s *Service) Wanted(ctx context.Context) (bool, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.ReminderRead, accounts.OfUser(me.UserID)); err != nil {
		return false, err
	}
	silent, err := silentNow(ctx, s.Store.Read(), me.UserID)
	return !silent, err
}

// Want says whether who asks wants letters of reminders. Again changes nothing.
func (s *Service) Want(ctx context.Context, wanted bool) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.ReminderEdit, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return s.silence(ctx, tx, me.UserID, !wanted, accounts.ReminderEdit)
	})
	if err != nil {
		return fmt.Errorf("say whether letters are wanted: %w", err)
	}
	return nil
}

// Letters lists the last letters of who asks, the latest first.
func (s *Service) Letters(ctx context.Context, limit int) ([]Letter, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.ReminderRead, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	return lettersOf(ctx, s.Store.Read(), me.UserID, max(1, min(limit, 100)))
}

// OldLetter is what a letter of who asks told, as far as it still holds; another's
// is not there.
func (s *Service) OldLetter(ctx context.Context, id LetterID) (Digest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.ReminderRead, accounts.OfUser(me.UserID)); err != nil {
		return Digest{}, err
	}
	l, err := letterBy(ctx, s.Store.Read(), "rl.id = ?", id)
	if err != nil {
		return Digest{}, err
	}
	if l.UserID != me.UserID {
		return Digest{}, fault.NotFound("letter", int64(id))
	}
	return s.digest(ctx, l)
}
