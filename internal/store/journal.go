package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Change is one entry of the journal: this thing may match otherwise than before.
type Change struct {
	Entity string `bun:"entity"` // "organisation", "lot"…: the noun that wrote it decides
	ID     int64  `bun:"entity_id"`
}

// Cursor is a place in the journal; the zero value is its beginning.
type Cursor struct{ mark int64 }

// Changed writes journal entries that exist only if the transaction commits.
// They are written at its end, in few statements.
func (tx Tx) Changed(ctx context.Context, changes ...Change) error {
	tx.held.changes = append(tx.held.changes, changes...)
	return ctx.Err()
}

// journal writes entries, each once.
func (tx Tx) journal(ctx context.Context, changes []Change) error {
	// On PostgreSQL the mark is the transaction's number. Sequence numbers are
	// given before the commit, so a lower one may appear after a higher one was
	// read; transaction numbers compare with the oldest one still running.
	mark := "0"
	if tx.store.engine == PostgreSQL {
		mark = "pg_current_xact_id()::text::bigint"
	}
	const most = 500
	once := map[Change]bool{}
	changes = slices.DeleteFunc(changes, func(c Change) bool { known := once[c]; once[c] = true; return known })
	for part := range slices.Chunk(changes, most) {
		var rows strings.Builder
		args := make([]any, 0, 2*len(part))
		for i, c := range part {
			if i > 0 {
				rows.WriteString(", ")
			}
			rows.WriteString("(?, ?, " + mark + ")")
			args = append(args, c.Entity, c.ID)
		}
		if _, err := tx.NewRaw("/* store.journal */ INSERT INTO changes (entity, entity_id, mark) VALUES "+rows.String(), args...).Exec(ctx); err != nil {
			return fmt.Errorf("journal %d changes: %w", len(part), err)
		}
	}
	return nil
}

// Present is the place after every entry that can be read now: what is read
// from the database afterwards holds all that came before it.
func (s *Store) Present(ctx context.Context) (Cursor, error) {
	query := "SELECT coalesce(max(seq), 0) FROM changes"
	if s.engine == PostgreSQL {
		query = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
	}
	var c Cursor
	if err := s.read.NewRaw("/* store.Present */ "+query).Scan(ctx, &c.mark); err != nil {
		return c, fmt.Errorf("mark the journal: %w", err)
	}
	return c, nil
}

// ChangesSince gives the entries after a cursor, oldest first, and the cursor to
// ask from next. An entry may come twice (on PostgreSQL, while an older
// transaction runs), never not at all: what follows the journal is idempotent.
func (s *Store) ChangesSince(ctx context.Context, from Cursor) ([]Change, Cursor, error) {
	if s.engine == PostgreSQL {
		return s.changesPostgreSQL(ctx, from)
	}
	var rows []struct {
		Change
		Seq int64 `bun:"seq"`
	}
	err := s.read.NewRaw("/* store.ChangesSince */ SELECT seq, entity, entity_id FROM changes WHERE seq > ? ORDER BY seq", from.mark).
		Scan(ctx, &rows)
	if err != nil {
		return nil, from, fmt.Errorf("read the journal: %w", err)
	}
	out := make([]Change, len(rows))
	for i, r := range rows {
		out[i], from.mark = r.Change, r.Seq
	}
	return out, from, nil
}

// changesPostgreSQL reads every entry whose transaction is not older than the
// oldest one that was running at the last look; one statement is one snapshot,
// so the entries and the next mark agree.
func (s *Store) changesPostgreSQL(ctx context.Context, from Cursor) ([]Change, Cursor, error) {
	var rows []struct {
		Entity string `bun:"entity"`
		ID     int64  `bun:"entity_id"`
		Oldest string `bun:"oldest"`
	}
	err := s.read.NewRaw(`/* store.ChangesSince */
		SELECT coalesce(c.entity, '') AS entity, coalesce(c.entity_id, 0) AS entity_id,
		       pg_snapshot_xmin(pg_current_snapshot())::text AS oldest
		  FROM (SELECT 1) one LEFT JOIN changes c ON c.mark >= ? ORDER BY c.seq`, from.mark).Scan(ctx, &rows)
	if err != nil {
		return nil, from, fmt.Errorf("read the journal: %w", err)
	}
	var out []Change
	for _, r := range rows {
		if r.Entity != "" {
			out = append(out, Change{Entity: r.Entity, ID: r.ID})
		}
	}
	next, err := strconv.ParseInt(rows[0].Oldest, 10, 64)
	if err != nil {
		return nil, from, fmt.Errorf("read the journal: transaction number %q: %w", rows[0].Oldest, err)
	}
	return out, Cursor{mark: next}, nil
}
