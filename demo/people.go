package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/people"
	"maillage/territories"
)

// IdentityKey seals the invented names of the demonstration. It is public, as
// the passwords are, and seals nothing real.
const IdentityKey = "demo:bWFpbGxhZ2UtZGVtb25zdHJhdGlvbi1rZXktMDAwMDE="

// journeysOf is how many journeys the heroine holds, and each of the structures around.
const (
	journeysOfHeroine = 24
	journeysElsewhere = 6
	structuresAround  = 6
)

var givenNames = []string{
	"Amel", "Bastien", "Chloé", "Driss", "Elsa", "Farid", "Gaëlle", "Hugo", "Inès", "Jonas", "Kadia", "Léandre", "Maïwenn", "Nadir", "Odile",
	"Pablo", "Quitterie", "Rémi", "Soraya", "Théo", "Ulysse", "Violette", "Wassim", "Xavière", "Yannis", "Zélie",
}

// familyHalves make family names that are nobody's.
var familyHalves = [2][]string{
	{"Bran", "Cor", "Dal", "Fer", "Gal", "Hel", "Jor", "Lan", "Mor", "Nav", "Per", "Ros", "Sal", "Tor", "Val"},
	{"bezet", "divon", "fauret", "gaudy", "lanoy", "mirec", "nouget", "pelier", "quinel", "rivat", "sudre", "tavier"},
}

// story is one kind of journey: what is wished, what is known, how one moves.
type story struct {
	wished, held []nomenclatures.ROME
	aptitudes    []people.Holding
	mobility     []people.Mobility
	hours        people.WeeklyHours
	slots        people.Slots
}

func stories() []story {
	skill := func(code nomenclatures.Aptitude, level nomenclatures.Mastery) people.Holding {
		return people.Holding{Code: code, Level: level, Source: people.Observed}
	}
	has := func(code nomenclatures.Aptitude) people.Holding { return people.Holding{Code: code} }
	mornings := nomenclatures.Every(0, 4, nomenclatures.Morning)
	days := mornings | nomenclatures.Every(0, 4, nomenclatures.Afternoon)
	late := days | nomenclatures.Every(0, 5, nomenclatures.Evening)
	bus := people.Mobility{Mode: people.Transit, Minutes: 45, Slots: days}
	bike := people.Mobility{Mode: people.Bicycle, Minutes: 30}
	car := people.Mobility{Mode: people.Car, Km: 30}
	return []story{
		{[]nomenclatures.ROME{"A1203", "A1402"}, []nomenclatures.ROME{"A1203"}, []people.Holding{skill("tonte", 3), skill("taille", 2), has("permis-b")}, []people.Mobility{car}, people.WeeklyHours{Min: 24, Max: 35}, days},
		{[]nomenclatures.ROME{"K2204", "K2202"}, []nomenclatures.ROME{"K2204"}, []people.Holding{skill("nettoyage-locaux", 3), skill("nettoyage-vitres", 2), skill("monobrosse", 1)}, []people.Mobility{bus}, people.WeeklyHours{Min: 15, Max: 26}, mornings},
		{[]nomenclatures.ROME{"G1602", "G1605"}, []nomenclatures.ROME{"G1605"}, []people.Holding{skill("plonge", 3), skill("preparation-froide", 2), has("haccp")}, []people.Mobility{bike, bus}, people.WeeklyHours{Min: 20, Max: 30}, late},
		{[]nomenclatures.ROME{"G1501", "K2204"}, nil, []people.Holding{skill("chambres", 2), skill("linge", 3)}, []people.Mobility{bus}, people.WeeklyHours{Max: 30}, days},
		{[]nomenclatures.ROME{"N1103", "N1105"}, []nomenclatures.ROME{"N1105"}, []people.Holding{skill("preparation-commandes", 3), {Code: "caces-r489-1b", Until: "2028-06-30"}, has("permis-am")}, []people.Mobility{{Mode: people.Moped, Km: 15}}, people.WeeklyHours{Min: 30, Max: 35}, late},
		{[]nomenclatures.ROME{"F1606", "F1604"}, nil, []people.Holding{skill("peinture", 2), skill("placo", 1)}, []people.Mobility{{Mode: people.Carried, Km: 20}}, people.WeeklyHours{Min: 28, Max: 35}, days},
		{[]nomenclatures.ROME{"K1304", "K1302"}, []nomenclatures.ROME{"K1304"}, []people.Holding{skill("aide-repas", 3), has("psc1"), has("permis-b")}, []people.Mobility{car, bus}, people.WeeklyHours{Min: 10, Max: 24}, mornings},
		{[]nomenclatures.ROME{"D1507", "B1806"}, nil, []people.Holding{skill("demontage", 2), skill("vente", 2), skill("caisse", 1)}, []people.Mobility{{Mode: people.OnFoot, Minutes: 40}}, people.WeeklyHours{Min: 20, Max: 26}, days},
	}
}

