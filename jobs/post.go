package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/internal/mail"
)

// letterLimit bounds one conversation with a mail server.
const letterLimit = 2 * time.Minute

// postman sends the letters of one kind, one a job.
type postman[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	deliver func(context.Context, T) error
	limit   time.Duration
}

// post adds the worker of one kind of letter.
func post[T river.JobArgs](ws *river.Workers, cfg Config, deliver func(context.Context, T) error) {
	river.AddWorker(ws, &postman[T]{deliver: deliver, limit: min(letterLimit, cfg.Longest)})
}

// Work sends one letter. An address refused for good ends the job: trying again would not help.
func (w *postman[T]) Work(ctx context.Context, job *river.Job[T]) error {
	err := w.deliver(accounts.With(ctx, accounts.TheSystem()), job.Args)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Timeout is that of a letter, and no more than any job's: the letters of a killed process start
// again that long after.
func (w *postman[T]) Timeout(*river.Job[T]) time.Duration { return w.limit }
