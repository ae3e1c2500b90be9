package jobs

import (
	"context"
	"errors"
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"maillage/indicators/publication"
)

// builder fails to build, in a context that has ended or not.
type builder struct {
	err    error
	panics bool
	told   []publication.Attempt
}

func (b *builder) Build(context.Context, publication.BuildRelease) error {
	if b.panics {
		panic("a slip")
	}
	return b.err
}

func (b *builder) Stumble(_ context.Context, _ publication.BuildRelease, a publication.Attempt) error {
	b.told = append(b.told, a)
	return nil
}

func (b *builder) Tell(context.Context, publication.TellRequest) error { return nil }

func (b *builder) Preview(context.Context, publication.PreviewRelease) error { return nil }

// What failed is told and tried again; the last time, or too long a second time, it is
// not; stopped with the process it starts again, and that is no attempt.
func TestAFailedBuildIsTold(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		ctx              context.Context
		attempt          int
		trouble          publication.Trouble
		cancels, snoozes bool
	}{
		"a fault":             {t.Context(), 1, publication.Broken, false, false},
		"the last fault":      {t.Context(), 5, publication.Broken, true, false},
		"too long":            {late, 1, publication.TooLong, false, false},
		"too long again":      {late, 2, publication.TooLong, true, false},
		"stopped at the last": {stopped, 5, publication.Interrupted, false, true},
	} {
		b := &builder{err: broken}
		err := (&releaseWorker{releases: b}).Work(c.ctx, &river.Job[publication.BuildRelease]{JobRow: &rivertype.JobRow{Attempt: c.attempt, MaxAttempts: 5}})
		var cancels *rivertype.JobCancelError
		var snoozes *rivertype.JobSnoozeError
		if len(b.told) != 1 || b.told[0] != (publication.Attempt{Number: c.attempt, Most: 5, Trouble: c.trouble}) || errors.As(err, &cancels) != c.cancels || errors.As(err, &snoozes) != c.snoozes {
			t.Errorf("%s: %+v, %v", name, b.told, err)
		}
	}
	if err := (&releaseWorker{releases: &builder{}}).Work(t.Context(), &river.Job[publication.BuildRelease]{JobRow: &rivertype.JobRow{}}); err != nil {
		t.Error(err)
	}
}

// A build that panics is an attempt that failed: the last one ends the request.
func TestABuildThatPanicsIsTold(t *testing.T) {
	t.Parallel()
	b := &builder{panics: true}
	err := (&releaseWorker{releases: b}).Work(t.Context(), &river.Job[publication.BuildRelease]{JobRow: &rivertype.JobRow{Attempt: 5, MaxAttempts: 5}})
	var cancels *rivertype.JobCancelError
	if len(b.told) != 1 || !b.told[0].Last() || !errors.As(err, &cancels) {
		t.Errorf("%+v, %v", b.told, err)
	}
}
