package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/riverqueue/river"

	"maillage/internal/fault"
	"maillage/tenders"
)

// backlog is a source that has so many runs to make, then ends so.
type backlog struct {
	left int
	end  error
}

func (b *backlog) EnqueueDue(context.Context) (int, error) { return 0, nil }

func (b *backlog) Run(context.Context, string, tenders.ImportOptions) (tenders.Report, bool, error) {
	if b.left--; b.left < 0 {
		return tenders.Report{}, false, b.end
	}
	return tenders.Report{}, true, nil
}

func TestAFetchTakesTheBacklogAndMayRunTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end    error
		cancel bool
	}{
		"done":      {},
		"failed":    {end: errors.New("500")},
		"under way": {end: fault.Conflict("running", "en cours", "under way")},
		"gone":      {end: fault.NotFound("source", "a"), cancel: true},
	} {
		b := &backlog{left: 3, end: c.end}
		w := &fetchWorker{sources: b, log: slog.New(slog.DiscardHandler)}
		err := w.Work(context.Background(), &river.Job[tenders.FetchSource]{Args: tenders.FetchSource{Name: "a"}})
		if b.left != -1 || (err != nil) != c.cancel {
			t.Errorf("%s: %d runs left, %v", name, b.left, err)
		}
	}
}
