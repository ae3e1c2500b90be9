package jobs

import (
	"context"
	"log/slog"
	"testing"

	"github.com/riverqueue/river"

	"maillage/indicators/access"
)

type fakeFiles struct {
	made, lapsed int
}

func (f *fakeFiles) Deliver(context.Context, access.SendLetter) error { return nil }

func (f *fakeFiles) Make(context.Context, access.Make) (access.Outcome, error) {
	f.made++
	return access.Made, nil
}

func (f *fakeFiles) Lapse(context.Context) (int, error) { f.lapsed++; return 1, nil }

func TestTheWorkersOfAccessHandOver(t *testing.T) {
	t.Parallel()
	f := &fakeFiles{}
	if err := (&makeFileWorker{files: f, log: slog.New(slog.DiscardHandler)}).Work(t.Context(), &river.Job[access.Make]{}); err != nil {
		t.Error(err)
	}
	if err := (&lapseWorker{files: f}).Work(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if f.made != 1 || f.lapsed != 1 || len(accessJobs(Config{Access: f})) != 1 || accessJobs(Config{}) != nil {
		t.Errorf("%+v", f)
	}
}
