package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/internal/fault"
	"maillage/tenders"
)

// Fetcher brings notices from their sources.
type Fetcher interface {
	EnqueueDue(ctx context.Context) (int, error)
	Run(ctx context.Context, name string, opts tenders.ImportOptions) (tenders.Report, bool, error)
}

// fetchDue asks for the sources whose time has come.
type fetchDue struct{}

// Kind names the job.
func (fetchDue) Kind() string { return "notices.fetch_due" }

type dueWorker struct {
	river.WorkerDefaults[fetchDue]
	sources Fetcher
}

// Work asks once for each source that is due; again finds none.
func (w *dueWorker) Work(ctx context.Context, _ *river.Job[fetchDue]) error {
	_, err := w.sources.EnqueueDue(ctx)
	return err
}

type fetchWorker struct {
	river.WorkerDefaults[tenders.FetchSource]
	sources Fetcher
	log     *slog.Logger
}

// Work makes one run of a source. What fails is kept with the source, which
// runs again at its next time, so the job itself is not tried again; a backlog
// is taken run after run while the job has time.
func (w *fetchWorker) Work(ctx context.Context, job *river.Job[tenders.FetchSource]) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		_, more, err = w.sources.Run(ctx, job.Args.Name, tenders.ImportOptions{})
		switch {
		case err == nil:
		case fault.Is(err, fault.KindConflict): // another run is under way and does the work
			return nil
		case fault.Is(err, fault.KindNotFound):
			return river.JobCancel(err)
		default:
			w.log.Warn("a source of notices failed", "source", job.Args.Name, "error", err)
			return nil
		}
	}
	return nil
}
