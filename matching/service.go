package matching

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"maillage/internal/store"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Why a match was withdrawn, when it isn't for a criterion of the engine.
const (
	ReasonLotWithdrawn     = "lot_withdrawn" // no longer in the latest notice
	ReasonLotDraft         = "lot_draft"     // taken back to a draft
	ReasonLotCancelled     = "lot_cancelled"
	ReasonForecastOver     = "forecast_over"  // the expected call came out or lapsed
	ReasonForPeople        = "for_people"     // only people answer it: a mission, an immersion, a training session
	ReasonLotUnspecified   = "lot_to_specify" // it no longer names a trade
	ReasonLotGone          = "lot_gone"
	ReasonOrganisationGone = "organisation_gone" // no longer a member
	ReasonUnspecified      = "to_specify"        // the enterprise no longer names a trade
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	Now   func() time.Time
	// Network and Opportunities are where facts are read; made here when nil.
	Network       *network.Service
	Opportunities *opportunities.Service
	// Seed settles the order of candidates that nothing else tells apart.
	Seed uint64
}

// Service holds the use cases of matching. Each write is one transaction, and
// every one may run twice.
type Service struct {
	store         *store.Store
	atlas         *territories.Atlas
	clock         func() time.Time
	seed          uint64
	feed          feed
	network       *network.Service
	opportunities *opportunities.Service
	paris         *time.Location

	follower *store.Follower
	index    atomic.Pointer[engine.Index] // kept in step by the follower

	surveys  surveys    // of coverage, as of the last views
	settling sync.Mutex // one writer of matches in this process
}

// NewService makes a service. The index is loaded at the first question.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Network == nil {
		cfg.Network = network.NewService(network.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	if cfg.Opportunities == nil {
		cfg.Opportunities = opportunities.NewService(opportunities.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	s := &Service{
		store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, seed: cfg.Seed, feed: feed{cfg.Atlas}, paris: engine.Paris(),
		network: cfg.Network, opportunities: cfg.Opportunities,
	}
	s.follower = store.NewFollower(cfg.Store, market{s})
	return s
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// few is how many lots, or organisations, are settled in one transaction: well
// under a second of writing.
const few = 20

// RefreshLots brings the matches of lots up to date.
func (s *Service) RefreshLots(ctx context.Context, ids []opportunities.LotID) error {
	for part := range slices.Chunk(unique(ids), few) {
		if err := s.refreshLots(ctx, part); err != nil {
			return fmt.Errorf("refresh the matches of lots: %w", err)
		}
	}
	return nil
}

func (s *Service) refreshLots(ctx context.Context, ids []opportunities.LotID) error {
	return s.settle(ctx, claim{column: "lot_id", ids: numbers(ids)}, func(c *claim) {
		for _, id := range ids {
			lot, ok := c.view.Lot(engine.LotID(id))
			if !ok {
				continue
			}
			for _, m := range c.view.CandidatesFor(lot, c.now, engine.Options{}).Matches {
				c.wanted[pair{int64(m.Lot), int64(m.Enterprise)}] = m
			}
		}
	})
}

func numbers[T ~int64](ids []T) []int64 {
	out := make([]int64, len(ids))
	for i, id := range ids {
		out[i] = int64(id)
	}
	return out
}

// RefreshOrganisations brings the matches of organisations up to date, and those
// of the lots they buy or publish.
func (s *Service) RefreshOrganisations(ctx context.Context, ids []network.ID) error {
	ids = unique(ids)
	for part := range slices.Chunk(ids, few) {
		if err := s.refreshOrganisations(ctx, part); err != nil {
			return fmt.Errorf("refresh the matches of organisations: %w", err)
		}
	}
	for part := range slices.Chunk(ids, batch) {
		lots, err := lotsOfParties(ctx, s.store.Read(), part)
		if err != nil {
			return fmt.Errorf("refresh the matches of organisations: %w", err)
		}
		if err := s.RefreshLots(ctx, lots); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) refreshOrganisations(ctx context.Context, ids []network.ID) error {
	return s.settle(ctx, claim{column: "organisation_id", ids: numbers(ids)}, func(c *claim) {
		for _, id := range ids {
			e, ok := c.view.Enterprise(engine.EnterpriseID(id))
			if !ok {
				continue
			}
			for _, m := range c.view.LotsFor(e, c.now, engine.Options{PassedToo: true, Expected: true}).Matches {
				c.wanted[pair{int64(m.Lot), int64(m.Enterprise)}] = m
			}
		}
	})
}

// Progress tells how far a rebuild is.
type Progress func(done, total int)

// Rebuild reads everything again and settles every lot. It gives the same rows
// as the changes one by one.
func (s *Service) Rebuild(ctx context.Context, tell Progress) error {
	total, err := countLots(ctx, s.store.Read())
	if err != nil {
		return fmt.Errorf("rebuild matches: %w", err)
	}
	s.follower.Forget()
	done := 0
	for last := opportunities.LotID(0); ; {
		ids, err := lotsAfter(ctx, s.store.Read(), last, few)
		if err != nil {
			return fmt.Errorf("rebuild matches: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		if err := s.refreshLots(ctx, ids); err != nil {
			return fmt.Errorf("rebuild matches: %w", err)
		}
		last = ids[len(ids)-1]
		if done += len(ids); tell != nil {
			tell(min(done, total), total)
		}
	}
}
