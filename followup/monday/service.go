package monday

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/quality"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store         *store.Store
	Now           func() time.Time
	Opportunities *opportunities.Service
	Matching      *matching.Service
	Followup      *followup.Service
	Contacts      *contacts.Service
	Quality       *quality.Service
}

// Service reads the week of an officer and sorts its notices. Each write is one
// transaction, and every one may run twice.
type Service struct {
	Config
	paris *time.Location
}

// NewService makes a service over the nouns given.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{Config: cfg, paris: engine.Paris()}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// day is a civil day of Paris, some days from now.
func (s *Service) day(after int) string {
	return s.now().In(s.paris).AddDate(0, 0, after).Format(time.DateOnly)
}

// end is the last instant of what lapses: the end of the day Until.
func (s *Service) end() time.Time {
	y, m, d := s.now().In(s.paris).AddDate(0, 0, Span+1).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, s.paris).Add(-time.Microsecond)
}

// Read gives the week of who asks: an officer's perimeter, everything for an
// administrator.
func (s *Service) Read(ctx context.Context) (*Week, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.MondayRead); err != nil {
		return nil, err
	}
	w := &Week{On: s.day(0), Until: s.day(Span)}
	parts := []func(context.Context, *Week) error{s.sorted, s.silent, s.promises, s.answers, s.certificates}
	if in, ok := within(who); ok {
		for _, part := range []func(context.Context, *Week, opportunities.Filter) error{s.notices, s.renewals, s.hours, s.unanswered} {
			parts = append(parts, func(ctx context.Context, w *Week) error { return part(ctx, w, in) })
		}
	}
	for _, part := range parts {
		if err := part(ctx, w); err != nil {
			return nil, fmt.Errorf("read a week: %w", err)
		}
	}
	return w, nil
}

// within is the filter of the calls that somebody follows; false where they
// follow none: an officer without a perimeter.
func within(who accounts.Identity) (opportunities.Filter, bool) {
	f := opportunities.Filter{PlaceKnown: true}
	if accounts.ReachOf(who, accounts.MondayRead) == accounts.Anywhere {
		return f, true
	}
	e, err := territories.ParseExpr([]byte(who.PerimeterExpr))
	if err != nil || e.IsNowhere() {
		return f, false
	}
	f.Territory = e
	return f, true
}
