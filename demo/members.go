package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

// How many members of each kind, and where: the mix follows the federation's own (many ACI and AI, some of each other kind).
var kinds = []struct {
	kind  network.Kind
	count int
}{
	{network.KindACI, 42}, {network.KindAI, 32}, {network.KindEI, 30}, {network.KindETTI, 14}, {network.KindGEIQ, 5},
	{network.KindSAP, 8}, {network.KindRegie, 6}, {network.KindEA, 5}, {network.KindESAT, 3}, {network.KindEITI, 1},
	{network.KindTraining, 3}, {network.KindOther, 1},
}

// towns are where members are seated, by département: real communes, chosen to
// be dense around Valence and Romans (the story of the demonstration) and spread elsewhere.
var towns = [][]territories.CommuneCode{
	{"26281", "26362", "26108", "26198", "26113", "26166", "26365", "07019", "07324", "07186", "07010"}, // Drôme, Ardèche
	{"01093", "01427", "01053", "69123", "69264", "38185", "38544", "42218", "73065", "74010", "63113"}, // Rhône-Alpes, Auvergne
	{"35238", "29232", "56260", "22278"}, {"44109", "49007", "72181", "85191"}, {"14118", "76540", "27229"},
	{"59350", "62041", "80021", "02691"}, {"75056", "93066", "94028", "95127", "77288"}, {"67482", "54395", "57463", "51454"},
	{"21231", "25056", "71270"}, {"45234", "37261", "18033"}, {"33063", "87085", "86194", "64445", "17300"},
	{"31555", "34172", "66136", "81004"}, {"13055", "06088", "84007", "83137"}, {"2A004", "2B033"}, {"97411", "97416"},
}

// firstTowns is how many of the groups of towns are the heart of the story; they seat half of the members.
const firstTowns = 2

// town draws a seat: one member in two is seated in the heart.
func (g *generator) town() territories.CommuneCode {
	list := towns[g.random.IntN(firstTowns)]
	if g.random.IntN(2) == 0 {
		list = towns[firstTowns+g.random.IntN(len(towns)-firstTowns)]
	}
	return list[g.random.IntN(len(list))]
}

// members makes the 150 members. The same seed gives the same members.
func (g *generator) members() []*network.Organisation {
	var out []*network.Organisation
	for _, k := range kinds {
		for range k.count {
			out = append(out, g.member(k.kind, len(out)))
		}
	}
	return out
}

func (g *generator) member(kind network.Kind, n int) *network.Organisation {
	seat := g.town()
	o := g.organisation(network.Member, g.names.name(), seat)
	o.Kind = kind
	o.Description = "Structure inventée pour la démonstration."
	o.ESSSince = fmt.Sprintf("%d-01-01", 1995+g.random.IntN(25))
	o.Statuses = g.statuses(kind, n)
	o.Certifications = g.certifications()
	first := g.trade(kind)
	t := trades()[first]
	o.NAF = t.naf
	if unknown := n%11 == 7; unknown { // some say nothing of their trade: "to be specified"
		o.NAF = "88.99B"
		return o
	}
	o.Activities = append(o.Activities, g.activity(kind, t, seat, n))
	if second := g.random.IntN(3); second == 0 && kind != network.KindSAP {
		o.Activities = append(o.Activities, g.activity(kind, trades()[(first+5)%homeHelp], seat, n))
	}
	o.References = g.references(t)
	return o
}

func (g *generator) organisation(role network.Role, name string, seat territories.CommuneCode) *network.Organisation {
	g.numbers++
	c := g.commune(seat)
	o := &network.Organisation{Role: role, SIRET: siret(g.numbers), Name: name, Active: true, Source: source,
		Sites: []network.Site{{Main: true, City: c.Name, Commune: seat, Address: fmt.Sprintf("%d, rue de la Démonstration", 1+g.random.IntN(120))}}}
	if len(c.Postal) > 0 {
		o.Sites[0].Postcode = c.Postal[0]
	}
	if c.HasPoint {
		lon, lat := c.Point[0], c.Point[1]
		o.Sites[0].Lon, o.Sites[0].Lat = &lon, &lat
	}
	return o
}

// everyday are the trades that most members and most buyers have in common.
var everyday = []int{greenSpaces, cleaning, catering, finishing, reuse, waste}

// trade draws what a member does: an everyday trade two times in three.
func (g *generator) trade(kind network.Kind) int {
	switch {
	case kind == network.KindSAP:
		return homeHelp
	case g.random.IntN(3) > 0:
		return everyday[g.random.IntN(len(everyday))]
	}
	return g.random.IntN(homeHelp)
}

// lends are the kinds that lend staff: their activities are occupations.
var lends = []network.Kind{network.KindAI, network.KindETTI, network.KindGEIQ}

