package agenda

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
)

// Step names a letter of an event to who booked. Those that may come several
// times carry what makes them one: moved-2, day-before-2026-12-10.
type Step string

// The steps.
const (
	CancelledStep Step = "cancelled"

	movedPrefix   string = "moved-"
	beforePrefix  string = "day-before-"
	promotePrefix string = "promoted-"
)

func movedStep(e *Event) Step { return Step(movedPrefix + strconv.Itoa(e.Sequence)) }

func promotedStep(b *Booking) Step {
	return Step(promotePrefix + strconv.FormatInt(b.Revision, 10))
}

// beforeStep is of a day: an event that is moved is reminded of again.
func beforeStep(e *Event) Step {
	return Step(beforePrefix + e.StartsAt.In(e.Location()).Format(time.DateOnly))
}

// What is the kind of a letter: moved, day-before, promoted or cancelled.
func (s Step) What() string {
	for _, p := range []string{movedPrefix, beforePrefix, promotePrefix} {
		if strings.HasPrefix(string(s), p) {
			return strings.TrimSuffix(p, "-")
		}
	}
	return string(s)
}

// Writer puts a letter in somebody's words.
type Writer interface {
	Agenda(to accounts.User, what string, e *Event, b *Booking) mail.Letter
}

// SendLetter asks for one letter to one account.
type SendLetter struct {
	Event int64 `json:"event"`
	User  int64 `json:"user"`
	Step  Step  `json:"step"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "agenda.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 2, Attempts: 12} }

// tell writes the ledger and asks for a letter, once.
func (s *Service) tell(ctx context.Context, tx store.Tx, id ID, user accounts.UserID, step Step) error {
	first, err := note(ctx, tx, id, user, step, s.now())
	if err != nil || !first {
		return err
	}
	return tx.Enqueue(ctx, SendLetter{Event: int64(id), User: int64(user), Step: step})
}

// tellAll tells everybody who booked or waits.
func (s *Service) tellAll(ctx context.Context, tx store.Tx, e *Event, step Step) error {
	all, err := bookingsOf(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	for _, b := range all {
		if !b.Live() {
			continue
		}
		if err := s.tell(ctx, tx, e.ID, b.UserID, step); err != nil {
			return err
		}
	}
	return nil
}

// Reminders leave from this hour on, on the clock of the place.
const firstHour = 8

// Remind asks for the letters of the day before, and forgets the names of what is
// a year old. It is a job's. What is due is computed from the ledger: run again,
// or by several processes at once, it tells nothing twice; an evening without it
// is made up for until the event begins.
func (s *Service) Remind(ctx context.Context) error {
	if err := s.forget(ctx); err != nil {
		return err
	}
	now := s.now()
	soon, err := starting(ctx, s.store.Read(), now, now.Add(48*time.Hour))
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range soon {
		if !e.nears(now) {
			continue
		}
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.remind(ctx, tx, e.ID) })
		if err != nil {
			failed = append(failed, fmt.Errorf("remind of event %d: %w", e.ID, err))
		}
	}
	return errors.Join(failed...)
}

// nears tells an event that begins on the next day, or this one, of its place.
func (e *Event) nears(now time.Time) bool {
	local, start := now.In(e.Location()), e.StartsAt.In(e.Location())
	eve := time.Date(start.Year(), start.Month(), start.Day()-1, firstHour, 0, 0, 0, e.Location())
	return !local.Before(eve) && now.Before(e.StartsAt)
}

func (s *Service) remind(ctx context.Context, tx store.Tx, id ID) error {
	e, err := hold(ctx, tx, id)
	if err != nil || e.State != Published || !e.nears(s.now()) {
		return err
	}
	all, err := bookingsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.State != Booked {
			continue
		}
		if err := s.tell(ctx, tx, id, b.UserID, beforeStep(e)); err != nil {
			return err
		}
	}
	return nil
}

// namesKept is how long after an event the names of who came are kept.
const namesKept = 365 * 24 * time.Hour

func (s *Service) forget(ctx context.Context) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return forgetNames(ctx, tx, s.now().Add(-namesKept)) })
}

// DeliverLetter writes and sends one letter. It may run twice: the second has the
// same Message-ID, which mail programs show once. What is no longer true (moved
// again, seats given back, an account that is shut) needs no letter; an address
// refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.sender == nil || s.words == nil {
		return errors.New("deliver a letter of the agenda: no way to write and send mail was given")
	}
	db := s.store.Read()
	e, err := eventBy(ctx, db, ID(job.Event))
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := bookingOf(ctx, db, e.ID, accounts.UserID(job.User))
	if err != nil || b == nil || !s.holds(job.Step, e, b) {
		return err
	}
	u, err := openAccount(ctx, db, b.UserID)
	if err != nil || u == nil {
		return err
	}
	m, err := s.words.Agenda(*u, job.Step.What(), e, b).Message(string(u.Email), u.Name)
	if err != nil {
		return err
	}
	m.Key = fmt.Sprintf("agenda-%d-%s-%d", job.Event, job.Step, job.User)
	if err := s.sender.Send(ctx, m); err != nil {
		return fmt.Errorf("deliver letter %s of event %d: %w", job.Step, job.Event, err)
	}
	return nil
}

// holds tells whether what a letter says is still true.
func (s *Service) holds(step Step, e *Event, b *Booking) bool {
	switch step.What() {
	case string(CancelledStep):
		return e.State == Cancelled && b.Live()
	case "moved":
		return e.State == Published && b.Live() && step == movedStep(e)
	case "day-before":
		return e.State == Published && b.State == Booked && step == beforeStep(e) && s.now().Before(e.StartsAt)
	}
	return e.State == Published && b.State == Booked
}
