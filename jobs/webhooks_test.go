package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"maillage/followup/webhooks"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// stubborn is a program that takes a message at its second attempt.
type stubborn struct{ attempts chan int }

func (s stubborn) Look(context.Context) (int, error)                        { return 0, nil }
func (s stubborn) DeliverLetter(context.Context, webhooks.SendLetter) error { return nil }
func (s stubborn) Deliver(_ context.Context, _ webhooks.Deliver, attempt int) error {
	s.attempts <- attempt
	if attempt < 2 {
		return webhooks.ErrNotTaken
	}
	return nil
}

func TestTheScheduleOfWebhooks(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	w := &hookWorker{now: func() time.Time { return at }}
	for n, want := range webhooks.Schedule() {
		if n == 0 {
			continue
		}
		job := &river.Job[webhooks.Deliver]{JobRow: row(n)}
		if got := w.NextRetry(job).Sub(at); got < want || got > want+want/10+1 {
			t.Errorf("after attempt %d: %v, want %v", n, got, want)
		}
	}
}

// A message that is not taken comes back by itself: the first wait is five seconds.
func TestAMessageComesBack(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	hooks := stubborn{attempts: make(chan int, 10)}
	long := time.Now().Add(-time.Hour) // what is due in five seconds was due long ago
	workers := river.NewWorkers()
	river.AddWorker(workers, &hookWorker{hooks: hooks, now: func() time.Time { return long }})
	pool, err := st.Work(&river.Config{Queues: queues(2), Workers: workers, FetchPollInterval: 20 * time.Millisecond, FetchCooldown: 5 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.StopAndCancel(context.WithoutCancel(t.Context())) })
	enqueue(t, st, webhooks.Deliver{ID: 1})
	for want := 1; want <= 2; want++ {
		select {
		case got := <-hooks.attempts:
			if got != want {
				t.Fatalf("attempt %d, want %d", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("attempt %d never comes", want)
		}
	}
}

func row(attempt int) *rivertype.JobRow { return &rivertype.JobRow{Attempt: attempt} }

func enqueue(t *testing.T, st *store.Store, args store.Args) {
	t.Helper()
	if err := st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.Enqueue(ctx, args) }); err != nil {
		t.Fatal(err)
	}
}
