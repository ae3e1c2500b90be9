package fairness

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// keptOf reads the audit of a month; nil: none.
func keptOf(ctx context.Context, db bun.IDB, scope, month string) (*Kept, error) {
	out := new(Kept)
	err := db.NewSelect().Model(out).Comment("fairness.keptOf").Where("fa.scope = ? AND fa.month = ?", scope, month).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the audit of %s: %w", month, err)
	}
	return out, nil
}

// keep writes an audit where there is none yet, and drops those of months gone by.
func keep(ctx context.Context, tx store.Tx, k *Kept) error {
	if _, err := tx.NewRaw("/* fairness.keep */ DELETE FROM fairness_audits WHERE month < ?", k.Month).Exec(ctx); err != nil {
		return fmt.Errorf("drop past audits: %w", err)
	}
	if _, err := tx.NewInsert().Model(k).Comment("fairness.keep").On("CONFLICT (scope, month) DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("keep the audit of %s: %w", k.Month, err)
	}
	return nil
}
