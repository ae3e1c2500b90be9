// Package outlook is the service of the skills outlook (GPECT) of a territory: it
// reads what is asked in opportunities and who holds what in people, and hands
// both to the pure engine of the same name.
//
// It refuses to answer from the people themselves: a journey read here becomes
// protected counts, once a day, and is forgotten. It reads no trait, no right and
// no identity.
package outlook

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching/engine/outlook"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	// People and Opportunities are where facts are read; made here when nil.
	People        *people.Service
	Opportunities *opportunities.Service
	Now           func() time.Time
}

// Service answers for a territory.
type Service struct {
	store         *store.Store
	atlas         *territories.Atlas
	people        *people.Service
	opportunities *opportunities.Service
	clock         func() time.Time
	areas         func() *outlook.Areas

	follower *store.Follower
	asked    atomic.Pointer[asked] // kept in step by the follower

	counting sync.Mutex // one count of people at a time
	counted  atomic.Pointer[counted]
}

// counted is the table of people of one day.
type counted struct {
	day   string
	table *outlook.Table
}

// NewService makes a service. What it answers from is loaded at the first question.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.People == nil {
		cfg.People = people.NewService(people.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	if cfg.Opportunities == nil {
		cfg.Opportunities = opportunities.NewService(opportunities.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	s := &Service{store: cfg.Store, atlas: cfg.Atlas, people: cfg.People, opportunities: cfg.Opportunities, clock: cfg.Now,
		areas: sync.OnceValue(func() *outlook.Areas { return outlook.NewAreas(cfg.Atlas) })}
	s.follower = store.NewFollower(cfg.Store, demand{s})
	return s
}

// patience is how long a reader waits for the last changes to be followed.
const patience = 250 * time.Millisecond

// Of gives the outlook of a territory, as of now unless the query says otherwise.
func (s *Service) Of(ctx context.Context, q outlook.Query) (*outlook.Outlook, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.SkillsOutlook); err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() {
		q.AsOf = s.clock().UTC()
	}
	if err := s.follower.Near(ctx, patience); err != nil {
		return nil, fmt.Errorf("read what is asked: %w", err)
	}
	table, err := s.held(ctx)
	if err != nil {
		return nil, fmt.Errorf("count people: %w", err)
	}
	v := &outlook.View{Areas: s.areas(), Held: table, Asks: s.asked.Load().list}
	return v.Ask(q), nil
}

// held is the table of people of the day, made once: a figure that moved during
// the day would tell who came or left.
func (s *Service) held(ctx context.Context) (*outlook.Table, error) {
	day := s.clock().UTC().Format(time.DateOnly)
	s.counting.Lock()
	defer s.counting.Unlock()
	if c := s.counted.Load(); c != nil && c.day == day {
		return c.table, nil
	}
	table, err := s.count(ctx, s.store.Read(), day)
	if err != nil {
		return nil, err
	}
	s.counted.Store(&counted{day, table})
	return table, nil
}

// count reads every journey under way, by batches, into a table.
func (s *Service) count(ctx context.Context, db bun.IDB, day string) (*outlook.Table, error) {
	f := newFeed(s.areas(), s.atlas, day)
	apart, failed := people.Uncounted(ctx, db)
	if failed != nil {
		return nil, failed
	}
	table := s.areas().Count(func(yield func(*outlook.Person)) {
		failed = s.people.EachBatchIn(ctx, db, 0, func(all []*people.Person) error {
			for _, p := range all {
				if !apart[p.OrganisationID] {
					yield(f.person(p))
				}
			}
			return nil
		})
	})
	return table, failed
}
