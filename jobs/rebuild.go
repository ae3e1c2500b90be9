package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// rebuild computes every match again: working days left pass without anything
// being written, so the scores that are kept would age.
type rebuild struct{}

// Kind names the job.
func (rebuild) Kind() string { return "matches.rebuild" }

type rebuildWorker struct {
	river.WorkerDefaults[rebuild]
	matching Matcher
}

// Work settles every lot; again changes nothing.
func (w *rebuildWorker) Work(ctx context.Context, _ *river.Job[rebuild]) error {
	return w.matching.Rebuild(ctx, nil)
}

// nightly runs once a night at an hour of UTC, whenever the process started.
type nightly struct{ hour int }

// Next is the first such hour after an instant.
func (n nightly) Next(after time.Time) time.Time {
	after = after.UTC()
	next := time.Date(after.Year(), after.Month(), after.Day(), n.hour, 0, 0, 0, time.UTC)
	if !next.After(after) {
		next = next.AddDate(0, 0, 1)
	}
	return next
}
