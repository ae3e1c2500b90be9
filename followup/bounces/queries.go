package bounces

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

func suspended(ctx context.Context, db bun.IDB, address string) (bool, error) {
	var n int
	if err := db.NewRaw("/* bounces.suspended */ SELECT count(*) FROM mail_suspensions WHERE address = ?", address).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("look for a suspended address: %w", err)
	}
	return n > 0, nil
}

// insert keeps a suspension; false: it was there.
func insert(ctx context.Context, tx store.Tx, one *Suspension) (bool, error) {
	res, err := tx.NewInsert().Model(one).Comment("bounces.insert").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Resume ends the suspension of an address, folded, in the transaction of who may say that
// it works; false: there was none.
func Resume(ctx context.Context, tx store.Tx, address string) (bool, error) {
	return removed(tx.NewRaw("/* bounces.Resume */ DELETE FROM mail_suspensions WHERE address = ?", address).Exec(ctx))
}

func remove(ctx context.Context, tx store.Tx, id accounts.UserID) (bool, error) {
	return removed(tx.NewRaw("/* bounces.remove */ DELETE FROM mail_suspensions WHERE address = (SELECT email_folded FROM users WHERE id = ?)", id).Exec(ctx))
}

func removed(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// userOf is whose an address is; 0: no account's.
func userOf(ctx context.Context, db bun.IDB, address string) (id accounts.UserID, err error) {
	err = db.NewRaw("/* bounces.userOf */ SELECT coalesce(max(id), 0) FROM users WHERE email_folded = ?", address).Scan(ctx, &id)
	return id, err
}

func organisationOf(ctx context.Context, db bun.IDB, id accounts.UserID) (organisation int64, err error) {
	err = db.NewRaw("/* bounces.organisationOf */ SELECT organisation_id FROM users WHERE id = ?", id).Scan(ctx, &organisation)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.NotFound("account", int64(id))
	}
	return organisation, err
}

func ofUser(ctx context.Context, db bun.IDB, id accounts.UserID) (*Suspension, error) {
	var rows []Suspension
	err := db.NewSelect().Model(&rows).Comment("bounces.ofUser").Where("ms.address = (SELECT email_folded FROM users WHERE id = ?)", id).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// reached lists the open accounts whose address is suspended.
func reached(ctx context.Context, db bun.IDB) ([]Reached, error) {
	var rows []struct {
		Suspension   `bun:",extend"`
		UserID       accounts.UserID `bun:"user_id"`
		Name         string          `bun:"name"`
		Organisation int64           `bun:"organisation_id"`
	}
	err := db.NewSelect().Model(&rows).Comment("bounces.reached").ColumnExpr("ms.*, u.id AS user_id, u.name, u.organisation_id").
		Join("JOIN users AS u ON u.email_folded = ms.address AND u.disabled_at IS NULL").Order("u.name", "u.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list suspended addresses: %w", err)
	}
	out := make([]Reached, len(rows))
	for i, r := range rows {
		out[i] = Reached{Suspension: r.Suspension, UserID: r.UserID, Name: r.Name, Organisation: r.Organisation}
	}
	return out, nil
}

// noteSent keeps the number of a letter, and forgets those of long ago.
func noteSent(ctx context.Context, tx store.Tx, letter, address string, now, before time.Time) error {
	if _, err := tx.NewRaw("/* bounces.noteSent */ DELETE FROM mail_sent WHERE at < ?", before).Exec(ctx); err != nil {
		return fmt.Errorf("forget letters of long ago: %w", err)
	}
	_, err := tx.NewRaw("/* bounces.noteSent */ INSERT INTO mail_sent (letter, address, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", letter, address, now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep the number of a letter: %w", err)
	}
	return nil
}

func wasSent(ctx context.Context, db bun.IDB, letter, address string) (bool, error) {
	var n int
	if err := db.NewRaw("/* bounces.wasSent */ SELECT count(*) FROM mail_sent WHERE letter = ? AND address = ?", letter, address).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("look for a letter: %w", err)
	}
	return n > 0, nil
}
