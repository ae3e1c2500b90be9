package jobs

import (
	"context"
	"log/slog"
	"testing"

	"maillage/indicators/figures"
)

type fakeObservatory struct{ gathered, counted int }

func (f *fakeObservatory) Gather(context.Context) (int, error) { f.gathered++; return 1, nil }

func (f *fakeObservatory) Refresh(context.Context) (figures.Done, error) {
	f.counted++
	return figures.Done{Counted: 1}, nil
}

func TestTheObservatorysWorkersHandOver(t *testing.T) {
	t.Parallel()
	f, log := &fakeObservatory{}, slog.New(slog.DiscardHandler)
	for _, work := range []func() error{
		func() error { return (&changedWorker{figures: f, log: log}).Work(t.Context(), nil) },
		func() error { return (&refreshWorker{figures: f}).Work(t.Context(), nil) },
		func() error { return (&gatherWorker{microdata: f, log: log}).Work(t.Context(), nil) },
		func() error { return (&changedWorker{log: log}).Work(t.Context(), nil) }, // nothing counts here
	} {
		if err := work(); err != nil {
			t.Error(err)
		}
	}
	if f.gathered != 1 || f.counted != 2 {
		t.Errorf("%+v", f)
	}
	if n := len(indicatorJobs(Config{Records: f, Figures: f})); n != 2 {
		t.Errorf("%d periodic jobs", n)
	}
}
