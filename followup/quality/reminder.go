package quality

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching/engine"
)

// Step names a reminder by the months that are left.
type Step string

// The steps, in order.
const (
	SixMonths   Step = "6-months"
	ThreeMonths Step = "3-months"
	OneMonth    Step = "1-month"
)

var monthsBefore = []struct {
	step   Step
	months int
}{{SixMonths, 6}, {ThreeMonths, 3}, {OneMonth, 1}}

// Letters leave between these hours, in Paris, on working days.
const firstHour, lastHour = 7, 20

// Reminder is one certificate that is to be renewed.
type Reminder struct {
	Path         ID
	Organisation int64
	Name         string // of the enterprise
	Label        Label
	Until        string // the last day
	Step         Step
	Renewing     bool // the renewal is under way
}

// Writer puts reminders in somebody's words: one letter for all those of a day. stop is
// the secret of the address that ends such letters; empty: there is none.
type Writer interface {
	Quality(to accounts.User, due []Reminder, stop string) mail.Letter
}

// SendLetter asks for the letter of one account on a day.
type SendLetter struct {
	User int64  `json:"user"`
	On   string `json:"on"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "quality.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// told is a line of the ledger: what somebody was told, or no longer needs to be.
type told struct {
	PathID   ID
	Until    string
	Step     Step
	UserID   int64
	Told     bool // in a letter; false: a later step was due already
	LetterOn string
	At       time.Time
}

// due lists the steps whose day has come, the latest last; nothing once the
// certificate no longer holds.
func (p *Path) due(today string) (out []Step) {
	if !p.On(today).Holds() {
		return nil
	}
	for _, m := range monthsBefore {
		if addMonths(p.Until, -m.months) <= today {
			out = append(out, m.step)
		}
	}
	return out
}

// Remind asks for the letters that are due to the accounts of the enterprise and
// to the officers of the place: one letter an account and day. It is a job's. What
// is due is computed from the ledger: after days without it one letter comes, with
// the latest step of each certificate; run again, or by several processes at once,
// it tells nothing twice.
func (s *Service) Remind(ctx context.Context) error {
	now := s.clock().In(s.paris)
	if now.Hour() < firstHour || now.Hour() >= lastHour || engine.WorkingDays(now.AddDate(0, 0, -1), now, s.paris) == 0 {
		return nil
	}
	audience, err := s.audience(ctx, s.Today())
	if err != nil {
		return err
	}
	var failed []error
	for part := range slices.Chunk(audience, chunk) {
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := tx.Alone(ctx, "quality.reminders"); err != nil {
				return err
			}
			for _, l := range part {
				if err := s.tell(ctx, tx, l, s.Today()); err != nil {
					return err
				}
			}
			return nil
		})
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("remind of renewals: %w", err)
	}
	return nil
}

// chunk bounds the accounts of one transaction.
const chunk = 50

// listener is somebody and the paths that concern them.
type listener struct {
	user  accounts.UserID
	paths []Path
}

// audience are those who have something due, by number.
func (s *Service) audience(ctx context.Context, today string) ([]listener, error) {
	db := s.store.Read()
	all, err := paths(ctx, db, 0)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p Path) bool { return len(p.due(today)) == 0 })
	if len(all) == 0 {
		return nil, nil
	}
	of, err := owners(ctx, db, organisations(all))
	if err != nil {
		return nil, err
	}
	users, err := tellable(ctx, db)
	if err != nil {
		return nil, err
	}
	var out []listener
	for _, u := range users {
		hears := s.hearing(u)
		l := listener{user: u.ID}
		for _, p := range all {
			if o := of[p.OrganisationID]; o != nil && hears(o) {
				l.paths = append(l.paths, p)
			}
		}
		if len(l.paths) > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// hearing tells whom the certificates of an enterprise concern: its own accounts,
// and the officers whose perimeter it is in.
func (s *Service) hearing(u accounts.User) func(*owner) bool {
	id := accounts.Identity{UserID: u.ID, Role: u.Role, OrganisationID: u.OrganisationID}
	if u.Role == accounts.Officer {
		if p, err := s.atlas.CompileText(u.Perimeter); err == nil {
			id.Perimeter = p.Set
		}
	}
	return func(o *owner) bool { return accounts.Can(id, accounts.CertificationRead, s.scope(o)) }
}

// tell writes the ledger of one account, and asks for its letter of the day if
// anything is new. Who already has a letter today waits for the next day.
func (s *Service) tell(ctx context.Context, tx store.Tx, l listener, today string) error {
	written, err := letterOn(ctx, tx, l.user, today)
	if err != nil || written {
		return err
	}
	fresh := false
	for _, p := range l.paths {
		due := p.due(today)
		for i, step := range due {
			last := i == len(due)-1
			row := told{PathID: p.ID, Until: p.Until, Step: step, UserID: int64(l.user), Told: last, LetterOn: today, At: s.now()}
			first, err := note(ctx, tx, row)
			if err != nil {
				return err
			}
			fresh = fresh || first && last
		}
	}
	if !fresh {
		return nil
	}
	return s.leave(ctx, tx, l.user, SendLetter{User: int64(l.user), On: today})
}

// DeliverLetter writes and sends one letter. It may run twice: the second has the
// same Message-ID, which mail programs show once. A certificate that was renewed
// or no longer holds is left out; with none left, or an account that is shut, no
// letter goes. An address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.sender == nil || s.words == nil {
		return errors.New("deliver a letter of quality: no way to write and send mail was given")
	}
	to, due, err := s.holds(ctx, job)
	if err != nil || len(due) == 0 {
		return err
	}
	m, err := s.words.Quality(to, due, "").Message(string(to.Email), to.Name)
	if err != nil {
		return err
	}
	m.Key = fmt.Sprintf("quality-%d-%s", job.User, job.On)
	if err := s.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver the letter of quality of account %d: %w", job.User, err)
	}
	return nil
}

// Compose is the same letter as a part of the letter of the day; nil: nothing is left.
func (s *Service) Compose(ctx context.Context, job SendLetter, stop string) (*daily.Draft, error) {
	to, due, err := s.holds(ctx, job)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	return &daily.Draft{Letter: s.words.Quality(to, due, stop)}, nil
}

// holds reads what a letter says now, and to whom.
func (s *Service) holds(ctx context.Context, job SendLetter) (to accounts.User, due []Reminder, err error) {
	users, err := tellable(ctx, s.store.Read())
	if err != nil {
		return to, nil, err
	}
	i := slices.IndexFunc(users, func(u accounts.User) bool { return int64(u.ID) == job.User })
	if i < 0 {
		return to, nil, nil
	}
	due, err = s.reminders(ctx, job)
	return users[i], due, err
}

// reminders are what a letter says: the lines of the ledger that still are true.
func (s *Service) reminders(ctx context.Context, job SendLetter) ([]Reminder, error) {
	db := s.store.Read()
	rows, err := toldOn(ctx, db, job.User, job.On)
	if err != nil {
		return nil, err
	}
	var out []Reminder
	for _, r := range rows {
		p, err := pathBy(ctx, db, r.PathID)
		if fault.Is(err, fault.KindNotFound) || err == nil && (p.Until != r.Until || !p.On(s.Today()).Holds()) {
			continue
		}
		if err != nil {
			return nil, err
		}
		o, err := ownerOf(ctx, db, p.OrganisationID)
		if err != nil {
			return nil, err
		}
		l, _ := s.book.Get(p.Label)
		out = append(out, Reminder{Path: p.ID, Organisation: p.OrganisationID, Name: o.Name, Label: l, Until: p.Until, Step: r.Step, Renewing: p.Renewing})
	}
	return out, nil
}

func organisations(all []Path) []int64 {
	ids := make([]int64, 0, len(all))
	for _, p := range all {
		ids = append(ids, p.OrganisationID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
