package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/tenders"
)

// Forecaster brings the expected calls of buyers up to date.
type Forecaster interface {
	Forecast(ctx context.Context, of tenders.BuyersChanged) error
	RefreshForecasts(ctx context.Context) (int, error)
}

type buyersWorker struct {
	river.WorkerDefaults[tenders.BuyersChanged]
	forecasts Forecaster
}

// Work brings up to date the expected calls of the buyers whose notices were read.
func (w *buyersWorker) Work(ctx context.Context, job *river.Job[tenders.BuyersChanged]) error {
	return w.forecasts.Forecast(ctx, job.Args)
}

// refreshForecasts brings up to date those of every buyer: windows pass.
type refreshForecasts struct{}

// Kind names the job.
func (refreshForecasts) Kind() string { return "forecasts.refresh" }

type forecastsWorker struct {
	river.WorkerDefaults[refreshForecasts]
	forecasts Forecaster
}

// Work looks at every buyer; again on the same day it changes nothing.
func (w *forecastsWorker) Work(ctx context.Context, _ *river.Job[refreshForecasts]) error {
	_, err := w.forecasts.RefreshForecasts(ctx)
	return err
}
