// Package fairness audits what happens to groups of people in journeys: who is
// proposed, met, hired or not retained, and whom the engine puts first, by sex,
// age band, priority neighbourhood, distance and waiting.
//
// It is the only place where traits are read, and it reads them to count. It
// refuses to say anything of a person, or of fewer people than the pure engine of
// the same name allows, and nothing of it goes back into a score: no package of
// matching imports this one. Each reading goes to the audit trail.
package fairness

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching/engine/fairness"
	"maillage/matching/placement"
	"maillage/people"
	"maillage/territories"
)

// FirstN is how many of the engine's candidates for a position count as the first.
const FirstN = 10

// monthsBack is how long the audit looks back on proposals.
const monthsBack = 12

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store     *store.Store
	Atlas     *territories.Atlas
	People    *people.Service
	Placement *placement.Service
	Now       func() time.Time
	// Seed draws who is left out of a table; by default it is of crypto/rand, and
	// nobody keeps it.
	Seed func() [32]byte
}

// Service makes audits.
type Service struct {
	cfg Config
}

// NewService makes a service; People and Placement are made where they are nil.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.People == nil {
		cfg.People = people.NewService(people.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	if cfg.Placement == nil {
		cfg.Placement = placement.NewService(placement.Config{Store: cfg.Store, Atlas: cfg.Atlas, People: cfg.People, Now: cfg.Now})
	}
	if cfg.Seed == nil {
		cfg.Seed = func() (seed [32]byte) {
			_, _ = rand.Read(seed[:]) // never fails
			return seed
		}
	}
	return &Service{cfg: cfg}
}

// Audit is the report of what happens to groups. It holds figures of groups alone.
type Audit struct {
	AsOf      time.Time      // when it was counted
	Since     time.Time      // from which proposals are
	Until     time.Time      // from when on another is counted
	Scope     accounts.Reach // Anywhere, OwnPerimeter (of homes) or OwnOrganisation
	Positions int            // open, to which people were ranked
	fairness.Report
}

// Audit counts the people whom the caller may audit: the whole network, those who
// live in an officer's perimeter, those of a counsellor's structure. It is counted
// at the first reading of a month and kept: until the month ends everybody of the
// same scope reads the same, whatever was published or changed since.
func (s *Service) Audit(ctx context.Context) (*Audit, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PeopleAudit); err != nil {
		return nil, err
	}
	now := s.cfg.Now().UTC()
	a := &auditor{s: s, who: who, now: now, since: since(now), scope: accounts.ReachOf(who, accounts.PeopleAudit)}
	kept, err := s.kept(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("audit fairness: %w", err)
	}
	err = s.cfg.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return accounts.Audit(ctx, tx, accounts.Entry{At: now, Action: accounts.PeopleAudit, Entity: "fairness", EntityID: who.OrganisationID, Fields: []string{"read"}})
	})
	if err != nil {
		return nil, fmt.Errorf("audit fairness: %w", err)
	}
	made := kept.MadeAt.UTC()
	return &Audit{AsOf: made, Since: since(made), Until: time.Date(made.Year(), made.Month()+1, 1, 0, 0, 0, 0, time.UTC), Scope: a.scope, Positions: kept.Positions, Report: kept.Report}, nil
}

func since(now time.Time) time.Time { return now.AddDate(0, -monthsBack, 0) }
