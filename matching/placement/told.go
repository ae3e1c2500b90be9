package placement

import (
	"context"
	"slices"
	"strconv"

	"github.com/uptrace/bun"

	"maillage/matching/engine/journeys"
	"maillage/matching/placement/card"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// aroundKm is how far from a position an employer could plausibly think of people.
const aroundKm = 50

// world is what an employer could know of the people of a structure, around the
// positions of what it was told and others. A card always tells its structure, so that those of the others
// could never be the one, and need not be read.
func (s *Service) world(ctx context.Context, db bun.IDB, structure, employer int64, also ...*opportunities.Lot) (card.World, error) {
	folk, err := activeOf(ctx, db, structure)
	if err != nil {
		return card.World{}, err
	}
	told, err := toldTo(ctx, db, employer, structure)
	if err != nil {
		return card.World{}, err
	}
	at := scenes{at: map[sceneAt]int64{}}
	if at.lots, err = lotsOf(ctx, db, told, also...); err != nil {
		return card.World{}, err
	}
	out := card.World{K: s.crowd}
	for _, p := range told {
		out.Told = append(out.Told, at.told(p))
	}
	near := map[int64]map[int64]bool{}
	for _, lot := range at.lots {
		near[int64(lot.ID)] = s.near(lot, folk)
	}
	there := s.whoIsThere(at.lots, folk)
	for _, p := range folk {
		out.People = append(out.People, s.known(p, near, there))
	}
	return out, nil
}

// whoIsThere finds who can be at a position when it is first asked: many positions
// are looked at of which no card says it.
func (s *Service) whoIsThere(lots []*opportunities.Lot, folk []*people.Person) func(position, person int64) bool {
	found := map[int64]map[int64]bool{}
	return func(position, person int64) bool {
		if _, known := found[position]; !known {
			found[position] = nil
			if i := slices.IndexFunc(lots, func(l *opportunities.Lot) bool { return int64(l.ID) == position }); i >= 0 {
				found[position] = s.onSite(lots[i], folk)
			}
		}
		return found[position][person]
	}
}

// known is all that a claim may be about.
func (s *Service) known(p *people.Person, near map[int64]map[int64]bool, there func(position, person int64) bool) card.Person {
	id, q := int64(p.ID), &p.Profile
	out := card.Person{ID: id, Structure: p.OrganisationID, Counsellor: accompanies(p), MinHours: q.Hours.Min, MaxHours: q.Hours.Max, Available: p.AvailableOn,
		Aptitudes: map[nomenclatures.Aptitude]nomenclatures.Mastery{}, Languages: map[string]nomenclatures.Fluency{},
		Near:   func(position int64) bool { return near[position][id] },
		OnSite: func(position int64) bool { return there(position, id) }}
	for _, h := range q.Held {
		out.Practised = append(out.Practised, h.ROME)
	}
	for _, w := range q.Wished {
		out.Wished = append(out.Wished, w.ROME)
	}
	for _, h := range q.Aptitudes {
		if !lapsed(h, s.today()) {
			out.Aptitudes[h.Code] = max(out.Aptitudes[h.Code], h.Level)
		}
	}
	for _, l := range q.Languages {
		out.Languages[l.Language] = l.Level
	}
	return out
}

// accompanies is the account of who accompanies a person; 0: nobody yet.
func accompanies(p *people.Person) int64 {
	if p.CounsellorID == nil {
		return 0
	}
	return *p.CounsellorID
}

// near are those whom the employer could think of: who lives within 50 km of one
// of the communes of the position, all where its place is not known. One whose
// home is not known is thought of by nobody, which errs on the safe side.
func (s *Service) near(l *opportunities.Lot, folk []*people.Person) map[int64]bool {
	ords, out := s.feed.communes(l), map[int64]bool{}
	for _, p := range folk {
		home, ok := s.atlas.Ordinal(p.Commune)
		if len(ords) == 0 || ok && p.Commune != "" && s.within(home, ords, aroundKm) {
			out[int64(p.ID)] = true
		}
	}
	return out
}

// within tells whether a commune is at most so many kilometres from one of others.
func (s *Service) within(home int, ords []uint32, km float64) bool {
	h := s.atlas.Commune(home)
	return slices.ContainsFunc(ords, func(ord uint32) bool {
		c := s.atlas.Commune(int(ord))
		return int(ord) == home || h.HasPoint && c.HasPoint && territories.Haversine(h.Point, c.Point) <= km
	})
}

// anything is an occupation that everybody wishes, to ask the engine about the
// way and the hours alone.
const anything journeys.Occupation = "*"

// farKm is more than anybody goes: the reach of a position is no matter of who
// can be there.
const farKm = 2000

// onSite are those who are known to be able to be there at the hours of a position.
func (s *Service) onSite(l *opportunities.Lot, folk []*people.Person) map[int64]bool {
	asked := s.feed.asked(l)
	bare := &journeys.Position{ID: asked.ID, Occupations: []journeys.Occupation{anything}, Place: asked.Place, Reach: farKm,
		Slots: asked.Slots, SplitShift: asked.SplitShift}
	var persons []*journeys.Person
	for _, p := range folk {
		if q, ok := s.feed.person(p, work{}, s.today()); ok {
			persons = append(persons, &journeys.Person{ID: q.ID, Home: q.Home, Available: true, Wished: bare.Occupations,
				Slots: q.Slots, SplitShifts: q.SplitShifts, Mobility: q.Mobility})
		}
	}
	out := map[int64]bool{}
	for _, m := range s.rules.Scan(bare, persons, nil, date(s.today()), journeys.Options{}).Matches {
		slots := m.Finding(journeys.TimeSlots).State
		if m.Finding(journeys.Travel).State == journeys.Met && (asked.Slots == 0 || slots != journeys.Missed && slots != journeys.Partial) {
			out[int64(m.Person)] = true
		}
	}
	return out
}

// wanted lists what could be told of a person for a position, in the order in
// which it is read: only what the position asks for. What is not true of the
// person is left out by package card.
func (s *Service) wanted(l *opportunities.Lot, p *people.Person, trainings []Training) []card.Claim {
	out := []card.Claim{{Kind: card.Counsellor, Code: strconv.FormatInt(accompanies(p), 10)},
		{Kind: card.OnSite, Code: strconv.FormatInt(int64(l.ID), 10)}}
	terms := l.Terms
	if terms == nil {
		terms = &opportunities.Terms{}
	}
	if h := p.Profile.Hours; terms.Hours > 0 && (h.Min > 0 || h.Max > 0) {
		out = append(out, card.Claim{Kind: card.Hours, Code: strconv.FormatFloat(terms.Hours, 'f', -1, 64)})
	}
	out = append(out, trades(l, p)...)
	out = append(out, s.strengths(terms, p)...)
	for _, t := range trainings {
		out = append(out, card.Claim{Kind: card.Trainable, Code: string(t.Aptitude)})
	}
	return append(out, s.availability(l, p))
}

// trades says for each occupation asked that the person practised it or wishes it,
// or else one that is near, or at least one of its domain. What the person has is
// never named where it is not what is asked.
func trades(l *opportunities.Lot, p *people.Person) []card.Claim {
	var out []card.Claim
	has := &card.Person{}
	for _, h := range p.Profile.Held {
		has.Practised = append(has.Practised, h.ROME)
	}
	for _, w := range p.Profile.Wished {
		has.Wished = append(has.Wished, w.ROME)
	}
	for _, c := range l.Codes {
		if c.Scheme != nomenclatures.SchemeROME {
			continue
		}
		if told, ok := trade(nomenclatures.ROME(c.Value), has); ok && !slices.Contains(out, told) {
			out = append(out, told)
		}
	}
	return out
}

// trade is the most exact of what can be said of an occupation asked.
func trade(asked nomenclatures.ROME, of *card.Person) (card.Claim, bool) {
	domain := asked.MajorDomain()
	for _, c := range []card.Claim{{Kind: card.Practised, Code: string(asked)}, {Kind: card.Wished, Code: string(asked)}, {Kind: card.PractisedNear, Code: string(asked)},
		{Kind: card.PractisedDomain, Code: domain}, {Kind: card.WishedNear, Code: string(asked)}, {Kind: card.WishedDomain, Code: domain}} {
		if c.Code != "" && c.Of(of) {
			return c, true
		}
	}
	return card.Claim{}, false
}

// strengths says which aptitudes and languages the person has among those asked,
// at the level asked where a level is known.
func (s *Service) strengths(t *opportunities.Terms, p *people.Person) []card.Claim {
	var out []card.Claim
	for _, w := range t.Aptitudes {
		c := card.Claim{Kind: card.Aptitude, Code: string(w.Code), Level: uint8(w.Level)}
		if slices.ContainsFunc(p.Profile.Aptitudes, func(h people.Holding) bool { return h.Code == w.Code && h.Level == 0 }) {
			c.Level = 0
		}
		out = append(out, c)
	}
	for _, l := range t.Languages {
		c := card.Claim{Kind: card.Language, Code: l.Language, Level: uint8(l.Level)}
		if slices.ContainsFunc(p.Profile.Languages, func(s people.Speaks) bool { return s.Language == l.Language && s.Level == 0 }) {
			c.Level = 0
		}
		out = append(out, c)
	}
	return out
}

// availability is "from the start at the latest" for whoever can be, the month
// for the others.
func (s *Service) availability(l *opportunities.Lot, p *people.Person) card.Claim {
	start := max(l.StartsOn, s.today())
	if p.AvailableOn <= s.today() {
		start = s.today()
	}
	if p.AvailableOn <= start {
		return card.Claim{Kind: card.Available, Code: start}
	}
	return card.Claim{Kind: card.From, Code: p.AvailableOn[:len("2026-01")]}
}
