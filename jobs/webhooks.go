package jobs

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/webhooks"
)

// Hooks does what webhooks leave to jobs.
type Hooks interface {
	Look(ctx context.Context) (int, error)
	Deliver(ctx context.Context, job webhooks.Deliver, attempt int) error
	DeliverLetter(ctx context.Context, job webhooks.SendLetter) error
}

// lookForNews tells programs what is new.
type lookForNews struct{}

// Kind names the job.
func (lookForNews) Kind() string { return "webhooks.look" }

type newsWorker struct {
	river.WorkerDefaults[lookForNews]
	hooks Hooks
	log   *slog.Logger
}

// Work makes the messages that are due; again finds none. What fails stays due and
// is the next run's, so the job itself is not tried again: runs that fail would pile up.
func (w *newsWorker) Work(ctx context.Context, _ *river.Job[lookForNews]) error {
	if _, err := w.hooks.Look(accounts.With(ctx, accounts.TheSystem())); err != nil {
		w.log.WarnContext(ctx, "some webhooks were not told", "error", err)
	}
	return nil
}

type hookWorker struct {
	river.WorkerDefaults[webhooks.Deliver]
	hooks Hooks
	now   func() time.Time
}

// Work makes one attempt; one that is not taken comes back along the schedule.
func (w *hookWorker) Work(ctx context.Context, job *river.Job[webhooks.Deliver]) error {
	return w.hooks.Deliver(accounts.With(ctx, accounts.TheSystem()), job.Args, job.Attempt)
}

// NextRetry is the schedule of webhooks, a tenth longer at most, so that those who
// were refused together do not come back together.
func (w *hookWorker) NextRetry(job *river.Job[webhooks.Deliver]) time.Time {
	schedule := webhooks.Schedule()
	wait := schedule[min(job.Attempt, len(schedule)-1)]
	return w.now().Add(wait + rand.N(wait/10+1))
}

// Timeout bounds one request.
func (w *hookWorker) Timeout(*river.Job[webhooks.Deliver]) time.Duration { return time.Minute }
