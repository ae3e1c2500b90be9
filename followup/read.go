package followup

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Get reads the pursuit of a match, as proposed where nothing was told yet.
func (s *Service) Get(ctx context.Context, id matching.ID) (*Pursuit, error) {
	if err := s.may(ctx, id, accounts.PursuitRead); err != nil {
		return nil, err
	}
	m, err := s.matching.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return current(ctx, s.store.Read(), m)
}

// May checks a right on the pursuit of a match, for what is kept beside it. What
// the caller may not read is not there.
func (s *Service) May(ctx context.Context, id matching.ID, a accounts.Action) error {
	return s.may(ctx, id, a)
}

// Events is the history of a pursuit, the latest first.
func (s *Service) Events(ctx context.Context, id matching.ID) ([]Event, error) {
	if err := s.may(ctx, id, accounts.PursuitRead); err != nil {
		return nil, err
	}
	return eventsOf(ctx, s.store.Read(), id)
}

// Of reads the pursuits of matches that the caller has read elsewhere; one that
// is only proposed is not in the map.
func (s *Service) Of(ctx context.Context, ids ...matching.ID) (map[matching.ID]*Pursuit, error) {
	return pursuitsOf(ctx, s.store.Read(), ids)
}

// See notes that somebody of the enterprise opened the page of a match. Anybody
// else who reads it, and a page opened again, change nothing.
func (s *Service) See(ctx context.Context, id matching.ID) error {
	who := accounts.From(ctx)
	m, err := s.matching.Get(ctx, id)
	if err != nil {
		return err
	}
	if who.Role != accounts.Member || network.ID(who.OrganisationID) != m.OrganisationID {
		return nil
	}
	p, err := current(ctx, s.store.Read(), m)
	if err != nil || !p.State.Allows(Seen) {
		return err
	}
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return s.note(ctx, tx, id, ByPage, Seen) })
	if err != nil {
		return fmt.Errorf("note that match %d was seen: %w", id, err)
	}
	return nil
}

// Tell notes, in the caller's transaction, that a letter told enterprises of
// matches. What was told or answered already is left alone. It holds the matches
// in the order given: give them sorted.
func (s *Service) Tell(ctx context.Context, tx store.Tx, ids ...matching.ID) error {
	for _, id := range ids {
		if err := s.note(ctx, tx, id, ByLetter, Notified); err != nil {
			return fmt.Errorf("note that match %d was told: %w", id, err)
		}
	}
	return nil
}

// note writes what happened by itself, where it says more than what is known.
func (s *Service) note(ctx context.Context, tx store.Tx, id matching.ID, origin Origin, to State) error {
	m, err := matching.Hold(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := current(ctx, tx, m)
	if err != nil || !p.State.Allows(to) {
		return err
	}
	return s.write(ctx, tx, m, p, origin, Step{To: to, Partners: p.Partners})
}

// placeOfLot is where a lot is done; nowhere where that is not told, or is the
// whole country.
func (s *Service) placeOfLot(l *opportunities.Lot) *territories.Set {
	if l.Place.Scope != opportunities.InCommunes {
		return nowhere()
	}
	p, err := s.atlas.CompileText(l.Place.Perimeter)
	if err != nil {
		return nowhere()
	}
	return p.Set
}
