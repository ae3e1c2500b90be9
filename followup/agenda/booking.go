package agenda

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// The bounds of a booking.
const (
	attendeesMost = 20
	nameMost      = 120
)

// Register books seats for the persons that somebody names, in the name of their
// structure, or puts them on the waiting list: whole, one booking an account. Once
// somebody waits, whoever comes after waits behind. Registering again with other
// names changes the booking; with the same ones it changes nothing. It is safe
// under concurrency: seats are counted while the event is held.
func (s *Service) Register(ctx context.Context, id ID, names []string) (*Booking, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AgendaRegister, accounts.OfUser(me.UserID)); err != nil {
		return nil, err
	}
	names, err := named(names)
	if err != nil {
		return nil, err
	}
	var out *Booking
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if !s.sees(ctx, e) || e.State == Draft {
			return fault.NotFound("event", id)
		}
		if !e.Open(s.now()) {
			return closed()
		}
		out, err = s.book(ctx, tx, e, me, names)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("register for event %d: %w", id, err)
	}
	return out, nil
}

func closed() error {
	return fault.Conflict("closed", "Les inscriptions sont closes.", "Registrations are closed.")
}

// named puts names in order, or says what is wrong with them.
func named(names []string) ([]string, error) {
	var out []string
	for _, n := range names {
		n = strings.Join(strings.Fields(n), " ")
		if n == "" {
			continue
		}
		if utf8.RuneCountInString(n) > nameMost {
			return nil, fault.Invalid(fault.At("attendees", "length", "120 caractères au plus par nom.", "120 characters at most a name."))
		}
		out = append(out, n)
	}
	if len(out) == 0 || len(out) > attendeesMost {
		return nil, fault.Invalid(fault.At("attendees", "range", "Donnez de 1 à 20 noms, un par ligne.", "Give 1 to 20 names, one a line."))
	}
	return out, nil
}

// book writes the booking of an account while the event is held.
func (s *Service) book(ctx context.Context, tx store.Tx, e *Event, me accounts.Identity, names []string) (*Booking, error) {
	all, err := bookingsOf(ctx, tx, e.ID)
	if err != nil {
		return nil, err
	}
	b := &Booking{EventID: e.ID, UserID: me.UserID, OrganisationID: me.OrganisationID, Came: -1, CreatedAt: s.now()}
	if i := slices.IndexFunc(all, func(b Booking) bool { return b.UserID == me.UserID }); i >= 0 {
		b = &all[i]
	}
	if b.Live() && slices.Equal(b.Attendees, names) {
		return b, nil
	}
	was := *b
	b.Attendees, b.Seats = names, len(names)
	if err := place(e, all, b, &was); err != nil {
		return nil, err
	}
	b.Revision, b.UpdatedAt = b.Revision+1, s.now()
	if err := saveBooking(ctx, tx, b); err != nil {
		return nil, err
	}
	if err := s.trail(ctx, tx, accounts.AgendaRegister, e.ID, "booking"); err != nil {
		return nil, err
	}
	return b, s.fill(ctx, tx, e) // fewer seats than before leave room
}

// place decides whether a booking has its seats or waits. Who has seats keeps
// them: a booking that grows beyond what is left is refused, not sent to wait.
func place(e *Event, all []Booking, b, was *Booking) error {
	left := seatsLeft(e, all, was.ID)
	switch {
	case e.Capacity > 0 && b.Seats > e.Capacity:
		return fault.Conflict("full", fmt.Sprintf("Cet événement a %d places en tout : personne ne peut en demander davantage.", e.Capacity), fmt.Sprintf("This event has %d seats in all: nobody may ask for more.", e.Capacity))
	case was.State == Booked && b.Seats > left:
		if left == 1 {
			return fault.Conflict("full", "Il ne reste qu’une place pour vous, la vôtre comprise.", "Only one seat is left for you, yours included.")
		}
		return fault.Conflict("full", fmt.Sprintf("Il ne reste que %d places pour vous, les vôtres comprises.", left), fmt.Sprintf("Only %d seats are left for you, yours included.", left))
	case was.State == Waiting:
		return nil
	case was.State == Booked || b.Seats <= left && !slices.ContainsFunc(all, func(o Booking) bool { return o.State == Waiting && (e.Capacity == 0 || o.Seats <= e.Capacity) }):
		b.State = Booked
		return nil
	}
	b.State, b.Queued = Waiting, last(all)+1
	return nil
}

