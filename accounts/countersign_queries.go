package accounts

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// orgWord is who vouches for an organisation and its address: see package network.
type orgWord struct {
	Email     string `bun:"email"`
	OpenedBy  *int64 `bun:"opened_by"`
	AddressBy *int64 `bun:"address_by"`
}

// wordOf reads it; one that is not there stands on nobody's word.
func wordOf(ctx context.Context, db bun.IDB, organisation int64) (orgWord, error) {
	var rows []orgWord
	err := db.NewRaw("/* accounts.wordOf */ SELECT email, opened_by, address_by FROM organisations WHERE id = ? ORDER BY id", organisation).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return orgWord{OpenedBy: new(int64)}, done(err, "read who vouches for an organisation")
	}
	return rows[0], nil
}

// OpenedAloneIn lists the accounts and invitations that rest on the word of an officer
// alone, of an organisation or of all (0), by organisation. It asks no policy.
func OpenedAloneIn(ctx context.Context, db bun.IDB, organisation int64) ([]OpenedAlone, error) {
	out := []OpenedAlone{}
	err := db.NewRaw(`/* accounts.OpenedAloneIn */ SELECT i.id, i.email, i.role, COALESCE(u.organisation_id, i.organisation_id) AS organisation_id,
			i.invited_by, COALESCE(b.name, '') AS inviter, i.created_at, i.accepted_at IS NOT NULL AS accepted
		FROM invitations AS i LEFT JOIN users AS u ON u.id = i.user_id LEFT JOIN users AS b ON b.id = i.invited_by
		WHERE i.alone AND i.countersigned_at IS NULL AND i.withdrawn_at IS NULL AND (? = 0 OR COALESCE(u.organisation_id, i.organisation_id) = ?)
		ORDER BY COALESCE(u.organisation_id, i.organisation_id), i.id`, organisation, organisation).Scan(ctx, &out)
	return out, done(err, "list what rests on the word of an officer")
}

// NamesOf reads how accounts are called, of those that are there. It asks no policy.
func NamesOf(ctx context.Context, db bun.IDB, ids ...UserID) (map[UserID]string, error) {
	out := map[UserID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []User
	err := db.NewSelect().Model(&rows).Comment("accounts.NamesOf").Column("id", "name").Where("id IN (?)", bun.List(ids)).OrderExpr("id").Scan(ctx)
	for i := range rows {
		out[rows[i].ID] = rows[i].Name
	}
	return out, done(err, "read the names of accounts")
}

func countersign(ctx context.Context, db bun.IDB, all []OpenedAlone, by UserID, at time.Time) error {
	ids := make([]int64, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	_, err := db.NewUpdate().Model((*Invitation)(nil)).Comment("accounts.countersign").Set("countersigned_at = ?", at).Set("countersigned_by = ?", by).
		Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return done(err, "countersign accounts")
}

// Alone tells whether an account rests on the word of an officer alone.
func Alone(ctx context.Context, db bun.IDB, id UserID) (bool, error) {
	n, err := db.NewSelect().Model((*Invitation)(nil)).Comment("accounts.Alone").Where("user_id = ?", id).Where("alone").Where("countersigned_at IS NULL").Count(ctx)
	return n > 0, done(err, "look at who opened an account")
}
