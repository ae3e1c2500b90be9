package activity

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

type editionRow struct {
	bun.BaseModel `bun:"table:activity_editions,alias:ae"`

	Until  string    `bun:"until,pk"`
	MadeAt time.Time `bun:"made_at"`
	Body   []Row     `bun:"body,type:jsonb"`
}

// editions reads what was published, the latest first.
func editions(ctx context.Context, db bun.IDB) ([]Edition, error) {
	var rows []editionRow
	err := db.NewSelect().Model(&rows).Comment("activity.editions").OrderExpr("ae.until DESC").Limit(mostQuarters).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the figures that were published: %w", err)
	}
	out := make([]Edition, 0, len(rows))
	for _, r := range rows {
		out = append(out, Edition{Until: r.Until, Months: months(r.Until, quarter), At: r.MadeAt, Rows: r.Body})
	}
	return out, nil
}

func insertEdition(ctx context.Context, tx store.Tx, e *editionRow) error {
	if _, err := tx.NewInsert().Model(e).Comment("activity.insertEdition").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
		return fmt.Errorf("keep the figures of a quarter: %w", err)
	}
	return nil
}

// groupsOf names the economic group of each enterprise that is in one.
func groupsOf(ctx context.Context, db bun.IDB) (map[int64]string, error) {
	var rows []struct {
		Organisation int64  `bun:"organisation_id"`
		Key          string `bun:"key"`
	}
	err := db.NewRaw("/* activity.groupsOf */ SELECT gm.organisation_id, MIN(g.key) AS key FROM group_members gm JOIN groups g ON g.id = gm.group_id GROUP BY gm.organisation_id ORDER BY gm.organisation_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the economic groups: %w", err)
	}
	out := map[int64]string{}
	for _, r := range rows {
		out[r.Organisation] = r.Key
	}
	return out, nil
}
