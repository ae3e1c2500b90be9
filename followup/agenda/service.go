package agenda

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Without Mail and
// Words no letter is delivered; the rest works.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
	Mail  mail.Sender
	Words Writer
}

// Service holds the use cases of the agenda, each one transaction.
type Service struct {
	store  *store.Store
	atlas  *territories.Atlas
	clock  func() time.Time
	sender mail.Sender
	words  Writer
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, sender: cfg.Mail, words: cfg.Words}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// scope is whose an event is: its organiser's, where it concerns.
func (s *Service) scope(e *Event) accounts.Scope {
	out := accounts.Of(e.OrganiserID)
	if e.Territory == "" {
		out.Everywhere = true
		return out
	}
	if expr, err := territories.ParseExpr([]byte(e.Territory)); err == nil {
		if p, err := s.atlas.Compile(expr); err == nil {
			out.Place = p.Set
		}
	}
	return out
}

// manages tells who may change an event: an administrator, its organiser's
// officers, and those of a perimeter that it concerns.
func (s *Service) manages(ctx context.Context, e *Event) error {
	return accounts.Allow(accounts.From(ctx), accounts.AgendaEdit, s.scope(e))
}

// CanManage tells a page whether to show the gestures of who manages.
func (s *Service) CanManage(ctx context.Context, e *Event) bool { return s.manages(ctx, e) == nil }

// sees tells who may read an event: a draft is for who manages it.
func (s *Service) sees(ctx context.Context, e *Event) bool {
	if s.manages(ctx, e) == nil {
		return true
	}
	return e.State != Draft && e.Audience.Sees(accounts.From(ctx))
}

// Save makes an event (id 0: a draft) or changes one. expected is the revision it
// was read at; 0 does not check. Every fault is located. Once it is published, a
// change of what somebody who comes must know (when, where, the link) raises its
// sequence and is told to those who booked; more seats go to who waits. The same
// plan again changes nothing. An event that is cancelled or over no longer changes.
func (s *Service) Save(ctx context.Context, id ID, expected int64, p Plan) (*Event, error) {
	want, err := p.event(s.atlas)
	if err != nil {
		return nil, err
	}
	if err := s.manages(ctx, want); err != nil {
		return nil, err
	}
	var out *Event
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := organises(ctx, tx, want.OrganiserID); err != nil {
			return err
		}
		if id == 0 {
			out = want
			return s.create(ctx, tx, want)
		}
		cur, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		out = cur
		return s.change(ctx, tx, cur, want, expected)
	})
	if err != nil {
		return nil, fmt.Errorf("save event %d: %w", id, err)
	}
	return out, nil
}

// held holds an event that who asks manages; another's draft is not there.
func (s *Service) held(ctx context.Context, tx store.Tx, id ID) (*Event, error) {
	e, err := hold(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !s.sees(ctx, e) {
		return nil, fault.NotFound("event", id)
	}
	return e, s.manages(ctx, e)
}

func (s *Service) create(ctx context.Context, tx store.Tx, e *Event) error {
	e.State, e.Revision, e.CreatedAt, e.UpdatedAt = Draft, 1, s.now(), s.now()
	if err := insertEvent(ctx, tx, e); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.AgendaEdit, e.ID, "created")
}

func (s *Service) change(ctx context.Context, tx store.Tx, cur, want *Event, expected int64) error {
	fields := cur.differs(want)
	switch {
	case len(fields) == 0:
		return nil
	case expected != 0 && expected != cur.Revision:
		return fault.Stale()
	case cur.State == Cancelled:
		return fault.Conflict("cancelled", "Cet événement est annulé : il ne change plus.", "This event is cancelled: it no longer changes.")
	case cur.State == Published && !s.now().Before(cur.EndsAt):
		return fault.Conflict("over", "Cet événement est passé : il ne change plus.", "This event is over: it no longer changes.")
	}
	moved := cur.State == Published && slices.ContainsFunc(fields, mattering)
	want.ID, want.State, want.Sequence, want.Revision, want.CreatedAt = cur.ID, cur.State, cur.Sequence, cur.Revision, cur.CreatedAt
	*cur = *want
	if moved {
		cur.Sequence++
	}
	if err := s.keep(ctx, tx, cur, fields...); err != nil {
		return err
	}
	if err := s.fill(ctx, tx, cur); err != nil || !moved {
		return err
	}
	return s.tellAll(ctx, tx, cur, movedStep(cur))
}

