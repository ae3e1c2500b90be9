package placement

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
	"maillage/opportunities"
)

// receives are the roles that may read cards.
func receives() (out []accounts.Role) {
	for _, r := range accounts.Roles() {
		if r != accounts.Admin && accounts.ReachOf(accounts.Identity{UserID: 1, Role: r}, accounts.ProposalReceived) > accounts.Never {
			out = append(out, r)
		}
	}
	return out
}

// readersOf lists the accounts of an employer that may read its cards.
func readersOf(ctx context.Context, db bun.IDB, employer int64) ([]accounts.User, error) {
	var rows []accounts.User
	err := db.NewSelect().Model(&rows).Comment("placement.readersOf").Column("id").Where("u.organisation_id = ?", employer).
		Where("u.role IN (?)", bun.List(receives())).Where("u.disabled_at IS NULL").OrderExpr("u.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who reads the cards of employer %d: %w", employer, err)
	}
	return rows, nil
}

// readerBy reads an account that may still read cards.
func readerBy(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	var u accounts.User
	err := db.NewSelect().Model(&u).Comment("placement.readerBy").Column("id", "email", "name", "lang", "role", "organisation_id").
		Where("u.id = ?", id).Where("u.role IN (?)", bun.List(receives())).Where("u.disabled_at IS NULL").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.NotFound("user", int64(id))
	}
	if err != nil {
		return u, fmt.Errorf("read account %d: %w", id, err)
	}
	return u, nil
}

// letterWaits tells whether a letter that has not counted yet will tell somebody.
func letterWaits(ctx context.Context, tx store.Tx, user accounts.UserID, lot opportunities.LotID, what string) (bool, error) {
	n, err := tx.NewSelect().Model((*cardLetter)(nil)).Comment("placement.letterWaits").Where("cl.user_id = ?", user).Where("cl.lot_id = ?", lot).
		Where("cl.what = ?", what).Where("cl.begun_at IS NULL").Count(ctx)
	if err != nil {
		return false, fmt.Errorf("look for a letter that waits: %w", err)
	}
	return n > 0, nil
}

func insertLetter(ctx context.Context, tx store.Tx, l *cardLetter) error {
	if _, err := tx.NewInsert().Model(l).Comment("placement.insertLetter").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	return nil
}

func cardLetterBy(ctx context.Context, db bun.IDB, id LetterID) (*cardLetter, error) {
	l := new(cardLetter)
	err := db.NewSelect().Model(l).Comment("placement.cardLetterBy").Where("cl.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("letter", int64(id))
	}
	if err != nil {
		return nil, fmt.Errorf("read letter %d: %w", id, err)
	}
	return l, nil
}

func markLetter(ctx context.Context, tx store.Tx, l *cardLetter, column string) error {
	if _, err := tx.NewUpdate().Model(l).Comment("placement.markLetter").Column(column).WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("mark letter %d: %w", l.ID, err)
	}
	return nil
}

func markReminded(ctx context.Context, tx store.Tx, ids []ID, at time.Time) error {
	_, err := tx.NewUpdate().Model((*Proposal)(nil)).Comment("placement.markReminded").Set("reminded_at = ?", at).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark what was reminded: %w", err)
	}
	return nil
}
