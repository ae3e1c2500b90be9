package demo

import (
	"context"

	"maillage/accounts"
	"maillage/network"
	"maillage/territories"
)

// Persona is an account of the demonstration.
type Persona struct {
	Email string
	Name  string
	Title string
	Role  accounts.Role
}

// Personas are the accounts, one for each role. Their domain is reserved: it can receive nothing.
func Personas() []Persona {
	return []Persona{
		{"developpement@maillage.example", "Camille Démonstration", "chargée de développement, Drôme et Ardèche", accounts.Officer},
		{"entreprise@maillage.example", "Dominique Démonstration", "entreprise du réseau, à Crest", accounts.Member},
		{"employeur@maillage.example", "Sacha Démonstration", "employeur de l’hôtellerie, à Valence", accounts.Employer},
		{"conseil@maillage.example", "Alix Démonstration", "conseillère en insertion (CIP)", accounts.Counsellor},
		{"recherche@maillage.example", "Maxime Démonstration", "chercheur", accounts.Researcher},
		{"admin@maillage.example", "Andréa Démonstration", "administration de la plateforme", accounts.Admin},
	}
}

func (l *loader) loadAccounts(ctx context.Context) error {
	around := territories.AnyOf(
		territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"}),
		territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "07"}))
	for _, p := range Personas() {
		in := accounts.Invite{Email: p.Email, Role: p.Role, Lang: "fr"}
		switch p.Role {
		case accounts.Officer:
			in.OrganisationID = int64(l.associations["84"].ID)
			in.Perimeter = around.String()
		case accounts.Member, accounts.Counsellor:
			in.OrganisationID = int64(l.heroine().ID)
		case accounts.Employer:
			in.OrganisationID = int64(l.employers[0].ID)
		}
		u, err := l.Accounts.AddUser(ctx, in, p.Name, Password)
		if err != nil {
			return err
		}
		switch p.Role {
		case accounts.Officer:
			l.officer = int64(u.ID)
		case accounts.Member:
			l.member = int64(u.ID)
		case accounts.Counsellor:
			l.counsellor = int64(u.ID)
		case accounts.Employer:
			l.employer = int64(u.ID)
		case accounts.Researcher:
			l.researcher = int64(u.ID)
		}
	}
	return nil
}

// heroine is the member of the story: seated in Crest, with a known trade and a convention in force.
func (l *loader) heroine() *network.Organisation {
	best := l.members[0]
	for _, m := range l.members {
		if m.Sites[0].Commune == "26108" && len(m.Activities) > 0 && m.Activities[0].Origin == network.Confirmed && m.Kind == network.KindACI {
			return m
		}
	}
	return best
}
