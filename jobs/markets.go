package jobs

import (
	"context"

	"github.com/riverqueue/river"
)

// Settler counts what becomes of markets and tells of how many.
type Settler interface {
	Refresh(ctx context.Context) (int, error)
	Rebuild(ctx context.Context) (int, error)
}

// settleMarkets follows what changed.
type settleMarkets struct{}

// Kind names the job.
func (settleMarkets) Kind() string { return "markets.refresh" }

type marketsWorker struct {
	river.WorkerDefaults[settleMarkets]
	markets Settler
}

// Work settles what changed; again finds the same.
func (w *marketsWorker) Work(ctx context.Context, _ *river.Job[settleMarkets]) error {
	_, err := w.markets.Refresh(ctx)
	return err
}

// settleAllMarkets starts from nothing, each night: what is of another list of
// communes, or is gone, is put right.
type settleAllMarkets struct{}

// Kind names the job.
func (settleAllMarkets) Kind() string { return "markets.rebuild" }

type allMarketsWorker struct {
	river.WorkerDefaults[settleAllMarkets]
	markets Settler
}

// Work settles everything; again gives the same.
func (w *allMarketsWorker) Work(ctx context.Context, _ *river.Job[settleAllMarkets]) error {
	_, err := w.markets.Rebuild(ctx)
	return err
}
