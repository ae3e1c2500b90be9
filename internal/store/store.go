// Package store opens the database and gives transactions in which rows, jobs
// and journal entries are written together or not at all. It is the only place
// where SQLite and PostgreSQL differ: callers write neutral SQL through bun.
//
// It refuses to know any noun: no table but its own journal and settings is named here.
//
// On SQLite one writer connection is shared by bun and river, so that no write
// ever meets a lock; readers have a pool of their own. Inside InTx use only the
// Tx: a call on the writer pool would wait for itself until its deadline.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite", without cgo
)

// Engine names the database behind a Store.
type Engine string

// The two engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// Config says where the database is. The zero value is an error: URL is required.
type Config struct {
	URL      string       // a file path, or postgres://…
	MaxConns int          // PostgreSQL: connections per pool (bun's and river's); default 8. SQLite: readers; default 4
	Log      *slog.Logger // for river; default discards
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine Engine
	write  *bun.DB
	read   *bun.DB
	pool   *pgxpool.Pool // PostgreSQL: river's own
	own    *pgxpool.Pool // PostgreSQL: the one under bun, which does not close it
	file   string        // SQLite: the path
	log    *slog.Logger
	jobs   atomic.Pointer[client]

	longest atomic.Int64 // nanoseconds of the longest write transaction
}

// EngineOf tells which engine a database URL asks for.
func EngineOf(url string) Engine {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return PostgreSQL
	}
	return SQLite
}

// Open opens the database, creating the SQLite file and the last folder of its path if needed.
// It does not migrate.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.URL == "" {
		return nil, errors.New("open database: no URL or path given")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	open := openSQLite
	if EngineOf(cfg.URL) == PostgreSQL {
		open = openPostgreSQL
	}
	s, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s.log = cfg.Log
	if err := s.insertOnly(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func openSQLite(ctx context.Context, cfg Config) (*Store, error) {
	path := strings.TrimPrefix(cfg.URL, "file:")
	if strings.ContainsAny(path, "?#") {
		return nil, fmt.Errorf("open database %q: give a plain file path, without parameters", cfg.URL)
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	w, err := sqliteDB(path, "&_txlock=immediate&_pragma=secure_delete(1)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(67108864)", 1)
	if err != nil {
		return nil, err
	}
	if err := w.PingContext(ctx); err != nil { // creates the file and its WAL before the readers open it
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), w.Close())
	}
	readers := cfg.MaxConns
	if readers == 0 {
		readers = 4
	}
	r, err := sqliteDB(path, "&mode=ro&_pragma=query_only(1)&_txlock=deferred", readers)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return &Store{engine: SQLite, file: path,
		write: bun.NewDB(w, sqlitedialect.New()), read: bun.NewDB(r, sqlitedialect.New())}, nil
}

// makeFolder makes the last folder of a path; those above must be there, so
// that a mistyped path is told instead of followed.
func makeFolder(dir string) error {
	if _, err := os.Stat(filepath.Dir(dir)); err != nil {
		return fmt.Errorf("the folder %s does not exist", filepath.Dir(dir))
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// private makes the file, when it is not there, readable by this account alone:
// it holds e-mail addresses. The WAL takes the mode of the file.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return f.Close()
}

// busyWait is how long a statement waits for another connection, in milliseconds.
const busyWait = 10_000

func sqliteDB(path, more string, conns int) (*sql.DB, error) {
	dsn := "file:" + path + "?_pragma=busy_timeout(" + strconv.Itoa(busyWait) + ")&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)" +
		"&_pragma=cache_size(-32000)&_pragma=temp_store(2)&_time_format=sqlite&_timezone=UTC" + more
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// openPostgreSQL makes two pools: bun's speaks without preparing every distinct
// text (three times the requests), river's keeps the default mode.
func openPostgreSQL(ctx context.Context, cfg Config) (*Store, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, errors.New("open database: the postgres URL cannot be read") // the cause may quote a password
	}
	pc.MaxConns = 8
	if cfg.MaxConns > 0 {
		pc.MaxConns = int32(cfg.MaxConns)
	}
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	river, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	bc := pc.Copy()
	bc.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	own, err := pgxpool.NewWithConfig(ctx, bc)
	if err != nil {
		river.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := own.Ping(ctx); err != nil {
		river.Close()
		own.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	db := bun.NewDB(stdlib.OpenDBFromPool(own), pgdialect.New())
	return &Store{engine: PostgreSQL, write: db, read: db, pool: river, own: own}, nil
}

// Engine tells which database this is. Nouns do not ask: it is for the doors' figures and for tests.
func (s *Store) Engine() Engine { return s.engine }

// Read is for queries outside a transaction. On SQLite it cannot write.
func (s *Store) Read() bun.IDB { return s.read }

// Ping checks that the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.read.PingContext(ctx) }

// Close closes every connection.
func (s *Store) Close() error {
	var err error
	if s.read != s.write {
		err = s.read.Close() // first: the last connection to a SQLite file empties its WAL, and a reader may not
	}
	err = errors.Join(err, s.write.Close())
	if s.pool != nil {
		s.own.Close()
		s.pool.Close()
	}
	return err
}

// Backup writes a consistent copy of a live SQLite database to path, which must not exist.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.engine != SQLite {
		return errors.New("back up: use pg_dump on PostgreSQL")
	}
	if _, err := s.write.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}
