package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/indicators/access"
)

// FileMaker makes the files that agreements open, records those that lapsed, and
// tells their researchers.
type FileMaker interface {
	Make(ctx context.Context, job access.Make) (access.Outcome, error)
	Lapse(ctx context.Context) (int, error)
	Deliver(ctx context.Context, job access.SendLetter) error
}

type makeFileWorker struct {
	river.WorkerDefaults[access.Make]
	files FileMaker
	log   *slog.Logger
}

// Work makes the files of a year; again keeps those that are there.
func (w *makeFileWorker) Work(ctx context.Context, job *river.Job[access.Make]) error {
	outcome, err := w.files.Make(ctx, job.Args)
	if err == nil {
		w.log.InfoContext(ctx, "the records of a year are asked for", "year", job.Args.Year, "outcome", string(outcome))
	}
	return err
}

// lapseAgreements records the agreements whose last day has passed.
type lapseAgreements struct{}

// Kind names the job.
func (lapseAgreements) Kind() string { return "access.lapse" }

type lapseWorker struct {
	river.WorkerDefaults[lapseAgreements]
	files FileMaker
}

// Work looks at every agreement; again finds nothing.
func (w *lapseWorker) Work(ctx context.Context, _ *river.Job[lapseAgreements]) error {
	_, err := w.files.Lapse(ctx)
	return err
}

// addAccess adds the workers of access under an agreement.
func addAccess(ws *river.Workers, cfg Config) {
	if cfg.Access == nil {
		return
	}
	river.AddWorker(ws, &makeFileWorker{files: cfg.Access, log: cfg.Log})
	river.AddWorker(ws, &lapseWorker{files: cfg.Access})
	post(ws, cfg, cfg.Access.Deliver)
}

// accessJobs are those of each night.
func accessJobs(cfg Config) []*river.PeriodicJob {
	if cfg.Access == nil {
		return nil
	}
	return []*river.PeriodicJob{river.NewPeriodicJob(nightly{hour: 1},
		func() (river.JobArgs, *river.InsertOpts) { return lapseAgreements{}, nil },
		&river.PeriodicJobOpts{ID: "lapse_agreements", RunOnStart: true})}
}
