package bulletin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/followup/absences"
	"maillage/followup/bulletin"
	"maillage/followup/contacts"
	"maillage/followup/escalation"
	"maillage/followup/tenure"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/opportunities"
)

// desk is a house whose account follows a search too and is reminded: three programs
// write to her of the same calls.
type desk struct {
	*house
	searches  *opportunities.Service
	reminders *escalation.Service
	day       *daily.Service
	calls     []*opportunities.Opportunity
	read      int // of what left
}

// News and Reminders write a line a thing, as plain does of a letter of the week.
func (plain) News(_ accounts.User, d opportunities.Digest, stop string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: "searches", Stop: mail.Link{Label: "fin", URL: "https://maillage.example.org/desabonnement/" + stop}}
	for _, s := range d.Searches {
		for _, p := range s.Pieces {
			if p.What == opportunities.WhatNew {
				l.Paragraphs = append(l.Paragraphs, "lot: "+p.Opportunity.Title+";")
			}
			for _, f := range p.Changes {
				l.Paragraphs = append(l.Paragraphs, fmt.Sprintf("change: %s %s %s;", p.Opportunity.Title, f.Field, f.After))
			}
		}
	}
	return l
}

func (plain) Reminders(_ accounts.User, d escalation.Digest, stop string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: "reminders", Stop: mail.Link{Label: "fin", URL: "https://maillage.example.org/desabonnement/" + stop}}
	for _, c := range d.Changes {
		for _, f := range c.Changes {
			l.Paragraphs = append(l.Paragraphs, fmt.Sprintf("change: %s %s %s;", c.Lot.Title, f.Field, f.After))
		}
	}
	for _, r := range d.Wider {
		l.Paragraphs = append(l.Paragraphs, "lot: "+r.Lot.Title+";")
	}
	for _, r := range d.Reminders {
		l.Paragraphs = append(l.Paragraphs, fmt.Sprintf("reminder: %s %d;", r.Lot.Title, r.Step))
	}
	return l
}

// Daily joins what its parts say.
func (plain) Daily(_ accounts.User, parts []mail.Letter, stop string) mail.Letter {
	l := mail.Letter{Lang: "fr", Subject: "daily", Stop: mail.Link{Label: "fin", URL: "https://maillage.example.org/desabonnement/" + stop}}
	for _, p := range parts {
		l.Paragraphs = append(l.Paragraphs, p.Paragraphs...)
	}
	return l
}

func openDesk(t *testing.T, st *store.Store) *desk {
	t.Helper()
	d := &desk{house: open(t, st)}
	week := d.Config
	week.Leave = daily.Add
	d.Service = bulletin.NewService(week)
	atlas, err := loaded()
	must(t, err)
	now := d.clock.Now
	d.searches = opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now, WorkingDays: engine.WorkingDays, Mail: d.sent, Words: plain{}, Leave: daily.Add})
	d.reminders = escalation.NewService(escalation.Config{Store: st, Atlas: atlas, Now: now, Network: d.network, Opportunities: d.lots, Matching: d.matches, Followup: d.follow,
		Contacts: contacts.NewService(contacts.Config{Store: st, Atlas: atlas, Now: now, Network: d.network, Opportunities: d.lots, Matching: d.matches}),
		Tenures:  tenure.NewService(tenure.Config{Store: st, Now: now}), Absences: absences.NewService(absences.Config{Store: st, Now: now}), Mail: d.sent, Words: plain{}, Leave: daily.Add})
	d.day = daily.NewService(daily.Config{Store: st, Now: now, WorkingDays: engine.WorkingDays, Mail: d.sent, Words: plain{}, Sources: []daily.Source{
		daily.From(d.reminders.Compose, d.reminders.Silence), daily.From(d.Compose, d.Silence), daily.From(d.searches.Compose, d.searches.Silence)}})
	_, err = d.searches.SaveSearch(d.as(d.alix), "Tout", opportunities.Criteria{Text: "marche"}, opportunities.Daily)
	must(t, err)
	return d
}

// jobs are the three that write letters.
func (d *desk) jobs() []func() error {
	of := func(write func(context.Context) (int, error)) func() error {
		return func() error { _, err := write(d.system()); return err }
	}
	return []func() error{of(d.Write), of(d.searches.WriteLetters), of(d.reminders.Remind)}
}

