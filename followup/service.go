package followup

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now; the nouns are made
// here when nil.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service
	Handed        Handed // nil: nobody keeps what was sent
}

// Handed keeps what was sent, in the transaction in which an answer that was being
// prepared is told handed in.
type Handed interface {
	HandedIn(ctx context.Context, tx store.Tx, m *matching.Match, p *Pursuit) error
}

// Service holds the use cases of pursuits. Each write is one transaction, and
// every one may run twice.
type Service struct {
	store         *store.Store
	atlas         *territories.Atlas
	clock         func() time.Time
	network       *network.Service
	opportunities *opportunities.Service
	matching      *matching.Service
	handed        Handed
	paris         *time.Location
}

// NewService makes a service.
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
	if cfg.Matching == nil {
		cfg.Matching = matching.NewService(matching.Config{Store: cfg.Store, Atlas: cfg.Atlas, Now: cfg.Now, Network: cfg.Network, Opportunities: cfg.Opportunities})
	}
	return &Service{store: cfg.Store, atlas: cfg.Atlas, clock: cfg.Now, network: cfg.Network, opportunities: cfg.Opportunities, matching: cfg.Matching, handed: cfg.Handed, paris: engine.Paris()}
}

// now is the present instant, as precise as the least precise engine.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// today is the civil day of Paris.
func (s *Service) today() string { return s.now().In(s.paris).Format(time.DateOnly) }

// Move takes one or more steps, one after the other, all or none: going for a
// call and saying how are one gesture. The last one told again changes nothing.
// expected is the revision that was read, 0 not to check.
func (s *Service) Move(ctx context.Context, id matching.ID, expected int64, steps ...Step) (*Pursuit, error) {
	for i := range steps {
		if err := steps[i].check(s.today()); err != nil {
			return nil, err
		}
		if err := s.may(ctx, id, steps[i].To.action()); err != nil {
			return nil, err
		}
	}
	out, err := s.move(ctx, id, expected, ByGesture, steps)
	if err != nil {
		return nil, fmt.Errorf("follow match %d up: %w", id, err)
	}
	return out, nil
}

// Reply is Move for who answers in one word, interested or not: of a pursuit that
// went further, being interested says nothing new.
func (s *Service) Reply(ctx context.Context, id matching.ID, expected int64, step Step) (*Pursuit, error) {
	if step.To == Interested {
		p, err := s.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if p.State == Go || p.State.Answered() {
			return p, nil
		}
	}
	return s.Move(ctx, id, expected, step)
}

// Confirm says that an award names the enterprise, whatever was told before.
func (s *Service) Confirm(ctx context.Context, id matching.ID, expected int64) (*Pursuit, error) {
	if err := s.may(ctx, id, accounts.PursuitFollow); err != nil {
		return nil, err
	}
	out, err := s.move(ctx, id, expected, ByAward, []Step{{To: Won}})
	if err != nil {
		return nil, fmt.Errorf("confirm the award of match %d: %w", id, err)
	}
	return out, nil
}

// InterestIn notes, in the caller's transaction, that an enterprise said by another
// way that an opportunity interests it. Where no match proposes it, or more was
// said already, nothing changes.
func (s *Service) InterestIn(ctx context.Context, tx store.Tx, id opportunities.ID, who network.ID, word string) error {
	match, err := proposing(ctx, tx, id, who)
	if err != nil || match == 0 {
		return err
	}
	m, err := matching.Hold(ctx, tx, match)
	if err != nil {
		return err
	}
	p, err := current(ctx, tx, m)
	if err != nil || !p.State.Unanswered() || m.Holds() != nil {
		return err
	}
	if g, err := groundOf(ctx, tx, m.LotID); err != nil || g.over(s.now()) {
		return err
	}
	return s.step(ctx, tx, m, p, ByGesture, Step{To: Interested, Note: word, Partners: []network.ID{}})
}

func (s *Service) move(ctx context.Context, id matching.ID, expected int64, origin Origin, steps []Step) (out *Pursuit, err error) {
	return out, s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		m, err := matching.Hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if out, err = current(ctx, tx, m); err != nil || len(steps) == 0 || out.says(steps[len(steps)-1].dated(out, s.today())) {
			return err
		}
		if expected != 0 && expected != out.Revision {
			return fault.Stale()
		}
		for _, step := range steps {
			step.afterwards = steps[len(steps)-1].To == Submitted
			if err := s.step(ctx, tx, m, out, origin, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// step takes one step of a match that the transaction holds.
func (s *Service) step(ctx context.Context, tx store.Tx, m *matching.Match, p *Pursuit, origin Origin, step Step) error {
	step = step.dated(p, s.today())
	if p.says(step) {
		return nil
	}
	if err := s.refuse(ctx, tx, m, p, origin, &step); err != nil {
		return err
	}
	prepared := p.State == Answering || p.State == Withdrawn && p.SubmittedOn == ""
	if err := s.write(ctx, tx, m, p, origin, step); err != nil {
		return err
	}
	if s.handed == nil || !prepared || step.To != Submitted {
		return nil
	}
	return s.handed.HandedIn(ctx, tx, m, p)
}

// write makes a pursuit what a step says, with its event, what matching reads of
// it, and the trail.
func (s *Service) write(ctx context.Context, tx store.Tx, m *matching.Match, p *Pursuit, origin Origin, step Step) error {
	e := Event{MatchID: m.ID, At: s.now(), ActorID: actor(ctx, origin), From: p.State, To: step.To, Reason: step.Reason, Note: step.Note, Origin: origin,
		Detail: Detail{Role: step.Role, Consortium: step.Consortium, Partners: step.Partners, SubmittedOn: step.SubmittedOn}}
	p.take(step, e.At)
	if err := keep(ctx, tx, p, &e); err != nil {
		return err
	}
	if p.State.Unanswered() {
		return nil
	}
	said := matching.Said{Reply: p.State.reply(), Note: p.Note, At: e.At, UserID: int64(accounts.From(ctx).UserID)}
	if said.Reply == matching.NotForUs {
		said.Motive = p.Reason
	}
	if err := matching.KeepReply(ctx, tx, m, said); err != nil {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: e.At, Action: step.To.action(), Entity: "match", EntityID: int64(m.ID), Fields: []string{"state"}})
}

// actor is who acts; what a letter or a page notes is nobody's gesture but for a
// page, which somebody opened.
func actor(ctx context.Context, origin Origin) *int64 {
	if origin == ByLetter {
		return nil
	}
	return accounts.From(ctx).Actor()
}
