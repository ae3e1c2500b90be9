package questions

import (
	"context"
	"errors"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Writer puts a letter in somebody's words: the desk answered, or asks for more.
// It holds the title of the question, never what was written.
type Writer interface {
	LegalDesk(to accounts.User, k MessageKind, q *Question) mail.Letter
}

// SendLetter asks for the letter of one message to one account.
type SendLetter struct {
	Message int64 `json:"message"`
	User    int64 `json:"user"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "questions.letter" }

// JobOptions puts these letters before news: somebody waits for them.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// tell writes the ledger and asks for the letter, once.
func (s *Service) tell(ctx context.Context, tx store.Tx, message MessageID, user accounts.UserID) error {
	first, err := note(ctx, tx, message, user, s.now())
	if err != nil || !first {
		return err
	}
	return tx.Enqueue(ctx, SendLetter{Message: int64(message), User: int64(user)})
}

// DeliverLetter writes and sends one letter. It may run twice: the second has the
// same Message-ID, which mail programs show once. An account that is shut needs
// none; an address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.sender == nil || s.words == nil {
		return errors.New("deliver a letter of the legal desk: no way to write and send mail was given")
	}
	db := s.store.Read()
	m, err := messageBy(ctx, db, MessageID(job.Message))
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	q, err := questionBy(ctx, db, m.QuestionID)
	if err != nil {
		return err
	}
	u, err := openAccount(ctx, db, accounts.UserID(job.User))
	if err != nil || u == nil {
		return err
	}
	letter, err := s.words.LegalDesk(*u, m.Kind, q).Message(string(u.Email), u.Name)
	if err != nil {
		return err
	}
	letter.Key = fmt.Sprintf("question-%d-%d", job.Message, job.User)
	if err := s.sender.Send(ctx, letter); err != nil {
		return fmt.Errorf("deliver the letter of message %d: %w", job.Message, err)
	}
	return nil
}
