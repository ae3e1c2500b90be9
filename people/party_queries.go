package people

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
)

func counsellorsByName(ctx context.Context, db bun.IDB, organisation int64) ([]Counsellor, error) {
	out := []Counsellor{}
	err := db.NewRaw("/* people.Counsellors */ SELECT id, name FROM users WHERE role = ? AND organisation_id = ? ORDER BY name, id",
		accounts.Counsellor, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the counsellors of organisation %d: %w", organisation, err)
	}
	return out, nil
}

// counsellorsByAddress are the accounts of a structure's counsellors, by address.
func counsellorsByAddress(ctx context.Context, db bun.IDB, organisation int64) (map[string]int64, error) {
	var rows []struct {
		ID    int64  `bun:"id"`
		Email string `bun:"email_folded"`
	}
	err := db.NewRaw("/* people.counsellors */ SELECT id, email_folded FROM users WHERE role = ? AND organisation_id = ? ORDER BY id",
		accounts.Counsellor, organisation).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the counsellors of organisation %d: %w", organisation, err)
	}
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Email] = r.ID
	}
	return out, nil
}

func structureThere(ctx context.Context, tx store.Tx, organisation int64) (bool, error) {
	var found []int64
	err := tx.NewRaw("/* people.parties */ SELECT id FROM organisations WHERE id = ?", organisation).Scan(ctx, &found)
	if err != nil {
		return false, fmt.Errorf("look for organisation %d: %w", organisation, err)
	}
	return len(found) > 0, nil
}

// counsellorOf tells whether an account is a counsellor of a structure.
func counsellorOf(ctx context.Context, tx store.Tx, user, organisation int64) (bool, error) {
	var found []int64
	err := tx.NewRaw("/* people.parties */ SELECT id FROM users WHERE id = ? AND role = ? AND organisation_id = ?",
		user, accounts.Counsellor, organisation).Scan(ctx, &found)
	if err != nil {
		return false, fmt.Errorf("look for counsellor %d: %w", user, err)
	}
	return len(found) > 0, nil
}
