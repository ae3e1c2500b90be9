package access

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// warnedDays is how many days before its last one an agreement is said to end.
const warnedDays = 14

// SendLetter asks for one letter to the researcher of an agreement. It carries numbers only.
type SendLetter struct {
	Agreement int64     `json:"agreement"`
	About     EventKind `json:"about"` // Granted, Warned, Revoked
}

// Kind names the job.
func (SendLetter) Kind() string { return "access.letter" }

// JobOptions puts these letters before the news.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// Deliver writes and sends one letter. Sent again it has the same Message-ID, which
// mail programs show once. A shut account, or an agreement that what the letter says
// no longer holds of, is sent nothing; an address refused for good is mail.ErrRefused.
func (s *Service) Deliver(ctx context.Context, job SendLetter) error {
	if s.sender == nil {
		return errors.New("deliver a letter about an agreement: no way to send mail was given")
	}
	a, err := agreementOf(ctx, s.store.Read(), job.Agreement)
	if err != nil {
		return fmt.Errorf("deliver a letter about an agreement: %w", err)
	}
	to, found, err := reader(ctx, s.store.Read(), a.UserID)
	if err != nil || !found || job.About != Revoked && a.StateOn(s.Today()) == Closed {
		return err
	}
	m, err := s.letter(a, to, job.About).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = "access." + string(job.About) + "-" + strconv.FormatInt(a.ID, 10)
	if err := s.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver letter %s of agreement %d: %w", job.About, a.ID, err)
	}
	return nil
}

// letter says what happened, in the language of its reader.
func (s *Service) letter(a *Agreement, to accounts.User, about EventKind) mail.Letter {
	page := strings.TrimRight(s.site, "/") + "/recherche/microdonnees/" + strconv.FormatInt(a.ID, 10)
	if to.Lang == "en" {
		subject, say := map[EventKind]string{Granted: "Your access to microdata is granted", Warned: "Your access to microdata is about to end", Revoked: "Your access to microdata is revoked"}[about],
			map[EventKind]string{Granted: "Agreement " + a.Number() + " opens from " + a.FromOn + " to " + a.UntilOn + ".", Warned: "Agreement " + a.Number() + " ends on " + a.UntilOn + ". Copies are to be destroyed on that day.",
				Revoked: "Agreement " + a.Number() + " opens no file any more. Copies are to be destroyed."}[about]
		return mail.Letter{Lang: "en", Subject: subject, Greeting: "Hello " + to.Name + ",", Paragraphs: []string{say}, Button: mail.Link{Label: "Read the agreement", URL: page},
			Foot: "You are sent this letter because the agreement names you."}
	}
	subject, say := map[EventKind]string{Granted: "Votre accès aux microdonnées est accordé", Warned: "Votre accès aux microdonnées se termine bientôt", Revoked: "Votre accès aux microdonnées est révoqué"}[about],
		map[EventKind]string{Granted: "L’accord " + a.Number() + " est ouvert du " + inFrench(a.FromOn) + " au " + inFrench(a.UntilOn) + ".", Warned: "L’accord " + a.Number() + " se termine le " + inFrench(a.UntilOn) + ". Les copies sont à détruire ce jour-là.",
			Revoked: "L’accord " + a.Number() + " n’ouvre plus aucun fichier. Les copies sont à détruire."}[about]
	return mail.Letter{Lang: "fr", Subject: subject, Greeting: "Bonjour " + to.Name + ",", Paragraphs: []string{say}, Button: mail.Link{Label: "Lire l’accord", URL: page},
		Foot: "Ce message vous est envoyé parce que l’accord vous nomme."}
}
