package publication

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Tell writes to who asked what became of the request. Run again after it was sent it
// does nothing. A request of nobody, or of an account that is shut, sends nothing. It
// asks no policy: it is for a worker.
func (s *Service) Tell(ctx context.Context, job TellRequest) error {
	r, err := requestBy(ctx, s.store.Read(), job.ID)
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil || r.ToldAt != nil || r.UserID == nil || s.mail == nil || r.State.Open() {
		return err
	}
	to, err := askerBy(ctx, s.store.Read(), *r.UserID)
	if err != nil || to == nil {
		return err
	}
	m, err := s.letter(to, r).Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = fmt.Sprintf("publication.request-%d-%s", r.ID, r.State)
	if err := s.mail.Send(ctx, m); err != nil {
		return fmt.Errorf("tell of request %d: %w", r.ID, err)
	}
	return s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) error { return markTold(ctx, tx, r.ID, s.now()) })
}

func (s *Service) letter(to *accounts.User, r *Request) mail.Letter {
	why := r.Why()
	subject, text := say("Votre demande de données", "Your request for data"), say("Votre demande a été refusée : "+why.FR, "Your request was refused: "+why.EN)
	switch r.State {
	case Published:
		text = say("Votre publication est prête : fichiers, certificat et citation vous attendent.", "Your release is ready: files, certificate and citation await you.")
	case Failed:
		text = say("Votre demande n’a pas pu être publiée : "+why.FR, "Your request could not be released: "+why.EN)
	}
	l := mail.Letter{Lang: "fr", Subject: subject.FR, Greeting: "Bonjour " + to.Name + ",", Paragraphs: []string{text.FR}, Button: mail.Link{Label: "Voir ma demande"}, Foot: "Ce message vous est envoyé parce que vous avez demandé des données."}
	if to.Lang == "en" {
		l = mail.Letter{Lang: "en", Subject: subject.EN, Greeting: "Hello " + to.Name + ",", Paragraphs: []string{text.EN}, Button: mail.Link{Label: "See my request"}, Foot: "You are sent this letter because you asked for data."}
	}
	l.Button.URL = strings.TrimRight(s.site, "/") + "/recherche/" + strconv.FormatInt(r.ID, 10)
	return l
}
