package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// The letters of this package.
const (
	LetterInvitation      = "invitation"
	LetterReset           = "reset"
	LetterPasswordChanged = "password-changed"
)

// SendMail asks for one letter. It carries a number only: the secret of a link
// is drawn when the letter is written, so that no job row ever holds one.
type SendMail struct {
	What string `json:"what"`
	ID   int64  `json:"id"` // of the invitation, the reset or the user
}

// Kind names the job.
func (SendMail) Kind() string { return "accounts.mail" }

// JobOptions puts letters that somebody is waiting for before the rest.
func (SendMail) JobOptions() store.Options { return store.Options{Priority: 1, Attempts: 12} }

// Sweep asks for what has expired to be deleted.
type Sweep struct{}

// Kind names the job.
func (Sweep) Kind() string { return "accounts.sweep" }

// Deliver writes and sends one letter. It may run twice: the second letter's
// link replaces the first's. What needs no letter any more is no fault; an
// address refused for good is mail.ErrRefused.
func (s *Service) Deliver(ctx context.Context, job SendMail) error {
	if s.cfg.Mail == nil {
		return errors.New("deliver a letter: no way to send mail was given")
	}
	letter, to, name, err := s.letter(ctx, job)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := letter.Message(string(to), name)
	if err != nil {
		return err
	}
	if err := s.cfg.Mail.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver letter %s %d: %w", job.What, job.ID, err)
	}
	return nil
}

func (s *Service) letter(ctx context.Context, job SendMail) (l mail.Letter, to Email, name string, err error) {
	switch job.What {
	case LetterInvitation:
		row, secret, err := s.issueInvitation(ctx, job.ID)
		if err != nil {
			return l, "", "", err
		}
		return s.invitationLetter(row, secret), row.Email, "", nil
	case LetterReset:
		u, secret, err := s.issueReset(ctx, job.ID)
		if err != nil {
			return l, "", "", err
		}
		return s.resetLetter(u, secret), u.Email, u.Name, nil
	case LetterPasswordChanged:
		u, err := userByID(ctx, s.st.Read(), UserID(job.ID))
		return s.changedLetter(u), u.Email, u.Name, err
	case LetterInvited:
		u, err := userByID(ctx, s.st.Read(), UserID(job.ID))
		return invitedLetter(u), u.Email, u.Name, err
	default:
		return l, "", "", fmt.Errorf("deliver a letter: %q is none of ours", job.What)
	}
}

// link makes the address of a page of the web door. The secret
// travels in the path, and those pages send no referrer.
func (s *Service) link(page, secret string) string {
	return strings.TrimRight(s.cfg.Site, "/") + page + url.PathEscape(secret)
}

// InvitationLink is the address that accepts an invitation.
func (s *Service) InvitationLink(secret string) string { return s.link("/invitation/", secret) }

// ResetLink is the address that sets a new password.
func (s *Service) ResetLink(secret string) string { return s.link("/reset/", secret) }

func (s *Service) invitationLetter(row Invitation, secret string) mail.Letter {
	link := s.InvitationLink(secret)
	if row.Lang == "en" {
		about := "You are invited to join Maillage, the cooperation platform of the network."
		if row.SIRET != "" {
			about = "You are invited to join Maillage on behalf of the enterprise whose SIRET is " + row.SIRET + ". Its known facts are already there: you will be able to put them right."
		}
		return mail.Letter{Lang: "en", Subject: "Your invitation to Maillage", Greeting: "Hello,",
			Paragraphs: []string{about, "Choose a password to open your account."},
			Button:     mail.Link{Label: "Open my account", URL: link},
			After:      "This link works once, for 14 days.",
			Foot:       "If you expected nothing of the kind, ignore this letter: no account is opened without you."}
	}
	about := "Vous êtes invité·e à rejoindre Maillage, la plateforme de coopération du réseau."
	if row.SIRET != "" {
		about = "Vous êtes invité·e à rejoindre Maillage au nom de la structure dont le SIRET est " + row.SIRET + ". Ce que l’on sait d’elle y figure déjà : vous pourrez le corriger."
	}
	return mail.Letter{Lang: "fr", Subject: "Votre invitation à rejoindre Maillage", Greeting: "Bonjour,",
		Paragraphs: []string{about, "Choisissez un mot de passe pour ouvrir votre compte."},
		Button:     mail.Link{Label: "Ouvrir mon compte", URL: link},
		After:      "Ce lien sert une seule fois, pendant 14 jours.",
		Foot:       "Si vous n’attendiez rien de tel, ne tenez pas compte de ce message : aucun compte n’est ouvert sans vous."}
}

