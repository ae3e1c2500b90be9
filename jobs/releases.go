package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/riverqueue/river"

	"maillage/indicators/publication"
)

// Publisher builds releases and tells who asked.
type Publisher interface {
	Build(ctx context.Context, job publication.BuildRelease) error
	Stumble(ctx context.Context, job publication.BuildRelease, a publication.Attempt) error
	Tell(ctx context.Context, job publication.TellRequest) error
	Preview(ctx context.Context, job publication.PreviewRelease) error
}

type releaseWorker struct {
	river.WorkerDefaults[publication.BuildRelease]
	releases Publisher
}

// Work builds one release; again, once it is there, it does nothing. What ended an
// attempt is kept on the request; after the last one the request ends, and says so. To
// be stopped with the process is no attempt.
func (w *releaseWorker) Work(ctx context.Context, job *river.Job[publication.BuildRelease]) error {
	err := w.build(ctx, job.Args)
	if err == nil {
		return nil
	}
	a := publication.Attempt{Number: job.Attempt, Most: job.MaxAttempts}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		a.Trouble = publication.TooLong
	case ctx.Err() != nil:
		a.Trouble = publication.Interrupted
	}
	if told := w.releases.Stumble(context.WithoutCancel(ctx), job.Args, a); told != nil {
		return errors.Join(err, told)
	}
	switch {
	case a.Trouble == publication.Interrupted:
		return river.JobSnooze(0)
	case a.Last():
		return river.JobCancel(err)
	}
	return err
}

// build builds; a panic ends an attempt as any fault does, so that the last one ends the
// request too.
func (w *releaseWorker) build(ctx context.Context, job publication.BuildRelease) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("build the release of request %d: panic: %v\n%s", job.ID, v, debug.Stack())
		}
	}()
	return w.releases.Build(ctx, job)
}

type previewWorker struct {
	river.WorkerDefaults[publication.PreviewRelease]
	releases Publisher
}

// Work compares one request; again, it compares it anew.
func (w *previewWorker) Work(ctx context.Context, job *river.Job[publication.PreviewRelease]) error {
	return w.releases.Preview(ctx, job.Args)
}
