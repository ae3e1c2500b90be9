package conventions

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// row is a place that an employer offers, with a convention that it signed, itself
// or by its frame.
type row struct {
	Lot         opportunities.LotID     `bun:"lot_id"`
	Opportunity opportunities.ID        `bun:"opportunity_id"`
	Employer    int64                   `bun:"employer_id"`
	Seat        territories.CommuneCode `bun:"seat"`
	Partnership int64                   `bun:"partnership_id"`
	Name        string                  `bun:"name"`
	Territory   string                  `bun:"territory"`
	Local       bool                    `bun:"local"`
	Deadline    *time.Time              `bun:"deadline"`
}

// signed lists the places that employers offer, with the conventions in force that
// they signed.
func signed(ctx context.Context, db bun.IDB, now time.Time, today string) ([]row, error) {
	var rows []row
	err := db.NewRaw(`/* conventions.signed */ SELECT DISTINCT l.id AS lot_id, op.id AS opportunity_id, o.id AS employer_id, ps.id AS partnership_id, ps.name, ps.territory,
			ps.parent_id IS NOT NULL AS local, COALESCE(l.deadline, op.deadline) AS deadline,
			COALESCE((SELECT s.commune FROM sites s WHERE s.organisation_id = o.id AND s.commune <> '' ORDER BY CASE WHEN s.main THEN 0 ELSE 1 END, s.id LIMIT 1), '') AS seat
		FROM opportunities op JOIN lots l ON l.opportunity_id = op.id
		JOIN organisations o ON o.id IN (op.buyer_id, op.publisher_id) AND o.role = ?
		JOIN partnership_signatories x ON x.organisation_id = o.id
		JOIN partnerships ps ON ps.id = x.partnership_id OR ps.parent_id = x.partnership_id
		WHERE op.kind IN (?) AND op.state = ? AND NOT l.withdrawn AND (COALESCE(l.deadline, op.deadline) IS NULL OR COALESCE(l.deadline, op.deadline) > ?)
		AND (ps.valid_from = '' OR ps.valid_from <= ?) AND (ps.valid_until = '' OR ps.valid_until >= ?) ORDER BY l.id, ps.id`,
		network.Employer, bun.List([]opportunities.Kind{opportunities.JobNeed, opportunities.Mission, opportunities.Immersion}), opportunities.Published, now, today, today).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the places that conventions route: %w", err)
	}
	return rows, nil
}

// sitesOf lists the communes where an organisation is.
func sitesOf(ctx context.Context, db bun.IDB, id int64) ([]territories.CommuneCode, error) {
	var out []territories.CommuneCode
	err := db.NewRaw("/* conventions.sitesOf */ SELECT commune FROM sites WHERE organisation_id = ? AND commune <> '' ORDER BY id", id).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read where organisation %d is: %w", id, err)
	}
	return out, nil
}
