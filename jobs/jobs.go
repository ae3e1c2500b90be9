// Package jobs is the door through which background work comes in: it owns the
// river client, and each worker hands its arguments to a noun. It decides when
// and how often, never what: every effect is a noun's own transaction, and each
// worker may run twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/followup/webhooks"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Matcher brings matches up to date.
type Matcher interface {
	RefreshLots(ctx context.Context, ids []opportunities.LotID) error
	RefreshOrganisations(ctx context.Context, ids []network.ID) error
	Rebuild(ctx context.Context, tell matching.Progress) error
}

// Closer closes what is past its deadline and tells how many.
type Closer interface {
	CloseLate(ctx context.Context) (int, error)
}

// Config says what the workers work on. Workers is how many run at once; default 4.
type Config struct {
	Store         *store.Store
	Matching      Matcher
	Opportunities Closer
	Mail          Mailer
	Letters       Postman
	Sources       Fetcher          // nil: no notices are fetched
	Forecasts     Forecaster       // nil: no call is foreseen
	People        Journeys         // nil: no journey is swept
	PeopleMatches PeopleMatcher    // nil: people are not matched
	Cards         CardPostman      // nil: no employer is told of a card
	Campaigns     Campaigner       // nil: no enterprise is asked
	Records       Gatherer         // nil: the platform's events are not carried into the observatory
	Figures       Counter          // nil: nothing is counted
	Activity      QuarterPublisher // nil: no figures of the platform
	Releases      Publisher        // nil: nothing is released
	Access        FileMaker        // nil: no file of records is made
	Quality       Certifier        // nil: no renewal is reminded of
	Agenda        Diary            // nil: nobody is reminded of an event
	Questions     LegalDesk        // nil: nobody is told of an answer
	Reminders     Reminders        // nil: nobody is reminded of what waits
	Webhooks      Hooks            // nil: no program is told
	Markets       Settler          // nil: nobody counts what becomes of markets
	Bulletin      Bulletin         // nil: no letter of the week
	Daily         Daily            // nil: each noun sends its own letters
	Log           *slog.Logger
	Workers       int
	Longest       time.Duration // a job may take; default 10 minutes. One that a killed process left is taken up a tenth later
}

// Pool is the running workers.
type Pool struct {
	jobs store.Jobs
	log  *slog.Logger
}

// Start makes the workers and starts them. It also requeues, on SQLite, the
// jobs that a killed process left running.
func Start(ctx context.Context, cfg Config) (*Pool, error) {
	if n, err := cfg.Store.Requeue(ctx); err != nil {
		return nil, err
	} else if n > 0 {
		cfg.Log.Info("interrupted jobs start again", "count", n)
	}
	if cfg.Workers == 0 {
		cfg.Workers = 4
	}
	if cfg.Longest == 0 {
		cfg.Longest = 10 * time.Minute
	}
	jobs, err := cfg.Store.Work(&river.Config{
		Queues:               queues(cfg.Workers),
		Workers:              workers(cfg),
		PeriodicJobs:         periodic(cfg),
		JobTimeout:           cfg.Longest,
		RescueStuckJobsAfter: cfg.Longest + cfg.Longest/10,
		FetchCooldown:        5 * time.Millisecond,
		FetchPollInterval:    500 * time.Millisecond,
		ErrorHandler:         &failures{log: cfg.Log},
	})
	if err != nil {
		return nil, err
	}
	if err := jobs.Start(ctx); err != nil {
		return nil, fmt.Errorf("start the workers: %w", err)
	}
	return &Pool{jobs: jobs, log: cfg.Log}, nil
}

// queues are those of a process: programs that are slow to answer hold no other job.
func queues(workers int) map[string]river.QueueConfig {
	return map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}, webhooks.Queue: {MaxWorkers: workers}}
}

// Stop lets running jobs end, then cancels what is left when ctx ends: they start again
// later, and that is no error.
func (p *Pool) Stop(ctx context.Context) error {
	err := p.jobs.Stop(ctx)
	if err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if hardErr := p.jobs.StopAndCancel(hard); hardErr != nil {
		return errors.Join(err, hardErr)
	}
	p.log.Info("jobs that had not ended were cancelled: they start again later")
	return nil
}

