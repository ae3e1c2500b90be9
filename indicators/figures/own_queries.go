package figures

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// ownYears reads the counted years of the enterprises of an organisation, the latest first.
func ownYears(ctx context.Context, db bun.IDB, organisation int64) ([]*Own, error) {
	out := []*Own{}
	err := db.NewRaw(`/* figures.ownYears */ SELECT fp.enterprise_id, oe.key AS enterprise_key, COALESCE(o.name, '') AS name, fp.year, fp.kind, fp.region,
		oy.contracts, oy.hours, oy.exits, oy.placements, oy.trainings, oy.origin, oy.updated_at AS declared_at, fy.computed_at, fp.lines
		FROM observed_enterprises oe JOIN figure_parts fp ON fp.enterprise_id = oe.id
		JOIN observed_years oy ON oy.enterprise_id = fp.enterprise_id AND oy.year = fp.year
		JOIN figure_years fy ON fy.year = fp.year LEFT JOIN organisations o ON o.id = oe.organisation_id
		WHERE oe.organisation_id = ? ORDER BY fp.year DESC, oe.key`, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the counts of organisation %d: %w", organisation, err)
	}
	return out, nil
}
