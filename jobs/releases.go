package jobs

import (
	"context"
	"errors"
	"log/slog"

	"github.com/riverqueue/river"

	"maillage/indicators/publication"
	"maillage/internal/mail"
)

// Publisher builds releases and tells who asked.
type Publisher interface {
	Build(ctx context.Context, job publication.BuildRelease) error
	GiveUp(ctx context.Context, job publication.BuildRelease) error
	Tell(ctx context.Context, job publication.TellRequest) error
}

type releaseWorker struct {
	river.WorkerDefaults[publication.BuildRelease]
	releases Publisher
}

// Work builds one release; again, once it is there, it does nothing. After the last
// attempt the request ends, and says so.
func (w *releaseWorker) Work(ctx context.Context, job *river.Job[publication.BuildRelease]) error {
	err := w.releases.Build(ctx, job.Args)
	if err == nil || job.Attempt < job.MaxAttempts {
		return err
	}
	return errors.Join(err, w.releases.GiveUp(context.WithoutCancel(ctx), job.Args))
}

type releaseLetterWorker struct {
	river.WorkerDefaults[publication.TellRequest]
	releases Publisher
	log      *slog.Logger
}

// Work writes one letter; an address refused for good is not tried again.
func (w *releaseLetterWorker) Work(ctx context.Context, job *river.Job[publication.TellRequest]) error {
	err := w.releases.Tell(ctx, job.Args)
	if errors.Is(err, mail.ErrRefused) {
		w.log.WarnContext(ctx, "a letter about a release is refused", "request_id", job.Args.ID)
		return river.JobCancel(err)
	}
	return err
}
