package microdata

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

func campaignAsks(ctx context.Context, db bun.IDB) ([]Asks, error) {
	var rows []struct {
		Year      int    `bun:"year"`
		Questions string `bun:"questions"`
		Members   int    `bun:"members"`
		Last      int64  `bun:"last"`
	}
	err := db.NewRaw(`/* microdata.CampaignAsks */ SELECT ca.year, ca.questions, COUNT(*) AS members, MAX(qu.id) AS last FROM campaigns ca
		JOIN questionnaires qu ON qu.campaign_id = ca.id GROUP BY ca.id, ca.year, ca.questions ORDER BY ca.year`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what campaigns ask: %w", err)
	}
	out := make([]Asks, len(rows))
	for i, r := range rows {
		out[i] = Asks{r.Year, fmt.Sprintf("%d/%d %s", r.Members, r.Last, r.Questions)}
	}
	return out, nil
}

// askedUndeclared reads the members that the campaign of a year asks and that no
// year declares.
func askedUndeclared(ctx context.Context, db bun.IDB, year int) ([]askedMember, error) {
	var out []askedMember
	err := db.NewRaw(`/* microdata.askedUndeclared */ SELECT qu.organisation_id, o.siret, qu.kind, qu.commune,
			COALESCE((SELECT MIN(gr.key) FROM groups gr JOIN group_members gm ON gm.group_id = gr.id WHERE gm.organisation_id = o.id), '') AS group_key
		FROM questionnaires qu JOIN campaigns ca ON ca.id = qu.campaign_id JOIN organisations o ON o.id = qu.organisation_id
		WHERE ca.year = ? AND NOT EXISTS (SELECT 1 FROM observed_enterprises oe JOIN observed_years oy ON oy.enterprise_id = oe.id
			WHERE oe.organisation_id = qu.organisation_id AND oy.year = ca.year)
		ORDER BY qu.organisation_id`, year).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the members that are asked in %d: %w", year, err)
	}
	return out, nil
}

// undeclare takes away the years that a campaign declared of members that something
// else declares too, as long as nothing was answered for them.
func undeclare(ctx context.Context, tx store.Tx, year int) (int, error) {
	var ids []int64
	err := tx.NewRaw(`/* microdata.undeclare */ SELECT oy.enterprise_id FROM observed_years oy JOIN observed_enterprises oe ON oe.id = oy.enterprise_id
		WHERE oy.year = ? AND oy.origin = ? AND NOT EXISTS (SELECT 1 FROM observed_answers oa WHERE oa.enterprise_id = oy.enterprise_id AND oa.year = oy.year)
		  AND EXISTS (SELECT 1 FROM observed_enterprises o2 JOIN observed_years y2 ON y2.enterprise_id = o2.id
			WHERE o2.organisation_id = oe.organisation_id AND o2.id <> oe.id AND y2.year = oy.year AND y2.origin <> oy.origin)
		ORDER BY oy.enterprise_id`, year, FromCampaign).Scan(ctx, &ids)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if _, err := tx.NewRaw("/* microdata.undeclare */ DELETE FROM observed_years WHERE year = ? AND origin = ? AND enterprise_id IN (?)", year, FromCampaign, bun.List(ids)).Exec(ctx); err != nil {
		return 0, fmt.Errorf("take away years of %d declared twice: %w", year, err)
	}
	for _, id := range ids {
		if err := markOne(ctx, tx, id, year); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// askedOf is what a campaign asked of one enterprise.
type askedOf struct {
	EnterpriseID int64  `bun:"enterprise_id"`
	Questions    string `bun:"questions"`
}

func askedIn(ctx context.Context, db bun.IDB, year int, ids []int64) ([]askedOf, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []askedOf
	err := db.NewRaw(`/* microdata.askedIn */ SELECT oe.id AS enterprise_id, ca.questions FROM observed_enterprises oe
		JOIN questionnaires qu ON qu.organisation_id = oe.organisation_id JOIN campaigns ca ON ca.id = qu.campaign_id
		WHERE ca.year = ? AND oe.id IN (?) ORDER BY oe.id`, year, bun.List(ids)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what the campaign of %d asked: %w", year, err)
	}
	return out, nil
}

// questionsIn reads the questions of a campaign as they are kept.
func questionsIn(text string) ([]compute.Measure, error) {
	var out []compute.Measure
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("read the questions of a campaign: %w", err)
	}
	return out, nil
}