// deliver sends what was made.
func (d *desk) deliver() {
	d.t.Helper()
	_, err := d.day.Gather(d.system())
	must(d.t, err)
	for kind, send := range map[string]func(int64) error{
		bulletin.SendLetter{}.Kind(): func(id int64) error {
			return d.DeliverLetter(d.system(), bulletin.SendLetter{ID: bulletin.LetterID(id)})
		},
		daily.SendLetter{}.Kind(): func(id int64) error {
			return d.day.DeliverLetter(d.system(), daily.SendLetter{ID: daily.LetterID(id)})
		},
	} {
		found, err := d.st.Jobs().JobList(context.Background(), river.NewJobListParams().Kinds(kind).First(1000))
		must(d.t, err)
		for _, row := range found.Jobs {
			var job struct{ ID int64 }
			must(d.t, json.Unmarshal(row.EncodedArgs, &job))
			must(d.t, send(job.ID))
		}
	}
	d.write("DELETE FROM river_job")
	var late []string
	day := d.clock.Now().In(engine.Paris()).Format(time.DateOnly)
	must(d.t, d.st.Read().NewRaw("SELECT p.kind FROM daily_parts p JOIN daily_letters l ON l.user_id = p.user_id WHERE p.letter_id IS NULL AND l.day = ? ORDER BY p.id", day).Scan(d.system(), &late))
	if len(late) > 0 { // it would be told tomorrow as of today, beside what tomorrow finds
		d.t.Errorf("noted on %s, whose letter was made: %v", day, late)
	}
}

// move changes the deadline of a call.
func (d *desk) move(o *opportunities.Opportunity, days int) {
	d.t.Helper()
	at := o.Deadline.AddDate(0, 0, days)
	o.Deadline = &at
	now, err := d.lots.Get(d.system(), o.ID)
	must(d.t, err)
	now.Deadline = &at
	_, err = d.lots.Update(d.system(), opportunities.By{}, now.Revision, now)
	must(d.t, err)
	must(d.t, d.matches.RefreshLots(d.system(), []opportunities.LotID{o.Lots[0].ID}))
}

// account is what letters told Alix: how often each thing, and on which day each call
// was new and reminded of.
type account struct {
	times map[string]int
	news  map[string]string
	last  string // the day of the last letter that is no alert
}

// check reads what left since, and refuses what is told twice, or is new and reminded of
// on one day, or a second letter on one day.
func (d *desk) check(a *account) {
	d.t.Helper()
	day := d.clock.Now().In(engine.Paris()).Format(time.DateOnly)
	all := d.sent.Sent()
	reminded := map[string]bool{}
	for _, m := range all[d.read:] {
		if m.To != "alix@example.org" {
			continue
		}
		if m.Subject != string(bulletin.Alert) {
			if a.last == day {
				d.t.Errorf("a second letter on %s: %s", day, m.Subject)
			}
			a.last = day
		}
		for line := range strings.SplitSeq(m.Text, "\n") {
			line = strings.TrimSuffix(strings.TrimSpace(line), ";")
			switch {
			case strings.HasPrefix(line, "lot: "):
				a.news[strings.TrimPrefix(line, "lot: ")] = day
			case strings.HasPrefix(line, "reminder: "):
				reminded["marche "+strings.Fields(line)[2]] = true
			case !strings.HasPrefix(line, "change: "):
				continue
			}
			if a.times[line]++; a.times[line] > 1 {
				d.t.Errorf("told twice: %s (%s)", line, m.Subject)
			}
		}
	}
	d.read = len(all)
	for title := range reminded {
		switch a.news[title] {
		case day:
			d.t.Errorf("%s is new and reminded of on %s", title, day)
		case "":
			a.news[title] = "a reminder told it first"
		}
	}
}

