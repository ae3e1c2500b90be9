package demo

import (
	"fmt"
	"time"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// offer is an opportunity to make, and the path it takes through the states.
type offer struct {
	made      *opportunities.Opportunity
	published time.Time // zero: stays a draft
	ends      opportunities.State
	ended     time.Time
}

// How many of each kind; 80 in all.
var offerKinds = []struct {
	kind  opportunities.Kind
	count int
}{
	{opportunities.Tender, 46}, {opportunities.PrivatePurchase, 10}, {opportunities.JobNeed, 12},
	{opportunities.InsertionHours, 6}, {opportunities.PartnerCall, 6},
}

// places are where the demonstration's offers are done: half in the heart of the story.
var places = []territories.Ref{
	{Kind: territories.KindEPCI, Code: "200040459"}, {Kind: territories.KindEPCI, Code: "200068781"}, {Kind: territories.KindDepartement, Code: "26"},
	{Kind: territories.KindDepartement, Code: "07"}, {Kind: territories.KindCommune, Code: "26108"}, {Kind: territories.KindCommune, Code: "26281"},
	{Kind: territories.KindDepartement, Code: "01"}, {Kind: territories.KindDepartement, Code: "69"}, {Kind: territories.KindDepartement, Code: "38"},
	{Kind: territories.KindDepartement, Code: "56"}, {Kind: territories.KindDepartement, Code: "33"}, {Kind: territories.KindDepartement, Code: "59"},
	{Kind: territories.KindDepartement, Code: "34"}, {Kind: territories.KindDepartement, Code: "974"}, {Kind: territories.KindDepartement, Code: "44"},
}

// offers makes the 80 offers, in every state, with deadlines relative to today.
func (g *generator) offers(buyers, employers, members []*network.Organisation) []offer {
	var out []offer
	for _, k := range offerKinds {
		for i := range k.count {
			o := g.offer(k.kind, i, len(out))
			switch k.kind {
			case opportunities.JobNeed:
				by(o.made, employers[i%len(employers)])
				o.made.Source = "employer"
				g.at(o.made, employers[i%len(employers)])
			case opportunities.PartnerCall, opportunities.InsertionHours:
				by(o.made, members[(i*13)%len(members)])
			default:
				b := buyers[(i*7)%len(buyers)]
				id := int64(b.ID)
				o.made.BuyerID, o.made.BuyerName, o.made.BuyerSIRET = &id, b.Name, string(b.SIRET)
			}
			out = append(out, o)
		}
	}
	return out
}

func by(o *opportunities.Opportunity, org *network.Organisation) {
	id := int64(org.ID)
	o.PublisherID, o.BuyerID, o.BuyerName, o.BuyerSIRET = &id, &id, org.Name, string(org.SIRET)
}

// at puts an employer's need where the employer is.
func (g *generator) at(o *opportunities.Opportunity, org *network.Organisation) {
	p := opportunities.Place{Scope: opportunities.InCommunes,
		Perimeter: territories.In(territories.Ref{Kind: territories.KindCommune, Code: string(org.Sites[0].Commune)}).String(), Words: org.Sites[0].City}
	o.Place = p
	for i := range o.Lots {
		o.Lots[i].Place = p
	}
}

// offer draws one: its trade, its place, its clause and its path.
func (g *generator) offer(kind opportunities.Kind, i, n int) offer {
	ref := places[(i*4+n)%len(places)]
	if i%2 == 0 {
		ref = places[i/2%6]
	}
	name, _ := g.atlas.Name(ref)
	place := opportunities.Place{Scope: opportunities.InCommunes, Perimeter: territories.In(ref).String(), Words: name}
	o := &opportunities.Opportunity{Kind: kind, Source: source, Key: fmt.Sprintf("demo:%02d", n+1), Place: place, Currency: "EUR",
		Description: "Offre inventée pour la démonstration."}
	path := g.path(n)
	deadline := path.deadline
	o.Deadline = &deadline
	lots := 1
	if kind == opportunities.Tender {
		lots = 1 + i%3
	}
	for l := range lots {
		o.Lots = append(o.Lots, g.lot(kind, g.asked(i, l), l, place, &deadline))
		o.Amount += o.Lots[l].Amount
	}
	o.Title = title(kind, o.Lots, name)
	o.Clause = o.Lots[0].Clause
	for _, l := range o.Lots {
		o.Codes = append(o.Codes, l.Codes...)
	}
	return offer{made: o, published: path.published, ends: path.ends, ended: path.ended}
}

// asked is the trade of a lot: every trade is asked somewhere, the everyday ones more often.
func (g *generator) asked(i, l int) int {
	if (i+l)%3 == 2 {
		return (i + l*3) % homeHelp
	}
	return everyday[(i+l*2)%len(everyday)]
}

func title(kind opportunities.Kind, lots []opportunities.Lot, place string) string {
	first := lots[0].Title
	switch kind {
	case opportunities.JobNeed:
		return first
	case opportunities.InsertionHours:
		return "Heures d’insertion à réaliser : " + lower(first) + ", " + place
	case opportunities.PartnerCall:
		return "Appel à partenaires : " + lower(first) + ", " + place
	}
	if len(lots) > 1 {
		return fmt.Sprintf("%s, %s (%d lots)", first, place, len(lots))
	}
	return first + ", " + place
}

func lower(s string) string {
	r := []rune(s)
	return string(append([]rune{r[0] | 0x20}, r[1:]...))
}

func (g *generator) lot(kind opportunities.Kind, tradeIndex, l int, place opportunities.Place, deadline *time.Time) opportunities.Lot {
	t := trades()[tradeIndex]
	lot := opportunities.Lot{Number: fmt.Sprint(l + 1), Position: l, Title: t.words, Place: place, Deadline: deadline,
		Amount: float64(15_000 * (1 + g.random.IntN(20))), FTE: float64(1 + g.random.IntN(6)), WorkingDays: 6,
		StartsOn: day(g.today.AddDate(0, 3, 0)), EndsOn: day(g.today.AddDate(2, 3, 0)), Modes: []string{string(network.Provision)},
		DeadlineRaw: opportunities.Deadline{Wall: deadline.In(paris(g.today)).Format("2006-01-02T15:04"), Zone: "Europe/Paris"}}
	for _, c := range t.cpv[:1] {
		lot.Codes = append(lot.Codes, nomenclatures.Code{Scheme: nomenclatures.SchemeCPV, Value: string(c)})
	}
	lot.Clause = clause(g.random.IntN(6), t)
	switch kind {
	case opportunities.JobNeed:
		return g.post(lot, l)
	case opportunities.InsertionHours:
		lot.Hours, lot.Modes = float64(200*(1+g.random.IntN(8))), []string{string(network.Staffing)}
		lot.Clause = opportunities.Clause{Verdict: opportunities.ClauseExecution, Hours: lot.Hours, Confidence: 1}
		lot.Codes = romes(t)
	}
	return lot
}

// posts of hotels and restaurants, by occupation.
var posts = []struct {
	words string
	rome  nomenclatures.ROME
}{
	{"Employé ou employée d’étage", "G1501"}, {"Aide de cuisine", "G1602"}, {"Employé polyvalent ou employée polyvalente de restauration", "G1603"},
	{"Plongeur ou plongeuse", "G1605"}, {"Serveur ou serveuse", "G1803"}, {"Agent ou agente d’entretien", "K2204"},
}

func (g *generator) post(lot opportunities.Lot, l int) opportunities.Lot {
	p := posts[(l+g.random.IntN(len(posts)))%len(posts)]
	lot.Title, lot.Posts, lot.Amount, lot.FTE = p.words, 1+g.random.IntN(4), 0, 0
	lot.Hours = 24 + float64(g.random.IntN(3))*5
	lot.Codes = []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: string(p.rome)}}
	lot.Clause = opportunities.Clause{Verdict: opportunities.ClauseNone}
	lot.Modes = []string{string(network.Staffing)}
	lot.Terms, lot.EndsOn = postTerms(p.rome, lot.Hours), "" // open-ended
	return lot
}

