package campaign

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
	"maillage/territories"
)

// member is an enterprise of the frame.
type member struct {
	ID      int64                   `bun:"id"`
	Kind    compute.Kind            `bun:"kind"`
	SIRET   string                  `bun:"siret"`
	Commune territories.CommuneCode `bun:"commune"`
}

// membersOf reads some members of a year that have no questionnaire yet, by id,
// after one: those who are members and, where their memberships are dated, were
// so on a day of the year at least. The place is the main site's.
func membersOf(ctx context.Context, db bun.IDB, c *Campaign, after int64, most int) ([]member, error) {
	var out []member
	err := db.NewRaw(`/* campaign.membersOf */ SELECT o.id, o.kind, o.siret,
			coalesce((SELECT s.commune FROM sites s WHERE s.organisation_id = o.id ORDER BY s.main DESC, s.id LIMIT 1), '') AS commune
		FROM organisations o
		WHERE o.role = 'member' AND o.active AND o.id > ?
		  AND NOT EXISTS (SELECT 1 FROM questionnaires q WHERE q.campaign_id = ? AND q.organisation_id = o.id)
		  AND (NOT EXISTS (SELECT 1 FROM memberships m WHERE m.organisation_id = o.id)
		    OR EXISTS (SELECT 1 FROM memberships m WHERE m.organisation_id = o.id
		       AND (m.since = '' OR m.since <= ?) AND (m.until = '' OR m.until >= ?)))
		ORDER BY o.id LIMIT ?`, after, c.ID, fmt.Sprintf("%04d-12-31", c.Year), fmt.Sprintf("%04d-01-01", c.Year), most).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the members of %d: %w", c.Year, err)
	}
	return out, nil
}

// cooperating tells which organisations are in a group (GES) or a pole (PTCE).
func cooperating(ctx context.Context, db bun.IDB, ids []int64) (map[int64]bool, error) {
	var rows []int64
	err := db.NewRaw(`/* campaign.cooperating */ SELECT organisation_id FROM group_members WHERE organisation_id IN (?)
		UNION SELECT organisation_id FROM pole_members WHERE organisation_id IN (?) ORDER BY 1`, bun.List(ids), bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read who cooperates: %w", err)
	}
	out := map[int64]bool{}
	for _, id := range rows {
		out[id] = true
	}
	return out, nil
}

// groupOf is the key of the economic group (GES) of an organisation; empty: it is its own.
func groupOf(ctx context.Context, db bun.IDB, organisation int64) (string, error) {
	var keys []string
	err := db.NewRaw(`/* campaign.groupOf */ SELECT g.key FROM groups g JOIN group_members gm ON gm.group_id = g.id
		WHERE gm.organisation_id = ? ORDER BY g.id LIMIT 1`, organisation).Scan(ctx, &keys)
	if err != nil {
		return "", fmt.Errorf("read the group of organisation %d: %w", organisation, err)
	}
	if len(keys) == 0 {
		return "", nil
	}
	return keys[0], nil
}

func coverageOf(ctx context.Context, db bun.IDB, id ID) ([]Coverage, error) {
	out := []Coverage{}
	if err := db.NewSelect().Model(&out).Comment("campaign.coverageOf").Where("cc.campaign_id = ?", id).Order("cc.region", "cc.kind").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the coverage of campaign %d: %w", id, err)
	}
	return out, nil
}

// cover counts the coverage of a campaign again, from its questionnaires.
func cover(ctx context.Context, tx store.Tx, id ID) error {
	if _, err := tx.NewRaw("/* campaign.cover */ DELETE FROM campaign_coverage WHERE campaign_id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("count the coverage of campaign %d: %w", id, err)
	}
	_, err := tx.NewRaw(`/* campaign.cover */ INSERT INTO campaign_coverage (campaign_id, region, kind, frame, responded)
		SELECT campaign_id, region, kind, count(*), sum(CASE WHEN responded THEN 1 ELSE 0 END) FROM questionnaires
		WHERE campaign_id = ? GROUP BY campaign_id, region, kind ORDER BY region, kind`, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("count the coverage of campaign %d: %w", id, err)
	}
	return nil
}

// toFreeze lists some questionnaires of a campaign that are not frozen, by id.
func toFreeze(ctx context.Context, db bun.IDB, id ID, most int) ([]QuestionnaireID, error) {
	var out []QuestionnaireID
	err := db.NewRaw("/* campaign.toFreeze */ SELECT id FROM questionnaires WHERE campaign_id = ? AND state <> ? ORDER BY id LIMIT ?", id, Frozen, most).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what is to freeze: %w", err)
	}
	return out, nil
}
