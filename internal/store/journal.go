package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// Change is one entry of the journal: this thing may match otherwise than before.
type Change struct {
	Entity string `bun:"entity"` // "organisation", "lot"…: the noun that wrote it decides
	ID     int64  `bun:"entity_id"`
}

// Cursor is a place in the journal; the zero value is its beginning. On SQLite
// it is the number of the last entry read. On PostgreSQL it is a snapshot: the
// entries read are those of the transactions below mark that were not running.
type Cursor struct {
	mark    int64
	running []int64
}

// oldest is the lowest mark that may still be asked for.
func (c Cursor) oldest() int64 { return slices.Min(append(slices.Clone(c.running), c.mark)) }

// ErrPruned says that entries after a cursor are gone: who follows from there
// must start again from a [Store.Snapshot].
var ErrPruned = errors.New("the journal no longer goes back that far")

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
	// read; a transaction's number tells whether a snapshot saw it.
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
func (s *Store) Present(ctx context.Context) (Cursor, error) { return s.present(ctx, s.read) }

func (s *Store) present(ctx context.Context, db bun.IDB) (Cursor, error) {
	query := "SELECT CAST(coalesce(max(seq), 0) AS text) FROM sqlite_sequence WHERE name = 'changes'" // the last number given, its entry pruned or not
	if s.engine == PostgreSQL {
		query = "SELECT pg_current_snapshot()::text"
	}
	var at string
	if err := db.NewRaw("/* store.present */ "+query).Scan(ctx, &at); err != nil {
		return Cursor{}, fmt.Errorf("mark the journal: %w", err)
	}
	return parseCursor(at)
}

// parseCursor reads a number, or a snapshot as PostgreSQL writes it:
// "xmin:xmax:running,running". What is below xmin and not running has ended.
func parseCursor(text string) (c Cursor, err error) {
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		if c.running, err = numbers(parts[2]); err != nil {
			return Cursor{}, fmt.Errorf("read the snapshot %q: %w", text, err)
		}
		parts = parts[1:2]
	}
	if c.mark, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
		return Cursor{}, fmt.Errorf("read the place %q in the journal: %w", text, err)
	}
	return c, nil
}

func numbers(list string) (out []int64, err error) {
	if list == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// entry is a row of the journal beside the place reached; Seq is 0 where there
// is no row.
type entry struct {
	Change
	Seq    int64  `bun:"seq"`
	At     string `bun:"at"`
	Pruned int64  `bun:"pruned"`
}

// ChangesSince gives the entries after a cursor, oldest first, and the cursor to
// ask from next: each entry comes once. The error is [ErrPruned] when some of
// them are gone.
//
// It is one statement, hence one snapshot: the entries, the next cursor and what
// was pruned agree.
func (s *Store) ChangesSince(ctx context.Context, from Cursor) ([]Change, Cursor, error) {
	query, args := sinceSQLite(from)
	if s.engine == PostgreSQL {
		query, args = sincePostgreSQL(from)
	}
	var rows []entry
	if err := s.read.NewRaw("/* store.ChangesSince */ "+query, args...).Scan(ctx, &rows); err != nil {
		return nil, from, fmt.Errorf("read the journal: %w", err)
	}
	last := rows[len(rows)-1]
	if from.oldest() < last.Pruned {
		return nil, from, ErrPruned
	}
	next, err := parseCursor(last.At)
	if err != nil {
		return nil, from, err
	}
	var out []Change
	for _, r := range rows {
		if r.Seq > 0 {
			out = append(out, r.Change)
		}
	}
	return out, next, nil
}

const prunedUpTo = "(SELECT coalesce(max(CAST(value AS bigint)), 0) FROM settings WHERE key = '" + keyPruned + "') AS pruned"

func sinceSQLite(from Cursor) (string, []any) {
	return `SELECT coalesce(c.seq, 0) AS seq, coalesce(c.entity, '') AS entity, coalesce(c.entity_id, 0) AS entity_id,
		       CAST(coalesce(c.seq, ?) AS text) AS at, ` + prunedUpTo + `
		  FROM (SELECT 1) AS one LEFT JOIN changes AS c ON c.seq > ? ORDER BY c.seq`, []any{from.mark, from.mark}
}

// sincePostgreSQL asks for the entries of the transactions that the snapshot of
// the cursor didn't see: those begun later, and those that were running. A
// transaction that runs for hours costs one look in the index, however much was
// written meanwhile.
func sincePostgreSQL(from Cursor) (string, []any) {
	later, args := "SELECT seq, entity, entity_id FROM changes WHERE mark >= ?", []any{from.mark}
	if len(from.running) > 0 {
		later += " UNION ALL SELECT seq, entity, entity_id FROM changes WHERE mark IN (?)"
		args = append(args, bun.List(from.running))
	}
	return `SELECT coalesce(c.seq, 0) AS seq, coalesce(c.entity, '') AS entity, coalesce(c.entity_id, 0) AS entity_id,
		       pg_current_snapshot()::text AS at, ` + prunedUpTo + `
		  FROM (SELECT 1) AS one LEFT JOIN (` + later + `) AS c ON true ORDER BY c.seq`, args
}