func (s *Service) resetLetter(u User, secret string) mail.Letter {
	link := s.ResetLink(secret)
	if u.Lang == "en" {
		return mail.Letter{Lang: "en", Subject: "Choose a new password", Greeting: "Hello " + u.Name + ",",
			Paragraphs: []string{"Somebody asked for a new password for your Maillage account."},
			Button:     mail.Link{Label: "Choose a new password", URL: link},
			After:      "This link works once, for 2 hours.",
			Foot:       "If it was not you, ignore this letter: your password stays as it is."}
	}
	return mail.Letter{Lang: "fr", Subject: "Choisir un nouveau mot de passe", Greeting: "Bonjour " + u.Name + ",",
		Paragraphs: []string{"Un nouveau mot de passe a été demandé pour votre compte Maillage."},
		Button:     mail.Link{Label: "Choisir un nouveau mot de passe", URL: link},
		After:      "Ce lien sert une seule fois, pendant 2 heures.",
		Foot:       "Si ce n’était pas vous, ne tenez pas compte de ce message : votre mot de passe ne change pas."}
}

func (s *Service) changedLetter(u User) mail.Letter {
	again := s.link("/reset", "")
	if u.Lang == "en" {
		return mail.Letter{Lang: "en", Subject: "Your password has been changed", Greeting: "Hello " + u.Name + ",",
			Paragraphs: []string{"The password of your Maillage account has just been changed, and your other sessions have ended."},
			After:      "If it was not you, ask for a new password at once: " + again}
	}
	return mail.Letter{Lang: "fr", Subject: "Votre mot de passe a été changé", Greeting: "Bonjour " + u.Name + ",",
		Paragraphs: []string{"Le mot de passe de votre compte Maillage vient d’être changé, et vos autres sessions sont fermées."},
		After:      "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe : " + again}
}

func invitedLetter(u User) mail.Letter {
	if u.Lang == "en" {
		return mail.Letter{Lang: "en", Subject: "A counsellor was invited for your structure", Greeting: "Hello " + u.Name + ",",
			Paragraphs: []string{"Somebody has just been invited as an insertion counsellor of your structure. Once the account is open, they will read its journeys."},
			After:      "If your structure did not expect it, write to the administration of the network at once."}
	}
	return mail.Letter{Lang: "fr", Subject: "Une personne est invitée comme conseiller·ère de votre structure", Greeting: "Bonjour " + u.Name + ",",
		Paragraphs: []string{"Une personne vient d’être invitée comme conseiller·ère en insertion de votre structure. Une fois son compte ouvert, elle lira ses parcours."},
		After:      "Si votre structure ne s’y attendait pas, écrivez tout de suite à l’administration du réseau."}
}

// SweepExpired deletes sessions and resets that are over, and invitations over
// for a month. Audit rows stay.
func (s *Service) SweepExpired(ctx context.Context) error {
	now := s.now()
	err := s.st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return sweep(ctx, tx, now, now.Add(-s.cfg.Idle), now.Add(-30*24*time.Hour))
	})
	if err != nil {
		return fmt.Errorf("sweep accounts: %w", err)
	}
	return nil
}
