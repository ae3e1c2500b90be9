package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"maillage/internal/mail"
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

type letterWorker struct {
	river.WorkerDefaults[opportunities.SendLetter]
	letters Postman
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *letterWorker) Work(ctx context.Context, job *river.Job[opportunities.SendLetter]) error {
	err := w.letters.DeliverLetter(ctx, job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout bounds one conversation with a mail server.
func (w *letterWorker) Timeout(*river.Job[opportunities.SendLetter]) time.Duration {
	return 2 * time.Minute
}
