package jobs

import (
	"context"

	"github.com/riverqueue/river"
)

// closeLate closes the opportunities whose deadline has passed.
type closeLate struct{}

// Kind names the job.
func (closeLate) Kind() string { return "opportunities.close_late" }

type lateWorker struct {
	river.WorkerDefaults[closeLate]
	opportunities Closer
}

// Work closes what is late; again finds nothing.
func (w *lateWorker) Work(ctx context.Context, _ *river.Job[closeLate]) error {
	_, err := w.opportunities.CloseLate(ctx)
	return err
}