func romes(t trade) []nomenclatures.Code {
	var out []nomenclatures.Code
	for _, r := range t.rome {
		out = append(out, nomenclatures.Code{Scheme: nomenclatures.SchemeROME, Value: string(r)})
	}
	return out
}

// clause draws a social clause with the passage that supports it.
func clause(which int, t trade) opportunities.Clause {
	quoted := func(v opportunities.Verdict, quote string) opportunities.Clause {
		return opportunities.Clause{Verdict: v, Confidence: 0.95,
			Evidence: []opportunities.Evidence{{Field: "description", Quote: quote, End: len([]rune(quote))}}}
	}
	switch which {
	case 0:
		c := quoted(opportunities.ClauseReserved, "Marché réservé aux structures d’insertion par l’activité économique (article L. 2113-13).")
		c.ReservedTo = opportunities.ReservedSIAE
		return c
	case 1:
		c := quoted(opportunities.ClauseReserved, "Marché réservé aux entreprises adaptées et aux ESAT (article L. 2113-12).")
		c.ReservedTo = opportunities.ReservedEA
		return c
	case 2, 3:
		c := quoted(opportunities.ClauseExecution, "Le titulaire réserve 420 heures de travail à des publics éloignés de l’emploi.")
		c.Hours = 420
		return c
	case 4:
		return quoted(opportunities.ClauseCriterion, "Performance en matière d’insertion : 10 points sur 100.")
	}
	return opportunities.Clause{Verdict: opportunities.ClauseNone, Confidence: 0.8}
}

// path is the life of an offer: of 80, 4 drafts, 44 open, 14 closed, 12 awarded, 6 cancelled.
type path struct {
	published, deadline, ended time.Time
	ends                       opportunities.State
}

func (g *generator) path(n int) path {
	noon := time.Date(g.today.Year(), g.today.Month(), g.today.Day(), 12, 0, 0, 0, paris(g.today))
	in := func(days int) time.Time { return weekday(noon.AddDate(0, 0, days)).UTC() }
	switch {
	case n%20 == 19: // 4
		return path{deadline: in(20 + n%9), ends: opportunities.Draft}
	case n%13 == 12: // 6
		return path{published: in(-12), deadline: in(8 + n%6), ends: opportunities.Cancelled, ended: in(-4)}
	case n%6 == 5: // 11 or 12
		return path{published: in(-70), deadline: in(-35), ends: opportunities.Awarded, ended: in(-6)}
	case n%5 == 3: // 14 or so
		return path{published: in(-45), deadline: in(-9 - n%7), ends: opportunities.Closed, ended: in(-8 - n%7)}
	}
	return path{published: in(-1 - n%12), deadline: in(1 + (n*5)%27), ends: opportunities.Published}
}

// paris is the legal time of the demonstration; where the zone is not installed, UTC.
func paris(today time.Time) *time.Location {
	if zone, err := time.LoadLocation("Europe/Paris"); err == nil {
		return zone
	}
	return today.Location()
}

// weekday moves a Saturday or a Sunday to the Monday after: buyers close on working days.
func weekday(t time.Time) time.Time {
	switch t.Weekday() {
	case time.Saturday:
		return t.AddDate(0, 0, 2)
	case time.Sunday:
		return t.AddDate(0, 0, 1)
	}
	return t
}
