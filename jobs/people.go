package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// Journeys does what time asks of journeys.
type Journeys interface {
	Sweep(ctx context.Context) error
}

// PeopleMatcher brings what is proposed of people up to date.
type PeopleMatcher interface {
	RefreshPeople(ctx context.Context, ids []people.ID) error
	RefreshPositions(ctx context.Context, ids []opportunities.LotID) error
	SettleDue(ctx context.Context) error
}

// settleDue withdraws the proposals whose agreement ran out.
type settleDue struct{}

// Kind names the job.
func (settleDue) Kind() string { return "placement.settle_due" }

type settleDueWorker struct {
	river.WorkerDefaults[settleDue]
	matching PeopleMatcher
}

// Work looks at every proposal that runs; again it changes nothing.
func (w *settleDueWorker) Work(ctx context.Context, _ *river.Job[settleDue]) error {
	return w.matching.SettleDue(ctx)
}

// CardPostman tells employers of cards.
type CardPostman interface {
	RemindLate(ctx context.Context) (int, error)
	DeliverCards(ctx context.Context, job placement.SendCards) error
}

// remindLate tells employers, once, of the cards that they are late to answer.
type remindLate struct{}

// Kind names the job.
func (remindLate) Kind() string { return "placement.remind_late" }

type remindLateWorker struct {
	river.WorkerDefaults[remindLate]
	cards CardPostman
}

// Work makes the letters; again finds nothing.
func (w *remindLateWorker) Work(ctx context.Context, _ *river.Job[remindLate]) error {
	_, err := w.cards.RemindLate(ctx)
	return err
}

// sweepPeople writes what ran out and erases what was kept long enough.
type sweepPeople struct{}

// Kind names the job.
func (sweepPeople) Kind() string { return "people.sweep" }

type sweepPeopleWorker struct {
	river.WorkerDefaults[sweepPeople]
	people Journeys
}

// Work sweeps; again finds nothing.
func (w *sweepPeopleWorker) Work(ctx context.Context, _ *river.Job[sweepPeople]) error {
	return w.people.Sweep(accounts.With(ctx, accounts.TheSystem()))
}

type peopleWorker struct {
	river.WorkerDefaults[people.Changed]
	matching PeopleMatcher
}

// Work brings the matches of changed people up to date, where people are matched.
func (w *peopleWorker) Work(ctx context.Context, job *river.Job[people.Changed]) error {
	if w.matching == nil {
		return nil
	}
	return w.matching.RefreshPeople(ctx, job.Args.IDs)
}
