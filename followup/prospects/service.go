package prospects

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store    *store.Store
	Atlas    *territories.Atlas
	Now      func() time.Time
	Network  *network.Service
	Matching *matching.Service
	Followup *followup.Service
}

// Service holds the use cases of prospects and quotes. Each write is one
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

// Today is the civil day of Paris.
func (s *Service) Today() string { return s.now().In(s.paris).Format(time.DateOnly) }

// Note keeps a prospect, held by the organisation of who notes it unless another
// one within reach is named. The same key and content again give what the first made;
// another content under the same key is refused (key-taken).
func (s *Service) Note(ctx context.Context, p Prospect) (*Prospect, error) {
	if p.OrganisationID == 0 {
		p.OrganisationID = network.ID(accounts.From(ctx).OrganisationID)
	}
	if err := s.ready(ctx, &p); err != nil {
		return nil, err
	}
	now := s.now()
	p.ID, p.Aside, p.Revision, p.CreatedAt, p.UpdatedAt, p.NotedBy = 0, "", 1, now, now, accounts.From(ctx).Actor()
	var out *Prospect
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		made, err := insertOnce(ctx, tx, &p)
		if err != nil {
			return err
		}
		if out, err = byKey(ctx, tx, p.Key); err != nil {
			return err
		}
		if !made && !out.notedAs(&p) {
			return fault.Conflict("key-taken", "Cette clé a déjà servi.", "This key was used already.")
		}
		if !made {
			return nil
		}
		return s.trail(ctx, tx, "prospect", int64(out.ID), "noted")
	})
	if err != nil {
		return nil, fmt.Errorf("note a prospect of organisation %d: %w", p.OrganisationID, err)
	}
	return out, nil
}

// ready checks a prospect and the right to hold it.
func (s *Service) ready(ctx context.Context, p *Prospect) error {
	if err := accounts.Permits(accounts.From(ctx), accounts.ProspectEdit); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	if _, err := s.place(p); err != nil {
		return fault.Invalid(fault.At("territory", "unknown", "Ce lieu n’est pas connu.", "This place is not known.")).Because(err)
	}
	scope, err := s.scope(ctx, &Prospect{OrganisationID: p.OrganisationID}, nil)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid(fault.At("organisation", "unknown", "Cette organisation n’est pas connue.", "This organisation is not known."))
	}
	if err != nil {
		return err
	}
	return accounts.Allow(accounts.From(ctx), accounts.ProspectEdit, scope)
}

// Change keeps what is known better of a prospect; expected is the revision that
// was read, 0 not to check. Its holder and its key do not change.
func (s *Service) Change(ctx context.Context, p Prospect, expected int64) (*Prospect, error) {
	return s.write(ctx, p.ID, expected, "changed", func(_ context.Context, _ store.Tx, known *Prospect) error {
		p.Key, p.OrganisationID = known.Key, known.OrganisationID
		if err := p.check(); err != nil {
			return err
		}
		if _, err := s.place(&p); err != nil {
			return fault.Invalid(fault.At("territory", "unknown", "Ce lieu n’est pas connu.", "This place is not known.")).Because(err)
		}
		known.Market, known.Buyer, known.SIREN, known.Need, known.Territory = p.Market, p.Buyer, p.SIREN, p.Need, p.Territory
		known.Amount, known.ExpectedOn, known.Source = p.Amount, p.ExpectedOn, p.Source
		return nil
	})
}

// Aside sets a prospect aside for a reason; the empty one takes it up again. What was
// won is not set aside.
func (s *Service) Aside(ctx context.Context, id ID, why Why) (*Prospect, error) {
	var f fault.List
	f.At(why != "" && !slices.Contains(Whys(), why), "why", "unknown", "Dites pourquoi : un motif suffit.", "Say why: one reason is enough.")
	if err := f.Err(); err != nil {
		return nil, err
	}
	return s.write(ctx, id, 0, "aside", func(ctx context.Context, tx store.Tx, known *Prospect) error {
		won, err := acceptedAmong(ctx, tx, id, 0)
		if err == nil && won && why != "" {
			err = fault.Conflict("already-won", "Un devis de ce prospect est accepté : il ne se met pas de côté.", "A quote of this prospect is accepted: it is not set aside.")
		}
		known.Aside = why
		return err
	})
}

// write changes a prospect that the caller holds or follows up.
func (s *Service) write(ctx context.Context, id ID, expected int64, field string, change func(context.Context, store.Tx, *Prospect) error) (out *Prospect, err error) {
	if err := s.holds(ctx, id); err != nil {
		return nil, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if out, err = hold(ctx, tx, id); err != nil {
			return err
		}
		before := *out
		if err := change(ctx, tx, out); err != nil {
			return err
		}
		if *out == before {
			return nil
		}
		if expected != 0 && expected != before.Revision {
			return fault.Stale()
		}
		out.Revision, out.UpdatedAt = out.Revision+1, s.now()
		if err := update(ctx, tx, out); err != nil {
			return err
		}
		return s.trail(ctx, tx, "prospect", int64(id), field)
	})
	if err != nil {
		return nil, fmt.Errorf("change prospect %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) trail(ctx context.Context, tx store.Tx, entity string, id int64, fields ...string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.ProspectEdit, Entity: entity, EntityID: id, Fields: fields})
}

// place is where a need is; nil where it is not told.
func (s *Service) place(p *Prospect) (*territories.Set, error) {
	if p.Territory == "" {
		return nil, nil //nolint:nilnil // not told
	}
	found, err := s.Atlas.CompileText(p.Territory)
	if err != nil {
		return nil, err
	}
	return found.Set, nil
}

// scope is whose a prospect is, and where: its holder, who is asked for a quote,
// and the sites of the holder. Where the need is opens nothing to another
// officer: it is told by one who has the trust of the buyer.
func (s *Service) scope(ctx context.Context, p *Prospect, quotes []Quote) (accounts.Scope, error) {
	o, err := s.Network.Get(ctx, p.OrganisationID)
	if err != nil {
		return accounts.Scope{}, err
	}
	ids := []int64{int64(p.OrganisationID)}
	for _, q := range quotes {
		ids = append(ids, int64(q.OrganisationID))
	}
	return accounts.Of(ids...).In(o.Communes(s.Atlas)), nil
}

// holds checks that the caller holds a prospect, or follows its holder up: who is
// only asked for a quote does not change it. What is not the caller's is not there.
func (s *Service) holds(ctx context.Context, id ID) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProspectEdit); err != nil {
		return err
	}
	p, err := byID(ctx, s.Store.Read(), id)
	if err != nil {
		return err
	}
	scope, err := s.scope(ctx, p, nil)
	if err != nil {
		return err
	}
	if !accounts.Can(who, accounts.ProspectEdit, scope) {
		return fault.NotFound("prospect", id)
	}
	return nil
}
