package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/agenda"
)

// Diary does what the agenda leaves to jobs.
type Diary interface {
	Remind(ctx context.Context) error
	DeliverLetter(ctx context.Context, job agenda.SendLetter) error
}

// remindEvents tells, on the day before, those who booked.
type remindEvents struct{}

// Kind names the job.
func (remindEvents) Kind() string { return "agenda.remind" }

type eventsWorker struct {
	river.WorkerDefaults[remindEvents]
	agenda Diary
}

// Work asks for the letters that are due; again finds none.
func (w *eventsWorker) Work(ctx context.Context, _ *river.Job[remindEvents]) error {
	return w.agenda.Remind(accounts.With(ctx, accounts.TheSystem()))
}