// seatsLeft are the seats that nobody but one booking holds; without a limit, as
// many as anybody may ask.
func seatsLeft(e *Event, all []Booking, but BookingID) int {
	if e.Capacity == 0 {
		return seatsMost
	}
	left := e.Capacity
	for _, b := range all {
		if b.State == Booked && (but == 0 || b.ID != but) {
			left -= b.Seats
		}
	}
	return max(left, 0)
}

func last(all []Booking) int64 {
	var out int64
	for _, b := range all {
		out = max(out, b.Queued)
	}
	return out
}

// fill gives the seats that are left to who waits, first come, first served: a
// booking that needs more than is left is not passed by those behind it, unless the
// event became smaller than that booking: it would wait for ever.
func (s *Service) fill(ctx context.Context, tx store.Tx, e *Event) error {
	if e.State != Published || !s.now().Before(e.StartsAt) {
		return nil
	}
	all, err := bookingsOf(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	left := seatsLeft(e, all, 0)
	queue := slices.DeleteFunc(slices.Clone(all), func(b Booking) bool { return b.State != Waiting })
	slices.SortFunc(queue, func(a, b Booking) int { return int(a.Queued - b.Queued) })
	for _, b := range queue {
		if e.Capacity > 0 && b.Seats > e.Capacity {
			continue
		}
		if b.Seats > left {
			return nil
		}
		left -= b.Seats
		b.State, b.Revision, b.UpdatedAt = Booked, b.Revision+1, s.now()
		if err := saveBooking(ctx, tx, &b); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, e.ID, b.UserID, promotedStep(&b)); err != nil {
			return err
		}
	}
	return nil
}

// Drop gives one's seats back; who waits takes them. Dropped again, or never
// booked, it changes nothing.
func (s *Service) Drop(ctx context.Context, id ID) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.AgendaRegister, accounts.OfUser(me.UserID)); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		b, err := bookingOf(ctx, tx, id, me.UserID)
		if err != nil || b == nil || !b.Live() {
			return err
		}
		if !s.now().Before(e.StartsAt) {
			return fault.Conflict("begun", "Cet événement a commencé : prévenez qui organise.", "This event has begun: tell who organises.")
		}
		b.State, b.Revision, b.UpdatedAt = Dropped, b.Revision+1, s.now()
		if err := saveBooking(ctx, tx, b); err != nil {
			return err
		}
		if err := s.trail(ctx, tx, accounts.AgendaRegister, id, "dropped"); err != nil {
			return err
		}
		return s.fill(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("drop a booking of event %d: %w", id, err)
	}
	return nil
}

// Attend says how many of a booking came, for who manages the event; -1 takes it
// back. It is told from the day of the event on.
func (s *Service) Attend(ctx context.Context, id ID, booking BookingID, came int) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := bookingsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(b Booking) bool { return b.ID == booking && b.State != Dropped })
		switch {
		case i < 0:
			return fault.NotFound("booking", booking)
		case came < -1 || came > all[i].Seats:
			return fault.Invalid(fault.At("came", "range", "Entre 0 et le nombre de places réservées.", "Between 0 and the seats booked."))
		case s.now().Before(e.StartsAt) && came >= 0:
			return fault.Conflict("early", "L’événement n’a pas commencé.", "The event has not begun.")
		case all[i].Came == came:
			return nil
		}
		all[i].Came, all[i].Revision, all[i].UpdatedAt = came, all[i].Revision+1, s.now()
		if err := saveBooking(ctx, tx, &all[i]); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.AgendaEdit, id, "came")
	})
	if err != nil {
		return fmt.Errorf("write who came to event %d: %w", id, err)
	}
	return nil
}