func workers(cfg Config) *river.Workers {
	ws := river.NewWorkers()
	river.AddWorker(ws, &lotsWorker{matching: cfg.Matching, people: cfg.PeopleMatches})
	river.AddWorker(ws, &organisationsWorker{matching: cfg.Matching})
	river.AddWorker(ws, &rebuildWorker{matching: cfg.Matching})
	river.AddWorker(ws, &lateWorker{opportunities: cfg.Opportunities})
	if cfg.Mail != nil {
		river.AddWorker(ws, &sweepWorker{mail: cfg.Mail})
		post(ws, cfg, cfg.Mail.Deliver)
	}
	if cfg.Letters != nil {
		river.AddWorker(ws, &lettersWorker{letters: cfg.Letters, log: cfg.Log})
		post(ws, cfg, cfg.Letters.DeliverLetter)
	}
	river.AddWorker(ws, &peopleWorker{matching: cfg.PeopleMatches})
	if cfg.PeopleMatches != nil {
		river.AddWorker(ws, &settleDueWorker{matching: cfg.PeopleMatches})
	}
	if cfg.Cards != nil {
		river.AddWorker(ws, &remindLateWorker{cards: cfg.Cards})
		post(ws, cfg, cfg.Cards.DeliverCards)
	}
	if cfg.People != nil {
		river.AddWorker(ws, &sweepPeopleWorker{people: cfg.People})
	}
	if cfg.Campaigns != nil {
		campaignWorkers(ws, cfg)
	}
	river.AddWorker(ws, &pruneWorker{journal: cfg.Store, log: cfg.Log})
	river.AddWorker(ws, &changedWorker{figures: cfg.Figures, log: cfg.Log})
	if cfg.Figures != nil {
		river.AddWorker(ws, &refreshWorker{figures: cfg.Figures})
	}
	if cfg.Activity != nil {
		river.AddWorker(ws, &activityWorker{activity: cfg.Activity, log: cfg.Log})
	}
	if cfg.Releases != nil {
		river.AddWorker(ws, &releaseWorker{releases: cfg.Releases})
		river.AddWorker(ws, &previewWorker{releases: cfg.Releases})
		post(ws, cfg, cfg.Releases.Tell)
	}
	if cfg.Records != nil {
		river.AddWorker(ws, &gatherWorker{microdata: cfg.Records, log: cfg.Log})
	}
	addAccess(ws, cfg)
	structureWorkers(ws, cfg)
	if cfg.Sources != nil {
		river.AddWorker(ws, &dueWorker{sources: cfg.Sources})
		river.AddWorker(ws, &fetchWorker{sources: cfg.Sources, log: cfg.Log})
	}
	if cfg.Forecasts != nil {
		river.AddWorker(ws, &buyersWorker{forecasts: cfg.Forecasts})
		river.AddWorker(ws, &forecastsWorker{forecasts: cfg.Forecasts})
	}
	return ws
}

func periodic(cfg Config) []*river.PeriodicJob {
	all := []*river.PeriodicJob{
		river.NewPeriodicJob(river.PeriodicInterval(5*time.Minute),
			func() (river.JobArgs, *river.InsertOpts) { return closeLate{}, nil },
			&river.PeriodicJobOpts{ID: "close_late", RunOnStart: true}),
		river.NewPeriodicJob(nightly{hour: 3},
			func() (river.JobArgs, *river.InsertOpts) { return rebuild{}, nil },
			&river.PeriodicJobOpts{ID: "rebuild_matches"}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return accounts.Sweep{}, nil },
			&river.PeriodicJobOpts{ID: "sweep_accounts"}),
		river.NewPeriodicJob(river.PeriodicInterval(5*time.Minute),
			func() (river.JobArgs, *river.InsertOpts) { return writeLetters{}, nil },
			&river.PeriodicJobOpts{ID: "write_letters", RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return pruneJournal{}, nil },
			&river.PeriodicJobOpts{ID: "prune_journal", RunOnStart: true}),
	}
	if cfg.PeopleMatches != nil {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return settleDue{}, nil },
			&river.PeriodicJobOpts{ID: "settle_proposals", RunOnStart: true}))
	}
	if cfg.Cards != nil {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return remindLate{}, nil },
			&river.PeriodicJobOpts{ID: "remind_late", RunOnStart: true}))
	}
	if cfg.People != nil {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return sweepPeople{}, nil },
			&river.PeriodicJobOpts{ID: "sweep_people", RunOnStart: true}))
	}
	if cfg.Campaigns != nil {
		all = append(all, tendPeriodic())
	}
	if cfg.Sources != nil {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Minute),
			func() (river.JobArgs, *river.InsertOpts) { return fetchDue{}, nil },
			&river.PeriodicJobOpts{ID: "fetch_due", RunOnStart: true}))
	}
	if cfg.Forecasts != nil {
		all = append(all, river.NewPeriodicJob(nightly{hour: 4},
			func() (river.JobArgs, *river.InsertOpts) { return refreshForecasts{}, nil },
			&river.PeriodicJobOpts{ID: "refresh_forecasts"}))
	}
	return append(append(append(all, indicatorJobs(cfg)...), accessJobs(cfg)...), structureJobs(cfg)...)
}
