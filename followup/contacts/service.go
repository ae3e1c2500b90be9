package contacts

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

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service
}

// Service holds the use cases of contacts. Each write is one transaction, and
// every one may run twice.
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

// Today is the civil day of Paris, on which a promise is due.
func (s *Service) Today() string { return s.now().In(s.paris).Format(time.DateOnly) }

// Note keeps a contact. The same key and content again give what the first made; another
// content under the same key is refused (key-taken).
func (s *Service) Note(ctx context.Context, c Contact) (*Contact, error) {
	at := c.At
	if c.At.IsZero() {
		c.At = s.now()
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := s.may(ctx, accounts.ContactNote, &c); err != nil {
		return nil, err
	}
	if err := s.about(ctx, &c); err != nil {
		return nil, err
	}
	var out *Contact
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		var err error
		out, err = s.insert(ctx, tx, c, at)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("note a contact with organisation %d: %w", c.OrganisationID, err)
	}
	return out, nil
}

func (s *Service) insert(ctx context.Context, tx store.Tx, c Contact, at time.Time) (*Contact, error) {
	who := accounts.From(ctx)
	c.ID, c.KeptAt, c.KeptBy, c.NotedFor, c.CreatedAt = 0, nil, nil, who.OrganisationID, s.now()
	if c.NotedBy = nil; who.UserID != 0 {
		id := int64(who.UserID)
		c.NotedBy = &id
	}
	made, err := insertOnce(ctx, tx, &c)
	if err != nil {
		return nil, err
	}
	kept, err := byKey(ctx, tx, c.Key)
	if err != nil {
		return nil, err
	}
	if !made && !kept.says(&c, at) {
		return nil, fault.Conflict("key-taken", "Un autre échange a déjà été noté avec cette clé.", "Another contact was noted with this key already.")
	}
	if !made {
		return kept, nil
	}
	return kept, s.trail(ctx, tx, kept, "said")
}

// Keep says that what was promised is done. Once more changes nothing.
func (s *Service) Keep(ctx context.Context, id ID) (*Contact, error) {
	var out *Contact
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayOn(ctx, accounts.ContactNote, c); err != nil {
			return err
		}
		if out = c; c.KeptAt != nil {
			return nil
		}
		if c.PromisedFor == "" {
			return fault.Conflict("nothing-promised", "Rien n’a été promis ici.", "Nothing was promised here.")
		}
		now, by := s.now(), int64(accounts.From(ctx).UserID)
		c.KeptAt, c.KeptBy = &now, &by
		if err := keepPromise(ctx, tx, c); err != nil {
			return err
		}
		return s.trail(ctx, tx, c, "kept")
	})
	if err != nil {
		return nil, fmt.Errorf("keep the promise of contact %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) trail(ctx context.Context, tx store.Tx, c *Contact, field string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.ContactNote, Entity: "contact", EntityID: int64(c.ID), Fields: []string{field}})
}

// about completes what a contact is about: the call of its match, which is with
// this enterprise, or a prospect that this organisation holds.
func (s *Service) about(ctx context.Context, c *Contact) error {
	if c.ProspectID != nil {
		held, err := heldBy(ctx, s.Store.Read(), *c.ProspectID, int64(c.OrganisationID))
		if err != nil {
			return err
		}
		if !held {
			return fault.Invalid(fault.At("prospect", "unknown", "Ce prospect n’est pas tenu par cette organisation.", "This prospect is not held by this organisation."))
		}
	}
	if c.MatchID == nil {
		return s.ofCall(ctx, c)
	}
	m, err := s.Matching.Get(ctx, *c.MatchID)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	if m == nil || m.OrganisationID != c.OrganisationID {
		return fault.Invalid(fault.At("match", "unknown", "Cette correspondance n’est pas celle de cette entreprise.", "This match is not of this enterprise."))
	}
	l, err := s.Opportunities.Lot(ctx, m.LotID)
	if err != nil {
		return err
	}
	c.OpportunityID = &l.OpportunityID
	return nil
}

func (s *Service) ofCall(ctx context.Context, c *Contact) error {
	if c.OpportunityID == nil {
		return nil
	}
	_, err := s.Opportunities.Get(ctx, *c.OpportunityID)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid(fault.At("opportunity", "unknown", "Cet appel n’existe pas.", "There is no such call."))
	}
	return err
}

// may checks a right on a contact: where the sites of its organisation are, or
// one's own, and where the call is done of which that organisation is the buyer.
// One that lies nowhere is nobody's but its own and an administrator's.
func (s *Service) may(ctx context.Context, a accounts.Action, c *Contact) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, a); err != nil {
		return err
	}
	o, err := s.Network.Get(ctx, c.OrganisationID)
	if err != nil {
		return err
	}
	var call *opportunities.Opportunity
	if c.OpportunityID != nil {
		calls, err := s.Opportunities.Some(ctx, *c.OpportunityID)
		if err != nil {
			return err
		}
		call = calls[*c.OpportunityID]
	}
	return accounts.Allow(who, a, s.scope(o, call))
}

// scope is whose a contact is, and where. A buyer seldom sits where its purchase is
// done: who follows the place of a call speaks with its buyer, of that call alone. A
// call of the whole country opens nothing.
func (s *Service) scope(o *network.Organisation, call *opportunities.Opportunity) accounts.Scope {
	if !WithBuyer(o.ID, call) {
		return o.Scope(s.Atlas)
	}
	place := s.Opportunities.ScopeOf(call).Place
	if place == nil {
		return o.Scope(s.Atlas)
	}
	return accounts.Of(int64(o.ID)).In(o.Communes(s.Atlas).Or(place))
}

// WithBuyer tells that an organisation is the buyer of a call.
func WithBuyer(o network.ID, call *opportunities.Opportunity) bool {
	return call != nil && call.BuyerID != nil && *call.BuyerID == int64(o)
}

// mayOn checks a right on one contact: an enterprise has what itself noted.
func (s *Service) mayOn(ctx context.Context, a accounts.Action, c *Contact) error {
	who := accounts.From(ctx)
	if err := s.may(ctx, a, c); err != nil {
		if fault.Is(err, fault.KindForbidden) {
			return fault.NotFound("contact", c.ID)
		}
		return err
	}
	if who.Role == accounts.Member && c.NotedFor != who.OrganisationID {
		return fault.NotFound("contact", c.ID)
	}
	return nil
}
