package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/uptrace/bun"
)

// Tx is one transaction: a bun.IDB, and the jobs and journal entries that go with it.
type Tx struct {
	bun.IDB
	store *Store
	lite  *sql.Tx    // SQLite
	pg    borrowedTx // PostgreSQL
	held  *held
}

// held is what waits for the end of a transaction.
type held struct {
	jobs    []Args
	changes []Change
}

// Args is what a job is asked to do: a plain struct declared by a noun.
type Args interface{ Kind() string }

// Options lets an Args say when and how it wants to run; the zero value is at once, in the default queue.
type Options struct {
	Queue    string
	At       time.Time
	Attempts int
	Priority int // 1 (first) to 4
}

// Optioned is an Args with options.
type Optioned interface{ JobOptions() Options }

// Merging is an Args of which one job can do several: those that a transaction
// asks for one after the other become few. An import that makes a thousand lots
// would else ask for a thousand jobs, which cost more than their work.
type Merging interface {
	Args
	// Merge gives the job that does both, false when they are better apart.
	Merge(next Args) (Args, bool)
}

// InTx runs fn in one write transaction: rows, jobs and journal entries are
// kept together if fn returns nil, dropped together if it fails or panics.
// Keep it under a second on SQLite: there is one writer. LongestTx tells the
// longest one, and a longer one than that is a warning in the log.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	var began time.Time
	err := s.inTx(ctx, func(ctx context.Context, tx Tx) error {
		began = time.Now()
		return fn(ctx, tx)
	})
	if !began.IsZero() {
		s.took(ctx, time.Since(began))
	}
	return err
}

// longTx is how long a transaction may hold the one writer of SQLite.
const longTx = time.Second

func (s *Store) took(ctx context.Context, d time.Duration) {
	for old := s.longest.Load(); int64(d) > old && !s.longest.CompareAndSwap(old, int64(d)); old = s.longest.Load() {
	}
	if s.engine == SQLite && d > longTx {
		s.log.WarnContext(ctx, "a write transaction was long", "seconds", d.Seconds())
	}
}

// LongestTx is the time of the longest write transaction of this process, from
// its first statement to the end of its commit.
func (s *Store) LongestTx() time.Duration { return time.Duration(s.longest.Load()) }

func (s *Store) inTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if s.engine == SQLite {
		return s.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			return Tx{IDB: tx, store: s, lite: tx.Tx, held: new(held)}.run(ctx, fn)
		})
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = conn.Close() }()
	var raw *pgx.Conn
	if err := conn.Raw(func(dc any) error { raw = dc.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// database/sql must not roll back behind our back when the caller goes away:
	// the raw connection is in use. Each statement still sees the caller's ctx.
	return conn.RunInTx(context.WithoutCancel(ctx), nil, func(_ context.Context, tx bun.Tx) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return Tx{IDB: tx, store: s, pg: borrowedTx{conn: raw, saves: new(atomic.Int64)}, held: new(held)}.run(ctx, fn)
	})
}

// run is fn, then the journal entries and the jobs that it left for the end.
func (tx Tx) run(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if err := tx.journal(ctx, tx.held.changes); err != nil {
		return err
	}
	return tx.insert(ctx, tx.held.jobs)
}

// Alone waits until no other transaction of any process that asked for the same
// name runs: until this one ends, the others wait. On SQLite a write transaction
// is alone anyway.
func (tx Tx) Alone(ctx context.Context, name string) error {
	if tx.store.engine != PostgreSQL {
		return nil
	}
	if _, err := tx.NewRaw("/* store.Alone */ SELECT pg_advisory_xact_lock(hashtextextended(?, ?))", name, int64(migrationLock)).Exec(ctx); err != nil {
		return fmt.Errorf("wait to be alone with the %s: %w", name, err)
	}
	return nil
}

// Enqueue adds jobs that exist only if the transaction commits. Those that
// merge are written at its end.
func (tx Tx) Enqueue(ctx context.Context, args ...Args) error {
	var now []Args
	for _, a := range args {
		if m, ok := a.(Merging); ok {
			tx.hold(m)
			continue
		}
		now = append(now, a)
	}
	return tx.insert(ctx, now)
}

