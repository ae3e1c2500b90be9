package contacts

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// mostListed bounds a list.
const mostListed = 1000

func unique[T cmp.Ordered](ids []T) []T {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// insertOnce writes a contact unless its key is there already; made tells whether it did.
func insertOnce(ctx context.Context, tx store.Tx, c *Contact) (made bool, err error) {
	res, err := tx.NewInsert().Model(c).Comment("contacts.insertOnce").On("CONFLICT (key) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write a contact: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func byKey(ctx context.Context, db bun.IDB, key string) (*Contact, error) {
	c := &Contact{}
	if err := db.NewSelect().Model(c).Comment("contacts.byKey").Where("ct.key = ?", key).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read a contact: %w", err)
	}
	return c, nil
}

// hold takes a contact for this transaction.
func hold(ctx context.Context, tx store.Tx, id ID) (*Contact, error) {
	if _, err := tx.NewRaw("/* contacts.hold */ UPDATE contacts SET way = way WHERE id = ?", id).Exec(ctx); err != nil {
		return nil, fmt.Errorf("hold contact %d: %w", id, err)
	}
	c := &Contact{}
	err := tx.NewSelect().Model(c).Comment("contacts.hold").Where("ct.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("contact", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read contact %d: %w", id, err)
	}
	return c, nil
}

func keepPromise(ctx context.Context, tx store.Tx, c *Contact) error {
	if _, err := tx.NewUpdate().Model(c).Comment("contacts.keepPromise").Column("kept_at", "kept_by").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write contact %d: %w", c.ID, err)
	}
	return nil
}

// list reads contacts with the names of who noted them; own bounds it to what an
// organisation noted, 0 does not.
func list(ctx context.Context, db bun.IDB, f Filter, own int64) ([]Line, error) {
	rows := []Line{}
	q := db.NewSelect().Model(&rows).ModelTableExpr("contacts AS ct").Comment("contacts.list").
		ColumnExpr("ct.*, COALESCE(us.name, '') AS by").Join("LEFT JOIN users AS us ON us.id = ct.noted_by").Limit(mostListed)
	if own != 0 {
		q = q.Where("ct.noted_for = ?", own)
	}
	if f.Organisation != 0 {
		q = q.Where("ct.organisation_id = ?", f.Organisation)
	}
	if f.Match != 0 {
		q = q.Where("ct.match_id = ?", f.Match)
	}
	if f.Opportunity != 0 {
		q = q.Where("ct.opportunity_id = ?", f.Opportunity)
	}
	if f.Prospect != 0 {
		q = q.Where("ct.prospect_id = ?", f.Prospect)
	}
	if len(f.Opportunities) > 0 {
		q = q.Where("ct.opportunity_id IN (?)", bun.List(f.Opportunities))
	}
	if f.Promised {
		q = q.Where("ct.promised_for <> '' AND ct.kept_at IS NULL").OrderExpr("ct.promised_for, ct.id")
	} else {
		q = q.OrderExpr("ct.at DESC, ct.id DESC")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("list contacts: %w", err)
	}
	return rows, nil
}

// heldBy tells whether an organisation holds a prospect.
func heldBy(ctx context.Context, db bun.IDB, prospect int64, o int64) (bool, error) {
	var n int
	if err := db.NewRaw("/* contacts.heldBy */ SELECT count(*) FROM prospects WHERE id = ? AND organisation_id = ?", prospect, o).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("read who holds prospect %d: %w", prospect, err)
	}
	return n > 0, nil
}
