package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"
)

// Snapshot lets fn read the database as it is at one moment, whatever is written
// meanwhile, and tells the place of the journal at that very moment: what fn
// reads holds every entry before it and none after. It writes nothing.
func (s *Store) Snapshot(ctx context.Context, fn func(ctx context.Context, db bun.IDB, at Cursor) error) error {
	var opts *sql.TxOptions // SQLite: a deferred transaction is one moment from its first read
	if s.engine == PostgreSQL {
		opts = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return s.read.RunInTx(ctx, opts, func(ctx context.Context, tx bun.Tx) error {
		at, err := s.present(ctx, tx)
		if err != nil {
			return fmt.Errorf("take a snapshot: %w", err)
		}
		return fn(ctx, tx, at)
	})
}
