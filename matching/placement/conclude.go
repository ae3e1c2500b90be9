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
// The same again writes nothing; an end is one, but that of what is no job (a training,
// an immersion, a mission) a place may be given up afterwards: what was noted stays in
// the history, the place is free again, and so may the person be taken.
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
		out = b.concluded()
		switch {
		case out == nil:
		case out.State == to:
			return nil
		case !slices.Contains(out.next(b.lot.Opportunity.Kind), to):
			return alreadyConcluded(out, s.head(b.lot), s.today())
		case to == NotRetained:
			return s.giveUp(ctx, tx, out)
		}
		if err := active(b.person); err != nil {
			return err
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

// concluded is the last thing that was noted of the person.
func (b *bid) concluded() (last *Proposal) {
	for _, p := range b.there {
		if p.PersonID == b.person.ID && p.own() && slices.Contains(Outcomes(), p.State) {
			last = p
		}
	}
	return last
}

// next is what may be noted after a conclusion: a place that is no job's may be given up,
// and given again.
func (p *Proposal) next(k opportunities.Kind) []State {
	switch {
	case p.placed(k):
		return []State{NotRetained}
	case p.Reason == placeGivenUp:
		return []State{Hired}
	}
	return nil
}

func alreadyConcluded(p *Proposal, h Head, today string) error {
	was := p.State.wordsAt(h, true, today)
	return fault.Conflict("concluded", "Vous avez déjà noté ce qu’il en est"+nbsp+": « "+was.FR+" ».", "You have noted already what came of it: “"+was.EN+"”.")
}

// giveUp notes that somebody who had a place has it no longer. Of whom it was told what
// became of them there, it is said there that they left.
func (s *Service) giveUp(ctx context.Context, tx store.Tx, p *Proposal) error {
	e := Event{ProposalID: p.ID, At: s.now(), ActorID: accounts.From(ctx).Actor(), From: p.State, To: NotRetained, Reason: placeGivenUp}
	p.State, p.Reason, p.AnsweredAt, p.AnsweredBy, p.UpdatedAt = e.To, e.Reason, &e.At, e.ActorID, e.At
	p.Revision++
	if err := move(ctx, tx, p, e); err != nil {
		return err
	}
	told, err := followed(ctx, tx, p.ID) // read once the proposal is held
	if err != nil {
		return err
	}
	if told {
		return fault.Conflict("tenure-told", "Vous avez déjà dit ce qu’est devenue la personne dans cette mission : dites là qu’elle n’y est plus.",
			"You have told already what became of the person in this mission: say there that they left.")
	}
	if err := people.Reconsider(ctx, tx, p.PersonID); err != nil {
		return err
	}
	if err := s.opportunities.Free(ctx, tx, p.LotID); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.ProposalWithdraw, p)
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
