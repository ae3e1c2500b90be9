package jobs

import (
	"time"

	"github.com/riverqueue/river"
)

// structureWorkers are those of what the network does with its structures:
// certifications, the agenda, the questions, the reminders, the webhooks,
// the letters of the week.
func structureWorkers(ws *river.Workers, cfg Config) {
	if cfg.Quality != nil {
		river.AddWorker(ws, &renewalsWorker{quality: cfg.Quality})
		post(ws, cfg, cfg.Quality.DeliverLetter)
	}
	if cfg.Agenda != nil {
		river.AddWorker(ws, &eventsWorker{agenda: cfg.Agenda})
		post(ws, cfg, cfg.Agenda.DeliverLetter)
	}
	if cfg.Reminders != nil {
		river.AddWorker(ws, &remindersWorker{reminders: cfg.Reminders, log: cfg.Log})
		post(ws, cfg, cfg.Reminders.DeliverLetter)
	}
	if cfg.Bulletin != nil {
		river.AddWorker(ws, &bulletinWorker{bulletin: cfg.Bulletin, log: cfg.Log})
		post(ws, cfg, cfg.Bulletin.DeliverLetter)
		post(ws, cfg, cfg.Bulletin.DeliverConfirm)
	}
	if cfg.Daily != nil {
		river.AddWorker(ws, &dailyWorker{daily: cfg.Daily, log: cfg.Log})
		post(ws, cfg, cfg.Daily.DeliverLetter)
	}
	if cfg.Webhooks != nil {
		river.AddWorker(ws, &newsWorker{hooks: cfg.Webhooks, log: cfg.Log})
		river.AddWorker(ws, &hookWorker{hooks: cfg.Webhooks, now: time.Now})
		post(ws, cfg, cfg.Webhooks.DeliverLetter)
	}
	if cfg.Questions != nil {
		post(ws, cfg, cfg.Questions.DeliverLetter)
	}
	if cfg.Markets != nil {
		river.AddWorker(ws, &marketsWorker{markets: cfg.Markets})
		river.AddWorker(ws, &allMarketsWorker{markets: cfg.Markets})
	}
}

func structureJobs(cfg Config) (all []*river.PeriodicJob) {
	every := func(id string, minutes int, args river.JobArgs) {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Duration(minutes)*time.Minute),
			func() (river.JobArgs, *river.InsertOpts) { return args, nil }, &river.PeriodicJobOpts{ID: id, RunOnStart: true}))
	}
	if cfg.Quality != nil {
		every("remind_renewals", 30, remindRenewals{})
	}
	if cfg.Agenda != nil {
		every("remind_events", 15, remindEvents{})
	}
	if cfg.Reminders != nil {
		every("remind_due", 10, remindDue{})
	}
	if cfg.Bulletin != nil {
		every("write_bulletin", 5, writeBulletin{})
	}
	if cfg.Daily != nil { // not at the start: what adds to the letters of the day does so first
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return gatherLetters{}, nil }, &river.PeriodicJobOpts{ID: "gather_letters"}))
	}
	if cfg.Webhooks != nil {
		every("look_for_news", 1, lookForNews{})
	}
	if cfg.Markets != nil {
		every("settle_markets", 5, settleMarkets{})
		all = append(all, river.NewPeriodicJob(nightly{hour: 4}, func() (river.JobArgs, *river.InsertOpts) { return settleAllMarkets{}, nil }, &river.PeriodicJobOpts{ID: "settle_all_markets"}))
	}
	return all
}