// TestLettersOfThreeKindsTellNothingTwice: calls come and move, and the three jobs run in
// any order at any hour, twice, late or never. Nothing is told twice, nothing is new and
// reminded of on one day, and each call that still waits was told.
func TestLettersOfThreeKindsTellNothingTwice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		d := openDesk(t, st)
		told := &account{times: map[string]int{}, news: map[string]string{}}
		const seed = 6
		r := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test's own chance
		for range 160 {
			d.clock.Advance(time.Duration(r.IntN(5*60)) * time.Minute)
			switch k := r.IntN(12); {
			case k < 2:
				d.calls = append(d.calls, d.tender(fmt.Sprintf("marche n%d", len(d.calls)), d.clock.Now().AddDate(0, 0, 2+r.IntN(40)).Format(time.DateOnly)))
			case k == 2 && len(d.calls) > 0:
				if o := d.calls[r.IntN(len(d.calls))]; o.Deadline.After(d.clock.Now()) {
					d.move(o, 1+r.IntN(9))
				}
			default:
				must(t, d.jobs()[k%3]())
				d.deliver()
				d.check(told)
			}
		}
		for range 8 { // a week of mornings
			at := d.clock.Now().In(engine.Paris())
			d.clock.Advance(time.Date(at.Year(), at.Month(), at.Day()+1, 7, 50, 0, 0, engine.Paris()).Sub(at))
			for _, job := range d.jobs() {
				must(t, job())
				d.deliver()
				d.check(told)
			}
		}
		if len(told.news) < 5 || len(told.times) < 20 {
			t.Errorf("only %d calls and %d things told", len(told.news), len(told.times))
		}
		for _, o := range d.calls {
			if o.Deadline.After(d.clock.Now()) && told.news[o.Title] == "" {
				t.Errorf("%s was never told", o.Title)
			}
		}
		d.notified()
	})
}

// notified expects that the match of each call that a letter named says so.
func (d *desk) notified() {
	d.t.Helper()
	var silent []matching.ID
	must(d.t, d.st.Read().NewRaw("SELECT m.id FROM matches m JOIN bulletin_told t ON t.match_id = m.id LEFT JOIN pursuits p ON p.match_id = m.id WHERE p.match_id IS NULL ORDER BY m.id").Scan(d.system(), &silent))
	if len(silent) > 0 {
		d.t.Errorf("told, and not said so: %v", silent)
	}
}

// TestWhatComesAfterTheLetterOfTheDayIsTheNextOnes: whichever of the jobs was in time for
// the letter of a day, the others note nothing on that day, and tell on the next.
func TestWhatComesAfterTheLetterOfTheDayIsTheNextOnes(t *testing.T) {
	t.Parallel()
	for first := range 3 {
		t.Run(fmt.Sprintf("job %d in time", first), func(t *testing.T) {
			t.Parallel()
			testkit.Each(t, func(t *testing.T, st *store.Store) {
				d := openDesk(t, st)
				told := &account{times: map[string]int{}, news: map[string]string{}}
				d.on("2026-12-03T08:00:00Z") // a Thursday: by Monday the first reminder is due too
				d.calls = append(d.calls, d.tender("marche n0", "2027-02-15"))
				d.on("2026-12-07T06:50:00Z")
				must(t, d.jobs()[first]())
				d.deliver()
				d.check(told)
				if told.last != "2026-12-07" {
					t.Fatalf("no letter of job %d: %+v", first, told)
				}
				d.on("2026-12-07T10:00:00Z")
				d.calls = append(d.calls, d.tender("marche n1", "2027-02-15"))
				for _, job := range d.jobs() {
					must(t, job())
					d.deliver()
					d.check(told)
				}
				d.on("2026-12-08T06:50:00Z")
				for _, job := range d.jobs() {
					must(t, job())
				}
				d.deliver()
				d.check(told)
				if told.last != "2026-12-08" || told.news["marche n1"] != "2026-12-08" {
					t.Errorf("after job %d: %+v", first, told)
				}
			})
		})
	}
}

// TestThreeJobsOfOneMorningTellOnce runs them at once, as a morning does.
func TestThreeJobsOfOneMorningTellOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		d := openDesk(t, st)
		told := &account{times: map[string]int{}, news: map[string]string{}}
		chance := rand.New(rand.NewPCG(6, 6)) //nolint:gosec // a test's own
		for n := range 6 {
			d.on(time.Date(2026, 12, 3+7*n, 8, 0, 0, 0, time.UTC).Format(time.RFC3339)) // a Thursday: by Monday the first reminder is due too
			d.calls = append(d.calls, d.tender(fmt.Sprintf("marche n%d", n), "2027-02-15"))
			if n > 0 {
				d.move(d.calls[n-1], 1+n)
			}
			d.on(time.Date(2026, 12, 7+7*n, 6, 50, 0, 0, time.UTC).Format(time.RFC3339))
			jobs := d.jobs()
			chance.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
			var all sync.WaitGroup
			for _, job := range append(jobs, jobs...) {
				all.Go(func() {
					if err := job(); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			d.deliver()
			d.check(told)
		}
		if len(told.news) < 6 {
			t.Errorf("told %v", told.news)
		}
	})
}
