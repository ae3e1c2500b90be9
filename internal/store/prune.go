package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The settings of the journal.
const (
	keyPruned    = "journal.pruned"    // entries before this mark may be gone
	keyMilestone = "journal.milestone" // a mark, and when it was the oldest needed
)

// pruneChunk is how many entries go in one transaction, well under a second.
const pruneChunk = 5_000

// Prune drops the entries that are older than keep, and tells how many. It is to
// be called now and then: each call first sets a milestone, and a later one, when
// keep has passed, drops what came before it; an entry lives between once and
// twice that long. Who follows from before the entries dropped is told so by
// [Store.ChangesSince].
func (s *Store) Prune(ctx context.Context, now time.Time, keep time.Duration) (int64, error) {
	mark, err := s.passMilestone(ctx, now.UTC(), keep)
	if err != nil || mark == 0 {
		return 0, err
	}
	before := "seq <= ?"
	if s.engine == PostgreSQL {
		before = "mark < ?"
	}
	var total int64
	for {
		n, err := s.dropEntries(ctx, before, mark)
		if total += n; err != nil || n < pruneChunk {
			return total, err
		}
	}
}

// passMilestone sets the next milestone when the last one is old enough, and
// gives the mark before which entries may now go; 0 when none may.
func (s *Store) passMilestone(ctx context.Context, now time.Time, keep time.Duration) (mark int64, err error) {
	text, err := s.Setting(ctx, keyMilestone)
	if err != nil {
		return 0, err
	}
	mark, at, ok := parseMilestone(text)
	if ok && now.Sub(at) < keep {
		return 0, nil
	}
	err = s.InTx(ctx, func(ctx context.Context, tx Tx) error {
		next, err := s.present(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.Set(ctx, keyMilestone, fmt.Sprintf("%d %s", next.oldest(), now.Format(time.RFC3339))); err != nil || !ok {
			return err
		}
		return tx.Set(ctx, keyPruned, strconv.FormatInt(mark, 10))
	})
	return mark, err
}

func parseMilestone(text string) (mark int64, at time.Time, ok bool) {
	number, instant, _ := strings.Cut(text, " ")
	mark, err := strconv.ParseInt(number, 10, 64)
	at, err2 := time.Parse(time.RFC3339, instant)
	if errors.Join(err, err2) != nil {
		return 0, time.Time{}, false
	}
	return mark, at, true
}

func (s *Store) dropEntries(ctx context.Context, before string, mark int64) (n int64, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx Tx) error {
		res, err := tx.NewRaw("/* store.dropEntries */ DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE "+before+" ORDER BY seq LIMIT ?)",
			mark, pruneChunk).Exec(ctx)
		if err != nil {
			return fmt.Errorf("prune the journal: %w", err)
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// disown drops what a journal restored from another PostgreSQL server says: its
// marks are numbers of transactions of that server, which this one may not have
// reached. Nobody follows yet from before: who starts loads a snapshot.
func (s *Store) disown(ctx context.Context) error {
	if s.engine != PostgreSQL {
		return nil
	}
	const ahead = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
	_, err := s.write.ExecContext(ctx, "/* store.disown */ DELETE FROM changes WHERE mark >= "+ahead)
	if err == nil {
		_, err = s.write.ExecContext(ctx, "/* store.disown */ DELETE FROM settings WHERE key IN (?, ?) AND CAST(split_part(value, ' ', 1) AS bigint) >= "+ahead,
			keyPruned, keyMilestone)
	}
	if err != nil {
		return fmt.Errorf("look for a journal of another server: %w", err)
	}
	return nil
}
