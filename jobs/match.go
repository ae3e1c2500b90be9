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
	people   PeopleMatcher // nil: people are not matched
}

// Work brings the matches of changed lots up to date, and what is proposed for them.
func (w *lotsWorker) Work(ctx context.Context, job *river.Job[opportunities.Changed]) error {
	if w.people != nil {
		if err := w.people.RefreshPositions(ctx, job.Args.Lots); err != nil {
			return err
		}
	}
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
