package placement

import (
	"context"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/people"
)

// Outcomes lists what may come of an agreement to a position of one's own structure.
func Outcomes() []State { return []State{Hired, NotRetained} }

// Conclude notes what came of an agreement to a position of the caller's own
// structure: there is no card to show to oneself, and nobody else who would answer.
// The same again writes nothing; an end is one.
func (s *Service) Conclude(ctx context.Context, person people.ID, lot opportunities.LotID, to State) (*Proposal, error) {
	if !slices.Contains(Outcomes(), to) {
		return nil, fault.Invalid(fault.At("outcome", "unknown", "Dites « embauchée » ou « non retenue ».", "Say “hired” or “not retained”."))
	}
	var out *Proposal
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := holdPerson(ctx, tx, person); err != nil {
			return err
		}
		if err := holdPosition(ctx, tx, lot); err != nil {
			return err
		}
		b, err := s.pair(ctx, tx, accounts.ProposalCreate, Offer{Person: person, Lot: lot})
		if err != nil {
			return err
		}
		if b.there, err = atPosition(ctx, tx, lot); err != nil {
			return err
		}
		if out = b.concluded(); out != nil {
			return onlySame(out, to, s.head(b.lot), s.today())
		}
		if err := s.ownToEnd(b); err != nil {
			return err
		}
		if err := s.agreed(ctx, tx, b); err != nil {
			return err
		}
		out, err = s.conclude(ctx, tx, b, to)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("conclude person %d for position %d: %w", person, lot, err)
	}
	return out, nil
}

// concluded is what was noted already of the person.
func (b *bid) concluded() *Proposal {
	for _, p := range b.there {
		if p.PersonID == b.person.ID && p.own() && slices.Contains(Outcomes(), p.State) {
			return p
		}
	}
	return nil
}

func onlySame(p *Proposal, to State, h Head, today string) error {
	if p.State == to {
		return nil
	}
	was := p.State.wordsAt(h, true, today)
	return fault.Conflict("concluded", "Vous avez déjà noté ce qu’il en est"+nbsp+": « "+was.FR+" ».", "You have noted already what came of it: “"+was.EN+"”.")
}

// ownToEnd checks that the position is the structure's own, and can be taken.
func (s *Service) ownToEnd(b *bid) error {
	if _, ok := s.feed.position(b.lot); !ok {
		return fault.NotFound("position", b.lot.ID)
	}
	switch {
	case receiver(b.lot.Opportunity) != b.person.OrganisationID:
		return fault.Conflict("not-own-position", "Ce poste n’est pas celui de votre structure : c’est qui le propose qui répond.", "This position is not your structure’s own: whoever gives it answers.")
	case !s.published(b.lot):
		return positionClosed()
	}
	return nil
}

func (s *Service) conclude(ctx context.Context, tx store.Tx, b *bid, to State) (*Proposal, error) {
	now, by, own := s.now(), accounts.From(ctx).Actor(), b.person.OrganisationID
	p := &Proposal{PersonID: b.person.ID, LotID: b.lot.ID, OrganisationID: own, EmployerID: own, State: to, DueAt: now,
		ProposedBy: by, AnsweredAt: &now, AnsweredBy: by, WasMet: true, Revision: 1, CreatedAt: now, UpdatedAt: now}
	if err := s.drawn(p, b.there); err != nil {
		return nil, err
	}
	if err := insert(ctx, tx, p); err != nil {
		return nil, err
	}
	if err := record(ctx, tx, Event{ProposalID: p.ID, At: now, ActorID: by, To: to}); err != nil {
		return nil, err
	}
	if err := s.taken(ctx, tx, p, now); err != nil {
		return nil, err
	}
	return p, s.trail(ctx, tx, accounts.ProposalCreate, p)
}
