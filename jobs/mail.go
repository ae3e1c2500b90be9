package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/internal/mail"
)

// Mailer writes and sends the letters of accounts, and forgets what has expired.
type Mailer interface {
	Deliver(ctx context.Context, job accounts.SendMail) error
	SweepExpired(ctx context.Context) error
}

type mailWorker struct {
	river.WorkerDefaults[accounts.SendMail]
	mail Mailer
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[accounts.SendMail]) error {
	err := w.mail.Deliver(ctx, job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout bounds one conversation with a mail server.
func (w *mailWorker) Timeout(*river.Job[accounts.SendMail]) time.Duration { return 2 * time.Minute }

type sweepWorker struct {
	river.WorkerDefaults[accounts.Sweep]
	mail Mailer
}

// Work deletes what has expired; again finds nothing.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[accounts.Sweep]) error {
	return w.mail.SweepExpired(ctx)
}
