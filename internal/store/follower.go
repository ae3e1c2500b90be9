package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
)

// Follows is what a process keeps in memory in step with the journal.
type Follows interface {
	// Load makes it from nothing: db is one moment of the database. What was
	// held before is replaced when it succeeds, and not touched when it fails.
	Load(ctx context.Context, db bun.IDB) error
	// Follow reads again what changed. It may be given the same entries twice,
	// when it failed.
	Follow(ctx context.Context, changes []Change) error
}

// serves is how old what is held may be and still serve a reader who would wait
// for more: a process that nobody asked for a night follows the night first.
const serves = time.Minute

// longestLook bounds a look at the journal, a load included.
const longestLook = 10 * time.Minute

// Follower keeps something in step with the journal. Looks at the journal follow
// one another, each in its own goroutine, so that who asks may wait for one or
// go on with what is held; those who ask while one runs share the next.
type Follower struct {
	store *Store
	what  Follows

	mu            sync.Mutex // guards the next two
	running, next *look

	ready  atomic.Bool  // something is held
	again  atomic.Bool  // it must be loaded again
	asOf   atomic.Int64 // when the last look that succeeded began, in nanoseconds
	cursor Cursor       // of the look that runs
}

// look is one look at the journal, which others wait for.
type look struct {
	done chan struct{}
	err  error
}

// NewFollower makes a follower; the first question loads.
func NewFollower(s *Store, what Follows) *Follower { return &Follower{store: s, what: what} }

// Forget makes the next look load from nothing. Until it has, what is held serves.
func (f *Follower) Forget() { f.again.Store(true) }

// InStep returns once a look that began after the call has ended: what is held
// then knows of every transaction that had committed before it.
func (f *Follower) InStep(ctx context.Context) error {
	l := f.join(ctx)
	select {
	case <-l.done:
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Near is InStep that doesn't wait longer than patience when what is held is of
// this minute: a reader is not made to wait for a long import to be followed.
func (f *Follower) Near(ctx context.Context, patience time.Duration) error {
	if !f.ready.Load() || time.Now().UnixNano()-f.asOf.Load() > int64(serves) {
		return f.InStep(ctx)
	}
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := f.InStep(short)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// join gives a look that has not begun.
func (f *Follower) join(ctx context.Context) *look {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next == nil {
		f.next = &look{done: make(chan struct{})}
	}
	l := f.next
	if f.running == nil {
		f.begin(ctx)
	}
	return l
}

// begin starts the next look; f.mu is held. It outlives who asked first: others
// wait for it too.
func (f *Follower) begin(ctx context.Context) {
	f.running, f.next = f.next, nil
	go f.run(context.WithoutCancel(ctx), f.running)
}

func (f *Follower) run(ctx context.Context, l *look) {
	bounded, cancel := context.WithTimeout(ctx, longestLook)
	l.err = f.look(bounded)
	cancel()
	f.mu.Lock()
	f.running = nil
	if f.next != nil {
		f.begin(ctx)
	}
	f.mu.Unlock()
	close(l.done)
}

// look loads if it must, then reads what the journal has more. A panic fails the
// look alone: nobody above this goroutine would catch it.
func (f *Follower) look(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("follow the journal: %v", p)
		}
	}()
	began := time.Now().UnixNano()
	if f.again.Swap(false) || !f.ready.Load() {
		if err := f.load(ctx); err != nil {
			return err
		}
	}
	changes, next, err := f.store.ChangesSince(ctx, f.cursor)
	if errors.Is(err, ErrPruned) { // asleep for longer than entries are kept
		if err := f.load(ctx); err != nil {
			return err
		}
		changes, next, err = f.store.ChangesSince(ctx, f.cursor)
	}
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		if err := f.what.Follow(ctx, changes); err != nil {
			return fmt.Errorf("follow %d changes: %w", len(changes), err)
		}
	}
	f.cursor = next
	f.asOf.Store(began)
	return nil
}

func (f *Follower) load(ctx context.Context) error {
	err := f.store.Snapshot(ctx, func(ctx context.Context, db bun.IDB, at Cursor) error {
		if err := f.what.Load(ctx, db); err != nil {
			return err
		}
		f.cursor = at
		return nil
	})
	if err != nil {
		f.again.Store(true)
		return fmt.Errorf("load from a snapshot: %w", err)
	}
	f.ready.Store(true)
	return nil
}