// mattering tells the fields that somebody who comes must know of.
func mattering(field string) bool {
	return slices.Contains([]string{"starts", "ends", "place", "link", "title"}, field)
}

// differs names what is not the same.
func (e *Event) differs(w *Event) (out []string) {
	for _, f := range []struct {
		name string
		same bool
	}{{"kind", e.Kind == w.Kind}, {"title", e.Title == w.Title}, {"about", e.About == w.About}, {"place", e.Place == w.Place && e.Commune == w.Commune}, {"link", e.Link == w.Link},
		{"territory", e.Territory == w.Territory}, {"audience", e.Audience == w.Audience}, {"starts", e.StartsAt.Equal(w.StartsAt) && e.Zone == w.Zone}, {"ends", e.EndsAt.Equal(w.EndsAt)},
		{"capacity", e.Capacity == w.Capacity}, {"register", e.RegisterUntil.Equal(w.RegisterUntil)}, {"organiser", e.OrganiserID == w.OrganiserID}, {"fee", e.Fee == w.Fee}, {"documents", slices.Equal(e.Documents, w.Documents)}} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return out
}

// keep writes an event with its next revision and its trace.
func (s *Service) keep(ctx context.Context, tx store.Tx, e *Event, fields ...string) error {
	e.Revision, e.UpdatedAt = e.Revision+1, s.now()
	if err := saveEvent(ctx, tx, e); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.AgendaEdit, e.ID, fields...)
}

func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, id ID, fields ...string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: "agenda", EntityID: int64(id), Fields: fields})
}

// Publish shows a draft to its audience. Published again, it changes nothing.
func (s *Service) Publish(ctx context.Context, id ID, expected int64) (*Event, error) {
	return s.move(ctx, id, expected, func(e *Event) (bool, error) {
		switch {
		case e.State == Published:
			return false, nil
		case e.State == Cancelled:
			return false, fault.Conflict("cancelled", "Cet événement est annulé.", "This event is cancelled.")
		case !s.now().Before(e.StartsAt):
			return false, fault.Conflict("begun", "Cet événement a déjà commencé : changez sa date.", "This event has already begun: change its date.")
		}
		e.State = Published
		return true, nil
	})
}

// Cancel ends an event, with the reason that those who booked are told. It stays
// in the calendars as cancelled. Cancelled again, it changes nothing.
func (s *Service) Cancel(ctx context.Context, id ID, expected int64, reason string) (*Event, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > placeMost {
		return nil, fault.Invalid(fault.At("reason", "length", "Dites pourquoi, en 500 caractères au plus.", "Say why, in 500 characters at most."))
	}
	return s.move(ctx, id, expected, func(e *Event) (bool, error) {
		switch {
		case e.State == Cancelled:
			return false, nil
		case !s.now().Before(e.EndsAt):
			return false, fault.Conflict("over", "Cet événement est passé.", "This event is over.")
		}
		e.State, e.Reason, e.Sequence = Cancelled, reason, e.Sequence+1
		return true, nil
	})
}

func (s *Service) move(ctx context.Context, id ID, expected int64, to func(*Event) (bool, error)) (*Event, error) {
	var out *Event
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		out = e
		revision := e.Revision
		moved, err := to(e)
		if err != nil || !moved {
			return err
		}
		if expected != 0 && expected != revision {
			return fault.Stale()
		}
		if err := s.keep(ctx, tx, e, "state"); err != nil || e.State != Cancelled {
			return err
		}
		return s.tellAll(ctx, tx, e, CancelledStep)
	})
	if err != nil {
		return nil, fmt.Errorf("move event %d: %w", id, err)
	}
	return out, nil
}
