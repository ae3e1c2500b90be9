package agenda

import (
	"context"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/territories"
)

// Row is an event in a list, with its seats and what who asks did.
type Row struct {
	Event
	Organiser string
	Taken     int      // seats booked
	Waiting   int      // seats asked for by who waits
	Mine      *Booking // of who asks; nil: none
}

// Left are the seats that are left; -1 without a limit.
func (r *Row) Left() int {
	if r.Capacity == 0 {
		return -1
	}
	return max(r.Capacity-r.Taken, 0)
}

// Filter chooses events; an empty field does not.
type Filter struct {
	Past      bool // those that are over, the latest first; else those to come
	Kinds     []Kind
	Territory territories.Expr // that concern part of it; nowhere does not filter
	Mine      bool             // that who asks booked
}

// List gives the events that who asks may read: drafts to who manages them.
func (s *Service) List(ctx context.Context, f Filter) ([]Row, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.AgendaRead); err != nil {
		return nil, err
	}
	var from, until = s.now(), time.Time{}
	if f.Past {
		from, until = time.Time{}, s.now()
	}
	all, err := between(ctx, s.store.Read(), from, until)
	if err != nil {
		return nil, err
	}
	within, err := s.within(f.Territory)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e Event) bool {
		return !s.sees(ctx, &e) || len(f.Kinds) > 0 && !slices.Contains(f.Kinds, e.Kind) || !within(&e)
	})
	if f.Past {
		slices.Reverse(all)
	}
	rows, err := s.rows(ctx, all)
	if f.Mine {
		rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Mine == nil || !r.Mine.Live() })
	}
	return rows, err
}

// within tells the events that concern part of a territory.
func (s *Service) within(e territories.Expr) (func(*Event) bool, error) {
	if e.IsNowhere() {
		return func(*Event) bool { return true }, nil
	}
	p, err := s.atlas.Compile(e)
	if err != nil {
		return nil, fault.Invalid(fault.At("territory", "perimeter", "Ce territoire n’est pas compris.", "This territory is not understood.")).Because(err)
	}
	return func(e *Event) bool {
		scope := s.scope(e)
		return scope.Everywhere || scope.Place != nil && scope.Place.Intersects(p.Set)
	}, nil
}

func (s *Service) rows(ctx context.Context, all []Event) ([]Row, error) {
	ids, organisers := make([]ID, len(all)), make([]int64, len(all))
	for i, e := range all {
		ids[i], organisers[i] = e.ID, e.OrganiserID
	}
	counted, err := seatsOf(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	of, err := names(ctx, s.store.Read(), organisationNames, organisers)
	if err != nil {
		return nil, err
	}
	mine := map[ID]*Booking{}
	if me := accounts.From(ctx); me.SignedIn() {
		own, err := bookingsBy(ctx, s.store.Read(), me.UserID)
		if err != nil {
			return nil, err
		}
		for _, b := range own {
			mine[b.EventID] = &b
		}
	}
	rows := make([]Row, len(all))
	for i, e := range all {
		rows[i] = Row{Event: e, Organiser: of[e.OrganiserID], Mine: mine[e.ID]}
		for _, c := range counted {
			switch {
			case c.EventID != e.ID:
			case c.State == Booked:
				rows[i].Taken = c.Seats
			case c.State == Waiting:
				rows[i].Waiting = c.Seats
			}
		}
	}
	return rows, nil
}

// Get reads one event. What who asks may not see is not there.
func (s *Service) Get(ctx context.Context, id ID) (*Row, error) {
	e, err := eventBy(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if !s.sees(ctx, e) {
		return nil, fault.NotFound("event", id)
	}
	rows, err := s.rows(ctx, []Event{*e})
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// Seat is a booking on the attendance sheet.
type Seat struct {
	Booking
	Organisation, Account string // names
}

// Sheet is who booked and who waits, for who manages the event: those who booked
// first, then the waiting list in its order.
func (s *Service) Sheet(ctx context.Context, id ID) ([]Seat, error) {
	e, err := eventBy(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if !s.sees(ctx, e) {
		return nil, fault.NotFound("event", id)
	}
	if err := s.manages(ctx, e); err != nil {
		return nil, err
	}
	all, err := bookingsOf(ctx, s.store.Read(), id)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(b Booking) bool { return !b.Live() })
	slices.SortStableFunc(all, func(a, b Booking) int {
		if a.State != b.State {
			return map[BookingState]int{Booked: 0, Waiting: 1}[a.State] - map[BookingState]int{Booked: 0, Waiting: 1}[b.State]
		}
		return int(a.Queued - b.Queued)
	})
	return s.seated(ctx, all)
}

func (s *Service) seated(ctx context.Context, all []Booking) ([]Seat, error) {
	var organisations, users []int64
	for _, b := range all {
		organisations, users = append(organisations, b.OrganisationID), append(users, int64(b.UserID))
	}
	of, err := names(ctx, s.store.Read(), organisationNames, organisations)
	if err != nil {
		return nil, err
	}
	by, err := names(ctx, s.store.Read(), accountNames, users)
	if err != nil {
		return nil, err
	}
	out := make([]Seat, len(all))
	for i, b := range all {
		out[i] = Seat{Booking: b, Organisation: of[b.OrganisationID], Account: by[int64(b.UserID)]}
	}
	return out, nil
}
