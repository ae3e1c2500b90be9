package placement

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// DeliverCards writes and sends one letter to an employer. Run again after it was
// sent it does nothing; a process killed between the sending and its trace sends it
// again under the same Message-ID, which mail programs show once. Where no card
// waits any more, or the account is shut, nothing is sent and it is no fault; an
// address refused for good is mail.ErrRefused.
func (s *Service) DeliverCards(ctx context.Context, job SendCards) error {
	if s.sender == nil {
		return errors.New("deliver a letter to an employer: no way to send mail was given")
	}
	l, to, err := s.beginLetter(ctx, job.ID)
	if fault.Is(err, fault.KindNotFound) || err == nil && l.SentAt != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("deliver letter %d to an employer: %w", job.ID, err)
	}
	n, err := s.waitsFor(ctx, l, to.OrganisationID)
	if err != nil || n == 0 {
		return err
	}
	m, err := s.cardsLetter(to, l, n).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "placement.letter-" + strconv.FormatInt(int64(l.ID), 10)
	if err := s.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver letter %d to an employer: %w", job.ID, err)
	}
	now := s.now()
	l.SentAt = &now
	return s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) error { return markLetter(ctx, tx, l, "sent_at") })
}

// beginLetter says that a letter counts from now: what is presented later has
// another. The employer is held, as when a card is presented.
func (s *Service) beginLetter(ctx context.Context, id LetterID) (l *cardLetter, to accounts.User, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if l, err = cardLetterBy(ctx, tx, id); err != nil {
			return err
		}
		if to, err = readerBy(ctx, tx, l.UserID); err != nil || l.BegunAt != nil {
			return err
		}
		if err := holdEmployer(ctx, tx, to.OrganisationID); err != nil {
			return err
		}
		now := s.now()
		l.BegunAt = &now
		return markLetter(ctx, tx, l, "begun_at")
	})
	return l, to, err
}

// waitsFor counts the cards that wait and may be read now; none where those that the
// letter is about have gone: the others were told already.
func (s *Service) waitsFor(ctx context.Context, l *cardLetter, employer int64) (n int, err error) {
	all, err := proposals(ctx, s.store.Read(), "pp.lot_id = ? AND pp.employer_id = ? AND pp.state = ?", l.LotID, employer, Proposed)
	if err != nil {
		return 0, err
	}
	shown, err := s.shown(ctx, s.store.Read(), all)
	due := false
	for _, p := range shown {
		if p.State == Proposed && (l.What == newCards || p.Late(s.now())) {
			n++
			due = due || l.about(p)
		}
	}
	if !due {
		return 0, err
	}
	return n, err
}

// cardsLetter says how many cards wait and where to read them; nothing of anybody,
// nor of which position: a letter is read by who passes.
func (s *Service) cardsLetter(to accounts.User, l *cardLetter, n int) mail.Letter {
	fr := mail.Letter{Lang: "fr", Greeting: "Bonjour " + to.Name + ",", Button: mail.Link{Label: "Lire et répondre"}, Foot: "Ce message vous est envoyé parce que vous répondez des besoins de votre organisation."}
	en := mail.Letter{Lang: "en", Greeting: "Hello " + to.Name + ",", Button: mail.Link{Label: "Read and answer"}, Foot: "You are sent this letter because you answer for the needs of your organisation."}
	how := counted(n, "Une candidature attend votre réponse.", "candidatures attendent votre réponse.", "One application awaits your answer.", "applications await your answer.")
	say := text("Une réponse est demandée sous 48 heures, en jours ouvrés.", "An answer is asked within 48 hours, counted on working days.")
	fr.Subject, en.Subject = "Une candidature à regarder", "An application to look at"
	if n > 1 {
		fr.Subject, en.Subject = "Des candidatures à regarder", "Applications to look at"
	}
	if l.What == lateCards {
		fr.Subject, en.Subject = "Votre réponse est attendue", "Your answer is awaited"
		say = text("Le délai de 48 heures demandé pour répondre est passé. Il n’y aura pas d’autre rappel.", "The 48 hours in which an answer was asked are over. There will be no other reminder.")
	}
	fr.Paragraphs, en.Paragraphs = []string{how.FR, say.FR}, []string{how.EN, say.EN}
	out := fr
	if to.Lang == "en" {
		out = en
	}
	out.Button.URL = strings.TrimRight(s.site, "/") + "/"
	return out
}
