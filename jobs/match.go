package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/network"
	"maillage/opportunities"
)

type lotsWorker struct {
	river.WorkerDefaults[opportunities.Changed]
	matching Matcher
}

// Work brings the matches of changed lots up to date.
func (w *lotsWorker) Work(ctx context.Context, job *river.Job[opportunities.Changed]) error {
	return w.matching.RefreshLots(ctx, job.Args.Lots)
}

type organisationsWorker struct {
	river.WorkerDefaults[network.Changed]
	matching Matcher
}

// Work brings the matches of changed organisations up to date.
func (w *organisationsWorker) Work(ctx context.Context, job *river.Job[network.Changed]) error {
	return w.matching.RefreshOrganisations(ctx, job.Args.IDs)
}
