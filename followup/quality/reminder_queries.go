package quality

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
)

// letterOn tells whether an account has a letter of a day.
func letterOn(ctx context.Context, tx store.Tx, user accounts.UserID, on string) (bool, error) {
	var n int
	err := tx.NewRaw("/* quality.letterOn */ SELECT count(*) FROM quality_reminders WHERE user_id = ? AND letter_on = ? AND told = ?", user, on, true).Scan(ctx, &n)
	if err != nil {
		return false, fmt.Errorf("read the ledger of account %d: %w", user, err)
	}
	return n > 0, nil
}

// note writes a line of the ledger; false where it was there.
func note(ctx context.Context, tx store.Tx, t told) (bool, error) {
	res, err := tx.NewRaw(`/* quality.note */ INSERT INTO quality_reminders (path_id, valid_until, step, user_id, told, letter_on, at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, t.PathID, t.Until, t.Step, t.UserID, t.Told, t.LetterOn, t.At).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("write the ledger of path %d: %w", t.PathID, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// toldOn lists what the letter of an account on a day tells, what lapses first at the head.
func toldOn(ctx context.Context, db bun.IDB, user int64, on string) ([]told, error) {
	var rows []struct {
		PathID ID     `bun:"path_id"`
		Until  string `bun:"valid_until"`
		Step   Step   `bun:"step"`
	}
	err := db.NewRaw(`/* quality.toldOn */ SELECT path_id, valid_until, step FROM quality_reminders
		WHERE user_id = ? AND letter_on = ? AND told = ? ORDER BY valid_until, path_id`, user, on, true).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the letter of account %d: %w", user, err)
	}
	out := make([]told, len(rows))
	for i, r := range rows {
		out[i] = told{PathID: r.PathID, Until: r.Until, Step: r.Step, UserID: user, LetterOn: on}
	}
	return out, nil
}
