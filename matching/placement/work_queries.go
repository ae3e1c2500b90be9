package placement

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/opportunities"
	"maillage/people"
)

// hirings reads what people were hired for that is a job; what was told of a leaving is
// package tenure's.
func hirings(ctx context.Context, db bun.IDB, where string, args ...any) ([]hiring, error) {
	var out []hiring
	err := db.NewRaw(`/* placement.hirings */ SELECT p.person_id, p.lot_id, o.title, l.starts_on, l.ends_on, p.answered_at AS hired_at,
			CASE WHEN te.state = 'left' THEN te.since END AS left_at
		FROM proposals AS p JOIN lots AS l ON l.id = p.lot_id JOIN opportunities AS o ON o.id = l.opportunity_id
		LEFT JOIN tenures AS te ON te.proposal_id = p.id
		WHERE p.state = ? AND o.kind = ? AND p.answered_at IS NOT NULL AND `+where+` ORDER BY p.person_id, p.id`,
		append([]any{Hired, opportunities.JobNeed}, args...)...).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who was hired: %w", err)
	}
	return out, nil
}

// hiredAt lists who was hired at positions.
func hiredAt(ctx context.Context, db bun.IDB, lots []opportunities.LotID) ([]people.ID, error) {
	var out []people.ID
	if len(lots) == 0 {
		return out, nil
	}
	err := db.NewRaw("/* placement.hiredAt */ SELECT DISTINCT person_id FROM proposals WHERE state = ? AND lot_id IN (?) ORDER BY person_id", Hired, bun.List(lots)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read who was hired: %w", err)
	}
	return out, nil
}
