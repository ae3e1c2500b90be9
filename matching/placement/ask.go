package placement

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// The bounds of a page.
const (
	usualLimit = 20
	mostLimit  = 200
	mostNear   = 50
)

func (s *Service) bounded(q Query) Query {
	if q.AsOf == "" {
		q.AsOf = s.today()
	}
	if q.Limit <= 0 {
		q.Limit = usualLimit
	}
	q.Limit, q.After, q.Near = min(q.Limit, mostLimit), max(0, q.After), max(0, min(q.Near, mostNear))
	return q
}

// PeopleFor says to a counsellor which people of the structure suit a position
// and why, who nearly does, and what was said and proposed already.
func (s *Service) PeopleFor(ctx context.Context, id opportunities.LotID, q Query) (*Candidates, error) {
	who := accounts.From(ctx)
	if err := accounts.Allow(who, accounts.ProposalPeople, accounts.Of(who.OrganisationID)); err != nil {
		return nil, err
	}
	l, err := s.visible(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	v, err := s.latelyFor(ctx, who.OrganisationID)
	if err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	q = s.bounded(q)
	asked, structure := s.feed.asked(l), who.OrganisationID
	hired, err := s.atWork(ctx, structure, l, date(q.AsOf))
	if err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	placed, err := s.placedAt(ctx, structure, l)
	if err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	o := journeys.Options{Limit: q.After + q.Limit, Near: min(q.Near, 1) * (q.Near + len(hired)), Employer: journeys.EmployerID(structure)}
	if s.vague(l) || len(placed) > 0 { // some are left out below
		o.Limit, o.Near = 0, min(q.Near, 1)*mostLimit
	}
	found := v.PeopleFor(asked, date(q.AsOf), o)
	d, err := s.dresser(ctx, v, q, structure, []*opportunities.Lot{l}, personsIn(found.Matches, found.Near))
	if err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	if s.vague(l) {
		found = d.nearby(found)
	}
	if len(placed) > 0 {
		found = d.candidates(found)
	}
	found.Near = d.notAtWork(found.Near)
	out := &Candidates{Placed: placed, Hired: hired, Position: s.head(l), AsOf: q.AsOf, Engine: found.Version, History: found.History, ToSpecify: found.ToSpecify,
		AnyTrade: asked.ForEveryTrade(), Total: found.Total}
	out.People, out.Near, out.Next = d.fill(found.Matches, found.Near, found.Total)
	s.outlook(out, l, structure, d.there[l.ID])
	if err := d.unshown(ctx, out.People); err != nil {
		return nil, fmt.Errorf("find people for position %d: %w", id, err)
	}
	return out, nil
}

// PositionsFor says to a counsellor which positions suit a person and why.
func (s *Service) PositionsFor(ctx context.Context, id people.ID, q Query) (*Prospects, error) {
	p, v, err := s.mine(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find positions for person %d: %w", id, err)
	}
	works, err := s.workOf(ctx, s.store.Read(), id)
	if err != nil {
		return nil, fmt.Errorf("find positions for person %d: %w", id, err)
	}
	q = s.bounded(q)
	out := &Prospects{Person: s.personHead(p, works[id]), AsOf: q.AsOf, Engine: journeys.Version, Positions: []Candidate{}, Near: []Candidate{}}
	asked, ok := s.feed.person(p, works[id], s.today())
	if !ok {
		out.Paused = true
		return out, nil
	}
	found := v.PositionsFor(asked, date(q.AsOf), journeys.Options{Near: mostLimit})
	lots, err := s.opportunities.Positions(ctx, lotsIn(found.Matches, found.Near)...)
	if err != nil {
		return nil, fmt.Errorf("find positions for person %d: %w", id, err)
	}
	d, err := s.dresser(ctx, v, q, p.OrganisationID, lots, []people.ID{id})
	if err != nil {
		return nil, fmt.Errorf("find positions for person %d: %w", id, err)
	}
	found.Matches, found.Near = slices.DeleteFunc(d.within(found.Matches), func(m journeys.Match) bool { return d.filled(m) || d.placed(m) }), d.notAtWork(d.nearWithin(found.Near))
	found.Near = slices.DeleteFunc(found.Near, func(n journeys.Near) bool { return d.filled(n.Match) || d.placed(n.Match) })
	out.ToSpecify, out.Total = found.ToSpecify, len(found.Matches)
	out.Positions, out.Near, out.Next = d.fill(found.Matches, found.Near, out.Total)
	if err := d.unshown(ctx, out.Positions); err != nil {
		return nil, fmt.Errorf("find positions for person %d: %w", id, err)
	}
	return out, nil
}

// mine reads a person of the caller's structure, and the index.
func (s *Service) mine(ctx context.Context, id people.ID) (*people.Person, *journeys.View, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProposalPeople); err != nil {
		return nil, nil, err
	}
	p, err := s.people.Get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !accounts.Can(who, accounts.ProposalPeople, accounts.Of(p.OrganisationID)) {
		return nil, nil, fault.NotFound("person", id)
	}
	v, err := s.latelyFor(ctx, p.OrganisationID)
	return p, v, err
}

