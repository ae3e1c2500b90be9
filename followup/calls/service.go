package calls

import (
	"context"
	"fmt"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
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
	Followup      *followup.Service
}

// Service holds the use cases of calls and interests. Each write is one
// transaction, and every one may run twice.
type Service struct {
	Config
}

// NewService makes a service over the nouns given.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Publish publishes a call: of the organisation of who asks, or of a pole of
// theirs. The same key again is the call that was made.
func (s *Service) Publish(ctx context.Context, d Draft) (opportunities.ID, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.CallPublish); err != nil {
		return 0, err
	}
	if err := d.check(s.now()); err != nil {
		return 0, err
	}
	o, err := s.offer(ctx, me, &d)
	if err != nil {
		return 0, fmt.Errorf("publish a call: %w", err)
	}
	c := &Call{Key: d.Key, Handover: d.Handover, CreatedAt: s.now()}
	if d.Pole != 0 {
		c.PoleID = &d.Pole
	}
	if me.OrganisationID != 0 {
		c.AuthorID = &me.OrganisationID
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "calls.publish"); err != nil {
			return err
		}
		known, err := byKey(ctx, tx, d.Key)
		if err != nil || known != nil {
			c = known
			return err
		}
		if err := s.Opportunities.PublishIn(ctx, tx, opportunities.By{UserID: int64(me.UserID)}, o); err != nil {
			return err
		}
		c.OpportunityID = o.ID
		return insertCall(ctx, tx, c)
	})
	if err != nil {
		return 0, fmt.Errorf("publish a call: %w", err)
	}
	if by := c.AuthorID; by == nil && me.OrganisationID != 0 || by != nil && *by != me.OrganisationID {
		return 0, fault.Conflict("key-taken", "Cette clé a déjà servi.", "This key was used already.")
	}
	return c.OpportunityID, nil
}

// offer makes the opportunity of a call, once the policy allows it.
func (s *Service) offer(ctx context.Context, me accounts.Identity, d *Draft) (*opportunities.Opportunity, error) {
	o := &opportunities.Opportunity{Kind: d.Kind, Title: strings.TrimSpace(d.Title), Description: d.Description, Codes: d.Codes, Place: d.Place, Deadline: d.Deadline, DeadlineRaw: d.DeadlineRaw}
	o.Lots = []opportunities.Lot{{Number: "1", Title: o.Title, Codes: d.Codes, Place: d.Place, Deadline: d.Deadline, DeadlineRaw: d.DeadlineRaw}}
	if d.Kind == opportunities.Takeover {
		return o, s.handOver(ctx, me, d, o)
	}
	if err := s.Opportunities.Offer(ctx, me, o); err != nil || d.Pole == 0 {
		return o, err
	}
	pole, err := s.Network.Pole(ctx, d.Pole)
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.Invalid(fault.At("pole", "unknown", "Ce pôle n’existe pas.", "There is no such pole."))
	}
	if err != nil {
		return nil, err
	}
	if err := accounts.Allow(me, accounts.CallPublish, s.ScopeOfPole(pole)); err != nil {
		return nil, err
	}
	o.BuyerID, o.BuyerSIRET, o.BuyerName = nil, "", pole.Name
	return o, nil
}

// ScopeOfPole is whose a pole is, its members', and where.
func (s *Service) ScopeOfPole(p *network.Pole) accounts.Scope {
	ids := make([]int64, 0, len(p.Members))
	for _, id := range p.Members {
		ids = append(ids, int64(id))
	}
	scope := accounts.Of(ids...)
	if found, err := s.Atlas.CompileText(p.Territory); err == nil {
		scope = scope.In(found.Set)
	}
	return scope
}

// handOver says who hands over: a member its own activity, an officer that of an
// enterprise of their perimeter.
func (s *Service) handOver(ctx context.Context, me accounts.Identity, d *Draft, o *opportunities.Opportunity) error {
	o.Source = "officer"
	if me.Role == accounts.Member {
		o.Source, d.Transferor = "member", network.ID(me.OrganisationID)
	}
	who, err := s.Network.Get(ctx, d.Transferor)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid(fault.At("transferor", "required", "Choisissez l’entreprise qui cède.", "Choose the enterprise that hands over."))
	}
	if err != nil {
		return err
	}
	id := int64(who.ID)
	o.TransferorID = &id
	return accounts.Allow(me, accounts.CallPublish, accounts.Of(id).In(who.Communes(s.Atlas)))
}

// Express says, in the name of one's organisation, that it is interested in a call,
// with a word. Again with other words changes the word while nobody settled it; the
// match that proposed the call, if any, is noted as interesting.
func (s *Service) Express(ctx context.Context, id opportunities.ID, word string) (*Interest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.InterestExpress, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	word = strings.TrimSpace(word)
	if err := checkWord(word); err != nil {
		return nil, err
	}
	o, err := s.call(ctx, id)
	if err != nil {
		return nil, err
	}
	var out *Interest
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := holdCall(ctx, tx, o)
		if err != nil {
			return err
		}
		if s.speaks(me, o, c) {
			return fault.Conflict("own-call", "C’est votre propre appel.", "This is your own call.")
		}
		if out, err = interestOf(ctx, tx, id, network.ID(me.OrganisationID)); err != nil {
			return err
		}
		if out != nil && out.State != Withdrawn {
			return s.reword(ctx, tx, out, word)
		}
		if !o.Open(s.now()) {
			return fault.Conflict("not-open", "Cet appel est clos : on ne peut plus y répondre.", "This call is closed: it can no longer be answered.")
		}
		if out == nil {
			out = &Interest{OpportunityID: id, OrganisationID: network.ID(me.OrganisationID), CreatedAt: s.now()}
		}
		out.Word = word
		if err := s.move(ctx, tx, out, Decision{To: Expressed}, accounts.InterestExpress); err != nil {
			return err
		}
		return s.Followup.InterestIn(ctx, tx, id, out.OrganisationID, word)
	})
	if err != nil {
		return nil, fmt.Errorf("be interested in call %d: %w", id, err)
	}
	return out, nil
}

