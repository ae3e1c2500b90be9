package dossier

import (
	"context"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store         *store.Store
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service
	Followup      *followup.Service
}

// Service holds the use cases of the answer file. Each write is one transaction,
// and every one may run twice.
type Service struct {
	Config
	book  *Book
	paris *time.Location
}

// NewService makes a service; it fails on kinds that do not hold together.
func NewService(cfg Config) (*Service, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	book, err := LoadKinds()
	if err != nil {
		return nil, err
	}
	return &Service{Config: cfg, book: book, paris: engine.Paris()}, nil
}

// Book is the kinds of pieces.
func (s *Service) Book() *Book { return s.book }

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Today is the civil day of Paris.
func (s *Service) Today() string { return s.now().In(s.paris).Format(time.DateOnly) }

// may checks a right on the file of an enterprise: its own alone. What is not the
// caller's is not there.
func (s *Service) may(ctx context.Context, a accounts.Action, id network.ID, what string, number int64) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, a); err != nil {
		return err
	}
	err := accounts.Allow(who, a, accounts.Of(int64(id)))
	if fault.Is(err, fault.KindForbidden) {
		return fault.NotFound(what, number)
	}
	return err
}

func (s *Service) mine(ctx context.Context, a accounts.Action, id network.ID) error {
	return s.may(ctx, a, id, "organisation", int64(id))
}

func (s *Service) trail(ctx context.Context, tx store.Tx, a accounts.Action, entity string, id int64, fields ...string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: a, Entity: entity, EntityID: id, Fields: fields})
}