// visible reads a position that is published, or was.
func (s *Service) visible(ctx context.Context, id opportunities.LotID) (*opportunities.Lot, error) {
	lots, err := s.opportunities.Positions(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(lots) == 0 {
		return nil, fault.NotFound("position", id)
	}
	if _, ok := s.feed.position(lots[0]); !ok {
		return nil, fault.NotFound("position", id)
	}
	return lots[0], nil
}

// outlook says how many more may be presented, and why nobody can be.
func (s *Service) outlook(out *Candidates, l *opportunities.Lot, structure int64, there []*Proposal) {
	o := occupancy(l, there)
	out.Asked = o.asked
	_, err := s.takes(l, structure)
	if err == nil {
		err = o.vacant()
	}
	if err != nil {
		words := Text(fault.Of(err).Message)
		out.Refused = &words
		return
	}
	out.Room = max(0, o.left*s.perPost-o.asked)
}

// trainings are the sessions that the card of a person for a position tells.
func (s *Service) trainings(ctx context.Context, id people.ID, lot opportunities.LotID) ([]Training, error) {
	persons, err := s.people.LoadForMatching(ctx, id)
	if err != nil {
		return nil, err
	}
	lots, err := s.opportunities.Positions(ctx, lot)
	if err != nil || len(lots) == 0 || len(persons) == 0 {
		return nil, err
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	sessions, err := s.school(ctx)
	if err != nil {
		return nil, err
	}
	return s.closingOnCard(v, persons[0], lots[0], sessions), nil
}

// school reads the sessions of training that can still be joined.
func (s *Service) school(ctx context.Context) (map[opportunities.LotID]*opportunities.Lot, error) {
	ids, err := sessionsOpen(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	all, err := s.opportunities.Positions(ctx, ids...)
	out := map[opportunities.LotID]*opportunities.Lot{}
	for _, l := range all {
		if s.open(l) {
			out[l.ID] = l
		}
	}
	return out, err
}

func personsIn(matches []journeys.Match, nears []journeys.Near) (out []people.ID) {
	for _, m := range matches {
		out = append(out, people.ID(m.Person))
	}
	for _, n := range nears {
		out = append(out, people.ID(n.Person))
	}
	return unique(out)
}

func lotsIn(matches []journeys.Match, nears []journeys.Near) (out []opportunities.LotID) {
	for _, m := range matches {
		out = append(out, opportunities.LotID(m.Position))
	}
	for _, n := range nears {
		out = append(out, opportunities.LotID(n.Position))
	}
	return unique(out)
}

// vague tells a position in several communes: the engine measures no distance to
// it, and those who live too far from every one of them are left out here.
func (s *Service) vague(l *opportunities.Lot) bool { return len(s.feed.communes(l)) > 1 }

// beyond tells a person who lives too far from every commune of a vague position.
func (s *Service) beyond(p *people.Person, l *opportunities.Lot) bool {
	ords := s.feed.communes(l)
	home, ok := s.atlas.Ordinal(p.Commune)
	if len(ords) < 2 || !ok || p.Commune == "" {
		return false
	}
	reach := float64(journeys.DefaultReach)
	if l.Terms != nil && l.Terms.Reach > 0 {
		reach = l.Terms.Reach
	}
	return !s.within(home, ords, reach)
}

// waiting counts the days since a journey began.
func waiting(from string, now time.Time) *int {
	d := date(from)
	if d.IsZero() {
		return nil
	}
	n := int(now.Sub(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	if n < 0 {
		return nil
	}
	return &n
}

func sameTraining(all []Training, t Training) bool {
	return slices.ContainsFunc(all, func(o Training) bool { return o.Aptitude == t.Aptitude })
}
