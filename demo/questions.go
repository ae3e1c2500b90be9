package demo

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup/questions"
)

// asked is a question of the demonstration: days are counted back from today.
type asked struct {
	ago, after   int // asked, then answered so many days later
	theme        questions.Theme
	title, body  string
	answer, more string
	published    questions.Text
}

// askedOnes are invented: they show the desk at work, they are no advice.
func askedOnes() []asked {
	return []asked{
		{ago: 90, after: 3, theme: questions.Labour, title: "Congés payés d’un CDDI", body: "Un salarié en CDDI de six mois peut-il prendre ses congés dès le premier mois ?", answer: "Oui, dès qu’ils sont acquis et avec votre accord.",
			published: questions.Text{Theme: questions.Labour, Title: "Prendre ses congés pendant un CDDI", Question: "Un salarié en CDDI peut-il prendre ses congés payés dès le premier mois ?", Answer: "Réponse d’exemple. Les congés se prennent dès qu’ils sont acquis, avec l’accord de l’employeur.\nVérifiez votre convention collective."}},
		{ago: 60, after: 6, theme: questions.Procurement, title: "Sous-traiter un lot réservé", body: "Pouvons-nous sous-traiter une partie d’un lot réservé à une entreprise classique ?", answer: "Cela dépend du règlement : voyez l’article sur la sous-traitance.",
			published: questions.Text{Theme: questions.Procurement, Title: "Sous-traitance d’un lot réservé", Question: "Une partie d’un lot réservé peut-elle être sous-traitée à une entreprise classique ?", Answer: "Réponse d’exemple. Le règlement de la consultation le dit ; à défaut, interrogez l’acheteur par écrit avant la date limite des questions."}},
		{ago: 40, after: 1, theme: questions.Lending, title: "Durée d’une mise à disposition", body: "Quelle durée maximale pour une mise à disposition chez le même utilisateur ?", answer: "Voyez la convention et la durée du contrat.",
			published: questions.Text{Theme: questions.Lending, Title: "Durée d’une mise à disposition", Question: "Combien de temps une association intermédiaire peut-elle mettre une personne à disposition du même utilisateur ?", Answer: "Réponse d’exemple. La convention avec l’État et la nature de l’utilisateur fixent la durée."}},
		{ago: 12, theme: questions.Data, title: "Partager un CV avec un employeur", body: "Que pouvons-nous transmettre d’un salarié à un employeur partenaire ?", more: "L’accord de la personne est-il écrit ?"},
		{ago: 5, theme: questions.Statutes, title: "Administrateur salarié", body: "Un salarié permanent peut-il siéger au conseil d’administration ?"},
	}
}

// loadQuestions lives the exchanges of the member of the story with its desk.
func (l *loader) loadQuestions(ctx context.Context) error {
	member := accounts.With(context.Background(), accounts.Identity{UserID: accounts.UserID(l.member), Role: accounts.Member, OrganisationID: int64(l.heroine().ID), Lang: "fr"})
	officer, err := l.Accounts.User(ctx, accounts.UserID(l.officer))
	if err != nil {
		return err
	}
	_, around, err := accounts.PerimetersOf(l.Atlas)(officer.Perimeter)
	if err != nil {
		return err
	}
	desk := accounts.With(context.Background(), accounts.Identity{UserID: officer.ID, Role: accounts.Officer, OrganisationID: officer.OrganisationID, Perimeter: around, Lang: "fr"})
	for _, a := range askedOnes() {
		if err := l.desk(member, desk, a); err != nil {
			return fmt.Errorf("%s: %w", a.title, err)
		}
	}
	return nil
}

func (l *loader) desk(member, desk context.Context, a asked) error {
	on := func(ago int) (*questions.Service, error) {
		return questions.NewService(questions.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return l.today.AddDate(0, 0, -ago).Add(10 * time.Hour) }})
	}
	before, err := on(a.ago)
	if err != nil {
		return err
	}
	q, err := before.Ask(member, questions.Draft{Theme: a.theme, Title: a.title, Body: a.body})
	if err != nil {
		return err
	}
	after, err := on(max(a.ago-a.after, 1))
	if err != nil {
		return err
	}
	switch {
	case a.more != "":
		_, err = after.AskFor(desk, q.ID, 0, a.more)
	case a.answer != "":
		if _, err = after.Reply(desk, q.ID, 0, a.answer); err == nil {
			_, err = after.Publish(desk, q.ID, a.published)
		}
	}
	return err
}
