package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

type noteArgs struct{ N int }

func (noteArgs) Kind() string { return "note" }

var errBoom = errors.New("boom")

func TestRowsJobsAndJournalAreKeptTogether(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		write := func(end func() error) error {
			return st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
				if err := tx.Changed(ctx, store.Change{Entity: "lot", ID: 7}); err != nil {
					return err
				}
				if err := tx.Enqueue(ctx, noteArgs{1}, noteArgs{2}); err != nil {
					return err
				}
				return end()
			})
		}
		if err := write(func() error { return errBoom }); !errors.Is(err, errBoom) {
			t.Fatalf("got %v, want the body's error", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = write(func() error { panic("in the middle") })
		}()
		wantKept(t, st, 0, 0)
		if err := write(func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		wantKept(t, st, 1, 2)
	})
}

func wantKept(t *testing.T, st *store.Store, changes, jobs int) {
	t.Helper()
	ctx := context.Background()
	got, _, err := st.ChangesSince(ctx, store.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := st.Read().NewSelect().Table("river_job").Count(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != changes || int(n) != jobs {
		t.Fatalf("%d journal entries and %d jobs, want %d and %d", len(got), n, changes, jobs)
	}
}

// sumArgs merges as long as the whole is small.
type sumArgs struct{ N []int }

func (sumArgs) Kind() string { return "sum" }

func (s sumArgs) Merge(next store.Args) (store.Args, bool) {
	n := next.(sumArgs)
	return sumArgs{append(slices.Clone(s.N), n.N...)}, len(s.N)+len(n.N) <= 4
}

// TestJobsThatMergeAreFew: what a transaction asks for bit by bit is few jobs
// that hold it all, in order, whatever is asked between; none when it fails.
func TestJobsThatMergeAreFew(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		write := func(end error) error {
			return st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
				for n := range 6 {
					if err := tx.Enqueue(ctx, sumArgs{[]int{n}}, noteArgs{n}); err != nil {
						return err
					}
				}
				return end
			})
		}
		if err := write(errBoom); !errors.Is(err, errBoom) {
			t.Fatal(err)
		}
		wantKept(t, st, 0, 0)
		if err := write(nil); err != nil {
			t.Fatal(err)
		}
		wantKept(t, st, 0, 8)
		list, err := st.Jobs().JobList(ctx, river.NewJobListParams().Kinds("sum").OrderBy(river.JobListOrderByID, river.SortOrderAsc))
		if err != nil || len(list.Jobs) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		for i, want := range [][]int{{0, 1, 2, 3}, {4, 5}} {
			var got sumArgs
			if err := json.Unmarshal(list.Jobs[i].EncodedArgs, &got); err != nil || !slices.Equal(got.N, want) {
				t.Errorf("job %d: %v, %v", i, got, err)
			}
		}
	})
}

func TestACancelledCallerLeavesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, cancel := context.WithCancel(context.Background())
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Changed(ctx, store.Change{Entity: "lot", ID: 1}); err != nil {
				return err
			}
			cancel()
			return tx.Enqueue(ctx, noteArgs{1})
		})
		if err == nil {
			t.Fatal("a cancelled write succeeded")
		}
		wantKept(t, st, 0, 0)
	})
}

// A transaction that got its journal number first and commits last must still be read.
func TestTheJournalMissesNoLateCommit(t *testing.T) {
	t.Parallel()
	st := testkit.PostgreSQL(t)
	ctx := context.Background()
	wrote, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			err := tx.Changed(ctx, store.Change{Entity: "lot", ID: 1})
			var number string // taken now, though the entry is written at the end
			err = errors.Join(err, tx.NewRaw("SELECT pg_current_xact_id()::text").Scan(ctx, &number))
			close(wrote)
			<-release
			return err
		})
	}()
	<-wrote
	if err := change(ctx, st, 2); err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	cursor := follow(t, st, store.Cursor{}, seen)
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	follow(t, st, cursor, seen)
	if !seen[1] || !seen[2] {
		t.Fatalf("read %v, want 1 and 2", seen)
	}
}

func TestTheJournalUnderConcurrentWriters(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		const writers, each = 6, 25
		ctx := context.Background()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if err := change(ctx, st, int64(w*each+i+1)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		finished := make(chan struct{})
		go func() { wg.Wait(); close(finished) }()
		seen, cursor := map[int64]bool{}, store.Cursor{}
		for running := true; running; {
			select {
			case <-finished:
				running = false
			default:
			}
			cursor = follow(t, st, cursor, seen)
		}
		follow(t, st, cursor, seen)
		if len(seen) != writers*each {
			t.Fatalf("read %d changes of %d", len(seen), writers*each)
		}
	})
}

func change(ctx context.Context, st *store.Store, id int64) error {
	return st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return tx.Changed(ctx, store.Change{Entity: "lot", ID: id})
	})
}

func follow(t *testing.T, st *store.Store, from store.Cursor, seen map[int64]bool) store.Cursor {
	t.Helper()
	changes, next, err := st.ChangesSince(context.Background(), from)
	if err != nil {
		t.Error(err)
		return from
	}
	for _, c := range changes {
		seen[c.ID] = true
	}
	return next
}

func TestFourProcessesMigrateAnEmptyDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			url := testkit.EmptyURL(t, engine)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					st, err := store.Open(context.Background(), store.Config{URL: url})
					if err != nil {
						t.Error(err)
						return
					}
					defer func() { _ = st.Close() }()
					if err := st.Migrate(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		for _, want := range []string{"", "yes", "no"} {
			if want != "" {
				if err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Set(ctx, "demonstration", want) }); err != nil {
					t.Fatal(err)
				}
			}
			got, err := st.Setting(ctx, "demonstration")
			if err != nil || got != want {
				t.Fatalf("got %q, %v, want %q", got, err, want)
			}
		}
	})
}

func TestLongestTx(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		for _, d := range []time.Duration{time.Millisecond, 30 * time.Millisecond, 0} {
			if err := st.InTx(ctx, func(context.Context, store.Tx) error { time.Sleep(d); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if got := st.LongestTx(); got < 30*time.Millisecond {
			t.Errorf("the longest transaction took 30 ms, not %s", got)
		}
	})
}

func TestThePresentForgetsThePastAndMissesNothingAfter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		if err := change(ctx, st, 1); err != nil {
			t.Fatal(err)
		}
		now, err := st.Present(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(ctx, st, 2); err != nil {
			t.Fatal(err)
		}
		seen := map[int64]bool{}
		follow(t, st, now, seen)
		old := seen[1] && st.Engine() == store.SQLite // PostgreSQL may repeat what is recent
		if old || !seen[2] {
			t.Fatalf("read %v, want 2 alone", seen)
		}
	})
}

func TestAMistypedPathIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if st, err := store.Open(context.Background(), store.Config{URL: dir + "/data/maillage.db"}); err != nil {
		t.Errorf("the last folder was not made: %v", err)
	} else {
		_ = st.Close()
	}
	if _, err := store.Open(context.Background(), store.Config{URL: dir + "/no/such/maillage.db"}); err == nil {
		t.Error("a mistyped path was followed")
	}
}

// Once closed, the file is whole by itself: nothing is left in a WAL that a copy
// would forget. It is for this account alone.
func TestClosedFileIsWholeAndPrivate(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "whole.db")
	st, err := store.Open(ctx, store.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := st.JobCounts(ctx); err != nil { // opens a reader
		t.Fatal(err)
	}
	if err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Enqueue(ctx, noteArgs{1}) }); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a WAL is left: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
