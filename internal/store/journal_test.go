package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// A transaction that stays open must not make every look read again all that was
// written since it began: each entry comes once, its own too when it ends.
func TestAStuckTransactionCostsNoRereading(t *testing.T) {
	t.Parallel()
	st := testkit.PostgreSQL(t)
	ctx := context.Background()
	wrote, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			var number string
			err := tx.NewRaw("SELECT pg_current_xact_id()::text").Scan(ctx, &number)
			close(wrote)
			<-release
			return errors.Join(err, tx.Changed(ctx, store.Change{Entity: "lot", ID: 1}))
		})
	}()
	<-wrote
	seen := map[int64]int{}
	cursor := count(t, st, store.Cursor{}, seen)
	for id := int64(2); id < 50; id++ {
		if err := change(ctx, st, id); err != nil {
			t.Fatal(err)
		}
		cursor = count(t, st, cursor, seen)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	count(t, st, cursor, seen)
	for id := int64(1); id < 50; id++ {
		if seen[id] != 1 {
			t.Fatalf("entry %d came %d times", id, seen[id])
		}
	}
}

// count notes how often each entry comes.
func count(t *testing.T, st *store.Store, from store.Cursor, seen map[int64]int) store.Cursor {
	t.Helper()
	changes, next, err := st.ChangesSince(context.Background(), from)
	if err != nil {
		t.Error(err)
		return from
	}
	for _, c := range changes {
		seen[c.ID]++
	}
	return next
}

// Transactions of any length, that write early or late, within savepoints kept
// or not, some undone, while two look: each entry that was kept comes once to
// each, and no other does.
func TestEachEntryComesOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		const writers, each = 6, 20
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		kept := make([][]int64, writers)
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(seed, uint64(w)))
				for i := range each {
					id := int64(w*each + i + 1)
					if longWrite(t, st, r, id) {
						kept[w] = append(kept[w], id)
					}
				}
			})
		}
		finished := make(chan struct{})
		go func() { wg.Wait(); close(finished) }()
		var looks [2]map[int64]int
		var watching sync.WaitGroup
		for i := range looks {
			looks[i] = map[int64]int{}
			watching.Go(func() { watch(t, st, looks[i], finished) })
		}
		watching.Wait()
		for i, seen := range looks {
			for _, ids := range kept {
				for _, id := range ids {
					if seen[id] != 1 {
						t.Errorf("look %d: entry %d came %d times", i, id, seen[id])
					}
					delete(seen, id)
				}
			}
			if len(seen) > 0 {
				t.Errorf("look %d: entries that were undone came: %v", i, seen)
			}
		}
	})
}

func watch(t *testing.T, st *store.Store, seen map[int64]int, finished <-chan struct{}) {
	cursor := store.Cursor{}
	for running := true; running; {
		select {
		case <-finished:
			running = false
		default:
			time.Sleep(time.Millisecond)
		}
		cursor = count(t, st, cursor, seen)
	}
}

// longWrite journals one change in a transaction of some length, and tells
// whether it was kept.
func longWrite(t *testing.T, st *store.Store, r *rand.Rand, id int64) (kept bool) {
	t.Helper()
	pause := func() { time.Sleep(time.Duration(r.IntN(3)) * time.Millisecond) }
	err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		if err := tx.Set(ctx, fmt.Sprint("t", id), "x"); err != nil { // takes a transaction number now
			return err
		}
		pause()
		if r.IntN(2) == 0 {
			if err := within(ctx, tx, r); err != nil {
				return err
			}
		}
		if err := tx.Changed(ctx, store.Change{Entity: "lot", ID: id}); err != nil {
			return err
		}
		pause()
		if r.IntN(5) == 0 {
			return errBoom
		}
		return nil
	})
	if err != nil && !errors.Is(err, errBoom) {
		t.Error(err)
	}
	return err == nil
}

// within writes in a savepoint, kept or undone: a transaction within has a
// number of its own.
func within(ctx context.Context, tx store.Tx, r *rand.Rand) error {
	end := "RELEASE SAVEPOINT inner_one"
	if r.IntN(2) == 0 {
		end = "ROLLBACK TO SAVEPOINT inner_one"
	}
	_, err := tx.NewRaw("SAVEPOINT inner_one").Exec(ctx)
	err = errors.Join(err, tx.Set(ctx, "inner", "y"))
	_, err2 := tx.NewRaw(end).Exec(ctx)
	return errors.Join(err, err2)
}