// reword changes the word of an interest that nobody settled yet.
func (s *Service) reword(ctx context.Context, tx store.Tx, i *Interest, word string) error {
	if i.Word == word {
		return nil
	}
	if i.State != Expressed {
		return impossible(i.State)
	}
	i.Word = word
	return s.keep(ctx, tx, i, i.State, accounts.InterestExpress)
}

// Withdraw takes back the interest of one's organisation. Again changes nothing.
func (s *Service) Withdraw(ctx context.Context, id opportunities.ID) (*Interest, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.InterestExpress, accounts.Of(me.OrganisationID)); err != nil {
		return nil, err
	}
	o, err := s.call(ctx, id)
	if err != nil {
		return nil, err
	}
	var out *Interest
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := holdCall(ctx, tx, o); err != nil {
			return err
		}
		if out, err = interestOf(ctx, tx, id, network.ID(me.OrganisationID)); err != nil {
			return err
		}
		if out == nil {
			return fault.NotFound("interest", id)
		}
		return s.move(ctx, tx, out, Decision{To: Withdrawn}, accounts.InterestExpress)
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw from call %d: %w", id, err)
	}
	return out, nil
}

// Settle accepts or declines an interest, by who speaks for the call; expected is
// the revision that was read, 0 not to check. The same again changes nothing.
func (s *Service) Settle(ctx context.Context, id InterestID, expected int64, d Decision) (out *Interest, err error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.InterestSettle); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	known, err := interestBy(ctx, s.Store.Read(), id)
	if err != nil {
		return nil, err
	}
	o, err := s.call(ctx, known.OpportunityID)
	if err != nil {
		return nil, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := holdCall(ctx, tx, o)
		if err != nil {
			return err
		}
		if !s.speaks(me, o, c) {
			return fault.NotFound("interest", id)
		}
		if out, err = interestBy(ctx, tx, id); err != nil {
			return err
		}
		if expected != 0 && expected != out.Revision && out.State != d.To {
			return fault.Stale()
		}
		return s.move(ctx, tx, out, d, accounts.InterestSettle)
	})
	if err != nil {
		return nil, fmt.Errorf("settle interest %d: %w", id, err)
	}
	return out, nil
}

// move brings an interest to another state; the one it has changes nothing.
func (s *Service) move(ctx context.Context, tx store.Tx, i *Interest, d Decision, a accounts.Action) error {
	if i.State == d.To {
		return nil
	}
	if !i.State.allows(d.To) {
		return impossible(i.State)
	}
	from := i.State
	i.State, i.Reason, i.Note = d.To, d.Reason, d.Note
	return s.keep(ctx, tx, i, from, a)
}

// keep writes an interest with its event and the trail.
func (s *Service) keep(ctx context.Context, tx store.Tx, i *Interest, from State, a accounts.Action) error {
	i.UpdatedAt = s.now()
	i.Revision++
	e := &InterestEvent{At: i.UpdatedAt, ActorID: accounts.From(ctx).Actor(), From: from, To: i.State, Reason: i.Reason, Note: i.Note}
	if i.State == Expressed {
		e.Note = i.Word
	}
	if err := write(ctx, tx, i, e); err != nil {
		return err
	}
	takeover, err := isTakeover(ctx, tx, i.OpportunityID) // who settles is who hands over
	if err != nil {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: i.UpdatedAt, Action: a, Entity: "interest", EntityID: int64(i.ID), Fields: []string{"state"}, Veiled: takeover})
}

func impossible(from State) error {
	return fault.Conflict("transition", "Cette réponse est "+from.words().FR+" : elle ne peut pas prendre cet état.", "This answer is "+from.words().EN+": it cannot come to that state.")
}

// call reads a call that may be read; what is none is not there.
func (s *Service) call(ctx context.Context, id opportunities.ID) (*opportunities.Opportunity, error) {
	o, err := s.Opportunities.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if o.Kind != opportunities.PartnerCall && o.Kind != opportunities.Takeover || !o.Public() {
		return nil, fault.NotFound("call", id)
	}
	return o, nil
}

// speaks tells whether somebody speaks for a call: who published it, and who hands
// over. An administrator speaks for nobody else.
func (s *Service) speaks(me accounts.Identity, o *opportunities.Opportunity, c *Call) bool {
	var owners []int64
	for _, id := range []*int64{o.PublisherID, o.TransferorID, c.AuthorID} {
		if id != nil {
			owners = append(owners, *id)
		}
	}
	return accounts.Can(me, accounts.InterestSettle, accounts.Of(owners...))
}
