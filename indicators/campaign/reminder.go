package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Step names a letter of a campaign to an enterprise.
type Step string

// The steps, in order. Returned letters are one a revision: returned-12.
const (
	AtOpening Step = "opening"
	Reminder1 Step = "reminder-1" // two weeks before the last day
	Reminder2 Step = "reminder-2" // five days before
	LastDay   Step = "last-day"
)

const returnedStep = "returned-"

// IsReturn tells the letter that says that a questionnaire was given back.
func (s Step) IsReturn() bool { return strings.HasPrefix(string(s), returnedStep) }

// daysBefore are how many days before the last one a reminder is due.
var daysBefore = []struct {
	step Step
	days int
}{{Reminder1, 14}, {Reminder2, 5}, {LastDay, 0}}

// Letters leave between these hours, in Paris.
const firstHour, lastHour = 7, 20

// Reminder is what a letter is about.
type Reminder struct {
	Step     Step
	Year     int
	ClosesOn string // civil day
	Name     string // of the enterprise
	Tally    Tally
	Note     string // of the region, where it gave the questionnaire back
}

// Writer puts a reminder in somebody's words. stop is the secret of the address that
// ends such letters; empty: there is none.
type Writer interface {
	Campaign(to accounts.User, r Reminder, stop string) mail.Letter
}

// SendLetter asks for one letter to one account.
type SendLetter struct {
	Questionnaire QuestionnaireID `json:"questionnaire"`
	Step          Step            `json:"step"`
	User          int64           `json:"user"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "campaigns.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// due lists the steps of a campaign whose day has come, the latest last. After
// the last day nothing is due; what would come with the opening is not said twice.
func (c *Campaign) due(today string) []Step {
	if today < c.OpensOn || today > c.ClosesOn {
		return nil
	}
	out := []Step{AtOpening}
	last, err := time.Parse(time.DateOnly, c.ClosesOn)
	if err != nil {
		return nil
	}
	for _, d := range daysBefore {
		if day := last.AddDate(0, 0, -d.days).Format(time.DateOnly); day > c.OpensOn && day <= today {
			out = append(out, d.step)
		}
	}
	return out
}

// Tend does what time asks of open campaigns: questionnaires of new members, what
// became known since, the letters that are due, and the close of those whose last
// day is over. It is a job's; run again, or
// by several processes at once, it writes no letter twice, and after days without
// it one letter comes, the latest.
func (s *Service) Tend(ctx context.Context) error {
	all, err := campaigns(ctx, s.store.Read())
	if err != nil {
		return err
	}
	var failed []error
	for _, c := range all {
		if c.State != Open {
			continue
		}
		if s.over(&c) {
			failed = append(failed, s.expire(ctx, c.Year))
			continue
		}
		failed = append(failed, s.Make(ctx, c.ID), s.refresh(ctx, &c), s.remind(ctx, &c))
	}
	return errors.Join(failed...)
}

func (s *Service) remind(ctx context.Context, c *Campaign) error {
	due := c.due(s.today())
	if hour := s.clock().In(s.paris).Hour(); len(due) == 0 || hour < firstHour || hour >= lastHour {
		return nil
	}
	ids, err := untold(ctx, s.store.Read(), c.ID, due[len(due)-1])
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, chunk) {
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			for _, id := range part {
				if err := s.tell(ctx, tx, id, due); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("remind the enterprises of %d: %w", c.Year, err)
		}
	}
	return nil
}

// tell writes the ledger of the steps due, and asks for the letter of the last one.
func (s *Service) tell(ctx context.Context, tx store.Tx, id QuestionnaireID, due []Step) error {
	q, err := hold(ctx, tx, id)
	if err != nil || !q.State.Writable() {
		return err
	}
	for i, step := range due {
		last := i == len(due)-1
		first, err := note(ctx, tx, id, step, last, s.now())
		if err != nil {
			return err
		}
		if first && last {
			return s.write(ctx, tx, q, step)
		}
	}
	return nil
}

// tellReturned asks for the letter that says that a questionnaire was given back.
func (s *Service) tellReturned(ctx context.Context, tx store.Tx, q *Questionnaire) error {
	step := Step(returnedStep + strconv.FormatInt(q.Revision, 10))
	first, err := note(ctx, tx, q.ID, step, true, s.now())
	if err != nil || !first {
		return err
	}
	return s.write(ctx, tx, q, step)
}

// write asks for one letter an account of the enterprise. That of the last day cannot wait
// for a letter of the day; that of a questionnaire given back is awaited, and stands apart.
func (s *Service) write(ctx context.Context, tx store.Tx, q *Questionnaire, step Step) error {
	users, err := accountsOf(ctx, tx, q.OrganisationID, step)
	if err != nil {
		return err
	}
	leave := s.leave
	switch {
	case step == LastDay:
		leave = s.atOnce
	case step.IsReturn():
		leave = daily.Alone
	}
	for _, u := range users {
		if err := leave(ctx, tx, u.ID, SendLetter{q.ID, step, int64(u.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// DeliverLetter writes and sends one letter. It may run twice: the second has the
// same Message-ID, which mail programs show once. What needs no letter any more
// (the questionnaire was sent, the campaign closed, the account is shut) is no
// fault; an address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.sender == nil || s.words == nil {
		return errors.New("deliver a letter of a campaign: no way to write and send mail was given")
	}
	to, r, err := s.holds(ctx, job)
	if err != nil || r == nil {
		return err
	}
	m, err := s.words.Campaign(to, *r, "").Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = fmt.Sprintf("campaign-%d-%s-%d", job.Questionnaire, job.Step, job.User)
	if err := s.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver letter %s of questionnaire %d: %w", job.Step, job.Questionnaire, err)
	}
	return nil
}

// Compose is the same letter as a part of the letter of the day; nil: nothing is left.
func (s *Service) Compose(ctx context.Context, job SendLetter, stop string) (*daily.Draft, error) {
	to, r, err := s.holds(ctx, job)
	if err != nil || r == nil {
		return nil, err
	}
	return &daily.Draft{Letter: s.words.Campaign(to, *r, stop)}, nil
}

// holds reads what a letter says now, and to whom; no reminder: nothing is left to send.
func (s *Service) holds(ctx context.Context, job SendLetter) (to accounts.User, r *Reminder, err error) {
	db := s.store.Read()
	q, err := questionnaireBy(ctx, db, job.Questionnaire)
	if gone(err) || err == nil && !q.State.Writable() {
		return to, nil, nil
	}
	if err != nil {
		return to, nil, err
	}
	c, err := campaignBy(ctx, db, "ca.id = ?", q.CampaignID)
	if err != nil || c.State != Open && !job.Step.IsReturn() || !job.Step.IsReturn() && s.today() > c.ClosesOn {
		return to, nil, err
	}
	users, err := accountsOf(ctx, db, q.OrganisationID, job.Step)
	if err != nil {
		return to, nil, err
	}
	i := slices.IndexFunc(users, func(u accounts.User) bool { return int64(u.ID) == job.User })
	if i < 0 {
		return to, nil, nil
	}
	f, err := s.form(ctx, db, q, c)
	if err != nil {
		return to, nil, err
	}
	r = &Reminder{Step: job.Step, Year: f.Campaign.Year, ClosesOn: f.Campaign.ClosesOn, Name: f.Name, Tally: f.Tally(s.book)}
	if job.Step.IsReturn() && len(f.Events) > 0 {
		r.Note = f.Events[0].Note
	}
	return users[i], r, nil
}

func gone(err error) bool { return fault.Is(err, fault.KindNotFound) }
