package microdata

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

// enterpriseTied is the enterprise tied to a member, that of the year first; nil where there is none.
func enterpriseTied(ctx context.Context, db bun.IDB, m Member) (*Enterprise, error) {
	e := new(Enterprise)
	err := db.NewSelect().Model(e).Comment("microdata.enterpriseTied").Where("oe.organisation_id = ?", m.Organisation).
		OrderExpr("(SELECT count(*) FROM observed_years oy WHERE oy.enterprise_id = oe.id AND oy.year = ?) DESC, oe.id", m.Year).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the enterprise of organisation %d: %w", m.Organisation, err)
	}
	return e, nil
}

func answersFor(ctx context.Context, db bun.IDB, enterprise int64, year int) (map[compute.Measure]Answer, error) {
	var rows []Answer
	err := db.NewSelect().Model(&rows).Comment("microdata.answersFor").Where("oa.enterprise_id = ? AND oa.year = ?", enterprise, year).Order("oa.question").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the answers of enterprise %d: %w", enterprise, err)
	}
	out := map[compute.Measure]Answer{}
	for _, r := range rows {
		out[r.Question] = r
	}
	return out, nil
}

// declareYear declares the year of an enterprise, unless it is there.
func declareYear(ctx context.Context, tx store.Tx, y *Year) error {
	if _, err := tx.NewInsert().Model(y).Comment("microdata.yearIn").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
		return fmt.Errorf("declare %d of enterprise %d: %w", y.Year, y.EnterpriseID, err)
	}
	return nil
}

// memberAnswer is an answer of a member of the platform.
type memberAnswer struct {
	Organisation int64           `bun:"organisation_id"`
	Question     compute.Measure `bun:"question"`
	Status       compute.Status  `bun:"status"`
	Value        int64           `bun:"value"`
	Origin       Origin          `bun:"origin"`
}

func answersOf(ctx context.Context, db bun.IDB, year int, organisations []int64) ([]memberAnswer, error) {
	var rows []memberAnswer
	err := db.NewRaw(`/* microdata.AnswersOf */ SELECT oe.organisation_id, oa.question, oa.status, oa.value, oa.origin FROM observed_answers oa
		JOIN observed_enterprises oe ON oe.id = oa.enterprise_id WHERE oe.organisation_id IN (?) AND oa.year = ? ORDER BY oe.organisation_id, oe.id, oa.question`,
		bun.List(organisations), year).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the answers of %d: %w", year, err)
	}
	return rows, nil
}
