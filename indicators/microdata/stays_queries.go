package microdata

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
)

// frozenOf reads what the campaigns that were closed asked of some enterprises, by
// enterprise and year. A questionnaire that its region reopened is of them: what the
// observatory holds stays until it is sent again.
func frozenOf(ctx context.Context, db bun.IDB, ids []int64) (map[sheetOf][]compute.Measure, error) {
	out := map[sheetOf][]compute.Measure{}
	for some := range slices.Chunk(ids, statement) {
		var rows []struct {
			EnterpriseID int64  `bun:"enterprise_id"`
			Year         int    `bun:"year"`
			Questions    string `bun:"questions"`
		}
		err := db.NewRaw(`/* microdata.frozenOf */ SELECT oe.id AS enterprise_id, ca.year, ca.questions FROM observed_enterprises oe
			JOIN questionnaires qu ON qu.organisation_id = oe.organisation_id JOIN campaigns ca ON ca.id = qu.campaign_id
			WHERE oe.id IN (?) AND ca.state IN ('closing', 'closed') ORDER BY oe.id, ca.year`, bun.List(some)).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("read which answers are frozen: %w", err)
		}
		for _, r := range rows {
			questions, err := questionsIn(r.Questions)
			if err != nil {
				return nil, err
			}
			out[sheetOf{r.EnterpriseID, r.Year}] = questions
		}
	}
	return out, nil
}

// heldIn reads which sheets have records, sent by files, that would be of no
// declared year without the years that leave, among those of one of these years.
func heldIn(ctx context.Context, db bun.IDB, enterprise int64, year int, leaving []int) ([]Sheet, error) {
	first, last, file := pad(year)+"-01-01", pad(year)+"-12-31", FromFile
	var out []Sheet
	err := db.NewRaw(`/* microdata.heldIn */ SELECT sheet FROM (
		SELECT 1 AS place, 'contrats' AS sheet WHERE EXISTS (SELECT 1 FROM observed_contracts oc WHERE oc.enterprise_id = ? AND oc.origin = ? AND oc.begins_on <= ? AND (oc.ends_on = '' OR oc.ends_on >= ?)
			AND NOT EXISTS (SELECT 1 FROM observed_years oy WHERE oy.enterprise_id = oc.enterprise_id AND oy.year NOT IN (?)
				AND oy.year >= CAST(substr(oc.begins_on, 1, 4) AS integer) AND (oc.ends_on = '' OR oy.year <= CAST(substr(oc.ends_on, 1, 4) AS integer))))
		UNION ALL SELECT 2, 'heures' WHERE EXISTS (SELECT 1 FROM observed_hours WHERE enterprise_id = ? AND origin = ? AND month BETWEEN ? AND ?)
		UNION ALL SELECT 3, 'sorties' WHERE EXISTS (SELECT 1 FROM observed_exits WHERE enterprise_id = ? AND origin = ? AND exit_on BETWEEN ? AND ?)
		UNION ALL SELECT 4, 'placements' WHERE EXISTS (SELECT 1 FROM observed_placements WHERE enterprise_id = ? AND origin = ? AND begins_on BETWEEN ? AND ?)
		UNION ALL SELECT 5, 'formations' WHERE EXISTS (SELECT 1 FROM observed_trainings WHERE enterprise_id = ? AND origin = ? AND begins_on BETWEEN ? AND ?)
		UNION ALL SELECT 6, 'reponses' WHERE EXISTS (SELECT 1 FROM observed_answers WHERE enterprise_id = ? AND origin = ? AND year = ?)) held ORDER BY place`,
		enterprise, file, last, first, bun.List(leaving), enterprise, file, first[:7], last[:7], enterprise, file, first, last, enterprise, file, first, last, enterprise, file, first, last, enterprise, file, year).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what %d of enterprise %d holds: %w", year, enterprise, err)
	}
	return out, nil
}
