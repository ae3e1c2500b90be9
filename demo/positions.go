package demo

import (
	"context"
	"fmt"
	"strings"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// site is one place of a position, with its posts; of a session, when it begins
// and ends, in days from today.
type site struct {
	commune territories.CommuneCode
	posts   int
	from    int
	until   int // 0: not said
}

// positionSeed is a place for people to make. Aptitudes are "code" or "code:level".
type positionSeed struct {
	title     string
	rome      nomenclatures.ROME
	by        int // rank of the employer, the lender, the host or the organiser
	user      string
	sites     []site
	contract  opportunities.Employment
	hours     float64
	length    float64 // of a session, in hours
	slots     nomenclatures.Slots
	split     bool
	beginner  bool
	requires  string
	helps     string
	french    nomenclatures.Fluency
	aim       opportunities.Aim
	staff     bool
	gives     string
	leads     []nomenclatures.ROME
	described string
}

// The times of a week that the seeds share.
var (
	mornings  = nomenclatures.Every(0, 4, nomenclatures.Morning)
	sixDawns  = nomenclatures.Every(0, 5, nomenclatures.Morning)
	dawns     = nomenclatures.Every(0, 6, nomenclatures.Morning)
	daytime   = mornings | nomenclatures.Every(0, 4, nomenclatures.Afternoon)
	evenings  = nomenclatures.Every(0, 4, nomenclatures.Evening)
	services  = nomenclatures.Every(1, 5, nomenclatures.Morning) | nomenclatures.Every(1, 5, nomenclatures.Evening)
	twoShifts = mornings | nomenclatures.Every(0, 4, nomenclatures.Afternoon)
	weekends  = nomenclatures.Every(5, 6, nomenclatures.Morning) | nomenclatures.Every(5, 6, nomenclatures.Afternoon)
)

// needSeeds are the needs of the sector employers of the Drôme: 13 places, beside the 12 posts of the offers.
var needSeeds = []positionSeed{
	{title: "Employés d’étage pour trois hôtels", rome: "G1501", by: 0, sites: []site{{"26362", 2, 14, 0}, {"26058", 1, 14, 0}, {"26347", 1, 21, 0}}, contract: opportunities.Permanent, hours: 24, slots: dawns, beginner: true,
		requires: "chambres:2", helps: "linge:1 equipe", french: 2, described: "Les chambres se font entre 8 h et 13 h, en binôme le premier mois."},
	{title: "Plongeurs pour le restaurant et l’annexe", rome: "G1605", by: 1, sites: []site{{"26281", 1, 10, 190}, {"26362", 1, 10, 190}}, contract: opportunities.FixedTerm, hours: 30, slots: services, split: true, beginner: true, helps: "plonge:1 haccp"},
	{title: "Aide de cuisine", rome: "G1602", by: 2, sites: []site{{"26108", 1, 20, 0}}, contract: opportunities.Permanent, hours: 35, slots: services, split: true, requires: "preparation-froide:2", helps: "haccp cuisson:1", french: 3},
	{title: "Service en salle, saison d’hiver", rome: "G1803", by: 11, sites: []site{{"26198", 2, 12, 130}, {"07019", 1, 12, 130}}, contract: opportunities.Seasonal, hours: 30, slots: services | weekends, requires: "service-salle:2 accueil:2", helps: "caisse", french: 4},
	{title: "Agent ou agente de propreté des bureaux", rome: "K2204", by: 0, sites: []site{{"26362", 2, 21, 0}}, contract: opportunities.FixedTerm, hours: 24, slots: mornings, requires: "nettoyage-locaux:2", helps: "monobrosse:1", french: 1},
	{title: "Lingerie", rome: "K2204", by: 1, sites: []site{{"26281", 1, 30, 0}, {"07324", 1, 30, 0}}, contract: opportunities.Permanent, hours: 28, slots: sixDawns, beginner: true, helps: "linge:2"},
	{title: "Veilleur ou veilleuse de nuit", rome: "G1703", by: 11, sites: []site{{"26198", 1, 25, 0}}, contract: opportunities.Permanent, hours: 35, slots: nomenclatures.Every(0, 6, nomenclatures.Night), requires: "accueil:2 telephone:2", helps: "ssiap-1", french: 4},
}

// missionSeeds are missions of the lenders of the Drôme and the Ardèche.
var missionSeeds = []positionSeed{
	{title: "Préparation de commandes", rome: "N1103", user: "Entrepôts du Val-Rhône (inventés)", sites: []site{{"26362", 3, 7, 60}}, hours: 35, slots: twoShifts, requires: "preparation-commandes:1", helps: "caces-r489-1a charges"},
	{title: "Cariste", rome: "N1101", user: "Entrepôts du Val-Rhône (inventés)", sites: []site{{"26362", 1, 10, 90}}, hours: 35, slots: daytime, requires: "caces-r489-3", helps: "inventaire:2"},
	{title: "Tri de fruits", rome: "H3302", user: "Station des Vergers-Neufs (inventée)", sites: []site{{"26165", 6, 5, 45}}, hours: 35, slots: sixDawns, beginner: true, helps: "conditionnement tri"},
	{title: "Manœuvre de chantier", rome: "F1704", user: "Maçonnerie Pierre-Haute (inventée)", sites: []site{{"26281", 2, 8, 70}}, hours: 35, slots: daytime, requires: "consignes:2 charges:1", helps: "permis-b maconnerie:1"},
	{title: "Entretien d’espaces verts", rome: "A1203", user: "Jardins des Deux-Rives (inventés)", sites: []site{{"07102", 2, 6, 50}}, hours: 28, slots: mornings, requires: "tonte:1", helps: "taille permis-b"},
	{title: "Agent ou agente de collecte", rome: "K2303", user: "Collecte des Gorges (inventée)", sites: []site{{"07186", 1, 9, 40}}, hours: 35, slots: sixDawns, requires: "charges:2", helps: "collecte permis-c"},
	{title: "Aide à domicile, remplacement", rome: "K1304", user: "Association des Quatre-Vents (inventée)", sites: []site{{"26108", 1, 4, 25}}, hours: 20, slots: mornings | evenings, split: true, requires: "permis-b aide-repas:2", helps: "psc1"},
	{title: "Mise en rayon", rome: "D1507", user: "Halles de la Véore (inventées)", sites: []site{{"26362", 2, 6, 36}}, hours: 25, slots: sixDawns, beginner: true, helps: "inventaire"},
}

// immersionSeeds are periods at employers and members.
var immersionSeeds = []positionSeed{
	{title: "Découvrir la cuisine d’une auberge", rome: "G1602", by: 2, sites: []site{{"26108", 1, 14, 18}}, hours: 28, slots: services, aim: opportunities.Discover, beginner: true},
	{title: "Découvrir les étages d’un hôtel", rome: "G1501", by: 0, sites: []site{{"26362", 2, 8, 12}}, hours: 25, slots: dawns, aim: opportunities.Recruit, beginner: true},
	{title: "Le service en salle", rome: "G1803", by: 1, sites: []site{{"26281", 1, 21, 34}}, hours: 30, slots: services, split: true, aim: opportunities.Confirm, french: 3},
	{title: "Maraîchage", rome: "A1414", by: -1, sites: []site{{"26108", 2, 15, 28}}, hours: 26, slots: mornings, aim: opportunities.Discover, beginner: true},
	{title: "Atelier de réparation de vélos", rome: "I1607", by: -2, sites: []site{{"26362", 1, 10, 24}}, hours: 28, slots: daytime, aim: opportunities.Discover, helps: "velo"},
	{title: "Propreté de bureaux", rome: "K2204", by: -3, sites: []site{{"07010", 1, 12, 19}}, hours: 20, slots: mornings, aim: opportunities.Confirm},
}

// sessionSeeds are the training sessions around; the last two are for the structures' staff.
var sessionSeeds = []positionSeed{
	{title: "CACES R489 3, chariot élévateur frontal", sites: []site{{"26362", 8, 20, 24}, {"26198", 6, 48, 52}}, hours: 35, length: 35, slots: daytime, requires: "lire-ecrire:2", gives: "caces-r489-3", leads: []nomenclatures.ROME{"N1101", "N1103"}},
	{title: "Français au travail, premiers écrits", sites: []site{{"26108", 10, 15, 105}}, hours: 6, length: 72, slots: nomenclatures.SlotAt(1, nomenclatures.Morning) | nomenclatures.SlotAt(3, nomenclatures.Morning), gives: "lire-ecrire:2"},
	{title: "Hygiène en restauration (HACCP)", sites: []site{{"26362", 12, 9, 10}, {"07019", 10, 30, 31}}, hours: 14, length: 14, slots: daytime, gives: "haccp", leads: []nomenclatures.ROME{"G1602", "G1603", "G1605"}},
	{title: "Sauveteur secouriste du travail", sites: []site{{"26281", 10, 12, 13}}, hours: 14, length: 14, slots: daytime, gives: "sst"},
	{title: "Titre professionnel Agent de propreté et d’hygiène", sites: []site{{"26362", 12, 42, 160}}, hours: 35, length: 420, slots: daytime, french: 2, gives: "tp-proprete monobrosse:3 nettoyage-vitres:3", leads: []nomenclatures.ROME{"K2204"}},
	{title: "Femme ou valet de chambre : les gestes", sites: []site{{"26362", 8, 17, 21}}, hours: 30, length: 30, slots: mornings, gives: "chambres:3 linge:2", leads: []nomenclatures.ROME{"G1501"}},
	{title: "Taille et tronçonneuse", sites: []site{{"07186", 8, 25, 29}}, hours: 35, length: 35, slots: daytime, requires: "consignes:2", gives: "tronconneuse:2 taille:3", leads: []nomenclatures.ROME{"A1203", "A1201"}},
	{title: "Permis B, parcours accompagné", sites: []site{{"26362", 6, 28, 150}}, hours: 7, length: 90, slots: evenings, requires: "lire-ecrire:2", gives: "permis-b"},
	{title: "Autolaveuse, monobrosse et dosage", sites: []site{{"26281", 8, 10, 11}}, hours: 14, length: 14, slots: daytime, requires: "nettoyage-locaux:1", gives: "monobrosse:2 nettoyage-locaux:3", leads: []nomenclatures.ROME{"K2204"}},
	{title: "Ordinateur et démarches en ligne", sites: []site{{"07010", 10, 18, 60}}, hours: 4, length: 24, slots: nomenclatures.SlotAt(2, nomenclatures.Afternoon), gives: "numerique-base:2"},
	{title: "Encadrer un chantier d’insertion", sites: []site{{"26362", 10, 33, 35}}, hours: 21, length: 21, slots: daytime, staff: true, gives: "encadrer:3"},
	{title: "Accueillir une personne qui apprend le français", sites: []site{{"26108", 12, 40, 40}}, hours: 7, length: 7, slots: daytime, staff: true, gives: "encadrer:2"},
}

// loadPositions makes the places for people around Valence.
func (l *loader) loadPositions(ctx context.Context) error {
	lenders := l.around(network.KindAI, network.KindETTI)
	trainers := append(l.of(network.KindTraining), l.around(network.KindACI, network.KindEI)...)
	hosts := l.around(network.KindACI, network.KindEI)
	for _, group := range []struct {
		kind  opportunities.Kind
		seeds []positionSeed
		who   func(i int, s positionSeed) *network.Organisation
	}{
		{opportunities.JobNeed, needSeeds, func(_ int, s positionSeed) *network.Organisation { return l.employers[s.by] }},
		{opportunities.Mission, missionSeeds, func(i int, _ positionSeed) *network.Organisation { return lenders[i%len(lenders)] }},
		{opportunities.Immersion, immersionSeeds, func(_ int, s positionSeed) *network.Organisation {
			if s.by < 0 {
				return hosts[(-s.by)%len(hosts)]
			}
			return l.employers[s.by]
		}},
		{opportunities.TrainingSession, sessionSeeds, func(i int, _ positionSeed) *network.Organisation { return trainers[i%min(5, len(trainers))] }},
	} {
		for i, seed := range group.seeds {
			o := l.position(group.kind, seed, group.who(i, seed))
			if err := l.live(ctx, offer{made: o, published: l.today.AddDate(0, 0, -1-i%9), ends: opportunities.Published}); err != nil {
				return fmt.Errorf("%s: %w", seed.title, err)
			}
		}
	}
	return nil
}

// of are the members of some kinds, around those of the Drôme and the Ardèche.
func (l *loader) of(kinds ...network.Kind) (out []*network.Organisation) {
	for _, m := range l.members {
		for _, k := range kinds {
			if m.Kind == k {
				out = append(out, m)
			}
		}
	}
	return out
}

func (l *loader) around(kinds ...network.Kind) (out []*network.Organisation) {
	for _, m := range l.of(kinds...) {
		if c := l.commune(m.Sites[0].Commune); c.Departement == "26" || c.Departement == "07" {
			out = append(out, m)
		}
	}
	return out
}

// position is the opportunity of a seed, published by an organisation.
func (g *generator) position(kind opportunities.Kind, s positionSeed, who *network.Organisation) *opportunities.Opportunity {
	o := &opportunities.Opportunity{Kind: kind, Key: "demo:" + string(kind) + ":" + s.title, Title: s.title, Currency: "EUR",
		Description: strings.TrimSpace(s.described + " Offre inventée pour la démonstration.")}
	by(o, who)
	o.Source = string(who.Role) // its publisher's hand: it can be corrected
	if kind == opportunities.Mission {
		o.BuyerID, o.BuyerName, o.BuyerSIRET = nil, s.user, ""
	}
	var exprs []territories.Expr
	var names []string
	for i, at := range s.sites {
		o.Lots = append(o.Lots, g.place(kind, s, i, at))
		e, _ := territories.ParseExpr([]byte(o.Lots[i].Place.Perimeter))
		exprs, names = append(exprs, e), append(names, o.Lots[i].Place.Words)
	}
	o.Place = opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.AnyOf(exprs...).String(), Words: strings.Join(names, ", ")}
	o.Title += ", " + o.Place.Words
	if len(o.Lots) == 1 {
		o.Lots[0].Title = o.Title
	}
	return o
}

