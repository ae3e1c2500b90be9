package store_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// shelf keeps the entries of the journal, as something in memory would.
type shelf struct {
	mu      sync.Mutex
	held    map[int64]bool
	loads   atomic.Int64
	slow    chan struct{} // when not nil, Follow waits for it
	failing atomic.Bool
	panics  atomic.Bool
}

func (s *shelf) Load(ctx context.Context, db bun.IDB) error {
	s.loads.Add(1)
	if s.failing.Load() {
		return errBoom
	}
	var ids []int64
	if err := db.NewRaw("SELECT entity_id FROM changes ORDER BY seq").Scan(ctx, &ids); err != nil {
		return err
	}
	s.put(func(held map[int64]bool) {
		for _, id := range ids {
			held[id] = true
		}
	})
	return nil
}

func (s *shelf) Follow(_ context.Context, changes []store.Change) error {
	if s.panics.Load() {
		panic("on the shelf")
	}
	if s.slow != nil {
		<-s.slow
	}
	s.put(func(held map[int64]bool) {
		for _, c := range changes {
			held[c.ID] = true
		}
	})
	return nil
}

func (s *shelf) put(f func(held map[int64]bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[int64]bool{}
	}
	f(s.held)
}

func (s *shelf) has(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[id]
}

// Who wrote reads what it wrote, whoever else asks meanwhile; what loads while
// others write misses nothing.
func TestAFollowerKnowsWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		const writers, each = 6, 20
		ctx := context.Background()
		shelves := make([]*shelf, 2)
		followers := make([]*store.Follower, 2)
		for i := range shelves {
			shelves[i] = &shelf{}
			followers[i] = store.NewFollower(st, shelves[i])
		}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					id := int64(w*each + i + 1)
					if err := change(ctx, st, id); err != nil {
						t.Error(err)
						return
					}
					f := followers[id%2]
					if id%7 == 0 {
						f.Forget()
					}
					if err := f.InStep(ctx); err != nil {
						t.Error(err)
					}
					if !shelves[id%2].has(id) {
						t.Errorf("entry %d is not known to who wrote it", id)
					}
				}
			})
		}
		wg.Wait()
		for i, f := range followers {
			if err := f.InStep(ctx); err != nil {
				t.Fatal(err)
			}
			if n := len(shelves[i].held); n != writers*each {
				t.Errorf("follower %d knows %d entries of %d", i, n, writers*each)
			}
		}
		if !maps.Equal(shelves[0].held, shelves[1].held) {
			t.Error("two followers know different things")
		}
	})
}

// While a long change is followed, a reader goes on with what is held; who must
// know waits, as long as its own context allows.
func TestAReaderDoesNotWaitForALongChange(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx := context.Background()
	s := &shelf{slow: make(chan struct{})}
	f := store.NewFollower(st, s)
	if err := f.Near(ctx, time.Millisecond); err != nil { // nothing is held: it loads
		t.Fatal(err)
	}
	if err := change(ctx, st, 1); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := f.Near(ctx, time.Millisecond); err != nil || s.has(1) {
			t.Fatalf("a reader: %v, and the change is known: %v", err, s.has(1))
		}
	}
	short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
	defer cancel()
	if err := f.InStep(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("who must know and can't wait: %v", err)
	}
	if err := f.Near(short, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a reader that is gone: %v", err)
	}
	close(s.slow)
	if err := f.InStep(ctx); err != nil || !s.has(1) {
		t.Fatalf("in the end: %v, known %v", err, s.has(1))
	}
}

// What fails is tried again by the next look, and a panic ends neither the
// process nor the follower.
func TestAFollowerRecovers(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx := context.Background()
	s := &shelf{}
	s.failing.Store(true)
	f := store.NewFollower(st, s)
	for range 2 {
		if err := f.InStep(ctx); !errors.Is(err, errBoom) {
			t.Fatalf("a load that fails: %v", err)
		}
	}
	s.failing.Store(false)
	if err := f.InStep(ctx); err != nil || s.loads.Load() != 3 {
		t.Fatalf("a load that works: %v, %d loads", err, s.loads.Load())
	}
	if err := change(ctx, st, 1); err != nil {
		t.Fatal(err)
	}
	s.panics.Store(true)
	if err := f.InStep(ctx); err == nil {
		t.Fatal("a panic is an error")
	}
	s.panics.Store(false)
	if err := f.InStep(ctx); err != nil || !s.has(1) || s.loads.Load() != 3 {
		t.Fatalf("after a panic: %v, known %v, %d loads", err, s.has(1), s.loads.Load())
	}
}

// A follower that slept while the journal was pruned loads again.
func TestAFollowerThatSleptLoadsAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := context.Background()
		clock := testkit.NewClock("2026-11-23T08:00:00Z")
		s := &shelf{}
		f := store.NewFollower(st, s)
		if err := f.InStep(ctx); err != nil {
			t.Fatal(err)
		}
		if err := change(ctx, st, 1); err != nil {
			t.Fatal(err)
		}
		milestone(t, st, clock.Now())
		clock.Advance(2 * time.Hour)
		if n, err := st.Prune(ctx, clock.Now(), time.Hour); err != nil || n != 1 {
			t.Fatalf("%d entries went, %v", n, err)
		}
		if err := change(ctx, st, 2); err != nil {
			t.Fatal(err)
		}
		if err := f.InStep(ctx); err != nil || s.loads.Load() != 2 || !s.has(2) {
			t.Fatalf("%v, %d loads, knows %v", err, s.loads.Load(), s.has(2))
		}
		if err := f.InStep(ctx); err != nil || s.loads.Load() != 2 {
			t.Fatalf("and then follows: %v, %d loads", err, s.loads.Load())
		}
	})
}
