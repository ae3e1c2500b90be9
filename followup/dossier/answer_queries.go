package dossier

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching"
	"maillage/opportunities"
)

// choice is what was said of a piece of an answer.
type choice struct {
	bun.BaseModel `bun:"table:answer_choices,alias:ac"`

	MatchID   matching.ID `bun:"match_id,pk"`
	Kind      Code        `bun:"kind,pk"`
	Needed    Needed      `bun:"needed"`
	DecidedBy *int64      `bun:"decided_by"`
	DecidedAt time.Time   `bun:"decided_at"`
}

func choicesOf(ctx context.Context, db bun.IDB, id matching.ID) (map[Code]Needed, error) {
	var rows []choice
	if err := db.NewSelect().Model(&rows).Comment("dossier.choicesOf").Where("ac.match_id = ?", id).OrderExpr("ac.kind").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read what is needed for match %d: %w", id, err)
	}
	out := map[Code]Needed{}
	for _, r := range rows {
		out[r.Kind] = r.Needed
	}
	return out, nil
}

func keepChoice(ctx context.Context, tx store.Tx, c choice) error {
	_, err := tx.NewInsert().Model(&c).Comment("dossier.keepChoice").On("CONFLICT (match_id, kind) DO UPDATE").
		Set("needed = EXCLUDED.needed, decided_by = EXCLUDED.decided_by, decided_at = EXCLUDED.decided_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("write whether a piece is needed: %w", err)
	}
	return nil
}

// noticeOf reads the latest notice of a call, as its reader normalised it; empty:
// it came by another way.
func noticeOf(ctx context.Context, db bun.IDB, id opportunities.ID) (string, error) {
	var document string
	err := db.NewRaw("/* dossier.noticeOf */ SELECT document FROM notices WHERE opportunity_id = ? ORDER BY published DESC, id DESC LIMIT 1", id).Scan(ctx, &document)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the notice of opportunity %d: %w", id, err)
	}
	return document, nil
}

// picksCount counts the references and paragraphs chosen for an answer.
func picksCount(ctx context.Context, db bun.IDB, id matching.ID) (map[What]int, error) {
	var rows []struct {
		What What `bun:"what"`
		N    int  `bun:"n"`
	}
	err := db.NewRaw("/* dossier.picksCount */ SELECT what, count(*) AS n FROM answer_picks WHERE match_id = ? GROUP BY what ORDER BY what", id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count what is chosen for match %d: %w", id, err)
	}
	out := map[What]int{}
	for _, r := range rows {
		out[r.What] = r.N
	}
	return out, nil
}