// place is one lot of a position.
func (g *generator) place(kind opportunities.Kind, s positionSeed, i int, at site) opportunities.Lot {
	ref := territories.Ref{Kind: territories.KindCommune, Code: string(at.commune)}
	name, _ := g.atlas.Name(ref)
	starts := weekday(g.today.AddDate(0, 0, at.from))
	l := opportunities.Lot{Number: fmt.Sprint(i + 1), Title: name, Posts: at.posts, Hours: s.length, StartsOn: day(starts),
		Place: opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.In(ref).String(), Words: name}, Terms: s.terms(kind)}
	if at.until > 0 {
		l.EndsOn = day(starts.AddDate(0, 0, at.until-at.from))
	}
	if s.rome != "" {
		l.Codes = []nomenclatures.Code{s.rome.Code()}
	}
	return l
}

func (s positionSeed) terms(kind opportunities.Kind) *opportunities.Terms {
	t := &opportunities.Terms{Contract: s.contract, Hours: s.hours, Slots: s.slots, Split: s.split, Beginner: s.beginner, Aim: s.aim, Leads: s.leads,
		Aptitudes: append(wanted(s.requires, true), wanted(s.helps, false)...)}
	if s.french > 0 {
		t.Languages = []opportunities.Speaking{{Language: "fr", Level: s.french, Required: true}}
	}
	switch kind {
	case opportunities.Mission:
		t.Contract = opportunities.Temporary
	case opportunities.TrainingSession:
		t.Audience = opportunities.ForJourneys
		if s.staff {
			t.Audience = opportunities.ForStaff
		}
		for _, w := range wanted(s.gives, true) {
			t.Outcomes = append(t.Outcomes, opportunities.Gain{Code: w.Code, Level: w.Level})
		}
	default:
		t.Contact = opportunities.Contact{Name: "Accueil (démonstration)", Email: "accueil@employeur.example"}
	}
	return t
}

