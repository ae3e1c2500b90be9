package placement

import (
	"crypto/rand"
	"io"
	"sync/atomic"
	"time"

	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching/engine"
	"maillage/matching/engine/journeys"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now, Random to
// crypto/rand.
type Config struct {
	Store *store.Store
	Atlas *territories.Atlas
	// People, Opportunities and Network are where facts are read; made here when nil.
	People        *people.Service
	Opportunities *opportunities.Service
	Network       *network.Service
	Now           func() time.Time
	Random        io.Reader // of labels and of the order of cards
	// Mail sends the letters to employers, and Site is the address that they lead to;
	// without Mail they wait in the queue.
	Mail mail.Sender
	Site string
	// Seed settles the order of what nothing else tells apart, for a counsellor.
	Seed uint64
	// PerPost is how many people may be asked about at once for one place; default 3.
	PerPost int
	// Crowd is how many people a card must describe at least; default card.K.
	// Negative turns the check off, for tests.
	Crowd int
}

// perPost is what an employer can look at: two or three cards a place.
const perPost = 3

// Service holds the use cases of placement, each one transaction. Each asks the
// policy itself: the context carries who acts (accounts.With). What the jobs
// call (RefreshPeople, RefreshPositions, SettleDue, RemindLate, DeliverCards) asks
// nothing.
type Service struct {
	store         *store.Store
	atlas         *territories.Atlas
	people        *people.Service
	opportunities *opportunities.Service
	network       *network.Service
	clock         func() time.Time
	random        io.Reader
	seed          uint64
	perPost       int
	crowd         int
	sender        mail.Sender
	site          string
	feed          feed
	rules         *journeys.Rules
	paris         *time.Location

	follower *store.Follower
	index    atomic.Pointer[folk] // kept in step by the follower
}

// NewService makes a service. The index is loaded at the first question.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.PerPost == 0 {
		cfg.PerPost = perPost
	}
	if cfg.People == nil {
		cfg.People = people.NewService(people.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	if cfg.Opportunities == nil {
		cfg.Opportunities = opportunities.NewService(opportunities.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	if cfg.Network == nil {
		cfg.Network = network.NewService(network.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now})
	}
	s := &Service{
		store: cfg.Store, atlas: cfg.Atlas, people: cfg.People, opportunities: cfg.Opportunities, network: cfg.Network,
		clock: cfg.Now, random: cfg.Random, seed: cfg.Seed, perPost: cfg.PerPost, crowd: cfg.Crowd, sender: cfg.Mail, site: cfg.Site, feed: feed{cfg.Atlas},
		rules: journeys.NewRules(journeys.Config{Atlas: cfg.Atlas, Seed: cfg.Seed}), paris: engine.Paris(),
	}
	s.follower = store.NewFollower(cfg.Store, market{s})
	return s
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// today is the day by which agreements and licences are read, as people reads it.
func (s *Service) today() string { return s.now().Format(time.DateOnly) }
