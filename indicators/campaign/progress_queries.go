package campaign

import (
	"cmp"
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/territories"
)

// countsOf reads which questions of a campaign have an answer, and from where.
func countsOf(ctx context.Context, db bun.IDB, id ID) (map[QuestionnaireID]map[compute.Measure]Origin, error) {
	var rows []struct {
		ID       QuestionnaireID `bun:"questionnaire_id"`
		Question compute.Measure `bun:"question"`
		Origin   Origin          `bun:"origin"`
	}
	err := db.NewRaw(`/* campaign.countsOf */ SELECT a.questionnaire_id, a.question, a.origin FROM questionnaire_answers a
		JOIN questionnaires q ON q.id = a.questionnaire_id WHERE q.campaign_id = ? AND a.status <> '' ORDER BY a.questionnaire_id, a.question`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count the answers of campaign %d: %w", id, err)
	}
	out := map[QuestionnaireID]map[compute.Measure]Origin{}
	for _, r := range rows {
		if out[r.ID] == nil {
			out[r.ID] = map[compute.Measure]Origin{}
		}
		out[r.ID][r.Question] = r.Origin
	}
	return out, nil
}

// byName orders rows by name without accents, then by number.
func byName(a, b Row) int {
	return cmp.Or(cmp.Compare(territories.Fold(a.Name), territories.Fold(b.Name)), cmp.Compare(a.ID, b.ID))
}
