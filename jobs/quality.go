package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/quality"
	"maillage/internal/mail"
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

type qualityLetterWorker struct {
	river.WorkerDefaults[quality.SendLetter]
	quality Certifier
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *qualityLetterWorker) Work(ctx context.Context, job *river.Job[quality.SendLetter]) error {
	err := w.quality.DeliverLetter(accounts.With(ctx, accounts.TheSystem()), job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout bounds one conversation with a mail server.
func (w *qualityLetterWorker) Timeout(*river.Job[quality.SendLetter]) time.Duration {
	return 2 * time.Minute
}
