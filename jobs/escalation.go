package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/escalation"
)

// Reminders does what reminders leave to jobs.
type Reminders interface {
	Remind(ctx context.Context) (int, error)
	DeliverLetter(ctx context.Context, job escalation.SendLetter) error
}

// remindDue tells what fell due.
type remindDue struct{}

// Kind names the job.
func (remindDue) Kind() string { return "escalation.remind" }

type remindersWorker struct {
	river.WorkerDefaults[remindDue]
	reminders Reminders
	log       *slog.Logger
}

// Work makes the letters that are due; again finds none. What fails stays due and is
// the next run's, so the job itself is not tried again: runs that fail would pile up.
func (w *remindersWorker) Work(ctx context.Context, _ *river.Job[remindDue]) error {
	if _, err := w.reminders.Remind(accounts.With(ctx, accounts.TheSystem())); err != nil {
		w.log.WarnContext(ctx, "some reminders were not made", "error", err)
	}
	return nil
}