func (g *generator) activity(kind network.Kind, t trade, seat territories.CommuneCode, n int) network.Activity {
	a := network.Activity{Label: t.words, Zone: g.zone(seat).String(), Modes: []network.Mode{network.Provision},
		FTE: float64(1 + g.random.IntN(12)), Amount: float64(20_000 * (1 + g.random.IntN(15))),
		Origin: network.Confirmed, ZoneOrigin: network.Confirmed}
	for _, c := range t.cpv {
		a.Codes = append(a.Codes, nomenclatures.Code{Scheme: nomenclatures.SchemeCPV, Value: string(c)})
	}
	if slices.Contains(lends, kind) {
		a.Modes, a.Codes, a.Hours = []network.Mode{network.Staffing}, nil, float64(500*(1+g.random.IntN(10)))
		for _, r := range t.rome {
			a.Codes = append(a.Codes, nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: string(r)})
		}
	}
	if n%5 == 3 { // one in five was deduced and waits for the member's word
		a.Origin, a.ZoneOrigin = network.Assumed, network.Assumed
		a.Zone = territories.RadiusOf(seat, 30).String()
		a.FTE, a.Amount, a.Hours = 0, 0, 0
	}
	return a
}

// zone draws the ways people say where they work.
func (g *generator) zone(seat territories.CommuneCode) territories.Expr {
	c := g.commune(seat)
	dep := territories.In(territories.Ref{Kind: territories.KindDepartement, Code: c.Departement})
	around := territories.RadiusOf(seat, float64(15+5*g.random.IntN(8)))
	switch g.random.IntN(6) {
	case 0:
		return dep
	case 1:
		return territories.AnyOf(dep, around)
	case 2:
		if c.EPCI != "" {
			return territories.In(territories.Ref{Kind: territories.KindEPCI, Code: c.EPCI})
		}
	case 3:
		return territories.BothOf(dep, around)
	}
	return around
}

// conventions says which status each kind holds; the kind itself opens no right.
var conventions = map[network.Kind]network.StatusKind{
	network.KindAI: network.ConventionAI, network.KindACI: network.ConventionACI, network.KindEI: network.ConventionEI,
	network.KindETTI: network.ConventionETTI, network.KindEITI: network.ConventionEITI, network.KindEA: network.AgrementEA,
	network.KindESAT: network.AgrementESAT, network.KindGEIQ: network.LabelGEIQ, network.KindSAP: network.DeclarationSAP,
	network.KindRegie: network.ConventionACI,
}

func (g *generator) statuses(kind network.Kind, n int) []network.Status {
	out := []network.Status{{Kind: network.StatusESS, From: "2014-08-01", Origin: network.Declared}}
	k, ok := conventions[kind]
	if !ok {
		return out
	}
	from := g.today.AddDate(-1-g.random.IntN(2), 0, 0)
	until := g.today.AddDate(1, g.random.IntN(18), 0)
	if n%17 == 5 { // a convention that ran out: no longer entitled to reserved lots
		until = g.today.AddDate(0, -2, 0)
	}
	return append(out, network.Status{Kind: k, From: day(from), Until: day(until),
		FTE: float64(4 + g.random.IntN(25)), Proof: "annexe financière (démonstration)", Origin: network.Confirmed})
}

func (g *generator) certifications() []network.Certification {
	if g.random.IntN(4) != 0 {
		return nil
	}
	return []network.Certification{{Code: "cedre", Name: "CEDRE", From: day(g.today.AddDate(-1, 0, 0)), Until: day(g.today.AddDate(2, 0, 0))}}
}

func (g *generator) references(t trade) []network.Reference {
	var out []network.Reference
	for range g.random.IntN(3) {
		out = append(out, network.Reference{Title: t.words + ", marché à bons de commande", Code: t.cpv[0],
			Buyer: buyerNames[g.random.IntN(len(buyerNames))], Year: g.today.Year() - 1 - g.random.IntN(3),
			Amount: float64(10_000 * (1 + g.random.IntN(20)))})
	}
	return out
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// generator holds what every part of the demonstration draws from.
type generator struct {
	random  *rand.Rand
	names   *namer
	atlas   *territories.Atlas
	today   time.Time
	numbers int
}

func newGenerator(atlas *territories.Atlas, today time.Time) *generator {
	random := rand.New(rand.NewPCG(2012, 26281)) // fixed: the same federation everywhere
	return &generator{random: random, names: newNamer(random), atlas: atlas, today: today}
}

func (g *generator) commune(code territories.CommuneCode) *territories.Commune {
	ord, ok := g.atlas.Ordinal(code)
	if !ok {
		panic("the demonstration names a commune that does not exist: " + string(code)) // a mistake in this file; a test loads it
	}
	return g.atlas.Commune(ord)
}
