package activity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/markets"
	"maillage/indicators/microdata"
	"maillage/internal/store"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store   *store.Store
	Markets *markets.Service
	Now     func() time.Time
}

// Service holds the use cases of the figures of the platform.
type Service struct {
	store  *store.Store
	counts *markets.Service
	clock  func() time.Time
	paris  *time.Location
}

// NewService makes a service.
func NewService(cfg Config) (*Service, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("read the clock of Paris: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{store: cfg.Store, counts: cfg.Markets, clock: cfg.Now, paris: paris}, nil
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Publish settles the markets, and makes the editions of the quarters that are over,
// from the first in which a market was proposed here, where they were not made yet; it gives
// the last month of the last one that it made, or nothing. Run again it does nothing.
// It is a job's.
func (s *Service) Publish(ctx context.Context) (last string, err error) {
	if _, err := s.counts.Refresh(ctx); err != nil {
		return "", err
	}
	known, err := editions(ctx, s.store.Read())
	if err != nil {
		return "", err
	}
	published := map[string]bool{}
	for _, e := range known {
		published[e.Until] = true
	}
	all, groups, err := s.counted(ctx)
	if err != nil {
		return "", err
	}
	for _, until := range s.quarters(all) {
		if published[until] {
			continue
		}
		if err := s.publishOne(ctx, until, tallied(all, groups, months(until, quarter))); err != nil {
			return last, fmt.Errorf("publish the figures until %s: %w", until, err)
		}
		last = until
	}
	return last, nil
}

// counted are the markets, and the economic group of each enterprise that is in one.
func (s *Service) counted(ctx context.Context) (all []market, groups map[int64]string, err error) {
	settled, err := s.counts.All(ctx)
	if err != nil {
		return nil, nil, err
	}
	refs, err := microdata.ReferencesIn(ctx, s.store.Read())
	if err != nil {
		return nil, nil, err
	}
	for _, m := range settled {
		all = append(all, s.marketOf(m, refs))
	}
	groups, err = groupsOf(ctx, s.store.Read())
	return all, groups, err
}

// publishOne keeps the figures of a quarter, protected. Where another process did
// meanwhile, its own stay.
func (s *Service) publishOne(ctx context.Context, until string, t *tally) error {
	body, err := protected(ctx, t)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return insertEdition(ctx, tx, &editionRow{Until: until, MadeAt: s.now(), Body: body})
	})
}

const (
	monthForm    = "2006-01"
	quarter      = 3  // months of an edition: quarters do not overlap, so none gives back what another hides
	year         = 12 // months of what an administrator reads
	mostQuarters = 40
)

// quarters are the last months of those that are over, from the first in which a
// market was proposed here.
func (s *Service) quarters(all []market) []string {
	begun := ""
	for _, m := range all {
		begun = first(begun, m.shown) // not the day of an award that a notice tells of years before
	}
	now := s.now().In(s.paris)
	end := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	end = end.AddDate(0, -(int(end.Month())-1)%quarter-1, 0)
	var out []string
	for range mostQuarters {
		until := end.Format(monthForm)
		if begun == "" || until < begun[:len(monthForm)] {
			break
		}
		out = append(out, until)
		end = end.AddDate(0, -quarter, 0)
	}
	slices.Reverse(out)
	return out
}

// months are the n that end with one.
func months(until string, n int) []string {
	last, err := time.Parse(monthForm, until)
	if err != nil {
		return nil
	}
	var out []string
	for i := n - 1; i >= 0; i-- {
		out = append(out, last.AddDate(0, -i, 0).Format(monthForm))
	}
	return out
}

// Editions are what was published, the latest first: everybody's.
func (s *Service) Editions(ctx context.Context) ([]Edition, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	return editions(ctx, s.store.Read())
}

// Now is the twelve months that end with the running one, as they are counted, before
// protection: an administrator's.
func (s *Service) Now(ctx context.Context) (*Edition, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.ObservatoryRead); err != nil {
		return nil, err
	}
	all, groups, err := s.counted(ctx)
	if err != nil {
		return nil, err
	}
	until := s.now().In(s.paris).Format(monthForm)
	return &Edition{Until: until, Months: months(until, year), At: s.now(), Raw: true, Rows: shown(tallied(all, groups, months(until, year)), nil)}, nil
}
