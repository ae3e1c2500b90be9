package monday

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/opportunities"
)

// last holds a call for this transaction and reads the last gesture of an
// association on it; nil where there is none.
func last(ctx context.Context, tx store.Tx, id opportunities.ID, organisation int64) (*Sort, error) {
	if _, err := tx.NewRaw("/* monday.last */ UPDATE opportunities SET state = state WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold call %d: %w", id, err)
	}
	g := &Sort{}
	err := tx.NewSelect().Model(g).Comment("monday.last").Where("ms.opportunity_id = ?", id).Where("ms.organisation_id = ?", organisation).OrderExpr("ms.id DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nobody sorted it
	}
	if err != nil {
		return nil, fmt.Errorf("read the sorting of call %d: %w", id, err)
	}
	return g, nil
}

func insert(ctx context.Context, tx store.Tx, g *Sort) error {
	if _, err := tx.NewInsert().Model(g).Comment("monday.insert").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write the sorting of call %d: %w", g.OpportunityID, err)
	}
	return nil
}

// sorts reads gestures with names, the latest first.
func sorts(ctx context.Context, db bun.IDB, organisation int64, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]Sorted, error) {
	rows := []Sorted{}
	q := db.NewSelect().Model(&rows).ModelTableExpr("monday_sorts AS ms").Comment("monday.sorts").
		ColumnExpr(`ms.*, COALESCE(ac.name, '') AS "by", COALESCE(us.name, '') AS assignee`).
		Join("LEFT JOIN users AS ac ON ac.id = ms.actor_id").Join("LEFT JOIN users AS us ON us.id = ms.assignee_id").
		Where("ms.organisation_id = ?", organisation).OrderExpr("ms.id DESC")
	if err := narrow(q).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read what was sorted: %w", err)
	}
	return rows, nil
}

// standing keeps the last gesture on each call, but where it was put back.
func standing(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Where("ms.id IN (SELECT max(m.id) FROM monday_sorts AS m WHERE m.organisation_id = ms.organisation_id GROUP BY m.opportunity_id)").Where("ms.act <> ?", PutBack)
}

// sortedAmong tells which of some calls an association has sorted.
func sortedAmong(ctx context.Context, db bun.IDB, organisation int64, ids []opportunities.ID) (map[opportunities.ID]bool, error) {
	out := map[opportunities.ID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := sorts(ctx, db, organisation, func(q *bun.SelectQuery) *bun.SelectQuery {
		return standing(q).Where("ms.opportunity_id IN (?)", bun.List(ids))
	})
	for _, r := range rows {
		out[r.OpportunityID] = true
	}
	return out, err
}

// colleagues are the officers of an association who may come in, by name.
func colleagues(ctx context.Context, db bun.IDB, organisation int64) ([]Colleague, error) {
	rows := []Colleague{}
	if organisation == 0 {
		return rows, nil
	}
	err := db.NewRaw("/* monday.colleagues */ SELECT id, name FROM users WHERE organisation_id = ? AND role = ? AND disabled_at IS NULL ORDER BY name, id", organisation, accounts.Officer).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the officers of organisation %d: %w", organisation, err)
	}
	return rows, nil
}
