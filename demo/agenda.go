package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup/agenda"
)

// meeting is an event of the demonstration: days are counted from today.
type meeting struct {
	in, from, hours int
	kind            agenda.Kind
	title, about    string
	place, commune  string
	link            string
	audience        agenda.Audience
	whole           bool // the whole country; else the Drôme and the Ardèche
	capacity        int
	fee             float64
	ends            string // why it was cancelled
	draft           bool
}

func meetings() []meeting {
	return []meeting{
		{in: 8, from: 14, hours: 3, kind: agenda.Training, title: "Répondre à un marché réservé", about: "Lire un règlement de consultation, chiffrer, écrire le mémoire technique.\nApportez un dossier en cours.", place: "Maison des associations, Valence", commune: "26362", audience: agenda.Members, capacity: 12},
		{in: 15, from: 9, hours: 2, kind: agenda.Committee, title: "Comité qualité", about: "Décisions sur les certifications auditées en octobre et novembre.", place: "Siège de l’association régionale", commune: "69387", link: "https://visio.example/comite-qualite", audience: agenda.Members, capacity: 20},
		{in: 22, from: 10, hours: 1, kind: agenda.Webinar, title: "La clause d’insertion expliquée aux acheteurs", link: "https://visio.example/clause", audience: agenda.Everyone, whole: true},
		{in: 36, from: 9, hours: 7, kind: agenda.Meeting, title: "Rencontre des structures de Drôme et d’Ardèche", about: "Ateliers par métier le matin, acheteurs invités l’après-midi.", place: "Salle des fêtes, Crest", commune: "26108", audience: agenda.Everyone, capacity: 80, fee: 15},
		{in: 12, from: 9, hours: 2, kind: agenda.Training, title: "Encadrer une équipe multilingue", place: "Saint-Denis, La Réunion", commune: "97411", audience: agenda.Members, whole: true, capacity: 2},
		{in: 18, from: 14, hours: 2, kind: agenda.Meeting, title: "Visite d’un atelier de réemploi", place: "Romans-sur-Isère", commune: "26281", audience: agenda.Members, capacity: 10, ends: "L’atelier déménage : une autre date sera proposée."},
		{in: 50, from: 14, hours: 2, kind: agenda.Committee, title: "Comité de programmation", place: "Valence", commune: "26362", audience: agenda.Officers, draft: true},
		{in: -20, from: 14, hours: 3, kind: agenda.Training, title: "Accueillir une personne en immersion", place: "Privas", commune: "07186", audience: agenda.Members, capacity: 12},
	}
}

// loadAgenda lives the events: made a month before, booked by the heroine, and by
// others beyond what fits.
func (l *loader) loadAgenda(ctx context.Context) error {
	for i, m := range meetings() {
		if err := l.hold(ctx, i, m); err != nil {
			return fmt.Errorf("%s: %w", m.title, err)
		}
	}
	return nil
}

func (l *loader) hold(ctx context.Context, i int, m meeting) error {
	day := l.today.AddDate(0, 0, m.in)
	before := min(m.in, 0)
	s := agenda.NewService(agenda.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return l.today.AddDate(0, 0, before-30) }})
	at := func(hour int) string {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, time.UTC).Format(agenda.Wall)
	}
	p := agenda.Plan{Kind: m.kind, Title: m.title, About: m.about, Place: m.place, Commune: m.commune, Link: m.link, Audience: m.audience, Starts: at(m.from), Ends: at(m.from + m.hours), Capacity: m.capacity, Fee: m.fee, OrganiserID: int64(l.associations["84"].ID)}
	if !m.whole {
		p.Territory = `{"any":[{"territory":"departement:07"},{"territory":"departement:26"}]}`
	}
	e, err := s.Save(ctx, 0, 0, p)
	if err != nil || m.draft {
		return err
	}
	if _, err := s.Publish(ctx, e.ID, 0); err != nil {
		return err
	}
	if err := l.attend(s, e.ID, i); err != nil || m.ends == "" {
		return err
	}
	_, err = s.Cancel(ctx, e.ID, 0, m.ends)
	return err
}

// attend books seats: the member of the story at every other event, and the
// counsellor and the employer of its structures.
func (l *loader) attend(s *agenda.Service, id agenda.ID, i int) error {
	as := func(user int64, role accounts.Role, organisation int64) context.Context {
		return accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(user), Role: role, OrganisationID: organisation, Lang: "fr"})
	}
	heroine := int64(l.heroine().ID)
	if i%2 == 0 {
		if _, err := s.Register(as(l.member, accounts.Member, heroine), id, []string{"Dominique Démonstration", "Sam Exemple"}); err != nil {
			return err
		}
	}
	_, err := s.Register(as(l.counsellor, accounts.Counsellor, heroine), id, []string{"Alix Démonstration"})
	return err
}
