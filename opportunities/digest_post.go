package opportunities

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Writer puts the news of searches in somebody's words. stop is the secret of
// the address that ends such letters.
type Writer interface {
	News(to accounts.User, d Digest, stop string) mail.Letter
}

// post is how letters of news leave, and when.
type post struct {
	almanac
	sender mail.Sender
	words  Writer
	hand   daily.Leave
}

// SendLetter asks for one letter of news. It carries a number only: the secret
// that ends such letters is drawn when the letter is written.
type SendLetter struct {
	ID LetterID `json:"id"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "searches.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// DeliverLetter writes and sends one letter of news. Run again after it was
// sent it does nothing; a process killed between the sending and its trace sends
// it again under the same Message-ID, which mail programs show once. What needs
// no letter any more (the account is shut, the searches are silent) is no fault;
// an address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.post.sender == nil || s.post.words == nil {
		return errors.New("deliver a letter of news: no way to write and send mail was given")
	}
	to, d, err := s.holds(ctx, job)
	if err != nil || to == nil {
		return err
	}
	if err := s.send(ctx, *to, *d); err != nil {
		return fmt.Errorf("deliver letter of news %d: %w", job.ID, err)
	}
	return nil
}

// Compose is the same letter as a part of the letter of the day; nil: nothing is left.
func (s *Service) Compose(ctx context.Context, job SendLetter, stop string) (*daily.Draft, error) {
	to, d, err := s.holds(ctx, job)
	if err != nil || to == nil {
		return nil, err
	}
	return &daily.Draft{Letter: s.post.words.News(*to, *d, stop), Sent: func(ctx context.Context) error { return s.left(ctx, d.Letter) }}, nil
}

// holds reads what a letter tells, and to whom; nobody: nothing is left to send.
func (s *Service) holds(ctx context.Context, job SendLetter) (*accounts.User, *Digest, error) {
	l, err := letterBy(ctx, s.store.Read(), "sl.id = ?", job.ID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !l.SentAt.IsZero() {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	to, err := recipient(ctx, s.store.Read(), l.UserID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	searches, err := searchesOf(ctx, s.store.Read(), l.UserID)
	if err != nil {
		return nil, nil, err
	}
	d, err := s.told(ctx, l, searches, lettersMost)
	if err != nil || len(d.Searches) == 0 {
		return nil, nil, err
	}
	return &to, &d, nil
}

func (s *Service) send(ctx context.Context, to accounts.User, d Digest) error {
	secret, err := accounts.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	l := d.Letter
	l.Link = accounts.SecretDigest(secret)
	if err := s.mark(ctx, l, "link"); err != nil {
		return err
	}
	m, err := s.post.words.News(to, d, secret).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "searches.letter-" + strconv.FormatInt(int64(l.ID), 10)
	if err := s.post.sender.Send(ctx, m); err != nil {
		return err
	}
	return s.left(context.WithoutCancel(ctx), l)
}

// left notes that a letter is with a mail server.
func (s *Service) left(ctx context.Context, l Letter) error {
	l.SentAt = s.now()
	return s.mark(ctx, l, "sent_at")
}

func (s *Service) mark(ctx context.Context, l Letter, column string) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return setLetter(ctx, tx, l, column) })
}

// LettersStoppable tells how many searches the secret of a letter would
// silence; fault.NotFound where it is none.
func (s *Service) LettersStoppable(ctx context.Context, secret string) (int, error) {
	l, err := letterBy(ctx, s.store.Read(), "sl.link = ?", accounts.SecretDigest(secret))
	if err != nil {
		return 0, err
	}
	searches, err := searchesOf(ctx, s.store.Read(), l.UserID)
	return len(searches), err
}

// StopLetters silences every search of whom a letter was written to, by the
// secret in it, without signing in. The searches and their feeds stay. Doing it
// again changes nothing.
func (s *Service) StopLetters(ctx context.Context, secret string) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		l, err := letterBy(ctx, tx, "sl.link = ?", accounts.SecretDigest(secret))
		if err != nil {
			return err
		}
		who := accounts.Identity{UserID: l.UserID, Role: accounts.Public} // an account that is shut is nobody's to act for
		if u, err := recipient(ctx, tx, l.UserID); err == nil {
			who.Role = u.Role
		}
		return s.silence(accounts.With(ctx, who), tx, l.UserID, accounts.Entry{Entity: "letter", EntityID: int64(l.ID)})
	})
	if err != nil {
		return fmt.Errorf("stop letters: %w", err)
	}
	return nil
}

// Silence silences every search of somebody, who acts through the end of their letter of
// the day.
func (s *Service) Silence(ctx context.Context, tx store.Tx, user accounts.UserID) error {
	return s.silence(ctx, tx, user, accounts.Entry{Entity: "user", EntityID: int64(user)})
}

func (s *Service) silence(ctx context.Context, tx store.Tx, user accounts.UserID, entry accounts.Entry) error {
	if n, err := silenceSearches(ctx, tx, user); err != nil || n == 0 {
		return err
	}
	entry.At, entry.Action, entry.Fields = s.now(), accounts.LetterStop, []string{"frequency"}
	return accounts.Audit(ctx, tx, entry)
}
