package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/riverqueue/river"

	"maillage/internal/mail"
	"maillage/opportunities"
)

// failing is a postman whose every letter fails so.
type failing struct{ end error }

func (f failing) WriteLetters(context.Context) (int, error) { return 0, f.end }

func (f failing) DeliverLetter(context.Context, opportunities.SendLetter) error { return f.end }

// A letter is tried again, unless its address was refused for good; a run that
// fails leaves its work to the next one.
func TestLettersAreTriedAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		end           error
		fails, cancel bool
	}{{nil, false, false}, {errors.New("451"), true, false}, {fmt.Errorf("550: %w", mail.ErrRefused), true, true}} {
		letter := &postman[opportunities.SendLetter]{deliver: failing{c.end}.DeliverLetter}
		err := letter.Work(t.Context(), &river.Job[opportunities.SendLetter]{})
		if cancelled := new(river.JobCancelError); (err != nil) != c.fails || errors.As(err, &cancelled) != c.cancel {
			t.Errorf("%v gives %v", c.end, err)
		}
		all := &lettersWorker{letters: failing{c.end}, log: slog.New(slog.DiscardHandler)}
		if err := all.Work(t.Context(), &river.Job[writeLetters]{}); err != nil {
			t.Errorf("a run of %v gives %v", c.end, err)
		}
	}
}
