package matching

import (
	"context"
	"fmt"

	"maillage/matching/engine"
	"maillage/opportunities"
)

// Kept dresses a match as it was last written, whether it still holds or not: an
// answer goes on where the engine would propose nothing any more.
func (s *Service) Kept(ctx context.Context, id ID) (*Item, error) {
	m, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	item, err := s.dressKept(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("read match %d: %w", id, err)
	}
	return item, nil
}

func (s *Service) dressKept(ctx context.Context, m *Match) (*Item, error) {
	lot, err := s.opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return nil, err
	}
	o, err := s.network.Get(ctx, m.OrganisationID)
	if err != nil {
		return nil, err
	}
	ties, err := s.tiesOfParties(ctx, []*opportunities.Lot{lot})
	if err != nil {
		return nil, err
	}
	d := s.dresser(s.bounded(Query{}))
	d.lots[engine.LotID(lot.ID)] = dressedLot{head: s.lotHead(lot, d.q.AsOf), asked: s.feed.lot(lot, ties)}
	d.organisations[engine.EnterpriseID(o.ID)] = s.organisationHead(o)
	d.kept[pair{int64(m.LotID), int64(m.OrganisationID)}] = *m
	passed := lot.Deadline != nil && d.q.AsOf.After(*lot.Deadline)
	item := d.item(engine.Match{Lot: engine.LotID(m.LotID), LotRevision: m.LotRevision, Enterprise: engine.EnterpriseID(m.OrganisationID), EnterpriseRevision: m.OrganisationRevision,
		Activity: m.ActivityID, Score: m.Score, Confidence: m.Confidence, Level: engine.LevelOf(m.Confidence), History: passed || !ended(lot).IsZero(), Findings: m.Explanation}, 0)
	return &item, nil
}
