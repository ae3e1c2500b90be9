package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"maillage/followup/questions"
	"maillage/internal/mail"
)

// LegalDesk sends the letters of the legal desk.
type LegalDesk interface {
	DeliverLetter(ctx context.Context, job questions.SendLetter) error
}

type deskLetterWorker struct {
	river.WorkerDefaults[questions.SendLetter]
	desk LegalDesk
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *deskLetterWorker) Work(ctx context.Context, job *river.Job[questions.SendLetter]) error {
	err := w.desk.DeliverLetter(ctx, job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout bounds one conversation with a mail server.
func (w *deskLetterWorker) Timeout(*river.Job[questions.SendLetter]) time.Duration {
	return 2 * time.Minute
}
