package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/bulletin"
)

// Bulletin does what the letters of the week leave to jobs.
type Bulletin interface {
	Write(ctx context.Context) (int, error)
	DeliverLetter(ctx context.Context, job bulletin.SendLetter) error
	DeliverConfirm(ctx context.Context, job bulletin.SendConfirm) error
}

// writeBulletin makes the letters of the week and the alerts that are due.
type writeBulletin struct{}

// Kind names the job.
func (writeBulletin) Kind() string { return "bulletin.write" }

type bulletinWorker struct {
	river.WorkerDefaults[writeBulletin]
	bulletin Bulletin
	log      *slog.Logger
}

// Work makes what is due; again finds nothing. What fails stays due and is the next
// run's, so the job itself is not tried again: runs that fail would pile up.
func (w *bulletinWorker) Work(ctx context.Context, _ *river.Job[writeBulletin]) error {
	if _, err := w.bulletin.Write(accounts.With(ctx, accounts.TheSystem())); err != nil {
		w.log.WarnContext(ctx, "some letters of the week were not made", "error", err)
	}
	return nil
}
