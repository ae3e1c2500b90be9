package demo

import (
	"fmt"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

// poleSeed is a pole of the demonstration. The first two are the witness poles
// named by the federation's 2012 report; what is said of them here beyond their
// name and place is invented, like the others.
type poleSeed struct {
	key, name string
	seat      territories.CommuneCode
	km        float64
	stage     network.Stage
	projects  []string
}

var poleSeeds = []poleSeed{
	{"pole-sud-archer", "Pôle Sud Archer", "26281", 25, network.StageConfirmed, []string{"Atelier partagé de couture et de confection", "Restauration d’insertion sur le site"}},
	{"pole-dombes-saone", "Pôle territorial économie sociale Dombes Saône", "01427", 25, network.StageConfirmed, []string{"Plateforme de mobilité Dombes Saône"}},
	{"pole-oseraie", "Pôle de l’Oseraie", "26108", 20, network.StageActive, []string{"Légumerie de territoire"}},
	{"pole-trois-rives", "Pôle des Trois-Rives", "38544", 20, network.StageActive, []string{"Ressourcerie commune"}},
	{"pole-haut-sillon", "Pôle du Haut-Sillon", "63113", 30, network.StageEmerging, nil},
	{"pole-maree", "Pôle de la Marée haute", "56260", 30, network.StageActive, []string{"Blanchisserie mutualisée"}},
	{"pole-canal", "Pôle du Canal", "59350", 15, network.StageActive, []string{"Logistique urbaine à vélo"}},
	{"pole-vignes", "Pôle des Vignes", "33063", 25, network.StageEmerging, nil},
	{"pole-garrigue", "Pôle de la Garrigue", "34172", 25, network.StageActive, []string{"Filière réemploi du bâtiment"}},
	{"pole-ravine", "Pôle de la Ravine", "97416", 20, network.StageEmerging, nil},
}

// pole makes a pole of the members seated near its own seat.
func (g *generator) pole(s poleSeed, members []*network.Organisation) *network.Pole {
	zone := territories.RadiusOf(s.seat, s.km)
	p := &network.Pole{Key: s.key, Name: s.name, Seat: s.seat, Territory: zone.String(), Stage: s.stage,
		Since: day(g.today.AddDate(-2, 0, 0)), Description: "Pôle territorial de coopération économique. Membres et projets inventés pour la démonstration."}
	set := g.atlas.Within(g.commune(s.seat).Point, s.km)
	for _, m := range members {
		ord, _ := g.atlas.Ordinal(m.Sites[0].Commune)
		if set.Contains(ord) && len(p.Members) < 9 {
			p.Members = append(p.Members, m.ID)
		}
	}
	for i, title := range s.projects {
		p.Projects = append(p.Projects, network.Project{Title: title, State: []string{"running", "idea"}[i%2]})
	}
	return p
}

// groups ties neighbours by three: members whose seats follow one another in the list of a town.
func (g *generator) groups(members []*network.Organisation) []*network.Group {
	byDepartement := map[string][]network.ID{}
	var order []string
	for _, m := range members {
		d := g.commune(m.Sites[0].Commune).Departement
		if byDepartement[d] == nil {
			order = append(order, d)
		}
		byDepartement[d] = append(byDepartement[d], m.ID)
	}
	var out []*network.Group
	for round := 0; len(out) < groupCount && round < 10; round++ {
		for _, d := range order {
			ids := byDepartement[d]
			if len(ids) < 2 || len(out) == groupCount {
				continue
			}
			n := min(3, len(ids))
			out = append(out, &network.Group{Key: fmt.Sprintf("groupe-%02d", len(out)+1),
				Name: "Groupe " + g.names.name(), Members: ids[:n]})
			byDepartement[d] = ids[n:]
		}
	}
	return out
}

const groupCount = 15

// hotelSectors are what the hotel and restaurant partnership covers.
func hotelSectors() []nomenclatures.Sector {
	return []nomenclatures.Sector{"hotellerie", "restaurants", "traiteur", "blanchisserie", "nettoyage-locaux"}
}

// conventionPlaces are the five territories where the hotel and restaurant partnership is signed.
var conventionPlaces = []struct {
	key, name string
	expr      territories.Ref
}{
	{"hcr-drome", "Convention hôtellerie-restauration, Drôme", territories.Ref{Kind: territories.KindDepartement, Code: "26"}},
	{"hcr-savoie", "Convention hôtellerie-restauration, Savoie", territories.Ref{Kind: territories.KindDepartement, Code: "73"}},
	{"hcr-morbihan", "Convention hôtellerie-restauration, Morbihan", territories.Ref{Kind: territories.KindDepartement, Code: "56"}},
	{"hcr-gironde", "Convention hôtellerie-restauration, Gironde", territories.Ref{Kind: territories.KindDepartement, Code: "33"}},
	{"hcr-reunion", "Convention hôtellerie-restauration, La Réunion", territories.Ref{Kind: territories.KindDepartement, Code: "974"}},
}

// frame is the national frame of the partnership.
func (g *generator) frame(federation network.ID) *network.Partnership {
	return &network.Partnership{Key: "hcr", Name: "Partenariat national hôtellerie-restauration", Sectors: hotelSectors(),
		Territory: territories.Everywhere().String(), From: day(g.today.AddDate(-1, 0, 0)), Until: day(g.today.AddDate(2, 0, 0)),
		Description: "Cadre national entre la fédération et des employeurs de l’hôtellerie et de la restauration (inventé).",
		Signatories: []network.ID{federation}}
}

// conventions are the five local conventions, signed by the employers and the members of the place.
func (g *generator) localConventions(frame *network.Partnership, around []*network.Organisation) []*network.Partnership {
	var out []*network.Partnership
	for _, c := range conventionPlaces {
		p := &network.Partnership{Key: c.key, ParentID: &frame.ID, Name: c.name, Sectors: frame.Sectors,
			Territory: territories.In(c.expr).String(), From: frame.From, Until: frame.Until, Description: frame.Description}
		for _, o := range around {
			if g.commune(o.Sites[0].Commune).Departement == c.expr.Code && len(p.Signatories) < 6 {
				p.Signatories = append(p.Signatories, o.ID)
			}
		}
		out = append(out, p)
	}
	return out
}

// employerSeeds are sector employers, invented, in the territories of the conventions.
var employerSeeds = []struct {
	name string
	seat territories.CommuneCode
}{
	{"Hôtel de la Halte-Claire", "26362"}, {"Restaurant Le Sillon-Vert", "26281"}, {"Auberge du Chaume", "26108"},
	{"Hôtel des Cimes-Neuves", "73065"}, {"Résidence Belle-Lisière", "73065"}, {"Hôtel de la Vire-Marée", "56260"},
	{"Brasserie du Long-Pont", "56260"}, {"Hôtel du Grand-Courtil", "33063"}, {"Restaurant La Tisse-Table", "33063"},
	{"Hôtel Rive-Alouette", "97411"}, {"Restaurant Le Gai-Moulin", "97416"}, {"Café des Trois-Ruches", "26198"},
}

// buyerNames are buyers, invented.
var buyerNames = []string{
	"Groupement d’achat des Deux-Rives (inventé)", "Communauté des Hauts-Sillons (inventée)", "Ville de Clairlisière (inventée)",
	"Syndicat des Eaux-Neuves (inventé)", "Office d’habitat du Val-Tisserand (inventé)", "Département imaginaire des Trois-Vallées (inventé)",
	"Centre hospitalier de Bellerive (inventé)", "Lycée des Oseraies (inventé)", "Région des Passerelles (inventée)",
	"Université du Long-Chemin (inventée)", "Syndicat de collecte du Haut-Fil (inventé)", "Bailleur La Tuile commune (inventé)",
}
