package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/accounts"
)

// Mailer writes and sends the letters of accounts, and forgets what has expired.
type Mailer interface {
	Deliver(ctx context.Context, job accounts.SendMail) error
	SweepExpired(ctx context.Context) error
}

type sweepWorker struct {
	river.WorkerDefaults[accounts.Sweep]
	mail Mailer
}

// Work deletes what has expired; again finds nothing.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[accounts.Sweep]) error {
	return w.mail.SweepExpired(ctx)
}
