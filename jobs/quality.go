package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/quality"
)

// Certifier does what certifications leave to jobs.
type Certifier interface {
	Remind(ctx context.Context) error
	DeliverLetter(ctx context.Context, job quality.SendLetter) error
}

// remindRenewals tells of the certificates that are to be renewed.
type remindRenewals struct{}

// Kind names the job.
func (remindRenewals) Kind() string { return "quality.remind" }

type renewalsWorker struct {
	river.WorkerDefaults[remindRenewals]
	quality Certifier
}

// Work asks for the letters that are due; again finds none.
func (w *renewalsWorker) Work(ctx context.Context, _ *river.Job[remindRenewals]) error {
	return w.quality.Remind(accounts.With(ctx, accounts.TheSystem()))
}