// wanted reads "chambres:2 linge".
func wanted(text string, required bool) (out []opportunities.Wanted) {
	for _, word := range strings.Fields(text) {
		code, level, _ := strings.Cut(word, ":")
		w := opportunities.Wanted{Code: nomenclatures.Aptitude(code), Required: required}
		if level != "" {
			w.Level = nomenclatures.Mastery(level[0] - '0')
		}
		out = append(out, w)
	}
	return out
}

// postTerms are what the everyday posts of the offers ask, by occupation.
func postTerms(rome nomenclatures.ROME, hours float64) *opportunities.Terms {
	t := &opportunities.Terms{Contract: opportunities.Permanent, Hours: hours, Slots: services, Split: true, Beginner: true}
	asks := map[nomenclatures.ROME][2]string{"G1501": {"", "chambres:1"}, "G1602": {"preparation-froide:1", "haccp"}, "G1603": {"", "equipe plonge"}, "G1605": {"", "plonge"}, "G1803": {"service-salle:1", "caisse"}, "K2204": {"nettoyage-locaux:1", "monobrosse"}}[rome]
	t.Aptitudes = append(wanted(asks[0], true), wanted(asks[1], false)...)
	if rome == "G1501" || rome == "K2204" {
		t.Slots, t.Split = sixDawns, false
	}
	return t
}
