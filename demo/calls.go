package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/calls"
	"maillage/matching"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// projectNeeds is what the projects of a pole still need.
var projectNeeds = map[string]string{
	"pole-oseraie":    "Un local de 200 m² aux normes, et une entreprise qui livre le matin.",
	"pole-sud-archer": "Une cheffe d’atelier à mi-temps.",
}

// loadCalls makes the pole of the heroine live: who is in its projects, what they
// need, a call for partners with two answers; and two activities to hand over.
func (l *loader) loadCalls(ctx context.Context) error {
	now := func() time.Time { return l.today }
	offers := opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: now})
	m := matching.NewService(matching.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers})
	follow := followup.NewService(followup.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Matching: m})
	s := calls.NewService(calls.Config{Store: l.Store, Atlas: l.Atlas, Now: now, Network: l.Network, Opportunities: offers, Followup: follow})
	poles, err := l.Network.Poles(ctx)
	if err != nil {
		return err
	}
	for i := range poles {
		if err := l.settleProjects(ctx, &poles[i]); err != nil {
			return fmt.Errorf("projects of %s: %w", poles[i].Key, err)
		}
	}
	at := slices.IndexFunc(poles, func(p network.Pole) bool { return slices.Contains(p.Members, l.heroine().ID) })
	if at < 0 {
		return nil
	}
	if err := l.poleCall(ctx, s, &poles[at]); err != nil {
		return fmt.Errorf("call of a pole: %w", err)
	}
	return l.takeovers(ctx, s, &poles[at])
}

func (l *loader) settleProjects(ctx context.Context, p *network.Pole) error {
	for i := range p.Projects {
		if need := projectNeeds[p.Key]; need != "" {
			if _, err := l.Network.TellNeeds(ctx, p.ID, p.Projects[i].ID, need); err != nil {
				return err
			}
		}
		for j, id := range p.Members {
			if (i+j)%2 == 1 {
				if _, err := l.Network.JoinProject(ctx, p.ID, p.Projects[i].ID, id, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// asMember acts in the name of an enterprise; of those that have no account, by the officer's.
func (l *loader) asMember(ctx context.Context, id network.ID) context.Context {
	who := accounts.Identity{UserID: accounts.UserID(l.officer), Role: accounts.Member, OrganisationID: int64(id)}
	if id == l.heroine().ID {
		who.UserID = accounts.UserID(l.member)
	}
	return accounts.With(ctx, who)
}

func (l *loader) callDraft(key, title, text string, sector nomenclatures.Sector, place string, days int) calls.Draft {
	last := l.today.AddDate(0, 0, days)
	return calls.Draft{Key: key, Kind: opportunities.PartnerCall, Title: title, Description: text, Deadline: &last,
		Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeSector, Value: string(sector)}},
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.In(territories.Ref{Kind: territories.KindDepartement, Code: place}).String(), Words: "Drôme"}}
}

// poleCall is the heroine's for her pole: one answer is accepted, one waits.
func (l *loader) poleCall(ctx context.Context, s *calls.Service, p *network.Pole) error {
	d := l.callDraft("demo-appel-pole", "Appel à partenaires : une équipe pour les berges de la Drôme", "Nous cherchons une équipe de trois à cinq personnes, de mars à juin, pour répondre ensemble à l’entretien des berges. Nous apportons l’encadrement et le camion.", "espaces-verts", "26", 24)
	d.Pole = p.ID
	id, err := s.Publish(l.asMember(ctx, l.heroine().ID), d)
	if err != nil {
		return err
	}
	var answered []*calls.Interest
	for i, member := range p.Members {
		if member == l.heroine().ID || len(answered) == 2 {
			continue
		}
		said, err := s.Express(l.asMember(ctx, member), id, []string{"Une équipe de quatre est libre dès le 15 mars, avec deux débroussailleuses.", "Nous pourrions prendre la rive gauche, deux jours par semaine."}[i%2])
		if err != nil {
			return err
		}
		answered = append(answered, said)
	}
	if len(answered) < 2 {
		return nil
	}
	_, err = s.Settle(l.asMember(ctx, l.heroine().ID), answered[0].ID, 0, calls.Decision{To: calls.Accepted, Note: "Parlons-en jeudi à l’Oseraie."})
	return err
}

// takeovers are two activities to hand over: one that the heroine reads without a
// name, and one that she hands over herself, with an answer.
func (l *loader) takeovers(ctx context.Context, s *calls.Service, p *network.Pole) error {
	other := p.Members[slices.IndexFunc(p.Members, func(id network.ID) bool { return id != l.heroine().ID })]
	d := l.callDraft("demo-reprise", "Un chantier d’entretien d’espaces verts à reprendre, vallée de la Drôme", "Une équipe rodée, des clients fidèles parmi les communes et les bailleurs, du matériel récent.", "espaces-verts", "26", 60)
	d.Kind, d.Handover = opportunities.Takeover, &calls.Handover{Form: calls.Transfer, Assets: []calls.Asset{"customers", "team", "equipment"}, Turnover: "100k_250k", Jobs: 4.5, Motive: "retirement"}
	if _, err := s.Publish(l.asMember(ctx, other), d); err != nil {
		return fmt.Errorf("takeover: %w", err)
	}
	d = l.callDraft("demo-regroupement", "Une activité de petite maçonnerie à regrouper", "Deux encadrants, un dépôt, des commandes pour l’année. Nous cherchons avec qui la porter.", "maconnerie", "26", 45)
	d.Kind, d.Handover = opportunities.Takeover, &calls.Handover{Form: calls.Consolidation, Assets: []calls.Asset{"team", "premises", "equipment"}, Turnover: "under_100k", Jobs: 2, Motive: "size"}
	id, err := s.Publish(l.asMember(ctx, l.heroine().ID), d)
	if err != nil {
		return fmt.Errorf("consolidation: %w", err)
	}
	_, err = s.Express(l.asMember(ctx, other), id, "Nous avons la même activité à vingt kilomètres : regroupons les dépôts.")
	return err
}
