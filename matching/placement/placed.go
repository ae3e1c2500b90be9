package placement

import (
	"context"
	"slices"

	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
)

// placed tells that the person has a place of a position that is no job: a session, an
// immersion, a mission. They are no candidate for it any more. Who was hired for a job
// is told apart (see Post), and may come back once they have left.
func (p *Proposal) placed(k opportunities.Kind) bool {
	return p.State == Hired && k != opportunities.JobNeed
}

// placed are the people who have a place of a position that is no job.
type placed map[pair]bool

// placedOf reads who has a place of some positions: no count of whom they suit, nor of
// what would open more, is of them.
func (s *Service) placedOf(ctx context.Context, lots map[opportunities.LotID]*opportunities.Lot) (placed, error) {
	all, err := proposalsAt(ctx, s.store.Read(), keys(lots))
	out := placed{}
	for _, p := range all {
		if p.placed(lots[p.LotID].Opportunity.Kind) {
			out[pair{p.PersonID, p.LotID}] = true
		}
	}
	return out, err
}

// placedAt lists those of a structure who have a place of a position.
func (s *Service) placedAt(ctx context.Context, structure int64, l *opportunities.Lot) ([]Followed, error) {
	all, err := atPosition(ctx, s.store.Read(), l.ID)
	if err != nil {
		return nil, err
	}
	out := []Followed{}
	all = slices.DeleteFunc(all, func(p *Proposal) bool { return p.OrganisationID != structure || !p.placed(l.Opportunity.Kind) })
	heads, persons, err := s.heads(ctx, all)
	for _, p := range all {
		out = append(out, Followed{Line: s.line(p, heads[p.LotID]), Head: heads[p.LotID], PersonHead: persons[p.PersonID]})
	}
	return out, err
}

// latelyFor is lately, as a counsellor of a structure reads it: nobody is told a session
// that they can enter no more.
func (s *Service) latelyFor(ctx context.Context, structure int64) (*journeys.View, error) {
	v, err := s.lately(ctx)
	if err != nil {
		return nil, err
	}
	return s.barring(ctx, v, structure)
}

func (s *Service) barring(ctx context.Context, v *journeys.View, structure int64) (*journeys.View, error) {
	seats, err := seatsBarred(ctx, s.store.Read(), structure)
	return v.Barring(seats), err
}

// candidates leaves out who has a place already.
func (d *dresser) candidates(found journeys.Candidates) journeys.Candidates {
	found.Matches = slices.DeleteFunc(found.Matches, d.placed)
	found.Near = slices.DeleteFunc(found.Near, func(n journeys.Near) bool { return d.placed(n.Match) })
	found.Total = len(found.Matches)
	return found
}

func (d *dresser) placed(m journeys.Match) bool {
	l := d.lots[opportunities.LotID(m.Position)]
	return l != nil && slices.ContainsFunc(d.there[l.ID], func(p *Proposal) bool { return p.PersonID == people.ID(m.Person) && p.placed(l.Opportunity.Kind) })
}