// journeys makes the service of people with the key of the demonstration, on a day.
func (l *loader) journeys(on time.Time) (*people.Service, error) {
	keys, err := people.ParseKeys(IdentityKey)
	if err != nil {
		return nil, err
	}
	return people.NewService(people.Config{Store: l.Store, Atlas: l.Atlas, Keys: keys, Now: func() time.Time { return on }, Random: bytesOf{l.random}}), nil
}

func (l *loader) loadPeople(ctx context.Context) error {
	heroine := l.heroine()
	made, err := l.journeysIn(ctx, heroine, 0, journeysOfHeroine)
	if err != nil {
		return err
	}
	for _, m := range l.holders() {
		if _, err := l.journeysIn(ctx, m, 0, journeysElsewhere); err != nil {
			return err
		}
	}
	return l.agree(ctx, made)
}

// holders are the structures of the Drôme and the Ardèche that hold journeys, the heroine apart.
func (l *loader) holders() []*network.Organisation {
	all := slices.DeleteFunc(slices.Clone(l.members), func(m *network.Organisation) bool {
		dep := l.commune(m.Sites[0].Commune).Departement
		return m.ID == l.heroine().ID || dep != "26" && dep != "07" || !slices.Contains([]network.Kind{network.KindACI, network.KindAI, network.KindEI, network.KindETTI}, m.Kind)
	})
	return all[:min(structuresAround, len(all))]
}

