package matching

import (
	"context"
	"fmt"
	"time"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// The bounds of a page.
const (
	usualLimit = 20
	mostLimit  = 200
)

func (s *Service) bounded(q Query) Query {
	if q.AsOf.IsZero() {
		q.AsOf = s.now()
	}
	if q.Limit <= 0 {
		q.Limit = usualLimit
	}
	q.Limit = min(q.Limit, mostLimit)
	q.After = max(0, q.After)
	q.Near, q.Apart = max(0, min(q.Near, mostLimit)), max(0, min(q.Apart, mostLimit))
	return q
}

// MatchesOfLot says who can answer a lot and why, as of a date. It is computed
// from the present facts, not read from what was kept: a lot that is still a
// draft is answered too. A cancelled or withdrawn lot has no candidate.
func (s *Service) MatchesOfLot(ctx context.Context, id opportunities.LotID, q Query) (*Answer, error) {
	q = s.bounded(q)
	lot, err := s.opportunities.Lot(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("match lot %d: %w", id, err)
	}
	a := s.answer(q)
	head := s.lotHead(lot, q.AsOf)
	a.Lot = &head
	switch absence(lot) {
	case ReasonLotCancelled, ReasonLotWithdrawn, ReasonForecastOver, ReasonForPeople:
		return a, nil
	}
	v, err := s.lately(ctx)
	if err != nil {
		return nil, fmt.Errorf("match lot %d: %w", id, err)
	}
	asked, ok := v.Lot(engine.LotID(id))
	if !ok {
		ties, err := s.tiesOfParties(ctx, []*opportunities.Lot{lot})
		if err != nil {
			return nil, fmt.Errorf("match lot %d: %w", id, err)
		}
		asked = s.feed.lot(lot, ties)
	}
	found := v.CandidatesFor(asked, q.AsOf, engine.Options{Limit: q.After + q.Limit, Near: q.Near, Apart: q.Apart})
	a.History, a.ToSpecify, a.Total, a.ApartTotal = found.History, found.ToSpecify, found.Total, found.ApartOf
	d := s.dresser(q)
	d.lots[engine.LotID(id)] = dressedLot{head: head, asked: asked}
	return a, d.candidates(ctx, a, found)
}

// MatchesOfOrganisation says which lots suit an enterprise and why, as of a date.
func (s *Service) MatchesOfOrganisation(ctx context.Context, id network.ID, q Query) (*Answer, error) {
	q = s.bounded(q)
	o, err := s.network.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("match organisation %d: %w", id, err)
	}
	a := s.answer(q)
	head := s.organisationHead(o)
	a.Organisation = &head
	v, err := s.lately(ctx)
	if err != nil {
		return nil, fmt.Errorf("match organisation %d: %w", id, err)
	}
	e, ok := v.Enterprise(engine.EnterpriseID(id))
	if !ok {
		return a, nil
	}
	found := v.LotsFor(e, q.AsOf, engine.Options{Limit: q.After + q.Limit, Near: q.Near, PassedToo: q.Passed, Expected: q.Expected})
	a.ToSpecify, a.Total = found.ToSpecify, found.Total
	d := s.dresser(q)
	d.organisations[engine.EnterpriseID(id)] = head
	return a, d.lotsFor(ctx, a, v, found)
}

func (s *Service) answer(q Query) *Answer {
	return &Answer{AsOf: q.AsOf.UTC(), Engine: engine.Version, Matches: []Item{}, Near: []NearItem{}, Apart: []ApartItem{}}
}

// LotHead gives what a reader needs to recognise a lot, as of a date.
func (s *Service) LotHead(l *opportunities.Lot, asOf time.Time) LotHead { return s.lotHead(l, asOf) }

// OrganisationHead gives what a reader needs to recognise an enterprise.
func (s *Service) OrganisationHead(o *network.Organisation) OrganisationHead {
	return s.organisationHead(o)
}

func (s *Service) lotHead(l *opportunities.Lot, asOf time.Time) LotHead {
	o := l.Opportunity
	h := LotHead{
		ID: l.ID, OpportunityID: o.ID, Number: l.Number, Title: l.Title, Opportunity: o.Title, Kind: o.Kind, State: o.State,
		Buyer: o.BuyerName, Deadline: l.Deadline, Filled: l.Filled(), Withdrawn: l.Withdrawn, Revision: l.Revision,
		Holidays: l.Place.Holidays(s.feed.atlas),
	}
	over := ended(l)
	if !h.Gone() && l.Deadline != nil && !asOf.After(*l.Deadline) && (over.IsZero() || asOf.Before(over)) {
		n := h.Holidays.WorkingDays(asOf, *l.Deadline, s.paris)
		h.WorkingDays = &n
	}
	return h
}

func (s *Service) organisationHead(o *network.Organisation) OrganisationHead {
	h := OrganisationHead{ID: o.ID, Name: o.Called(), Kind: o.Kind, Revision: o.Revision}
	if ord := s.feed.site(o); ord != engine.NoSite {
		c := s.atlas.Commune(ord)
		h.Commune, h.Town = string(c.Code), c.Name
	}
	return h
}
