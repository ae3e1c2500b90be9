package placement

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/people"
)

// few is how many proposals are settled in one transaction: each is looked at
// among the people of its structure, and a transaction stays under a second.
const few = 20

// Withdraw takes a proposal back, for the structure. The employer learns that it
// is no longer proposed, never why. Withdrawn again, nothing is written.
func (s *Service) Withdraw(ctx context.Context, id ID, expected int64) (*Proposal, error) {
	var out *Proposal
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.own(ctx, tx, accounts.ProposalWithdraw, id)
		if err != nil {
			return err
		}
		if err := holdPerson(ctx, tx, p.PersonID); err != nil {
			return err
		}
		if out, err = one(ctx, tx, "pp.id = ?", id); err != nil {
			return err
		}
		switch {
		case expected != 0 && out.Revision != expected:
			return fault.Stale()
		case out.State == Withdrawn:
			return nil
		case !out.State.Runs():
			return fault.Conflict("answered", "L’employeur a déjà répondu : il n’y a plus rien à retirer.", "The employer has answered already: there is nothing left to withdraw.")
		}
		if err := s.withdraw(ctx, tx, out, byTheCounsellor); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.ProposalWithdraw, out)
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw proposal %d: %w", id, err)
	}
	return out, nil
}

// own reads a proposal of the caller's structure.
func (s *Service) own(ctx context.Context, db bun.IDB, a accounts.Action, id ID) (*Proposal, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, a); err != nil {
		return nil, err
	}
	p, err := one(ctx, db, "pp.id = ?", id)
	if err != nil {
		return nil, err
	}
	if !accounts.Can(who, a, accounts.Of(p.OrganisationID)) {
		return nil, fault.NotFound("proposal", id)
	}
	return p, nil
}

func (s *Service) withdraw(ctx context.Context, tx store.Tx, p *Proposal, why Reason) error {
	e := Event{ProposalID: p.ID, At: s.now(), ActorID: accounts.From(ctx).Actor(), From: p.State, To: Withdrawn, Reason: why}
	p.State, p.Reason, p.UpdatedAt = Withdrawn, why, e.At
	p.Revision++
	return move(ctx, tx, p, e)
}

// RefreshPeople withdraws what is proposed of people whose agreement no longer
// holds or whose journey is paused or over, and the cards that are no longer
// true, or to which too few people answer now: theirs, and those of the others
// of their structures. It asks no policy.
func (s *Service) RefreshPeople(ctx context.Context, ids []people.ID) error {
	for part := range slices.Chunk(unique(ids), batch) {
		all, err := besides(ctx, s.store.Read(), part)
		if err != nil {
			return err
		}
		if err := s.settle(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// RefreshPositions withdraws what is proposed for positions that can no longer be
// taken. It asks no policy.
func (s *Service) RefreshPositions(ctx context.Context, ids []opportunities.LotID) error {
	for part := range slices.Chunk(unique(ids), batch) {
		all, err := proposals(ctx, s.store.Read(), "pp.lot_id IN (?) AND pp.state IN (?)", bun.List(part), bun.List(running()))
		if err != nil {
			return err
		}
		if err := s.settle(ctx, all); err != nil {
			return err
		}
	}
	return nil
}

// SettleDue looks at every proposal that runs: an agreement expires and a
// deadline passes without a word in the journal. Reading does not wait for it.
func (s *Service) SettleDue(ctx context.Context) error {
	for last := ID(0); ; {
		all, err := runningAfter(ctx, s.store.Read(), last, batch)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return nil
		}
		if err := s.settle(ctx, all); err != nil {
			return err
		}
		last = all[len(all)-1].ID
	}
}

func (s *Service) settle(ctx context.Context, all []*Proposal) error {
	for part := range slices.Chunk(all, few) {
		err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.settleIn(ctx, tx, part) })
		if err != nil {
			return fmt.Errorf("settle proposals: %w", err)
		}
	}
	return nil
}

// settleIn looks again at proposals under the hold of their people.
func (s *Service) settleIn(ctx context.Context, tx store.Tx, part []*Proposal) error {
	var persons []people.ID
	var ids []ID
	for _, p := range part {
		persons, ids = append(persons, p.PersonID), append(ids, p.ID)
	}
	for _, id := range unique(persons) { // in one order for everybody
		if err := holdPerson(ctx, tx, id); err != nil {
			return err
		}
	}
	now, err := proposals(ctx, tx, "pp.id IN (?) AND pp.state IN (?)", bun.List(ids), bun.List(running()))
	if err != nil {
		return err
	}
	for _, p := range now {
		why, err := s.over(ctx, tx, p)
		if err != nil {
			return err
		}
		if why == NoReason {
			continue
		}
		if err := s.withdraw(ctx, tx, p, why); err != nil {
			return err
		}
		if err := s.trail(ctx, tx, accounts.ProposalWithdraw, p); err != nil {
			return err
		}
	}
	return nil
}

// over says why a proposal can run no longer.
func (s *Service) over(ctx context.Context, tx store.Tx, p *Proposal) (Reason, error) {
	person, err := personIn(ctx, tx, p.PersonID)
	if err != nil {
		return NoReason, err
	}
	if person.State != people.Active {
		return journeyOver, nil
	}
	hold, err := holds(ctx, tx, []ID{p.ID}, s.today())
	if err != nil {
		return NoReason, err
	}
	if !hold[p.ID] {
		return agreementOver, nil
	}
	lots, err := lotsByID(ctx, tx, p.LotID)
	if err != nil {
		return NoReason, err
	}
	if len(lots) == 0 || !s.published(lots[0]) {
		return positionOver, nil
	}
	if p.moved(lots[0]) {
		return movedOver, nil
	}
	tellable, err := s.tellable(ctx, tx, []*Proposal{p})
	if err != nil || tellable[p.ID] {
		return NoReason, err
	}
	return cardOver, nil
}
