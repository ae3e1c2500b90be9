// Package publication makes protected releases of the observatory's counts: a plan
// says which indicators, by what and of which years; the counts become linked
// tables; disclosure control hides what must be; everything released before is
// attacked with it; what is safe is written as one ZIP, and each of its cells is
// kept in the ledger for ever.
//
// It refuses to release anything without a safe certificate, to show a count that
// was not released, and to forget: what was seen stays in the ledger, a withdrawn
// version included. Counts that were revised since an earlier release are other
// figures: the attack links both only where they are the same.
package publication

import (
	"context"
	"math/big"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
	"maillage/indicators/figures"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/territories"
)

// Counts is where the counts come from, before they are protected.
type Counts interface {
	Contributions(ctx context.Context, year int) ([]figures.Contribution, error)
	Vintage(ctx context.Context, year int) (string, error)
	Years(ctx context.Context) ([]int, error)
	Breaks(ctx context.Context, first, last int) ([]compute.Break, error)
	Unit(ctx context.Context, year int) (func(compute.Measure, int64) *big.Rat, error)
}

// Config is what the service needs. Now defaults to time.Now, Protect to disclosure.Protect. Site is the address
// of the pages, without a slash at its end; Publisher names who publishes.
type Config struct {
	Store     *store.Store
	Atlas     *territories.Atlas
	Counts    Counts
	Mail      mail.Sender
	Site      string
	Publisher string
	Now       func() time.Time
	Protect   Protect
}

// Protect chooses what is hidden of tables: disclosure.Protect, of which the outcome
// depends on the task alone.
type Protect func(context.Context, disclosure.Task) (*disclosure.Outcome, error)

// Service holds the use cases of releases. Each asks the policy; Build asks
// nothing: it is for a worker.
type Service struct {
	store     *store.Store
	atlas     *territories.Atlas
	counts    Counts
	mail      mail.Sender
	site      string
	publisher string
	clock     func() time.Time
	shield    Protect
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Protect == nil {
		cfg.Protect = disclosure.Protect
	}
	if cfg.Publisher == "" {
		cfg.Publisher = "Observatoire Maillage"
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, counts: cfg.Counts, mail: cfg.Mail, site: cfg.Site, publisher: cfg.Publisher, clock: cfg.Now, shield: cfg.Protect}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }
