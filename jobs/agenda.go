package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/agenda"
	"maillage/internal/mail"
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

type agendaLetterWorker struct {
	river.WorkerDefaults[agenda.SendLetter]
	agenda Diary
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *agendaLetterWorker) Work(ctx context.Context, job *river.Job[agenda.SendLetter]) error {
	err := w.agenda.DeliverLetter(accounts.With(ctx, accounts.TheSystem()), job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout bounds one conversation with a mail server.
func (w *agendaLetterWorker) Timeout(*river.Job[agenda.SendLetter]) time.Duration {
	return 2 * time.Minute
}
