package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/internal/testkit"
)

// pruner notes what it is asked.
type pruner struct {
	keep time.Duration
	end  error
}

func (p *pruner) Prune(_ context.Context, _ time.Time, keep time.Duration) (int64, error) {
	p.keep = keep
	return 3, p.end
}

// The journal keeps a day at least, and a run that fails is tried again.
func TestTheJournalIsPruned(t *testing.T) {
	t.Parallel()
	for _, end := range []error{nil, errors.New("locked")} {
		p := &pruner{end: end}
		w := &pruneWorker{journal: p, log: slog.New(slog.DiscardHandler)}
		if err := w.Work(t.Context(), &river.Job[pruneJournal]{}); !errors.Is(err, end) || p.keep < 24*time.Hour {
			t.Errorf("%v gives %v, and keeps %s", end, err, p.keep)
		}
	}
}

// The workers prune without being asked.
func TestTheWorkersPrune(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	pool, err := Start(t.Context(), Config{Store: st, Opportunities: never{}, Letters: failing{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Stop(context.Background()) })
	for range 600 {
		if text, err := st.Setting(t.Context(), "journal.milestone"); err != nil || text != "" {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("nobody pruned the journal")
}

// never closes nothing.
type never struct{}

func (never) CloseLate(context.Context) (int, error) { return 0, nil }
