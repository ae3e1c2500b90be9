package people

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
)

// EventKind is what happened to a journey.
type EventKind string

// The kinds of event.
const (
	EventCreated  EventKind = "created"
	EventChanged  EventKind = "changed"
	EventPaused   EventKind = "paused"
	EventResumed  EventKind = "resumed"
	EventEnded    EventKind = "ended"
	EventErased   EventKind = "erased"
	EventIdentity EventKind = "identity"
	EventTraits   EventKind = "traits"
	EventRights   EventKind = "rights"

	EventAsked     EventKind = "agreement_asked"
	EventGiven     EventKind = "agreement_given"
	EventRefused   EventKind = "agreement_refused"
	EventWithdrawn EventKind = "agreement_withdrawn"
	EventExpired   EventKind = "agreement_expired"
)

// Event is one line of the history of a journey: who changed which fields and
// when. It has no room for values.
type Event struct {
	bun.BaseModel `bun:"table:person_events,alias:ev"`

	ID         int64     `bun:"id,pk,autoincrement"`
	PersonID   ID        `bun:"person_id"`
	At         time.Time `bun:"at"`
	Kind       EventKind `bun:"kind"`
	ActorID    *int64    `bun:"actor_id"`    // user; nil: a job or an import
	PositionID *int64    `bun:"position_id"` // of an agreement
	Fields     []string  `bun:"fields,type:jsonb"`
}

// record writes a line of the history.
func (s *Service) record(ctx context.Context, tx store.Tx, id ID, kind EventKind, fields []string) error {
	return s.recordEvents(ctx, tx, Event{PersonID: id, Kind: kind, Fields: fields})
}

func (s *Service) recordEvents(ctx context.Context, tx store.Tx, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	for i := range events {
		events[i].At, events[i].ActorID = s.now(), accounts.From(ctx).Actor()
		if events[i].Fields == nil {
			events[i].Fields = []string{}
		}
	}
	return insertEvents(ctx, tx, events)
}

// columnOf is the name of a field in the database or in JSON.
func columnOf(f reflect.StructField) string {
	for _, key := range []string{"bun", "json"} {
		if name, _, _ := strings.Cut(f.Tag.Get(key), ","); name != "" {
			return name
		}
	}
	return strings.ToLower(f.Name)
}

// ofAgreement are the kinds that tell what a person answered about a position.
var ofAgreement = []EventKind{EventAsked, EventGiven, EventRefused, EventWithdrawn, EventExpired}

// Events is the history of a journey, the latest first. Those of agreements are
// for who reads agreements: to others they are not there.
func (s *Service) Events(ctx context.Context, id ID, limit int) ([]Event, error) {
	p, err := s.read(ctx, accounts.PersonRead, id)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 500 {
		limit = 100
	}
	if !accounts.Can(accounts.From(ctx), accounts.AgreementRead, accounts.Of(p.OrganisationID)) {
		return events(ctx, s.store.Read(), id, limit, ofAgreement...)
	}
	return events(ctx, s.store.Read(), id, limit)
}
