package prospects

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
)

// Ask asks an enterprise for a quote. Asked again, it gives the quote that there is.
func (s *Service) Ask(ctx context.Context, id ID, of network.ID, on string) (*Quote, error) {
	if err := s.holds(ctx, id); err != nil {
		return nil, err
	}
	step := Step{To: QuoteAsked, On: on}
	if err := step.check(); err != nil {
		return nil, err
	}
	if err := step.dated(&Quote{}, s.Today()); err != nil {
		return nil, err
	}
	if err := s.askable(ctx, of); err != nil {
		return nil, err
	}
	var out *Quote
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.Aside != "" {
			return fault.Conflict("set-aside", "Ce prospect est mis de côté : reprenez-le d’abord.", "This prospect is set aside: take it up first.")
		}
		if out, err = quoteOf(ctx, tx, id, of); err != nil || out != nil {
			return err
		}
		out = &Quote{ProspectID: id, OrganisationID: of, State: QuoteAsked, AskedOn: step.On, Revision: 1, CreatedAt: s.now(), UpdatedAt: s.now()}
		if err := insertQuote(ctx, tx, out); err != nil {
			return err
		}
		return s.record(ctx, tx, out, "", step)
	})
	if err != nil {
		return nil, fmt.Errorf("ask organisation %d for a quote: %w", of, err)
	}
	return out, nil
}

// askable refuses who is no member of the network, or is beyond reach: a member
// asks itself alone, an officer those of the perimeter.
func (s *Service) askable(ctx context.Context, of network.ID) error {
	o, err := s.Network.Get(ctx, of)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	if o == nil || o.Role != network.Member {
		return fault.Invalid(fault.At("organisation", "unknown", "Cette entreprise n’est pas du réseau.", "This enterprise is not of the network."))
	}
	if !s.Reaches(ctx, o) {
		return fault.Forbidden()
	}
	return nil
}

// Reaches tells whether the caller may ask an enterprise for a quote.
func (s *Service) Reaches(ctx context.Context, o *network.Organisation) bool {
	return accounts.Can(accounts.From(ctx), accounts.ProspectEdit, o.Scope(s.Atlas))
}

// Move takes a step of a quote: by its enterprise, or by who follows it up.
// expected is the revision that was read, 0 not to check. The same again changes
// nothing.
func (s *Service) Move(ctx context.Context, id QuoteID, expected int64, step Step) (*Quote, error) {
	if err := s.quotes(ctx, id); err != nil {
		return nil, err
	}
	if err := step.check(); err != nil {
		return nil, err
	}
	var out *Quote
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		var err error
		out, err = s.step(ctx, tx, id, expected, step)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("follow quote %d up: %w", id, err)
	}
	return out, nil
}

func (s *Service) step(ctx context.Context, tx store.Tx, id QuoteID, expected int64, step Step) (*Quote, error) {
	q, err := holdQuote(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	dated := step.dated(q, s.Today())
	last, err := lastEvent(ctx, tx, id)
	if err != nil || q.says(step, last.Note) {
		return q, err
	}
	if expected != 0 && expected != q.Revision {
		return nil, fault.Stale()
	}
	if dated != nil {
		return nil, dated
	}
	if err := s.refuse(ctx, tx, q, step); err != nil {
		return nil, err
	}
	from := q.State
	if err := q.take(step, s.now()); err != nil {
		return nil, err
	}
	if err := updateQuote(ctx, tx, q); err != nil {
		return nil, err
	}
	return q, s.record(ctx, tx, q, from, step)
}

// refuse says why a step cannot be taken: a purchase is won once, and the call
// that a quote answers is its enterprise's.
func (s *Service) refuse(ctx context.Context, tx store.Tx, q *Quote, step Step) error {
	if step.Match != nil && *step.Match != 0 {
		m, err := s.Matching.Get(ctx, *step.Match)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if m == nil || m.OrganisationID != q.OrganisationID {
			return fault.Invalid(fault.At("match", "unknown", "Cette réponse n’est pas celle de cette entreprise.", "This answer is not of this enterprise."))
		}
	}
	if step.To != Accepted {
		return nil
	}
	taken, err := acceptedAmong(ctx, tx, q.ProspectID, q.ID)
	if err == nil && taken {
		return fault.Conflict("already-won", "Un autre devis de ce prospect est déjà accepté.", "Another quote of this prospect is accepted already.")
	}
	return err
}

func (s *Service) record(ctx context.Context, tx store.Tx, q *Quote, from QuoteState, step Step) error {
	e := &QuoteEvent{QuoteID: q.ID, At: s.now(), ActorID: accounts.From(ctx).Actor(), From: from, To: step.To, Amount: step.Amount, Reason: step.Reason, Note: step.Note}
	if err := insertEvent(ctx, tx, e); err != nil {
		return err
	}
	return s.trail(ctx, tx, "quote", int64(q.ID), "state")
}

// quotes checks that a quote is the caller's enterprise's, or of one that the
// caller follows up.
func (s *Service) quotes(ctx context.Context, id QuoteID) error {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.ProspectEdit); err != nil {
		return err
	}
	q, err := quoteByID(ctx, s.Store.Read(), id)
	if err != nil {
		return err
	}
	o, err := s.Network.Get(ctx, q.OrganisationID)
	if err != nil {
		return err
	}
	if !accounts.Can(who, accounts.ProspectEdit, accounts.Of(int64(q.OrganisationID)).In(o.Communes(s.Atlas))) {
		return fault.NotFound("quote", id)
	}
	return nil
}
