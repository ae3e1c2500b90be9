package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/accounts/daily"
)

// Daily makes and sends the letters of the day. What adds to them (periodic jobs of half
// an hour at most) begins at seven, before they leave.
type Daily interface {
	Gather(ctx context.Context) (int, error)
	DeliverLetter(ctx context.Context, job daily.SendLetter) error
}

// gatherLetters makes the letters of the day.
type gatherLetters struct{}

// Kind names the job.
func (gatherLetters) Kind() string { return "daily.gather" }

type dailyWorker struct {
	river.WorkerDefaults[gatherLetters]
	daily Daily
	log   *slog.Logger
}

// Work makes what is due; again finds nothing. What fails stays due and is the next
// run's, so the job itself is not tried again: runs that fail would pile up.
func (w *dailyWorker) Work(ctx context.Context, _ *river.Job[gatherLetters]) error {
	if _, err := w.daily.Gather(accounts.With(ctx, accounts.TheSystem())); err != nil {
		w.log.WarnContext(ctx, "some letters of the day were not made", "error", err)
	}
	return nil
}
