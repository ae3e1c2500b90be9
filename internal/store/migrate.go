package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"

	"maillage/migrations"
)

// migrationLock is the advisory lock that lets one process of several migrate
// a fresh PostgreSQL database. The number is "maillage" in ASCII.
const migrationLock = 0x6d61696c6c616765

// Migrate brings the schema to the newest version: ours, then river's. Any
// number of processes may call it at once on an empty database.
func (s *Store) Migrate(ctx context.Context) error {
	if s.engine == PostgreSQL {
		return s.lockedPostgreSQL(ctx, s.migrate)
	}
	return s.lockedFile(ctx, s.migrate)
}

func (s *Store) lockedPostgreSQL(ctx context.Context, fn func(context.Context) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return fmt.Errorf("migrate: wait for the lock: %w", err)
	}
	err = fn(ctx)
	_, unlock := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
	return errors.Join(err, unlock)
}

func (s *Store) lockedFile(ctx context.Context, fn func(context.Context) error) error {
	f, err := os.OpenFile(s.file+".migrating", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { _ = f.Close() }() // closing releases the lock
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return fn(ctx)
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("migrate: lock: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("migrate: wait for the lock: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Store) migrate(ctx context.Context) error {
	if err := migrateOurs(ctx, s.write, s.engine, ""); err != nil {
		return err
	}
	var err error
	if s.engine == SQLite {
		err = migrateRiver(ctx, func(c *rivermigrate.Config) (migrator, error) {
			return rivermigrate.New(riversqlite.New(s.write.DB), c)
		}, s)
	} else {
		err = migrateRiver(ctx, func(c *rivermigrate.Config) (migrator, error) {
			return rivermigrate.New(riverpgxv5.New(s.pool), c)
		}, s)
	}
	if err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return s.disown(ctx)
}

type migrator interface {
	Migrate(ctx context.Context, d rivermigrate.Direction, opts *rivermigrate.MigrateOpts) (*rivermigrate.MigrateResult, error)
}

func migrateRiver(ctx context.Context, open func(*rivermigrate.Config) (migrator, error), s *Store) error {
	m, err := open(&rivermigrate.Config{Logger: s.log})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// migrateOurs applies our steps, all of them or those before one.
func migrateOurs(ctx context.Context, db *bun.DB, engine Engine, until string) error {
	sub, err := fs.Sub(migrations.FS, string(engine))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	found, all := migrate.NewMigrations(), migrate.NewMigrations()
	if err := found.Discover(sub); err != nil {
		return fmt.Errorf("migrate: read the migrations: %w", err)
	}
	for _, step := range found.Sorted() {
		if until == "" || step.Name < until {
			all.Add(step)
		}
	}
	m := migrate.NewMigrator(db, all, migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("migrate: prepare: %w", err)
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
