package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/indicators/campaign"
)

// Campaigner does what campaigns leave to jobs.
type Campaigner interface {
	Make(ctx context.Context, id campaign.ID) error
	Settle(ctx context.Context, id campaign.ID) error
	Tend(ctx context.Context) error
	DeliverLetter(ctx context.Context, job campaign.SendLetter) error
}

type frameWorker struct {
	river.WorkerDefaults[campaign.Frame]
	campaigns Campaigner
}

// Work makes the questionnaires of a campaign that was opened; again makes those that lack.
func (w *frameWorker) Work(ctx context.Context, job *river.Job[campaign.Frame]) error {
	return w.campaigns.Make(accounts.With(ctx, accounts.TheSystem()), job.Args.ID)
}

type freezeWorker struct {
	river.WorkerDefaults[campaign.Freeze]
	campaigns Campaigner
}

// Work freezes the questionnaires of a campaign that closes; again goes on.
func (w *freezeWorker) Work(ctx context.Context, job *river.Job[campaign.Freeze]) error {
	return w.campaigns.Settle(accounts.With(ctx, accounts.TheSystem()), job.Args.ID)
}

// tendCampaigns does what time asks of open campaigns.
type tendCampaigns struct{}

// Kind names the job.
func (tendCampaigns) Kind() string { return "campaigns.tend" }

type tendWorker struct {
	river.WorkerDefaults[tendCampaigns]
	campaigns Campaigner
}

// Work reminds and fills; again finds nothing.
func (w *tendWorker) Work(ctx context.Context, _ *river.Job[tendCampaigns]) error {
	return w.campaigns.Tend(accounts.With(ctx, accounts.TheSystem()))
}

func campaignWorkers(ws *river.Workers, cfg Config) {
	c := cfg.Campaigns
	river.AddWorker(ws, &frameWorker{campaigns: c})
	river.AddWorker(ws, &freezeWorker{campaigns: c})
	river.AddWorker(ws, &tendWorker{campaigns: c})
	post(ws, cfg, c.DeliverLetter)
}

func tendPeriodic() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(30*time.Minute),
		func() (river.JobArgs, *river.InsertOpts) { return tendCampaigns{}, nil },
		&river.PeriodicJobOpts{ID: "tend_campaigns", RunOnStart: true})
}
