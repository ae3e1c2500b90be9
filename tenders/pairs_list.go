package tenders

import (
	"context"
	"fmt"

	"maillage/opportunities"
)

// PairLine is a pair without what its notices say, for who counts or chooses.
type PairLine struct {
	ID   int64            `bun:"id"`
	Low  opportunities.ID `bun:"low_id"`
	High opportunities.ID `bun:"high_id"`
}

// pairLinesMost bounds a list of pairs.
const pairLinesMost = 1000

// PairLines lists the pairs of a verdict, the likest first. Those of which a
// side was merged with a third procurement are no longer proposed.
func (s *Service) PairLines(ctx context.Context, verdict PairVerdict) (lines []PairLine, err error) {
	err = s.store.Read().NewRaw(`/* tenders.PairLines */ SELECT pp.id, l.id AS low_id, h.id AS high_id
		FROM procurement_pairs pp JOIN opportunities l ON l.key = pp.low JOIN opportunities h ON h.key = pp.high
		WHERE pp.verdict = ? AND (pp.verdict <> ? OR (EXISTS (SELECT 1 FROM notices n WHERE n.key = pp.low) AND EXISTS (SELECT 1 FROM notices n WHERE n.key = pp.high)))
		ORDER BY pp.score DESC, pp.id LIMIT ?`, verdict, PairProposed, pairLinesMost).Scan(ctx, &lines)
	if err != nil {
		return nil, fmt.Errorf("list the pairs of procurements: %w", err)
	}
	return lines, nil
}

// Heir is the opportunity under which the notices of a merged one are told, 0
// for one that was not merged.
func (s *Service) Heir(ctx context.Context, key string) (opportunities.ID, error) {
	if key == "" {
		return 0, nil
	}
	var pairs []Pair
	err := s.store.Read().NewSelect().Model(&pairs).Comment("tenders.Heir").Where("pp.verdict = ?", PairSame).
		Where("pp.low = ? OR pp.high = ?", key, key).Order("pp.judged_at DESC", "pp.id DESC").Limit(50).Scan(ctx)
	if err != nil {
		return 0, fmt.Errorf("find what %s was merged with: %w", key, err)
	}
	for _, p := range pairs {
		if p.Moved.From != key || len(p.Moved.Notices) == 0 {
			continue
		}
		var ids []opportunities.ID // where they are now, had that one been merged in its turn
		err := s.store.Read().NewRaw("/* tenders.Heir */ SELECT o.id FROM notices n JOIN opportunities o ON o.key = n.key WHERE n.id = ?", p.Moved.Notices[0]).Scan(ctx, &ids)
		if err != nil {
			return 0, fmt.Errorf("find where the notices of %s are: %w", key, err)
		}
		if len(ids) == 1 {
			return ids[0], nil
		}
	}
	return 0, nil
}
