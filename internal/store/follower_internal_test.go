package store

import (
	"context"
	"errors"
	"testing"
	"time"
)

// What is held serves an impatient reader for a minute, no longer: a process that
// nobody asked for a night follows the night first.
func TestWhatIsOldDoesNotServe(t *testing.T) {
	t.Parallel()
	f := NewFollower(nil, nil)
	f.ready.Store(true)
	f.running = &look{done: make(chan struct{})} // one that doesn't end
	for age, want := range map[time.Duration]error{time.Second: nil, 2 * serves: context.DeadlineExceeded} {
		f.asOf.Store(time.Now().Add(-age).UnixNano())
		short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if err := f.Near(short, time.Millisecond); !errors.Is(err, want) {
			t.Errorf("held since %s: %v, want %v", age, err, want)
		}
		cancel()
	}
}
