package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/opportunities"
)

// Postman makes and sends the letters of saved searches.
type Postman interface {
	WriteLetters(ctx context.Context) (int, error)
	DeliverLetter(ctx context.Context, job opportunities.SendLetter) error
}

// writeLetters makes the letters whose morning has come.
type writeLetters struct{}

// Kind names the job.
func (writeLetters) Kind() string { return "searches.write_letters" }

type lettersWorker struct {
	river.WorkerDefaults[writeLetters]
	letters Postman
	log     *slog.Logger
}

// Work makes what is due; again finds nothing. What fails stays due and is the
// next run's, a few minutes later, so the job itself is not tried again: runs
// that fail would else pile up.
func (w *lettersWorker) Work(ctx context.Context, _ *river.Job[writeLetters]) error {
	if _, err := w.letters.WriteLetters(ctx); err != nil {
		w.log.WarnContext(ctx, "some letters of news were not made", "error", err)
	}
	return nil
}
