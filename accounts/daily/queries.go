package daily

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// part is what a noun has to tell in a letter.
type part struct {
	Kind string `bun:"kind"`
	Args string `bun:"args"`
}

func addPart(ctx context.Context, tx store.Tx, user accounts.UserID, letter *LetterID, job store.Args) error {
	args, err := json.Marshal(job)
	if err != nil {
		return fmt.Errorf("write a part of a letter: %w", err)
	}
	_, err = tx.NewRaw("/* daily.addPart */ INSERT INTO daily_parts (user_id, kind, args, letter_id) VALUES (?, ?, ?, ?)", user, job.Kind(), string(args), letter).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep a part of a letter: %w", err)
	}
	return nil
}

// insertLetter keeps a letter of a day; an empty one leaves at once.
func insertLetter(ctx context.Context, tx store.Tx, user accounts.UserID, day string) (id LetterID, err error) {
	err = tx.NewRaw("/* daily.insertLetter */ INSERT INTO daily_letters (user_id, day) VALUES (?, NULLIF(?, '')) RETURNING id", user, day).Scan(ctx, &id)
	if err != nil {
		return 0, fmt.Errorf("keep a letter of the day: %w", err)
	}
	return id, nil
}

func takeParts(ctx context.Context, tx store.Tx, user accounts.UserID, id LetterID) error {
	if _, err := tx.NewRaw("/* daily.takeParts */ UPDATE daily_parts SET letter_id = ? WHERE user_id = ? AND letter_id IS NULL", id, user).Exec(ctx); err != nil {
		return fmt.Errorf("fill letter of the day %d: %w", id, err)
	}
	return nil
}

// waiting lists who has parts waiting and no letter of a day.
func waiting(ctx context.Context, db bun.IDB, day string) (users []accounts.UserID, err error) {
	err = db.NewRaw(`/* daily.waiting */ SELECT DISTINCT p.user_id FROM daily_parts p
		WHERE p.letter_id IS NULL AND NOT EXISTS (SELECT 1 FROM daily_letters l WHERE l.user_id = p.user_id AND l.day = ?) ORDER BY p.user_id`, day).Scan(ctx, &users)
	if err != nil {
		return nil, fmt.Errorf("find who has something to be told: %w", err)
	}
	return users, nil
}

func hasLeft(ctx context.Context, db bun.IDB, user accounts.UserID, day string) (bool, error) {
	var n int
	if err := db.NewRaw("/* daily.hasLeft */ SELECT count(*) FROM daily_letters WHERE user_id = ? AND day = ?", user, day).Scan(ctx, &n); err != nil {
		return false, fmt.Errorf("read whether account %d has a letter of the day: %w", user, err)
	}
	return n > 0, nil
}

func partsOf(ctx context.Context, db bun.IDB, id LetterID) (rows []part, err error) {
	err = db.NewRaw("/* daily.partsOf */ SELECT kind, args FROM daily_parts WHERE letter_id = ? ORDER BY id", id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read the parts of letter of the day %d: %w", id, err)
	}
	return rows, nil
}

func letterBy(ctx context.Context, db bun.IDB, where string, arg any) (*Letter, error) {
	l := &Letter{}
	err := db.NewRaw("/* daily.letterBy */ SELECT id, user_id, sent_at FROM daily_letters WHERE "+where, arg).Scan(ctx, l)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("letter", "")
	}
	if err != nil {
		return nil, fmt.Errorf("read a letter of the day: %w", err)
	}
	return l, nil
}

func setLetter(ctx context.Context, tx store.Tx, id LetterID, column string, value any) error {
	if _, err := tx.NewRaw("/* daily.setLetter */ UPDATE daily_letters SET ? = ? WHERE id = ?", bun.Ident(column), value, id).Exec(ctx); err != nil {
		return fmt.Errorf("write letter of the day %d: %w", id, err)
	}
	return nil
}

// recipient reads who a letter goes to; an account that is shut is not there.
func recipient(ctx context.Context, db bun.IDB, id accounts.UserID) (accounts.User, error) {
	u := accounts.User{}
	err := db.NewSelect().Model(&u).Comment("daily.recipient").Where("u.id = ? AND u.disabled_at IS NULL", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fault.NotFound("account", "")
	}
	if err != nil {
		return u, fmt.Errorf("read account %d: %w", id, err)
	}
	return u, nil
}
