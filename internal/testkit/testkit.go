// Package testkit gives tests a migrated database of their own on either
// engine, a clock they hold, and the folder of the sample data. It is imported
// by tests only.
//
// The same body runs on SQLite and on PostgreSQL. A PostgreSQL cluster comes
// from MAILLAGE_TEST_POSTGRES (a URL whose user may create databases) or, where
// initdb is found, is made and thrown away by the test process. What is left
// out is said in one line; MAILLAGE_TEST_REQUIRE=postgres,browser,highs,node,samples turns
// a thing left out into a failure.
package testkit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/internal/store"
)

// Each runs body on a fresh migrated SQLite database and, where PostgreSQL is available, on a fresh one there.
func Each(t *testing.T, body func(t *testing.T, st *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); body(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); body(t, PostgreSQL(t)) })
}

// SQLite gives a fresh migrated database in a file that goes with the test.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make the SQLite template: %v", err)
	}
	return Copy(t, template)
}

// Copy opens a copy of the bytes of a SQLite database, which goes with the test.
func Copy(t testing.TB, database []byte) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, database, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// PostgreSQL gives a fresh migrated database, or skips.
func PostgreSQL(t testing.TB) *store.Store {
	t.Helper()
	c, why := cluster()
	if c == nil {
		Absent(t, "postgres", why)
	}
	return open(t, c.database(t, true))
}

// Handles opens one fresh migrated database n times: each handle is what another
// process would have.
func Handles(t testing.TB, engine store.Engine, n int) []*store.Store {
	t.Helper()
	at := EmptyURL(t, engine)
	all := make([]*store.Store, n)
	for i := range all {
		all[i] = open(t, at)
	}
	if err := all[0].Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return all
}

// EmptyURL gives the URL of a fresh database of that engine without any schema; for tests of migrations and commands.
func EmptyURL(t testing.TB, engine store.Engine) string {
	t.Helper()
	if engine == store.SQLite {
		return filepath.Join(t.TempDir(), "empty.db")
	}
	c, why := cluster()
	if c == nil {
		Absent(t, "postgres", why)
	}
	return c.database(t, false)
}

// Absent skips a test for want of a thing, or fails it where MAILLAGE_TEST_REQUIRE names the thing.
func Absent(t testing.TB, thing, why string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("MAILLAGE_TEST_REQUIRE"), ","), thing) {
		t.Fatalf("%s is required and absent: %s", thing, why)
	}
	t.Skipf("left out: %s is absent (%s)", thing, why)
}

// Samples gives the folder of the sample data (MAILLAGE_SAMPLES, or
// ../shared/data beside the project), or skips.
func Samples(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MAILLAGE_SAMPLES")
	if dir == "" {
		dir = filepath.Join(Root(), "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "territories", "communes.csv")); err != nil {
		Absent(t, "samples", "set MAILLAGE_SAMPLES to the folder of the sample data")
	}
	return dir
}

// Root is the folder of the project.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Clock is a clock that a test moves.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts a clock at an RFC 3339 instant.
func NewClock(at string) *Clock {
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err) // a mistake in the test's own text
	}
	return &Clock{now: now}
}

// Now is the present instant; hand c.Now to what takes a clock.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

func open(t testing.TB, url string) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// sqliteTemplate migrates one database and keeps its bytes: a test's own is a copy, which takes a millisecond.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) { return Template(nil) })

// Template migrates a SQLite database, fills it and gives its bytes, of which each test opens a Copy.
func Template(fill func(context.Context, *store.Store) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "maillage-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{URL: filepath.Join(dir, "t.db")})
	if err != nil {
		return nil, err
	}
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	if fill != nil {
		if err := fill(ctx, st); err != nil {
			return nil, errors.Join(err, st.Close())
		}
	}
	copied := filepath.Join(dir, "copy.db")
	if err := st.Backup(ctx, copied); err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(copied)
}

func randomName() string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return "maillage_" + hex.EncodeToString(b[:])
}
