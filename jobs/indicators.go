package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/indicators/figures"
	"maillage/indicators/microdata"
)

// Gatherer carries what the platform knows into the observatory and tells how many
// enterprises changed.
type Gatherer interface {
	Gather(ctx context.Context) (int, error)
}

// Counter counts what changed.
type Counter interface {
	Refresh(ctx context.Context) (figures.Done, error)
}

type changedWorker struct {
	river.WorkerDefaults[microdata.Changed]
	figures Counter
	log     *slog.Logger
}

// Work counts what changed; again finds nothing.
func (w *changedWorker) Work(ctx context.Context, _ *river.Job[microdata.Changed]) error {
	if w.figures == nil {
		return nil
	}
	done, err := w.figures.Refresh(ctx)
	if done.Counted > 0 {
		w.log.InfoContext(ctx, "figures are counted again", "enterprise_years", done.Counted, "sums", done.Summed)
	}
	return err
}

// gatherRecords carries the platform's own events into the observatory.
type gatherRecords struct{}

// Kind names the job.
func (gatherRecords) Kind() string { return "indicators.gather" }

type gatherWorker struct {
	river.WorkerDefaults[gatherRecords]
	microdata Gatherer
	log       *slog.Logger
}

// Work looks at every member that holds journeys; again it changes nothing.
func (w *gatherWorker) Work(ctx context.Context, _ *river.Job[gatherRecords]) error {
	n, err := w.microdata.Gather(ctx)
	if n > 0 {
		w.log.InfoContext(ctx, "events of the platform are gathered", "enterprises", n)
	}
	return err
}

// refreshFigures counts what a list of communes of another vintage moved.
type refreshFigures struct{}

// Kind names the job.
func (refreshFigures) Kind() string { return "indicators.refresh" }

type refreshWorker struct {
	river.WorkerDefaults[refreshFigures]
	figures Counter
}

// Work looks for what is to be counted; again finds nothing.
func (w *refreshWorker) Work(ctx context.Context, _ *river.Job[refreshFigures]) error {
	_, err := w.figures.Refresh(ctx)
	return err
}

// QuarterPublisher publishes what became of markets in the quarters that are over; it
// gives the last month of the last one that it made, or nothing.
type QuarterPublisher interface {
	Publish(ctx context.Context) (string, error)
}

// publishQuarters publishes those that are over.
type publishQuarters struct{}

// Kind names the job.
func (publishQuarters) Kind() string { return "activity.publish" }

type activityWorker struct {
	river.WorkerDefaults[publishQuarters]
	activity QuarterPublisher
	log      *slog.Logger
}

// Work publishes the quarters that are over; again finds none.
func (w *activityWorker) Work(ctx context.Context, _ *river.Job[publishQuarters]) error {
	last, err := w.activity.Publish(ctx)
	if last != "" {
		w.log.InfoContext(ctx, "the figures of quarters are published", "until", last)
	}
	return err
}

// indicatorJobs are those of the observatory, each night.
func indicatorJobs(cfg Config) []*river.PeriodicJob {
	var all []*river.PeriodicJob
	if cfg.Records != nil {
		all = append(all, river.NewPeriodicJob(nightly{hour: 2},
			func() (river.JobArgs, *river.InsertOpts) { return gatherRecords{}, nil },
			&river.PeriodicJobOpts{ID: "gather_records"}))
	}
	if cfg.Figures != nil {
		all = append(all, river.NewPeriodicJob(nightly{hour: 5},
			func() (river.JobArgs, *river.InsertOpts) { return refreshFigures{}, nil },
			&river.PeriodicJobOpts{ID: "refresh_figures", RunOnStart: true}))
	}
	if cfg.Activity != nil {
		all = append(all, river.NewPeriodicJob(nightly{hour: 4},
			func() (river.JobArgs, *river.InsertOpts) { return publishQuarters{}, nil },
			&river.PeriodicJobOpts{ID: "publish_quarters", RunOnStart: true}))
	}
	return all
}
