package placement

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/matching/placement/card"
	"maillage/opportunities"
)

// lapse reads what runs without an agreement that holds as withdrawn, whether or
// not a job has written it: nobody is shown it, and it takes nobody's place.
func (s *Service) lapse(ctx context.Context, db bun.IDB, all []*Proposal) error {
	var ids []ID
	for _, p := range all {
		if p.State.Runs() {
			ids = append(ids, p.ID)
		}
	}
	hold, err := holds(ctx, db, ids, s.today())
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.State.Runs() && !hold[p.ID] {
			p.State = Withdrawn
		}
	}
	return nil
}

// standing reads proposals as they stand today: see lapse.
func standing[T ~int64](ctx context.Context, s *Service, read func(context.Context, bun.IDB, []T) ([]*Proposal, error), ids []T) ([]*Proposal, error) {
	all, err := read(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	return all, s.lapse(ctx, s.store.Read(), all)
}

// renew writes the end of a proposal of the person that rests on an agreement
// taken back since, or on another place or other hours, so that another can be made; the person is held.
func (s *Service) renew(ctx context.Context, tx store.Tx, b *bid) error {
	old := b.already()
	if old == nil {
		return nil
	}
	if old.moved(b.lot) {
		return s.withdraw(ctx, tx, old, movedOver)
	}
	hold, err := holds(ctx, tx, []ID{old.ID}, s.today())
	if err != nil || hold[old.ID] {
		return err
	}
	return s.withdraw(ctx, tx, old, agreementOver)
}

// tellable tells which cards may still be shown: the position is where and when it
// was told, what they say is true, and
// enough people could be the one now that others have left or were shown. Once
// the two have met, a card hides nobody.
func (s *Service) tellable(ctx context.Context, db bun.IDB, all []*Proposal) (map[ID]bool, error) {
	type pair struct{ structure, employer int64 }
	out, worlds := map[ID]bool{}, map[pair]card.World{}
	lots, err := lotsOf(ctx, db, all)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if !p.State.Runs() || p.WasMet {
			out[p.ID] = p.WasMet
			continue
		}
		if slices.ContainsFunc(lots, func(l *opportunities.Lot) bool { return l.ID == p.LotID && p.moved(l) }) {
			continue
		}
		at := pair{p.OrganisationID, p.EmployerID}
		w, ok := worlds[at]
		if !ok {
			if w, err = s.world(ctx, db, at.structure, at.employer); err != nil {
				return nil, err
			}
			worlds[at] = w
		}
		out[p.ID] = w.Tells(card.Told{Person: int64(p.PersonID), Position: int64(p.LotID), Card: p.Sheet.Claims})
	}
	return out, nil
}