// journeysIn makes n journeys of people who live around a structure, numbered from one on.
func (l *loader) journeysIn(ctx context.Context, of *network.Organisation, from, n int) ([]*people.Person, error) {
	s, err := l.journeys(l.today)
	if err != nil {
		return nil, err
	}
	homes := l.homes(of.Sites[0].Commune)
	var out []*people.Person
	for i := from; i < from+n; i++ {
		p, entered := l.journey(of, homes, i)
		if p, err = s.Create(ctx, p); err != nil {
			return nil, err
		}
		born := 1965 + l.random.IntN(40)
		if err := errors.Join(
			s.SetIdentity(ctx, p.ID, 0, l.identity(born, i)),
			s.SetTraits(ctx, p.ID, people.Traits{Sex: []people.Sex{people.Woman, people.Man}[l.random.IntN(2)], BirthYear: born, QPV: []people.InQPV{"", people.QPVYes, people.QPVNo}[l.random.IntN(3)]}),
			s.SetRights(ctx, p.ID, 0, l.rights(of.Kind, entered, i)),
			s.SetHours(ctx, p.ID, 0, l.provided(of.Kind, entered, i))); err != nil {
			return nil, fmt.Errorf("journey %s: %w", p.Key, err)
		}
		if i%11 == 10 {
			if _, err := s.Pause(ctx, p.ID, 0); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func (l *loader) journey(of *network.Organisation, homes []territories.CommuneCode, i int) (*people.Person, time.Time) {
	all := stories()
	st := all[(i+l.random.IntN(3))%len(all)]
	entered := l.today.AddDate(0, -1-l.random.IntN(24), -l.random.IntN(28))
	p := &people.Person{OrganisationID: int64(of.ID), Key: fmt.Sprintf("%d-%03d", entered.Year(), i+1), Commune: homes[l.random.IntN(len(homes))], EnteredOn: day(entered),
		Profile: people.Profile{Mobility: st.mobility, Aptitudes: st.aptitudes, Hours: st.hours, Slots: st.slots}}
	if of.ID == l.heroine().ID {
		p.CounsellorID = &l.counsellor
	}
	for _, r := range st.wished {
		p.Profile.Wished = append(p.Profile.Wished, people.Wish{ROME: r})
	}
	for _, r := range st.held {
		p.Profile.Held = append(p.Profile.Held, people.Held{ROME: r, Months: 3 + l.random.IntN(30)})
	}
	p.Profile.Languages = []people.Speaks{{Language: "fr", Level: nomenclatures.Fluency(2 + l.random.IntN(5))}}
	if i%4 == 1 {
		p.Profile.Languages = append(p.Profile.Languages, people.Speaks{Language: []string{"ar", "pt", "uk", "es"}[l.random.IntN(4)], Level: 6})
	}
	if i%3 == 0 {
		p.AvailableOn = day(l.today.AddDate(0, 0, 7+l.random.IntN(40)))
	}
	if i%2 == 0 {
		p.ContractEnds = day(l.today.AddDate(0, 1+l.random.IntN(6), 0))
	}
	return p, entered
}

// homes are the communes within 20 km of a seat, itself several times.
func (l *loader) homes(seat territories.CommuneCode) []territories.CommuneCode {
	c := l.commune(seat)
	out := []territories.CommuneCode{seat, seat, seat}
	for _, ord := range l.atlas.Within(c.Point, 20).Ordinals() {
		if near := l.atlas.Commune(int(ord)); near.Population > 800 {
			out = append(out, near.Code)
		}
	}
	return out
}

func (l *loader) identity(born, i int) people.Identity {
	family := familyHalves[0][l.random.IntN(len(familyHalves[0]))] + familyHalves[1][l.random.IntN(len(familyHalves[1]))]
	given := givenNames[(i+l.random.IntN(len(givenNames)))%len(givenNames)]
	return people.Identity{Given: given, Family: family, Born: fmt.Sprintf("%d-%02d-%02d", born, 1+l.random.IntN(12), 1+l.random.IntN(28)),
		Phone: fmt.Sprintf("06 39 98 %02d %02d", l.random.IntN(100), l.random.IntN(100)), Pass: fmt.Sprintf("99999%07d", l.random.IntN(10_000_000))}
}

// rights are dated so that some are due: a pass that ends, a visit to make.
func (l *loader) rights(kind network.Kind, entered time.Time, i int) []people.Right {
	out := []people.Right{{Kind: people.PassIAE, From: day(entered)}}
	if i%5 == 2 {
		out = append(out, people.Right{Kind: people.ClauseEligible, From: day(entered), Until: day(entered.AddDate(2, 0, -1)), Body: people.Facilitator})
	}
	if i%9 == 4 {
		out = append(out, people.Right{Kind: people.PassSuspension, From: day(l.today.AddDate(0, -2, 0)), Until: day(l.today.AddDate(0, 0, 12))})
	}
	if kind == network.KindAI {
		out = append(out, people.Right{Kind: people.FirstMission, From: day(entered.AddDate(0, 0, 9))})
		if i%3 != 0 {
			out = append(out, people.Right{Kind: people.MedicalVisit, From: day(entered.AddDate(0, 0, 25)), Until: day(entered.AddDate(2, 0, 0))})
		}
	}
	return out
}

// provided are the hours in user enterprises, of an AI only.
func (l *loader) provided(kind network.Kind, entered time.Time, i int) []people.MonthHours {
	if kind != network.KindAI {
		return nil
	}
	var out []people.MonthHours
	first := time.Date(entered.Year(), entered.Month(), 1, 0, 0, 0, 0, time.UTC)
	for m := first; m.Before(l.today) && len(out) < 8; m = m.AddDate(0, 1, 0) {
		out = append(out, people.MonthHours{Month: m.Format("2006-01"), Hours: float64(20 + 10*(i%6) + l.random.IntN(20))})
	}
	return out
}

// agree lives a few agreements again on the days when they were recorded: asked,
// given, refused, run out.
func (l *loader) agree(ctx context.Context, among []*people.Person) error {
	var positions []int64
	err := l.Store.Read().NewRaw(`/* demo.agree */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind = 'job_need' AND o.state = 'published' AND NOT l.withdrawn ORDER BY l.id LIMIT 4`).Scan(ctx, &positions)
	if err != nil {
		return fmt.Errorf("find positions: %w", err)
	}
	for i, position := range positions {
		for j := range 3 {
			p := among[(3*i+j)%len(among)]
			if p.State != people.Active || (3*i+j)%11 == 10 {
				continue
			}
			if err := l.agreement(ctx, p.ID, position, j+i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) agreement(ctx context.Context, id people.ID, position int64, how int) error {
	earlier, err := l.journeys(l.today.AddDate(0, 0, -4-how))
	if err != nil {
		return err
	}
	if _, err := earlier.Ask(ctx, id, position); err != nil {
		return err
	}
	switch how % 4 {
	case 0, 1:
		_, err = earlier.Give(ctx, id, position, "")
	case 2:
		_, err = earlier.Refuse(ctx, id, position)
	}
	return err
}

// bytesOf draws bytes from the fixed seed, so that codes and nonces are the
// same everywhere. A real service draws them from the machine.
type bytesOf struct{ from interface{ Uint32() uint32 } }

func (b bytesOf) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b.from.Uint32())
	}
	return len(p), nil
}
