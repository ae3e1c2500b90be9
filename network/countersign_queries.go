package network

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"

	"maillage/internal/store"
)

// awaiting lists the organisations that an officer made or whose address an officer
// wrote, and some others, by name.
func awaiting(ctx context.Context, db bun.IDB, only ID, others []ID) ([]Awaited, error) {
	var rows []*Organisation
	q := db.NewSelect().Model(&rows).Comment("network.awaiting").Column("id", "name", "brand", "email", "opened_by", "address_by", "created_at", "revision").
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q = q.Where("o.opened_by IS NOT NULL").WhereOr("o.address_by IS NOT NULL")
			if len(others) > 0 {
				q = q.WhereOr("o.id IN (?)", bun.List(others))
			}
			return q
		})
	if only != 0 {
		q = q.Where("o.id = ?", only)
	}
	if err := q.OrderExpr("o.folded, o.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("list what waits for a countersignature: %w", err)
	}
	var by []accounts.UserID
	for _, o := range rows {
		by = append(by, accountOf(o.OpenedBy), accountOf(o.AddressBy))
	}
	names, err := accounts.NamesOf(ctx, db, by...)
	out := []Awaited{}
	for _, o := range rows {
		out = append(out, Awaited{Opener: names[accountOf(o.OpenedBy)], Writer: names[accountOf(o.AddressBy)], ID: o.ID, Name: o.Called(), Email: o.Email, Opened: o.OpenedBy != nil, Address: o.AddressBy != nil, OpenedAt: o.CreatedAt, Revision: o.Revision})
	}
	return out, err
}

func accountOf(user *int64) accounts.UserID {
	if user == nil {
		return 0
	}
	return accounts.UserID(*user)
}

func keepSigned(ctx context.Context, tx store.Tx, o *Organisation) error {
	_, err := tx.NewUpdate().Model(o).Comment("network.keepSigned").Column("opened_by", "address_by", "countersigned_at", "countersigned_by", "revision").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("countersign organisation %d: %w", o.ID, err)
	}
	return nil
}
