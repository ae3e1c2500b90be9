package store

import (
	"context"
	"fmt"
)

// scrubWait is how long Scrub waits for readers, in milliseconds: it holds the
// one writer meanwhile.
const scrubWait = 200

// Scrub takes what was deleted out of the files, after the commit of who deletes
// for good. SQLite writes zeros over deleted rows (secure_delete), but the pages
// as they were stay in the WAL until it is emptied. A reader that is at work may
// prevent it: the next call does it, and so does closing the database. On
// PostgreSQL it does nothing: autovacuum frees the rows, in its own time.
func (s *Store) Scrub(ctx context.Context) error {
	if s.engine != SQLite {
		return nil
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("scrub the database: %w", err)
	}
	defer func() { _ = conn.Close() }()
	ctx = context.WithoutCancel(ctx) // the connection must get its patience back
	for _, pragma := range []string{
		fmt.Sprintf("busy_timeout(%d)", scrubWait),
		"wal_checkpoint(TRUNCATE)", // tells in a row that it was busy; it is no error
		fmt.Sprintf("busy_timeout(%d)", busyWait),
	} {
		if _, err := conn.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return fmt.Errorf("scrub the database: %w", err)
		}
	}
	return nil
}