// What a snapshot shows and what comes after its place are the whole, once.
func TestASnapshotAndWhatFollowsAreTheWhole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		const writers, each = 4, 30
		ctx := context.Background()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(7, uint64(w)))
				for i := range each {
					longWrite(t, st, r, int64(w*each+i+1))
				}
			})
		}
		type taken struct {
			shown map[int64]int
			at    store.Cursor
		}
		var all []taken
		for range 8 {
			one := taken{}
			err := st.Snapshot(ctx, func(ctx context.Context, db bun.IDB, at store.Cursor) error {
				one.at, one.shown = at, entriesIn(t, ctx, db)
				time.Sleep(3 * time.Millisecond) // writers go on
				if again := entriesIn(t, ctx, db); len(again) != len(one.shown) {
					t.Errorf("the moment moved: %d entries, then %d", len(one.shown), len(again))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
		wg.Wait()
		whole := entriesIn(t, ctx, st.Read())
		for i, s := range all {
			count(t, st, s.at, s.shown)
			if len(s.shown) != len(whole) {
				t.Errorf("snapshot %d: %d entries in all, want %d", i, len(s.shown), len(whole))
			}
			for id, n := range s.shown {
				if n != 1 {
					t.Errorf("snapshot %d: entry %d shown and told %d times", i, id, n)
				}
			}
		}
	})
}

func entriesIn(t *testing.T, ctx context.Context, db bun.IDB) map[int64]int {
	t.Helper()
	var ids []int64
	if err := db.NewRaw("SELECT entity_id FROM changes ORDER BY seq").Scan(ctx, &ids); err != nil {
		t.Fatal(err)
	}
	out := map[int64]int{}
	for _, id := range ids {
		out[id]++
	}
	return out
}

// The journal is pruned of what everybody had the time to read; who slept longer
// is told, and nobody else.
func TestPruning(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		clock := testkit.NewClock("2026-11-23T08:00:00Z")
		prune := func(want int64) {
			t.Helper()
			n, err := st.Prune(ctx, clock.Now(), time.Hour)
			if err != nil || n != want {
				t.Fatalf("%d entries went (%v), want %d", n, err, want)
			}
		}
		write := func(from, to int64) {
			t.Helper()
			for id := from; id < to; id++ {
				if err := change(ctx, st, id); err != nil {
					t.Fatal(err)
				}
			}
		}
		write(1, 4)
		asleep := count(t, st, store.Cursor{}, map[int64]int{})
		write(4, 6)
		milestone(t, st, clock.Now()) // 5 entries before it
		awake := count(t, st, asleep, map[int64]int{})
		write(6, 8)
		prune(0)
		clock.Advance(2 * time.Hour)
		prune(5)
		for name, from := range map[string]store.Cursor{"asleep": asleep, "the beginning": {}} {
			if _, _, err := st.ChangesSince(ctx, from); !errors.Is(err, store.ErrPruned) {
				t.Errorf("%s: %v, want to be told", name, err)
			}
		}
		seen := map[int64]int{}
		count(t, st, awake, seen)
		if len(seen) != 2 || seen[6] != 1 || seen[7] != 1 {
			t.Errorf("who is awake reads %v, want 6 and 7", seen)
		}
		milestone(t, st, clock.Now())
		clock.Advance(2 * time.Hour)
		prune(2)
		now, err := st.Present(ctx)
		if err != nil {
			t.Fatal(err)
		}
		write(8, 9)
		seen = map[int64]int{}
		count(t, st, now, seen)
		if len(seen) != 1 || seen[8] != 1 {
			t.Errorf("who starts after reads %v, want 8", seen)
		}
	})
}

// milestone makes one after every entry there is. Numbers of transactions are
// those of the whole server, on which other tests run.
func milestone(t *testing.T, st *store.Store, now time.Time) {
	t.Helper()
	ctx := context.Background()
	for range 1000 {
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Set(ctx, "journal.milestone", "") })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Prune(ctx, now, time.Hour); err != nil {
			t.Fatal(err)
		}
		text, err := st.Setting(ctx, "journal.milestone")
		if err != nil {
			t.Fatal(err)
		}
		var mark, last int64
		_, err = fmt.Sscan(text, &mark)
		err = errors.Join(err, st.Read().NewRaw("SELECT coalesce(max(mark), 0) FROM changes").Scan(ctx, &last))
		if err != nil {
			t.Fatal(err)
		}
		if mark > last {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("an old transaction never ended")
}

// What an open transaction will write is never before the milestone: it is read
// even when it ends after the entries around it are gone.
func TestPruningWaitsForOpenTransactions(t *testing.T) {
	t.Parallel()
	st := testkit.PostgreSQL(t)
	ctx := context.Background()
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	wrote, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			err := tx.Set(ctx, "taken", "now")
			close(wrote)
			<-release
			return errors.Join(err, tx.Changed(ctx, store.Change{Entity: "lot", ID: 1}))
		})
	}()
	<-wrote
	if err := change(ctx, st, 2); err != nil {
		t.Fatal(err)
	}
	cursor := count(t, st, store.Cursor{}, map[int64]int{})
	for range 3 {
		if _, err := st.Prune(ctx, clock.Now(), time.Hour); err != nil {
			t.Fatal(err)
		}
		clock.Advance(2 * time.Hour)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	seen := map[int64]int{}
	count(t, st, cursor, seen)
	if seen[1] != 1 {
		t.Errorf("read %v, want 1", seen)
	}
}

// A dump restored on another server brings numbers of transactions that this one
// has not reached: entries would come again at every look, and every place would
// be before what was pruned.
func TestAJournalOfAnotherServerIsDropped(t *testing.T) {
	t.Parallel()
	st := testkit.PostgreSQL(t)
	ctx := context.Background()
	if err := change(ctx, st, 1); err != nil {
		t.Fatal(err)
	}
	err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("INSERT INTO changes (entity, entity_id, mark) VALUES ('lot', 9, 1000000000000)").Exec(ctx)
		return errors.Join(err, tx.Set(ctx, "journal.pruned", "1000000000000"), tx.Set(ctx, "journal.milestone", "1000000000001 2026-11-23T08:00:00Z"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	seen := map[int64]int{}
	cursor := count(t, st, store.Cursor{}, seen)
	count(t, st, cursor, seen)
	if len(seen) != 1 || seen[1] != 1 {
		t.Errorf("read %v, want 1 once", seen)
	}
}
