package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// journalKept is how long an entry of the change journal is kept at least: a
// process that sleeps for longer loads everything again.
const journalKept = 24 * time.Hour

// Pruner drops what is old of the change journal and tells how much.
type Pruner interface {
	Prune(ctx context.Context, now time.Time, keep time.Duration) (int64, error)
}

// pruneJournal drops the entries that every process had the time to read.
type pruneJournal struct{}

// Kind names the job.
func (pruneJournal) Kind() string { return "journal.prune" }

type pruneWorker struct {
	river.WorkerDefaults[pruneJournal]
	journal Pruner
	log     *slog.Logger
}

// Work drops what is old enough; again finds nothing.
func (w *pruneWorker) Work(ctx context.Context, _ *river.Job[pruneJournal]) error {
	n, err := w.journal.Prune(ctx, time.Now(), journalKept)
	if n > 0 {
		w.log.InfoContext(ctx, "old entries of the journal are gone", "count", n)
	}
	return err
}