// hold keeps a job for the end of the transaction, with the last of its kind
// where the two merge.
func (tx Tx) hold(job Merging) {
	held := tx.held.jobs
	for i := len(held) - 1; i >= 0; i-- {
		if held[i].Kind() != job.Kind() {
			continue
		}
		if both, ok := held[i].(Merging).Merge(job); ok {
			held[i] = both
			return
		}
		break
	}
	tx.held.jobs = append(held, job)
}

func (tx Tx) insert(ctx context.Context, args []Args) error {
	if len(args) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(args))
	for i, a := range args {
		params[i] = river.InsertManyParams{Args: a, InsertOpts: insertOpts(a)}
	}
	c := tx.store.jobs.Load()
	var err error
	if tx.store.engine == SQLite {
		_, err = c.lite.InsertManyTx(ctx, tx.lite, params)
	} else {
		_, err = c.pg.InsertManyTx(ctx, tx.pg, params)
	}
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", args[0].Kind(), err)
	}
	return nil
}

func insertOpts(a Args) *river.InsertOpts {
	o, ok := a.(Optioned)
	if !ok {
		return nil
	}
	opts := o.JobOptions()
	return &river.InsertOpts{Queue: opts.Queue, ScheduledAt: opts.At, MaxAttempts: opts.Attempts, Priority: opts.Priority}
}

var errNotOwner = errors.New("the transaction belongs to bun")

// borrowedTx is a pgx.Tx view of a connection whose transaction bun owns. It never ends the outer transaction.
type borrowedTx struct {
	conn  *pgx.Conn
	saves *atomic.Int64
}

func (t borrowedTx) Begin(ctx context.Context) (pgx.Tx, error) {
	name := fmt.Sprintf("maillage_%d", t.saves.Add(1))
	if _, err := t.conn.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return nil, err
	}
	return &savepoint{borrowedTx: t, name: name}, nil
}
func (t borrowedTx) Commit(context.Context) error   { return errNotOwner }
func (t borrowedTx) Rollback(context.Context) error { return errNotOwner }
func (t borrowedTx) CopyFrom(ctx context.Context, table pgx.Identifier, cols []string, src pgx.CopyFromSource) (int64, error) {
	return t.conn.CopyFrom(ctx, table, cols, src)
}
func (t borrowedTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}

// LargeObjects is part of pgx.Tx; river never asks for them.
func (t borrowedTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }
func (t borrowedTx) Prepare(ctx context.Context, name, text string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, text)
}
func (t borrowedTx) Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error) {
	return t.conn.Exec(ctx, text, prepared(args)...)
}
func (t borrowedTx) Query(ctx context.Context, text string, args ...any) (pgx.Rows, error) {
	return t.conn.Query(ctx, text, prepared(args)...)
}
func (t borrowedTx) QueryRow(ctx context.Context, text string, args ...any) pgx.Row {
	return t.conn.QueryRow(ctx, text, prepared(args)...)
}
func (t borrowedTx) Conn() *pgx.Conn { return t.conn }

// prepared asks for a prepared statement: river's texts are few and its arrays need their types.
func prepared(args []any) []any {
	if len(args) == 0 {
		return args
	}
	return append([]any{pgx.QueryExecModeCacheStatement}, args...)
}

type savepoint struct {
	borrowedTx
	name string
	done bool
}

func (t *savepoint) Commit(ctx context.Context) error   { return t.end(ctx, "RELEASE SAVEPOINT ") }
func (t *savepoint) Rollback(ctx context.Context) error { return t.end(ctx, "ROLLBACK TO SAVEPOINT ") }

func (t *savepoint) end(ctx context.Context, how string) error {
	if t.done {
		return pgx.ErrTxClosed
	}
	t.done = true
	_, err := t.conn.Exec(ctx, how+t.name)
	return err
}
