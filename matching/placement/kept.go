package placement

import (
	"context"
	"fmt"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/people"
)

// Kept is a proposal as it is recorded: whom it was made to, the card, the answer,
// and each step.
type Kept struct {
	Followed
	Events []Event
}

// KeptOf reads all that is recorded of what was proposed of a person of the
// caller's structure, ended or not: what the person may ask to read.
func (s *Service) KeptOf(ctx context.Context, id people.ID) ([]Kept, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.ProposalList); err != nil {
		return nil, err
	}
	p, err := s.people.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read what was proposed of person %d: %w", id, err)
	}
	if !accounts.Can(accounts.From(ctx), accounts.ProposalList, accounts.Of(p.OrganisationID)) {
		return nil, fault.NotFound("person", id)
	}
	out, err := s.kept(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read what was proposed of person %d: %w", id, err)
	}
	return out, nil
}

func (s *Service) kept(ctx context.Context, id people.ID) ([]Kept, error) {
	all, err := proposals(ctx, s.store.Read(), "pp.person_id = ?", id)
	if err != nil {
		return nil, err
	}
	heads, persons, err := s.heads(ctx, all)
	if err != nil {
		return nil, err
	}
	out := []Kept{}
	for _, p := range all {
		steps, err := eventsOf(ctx, s.store.Read(), p.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Kept{Followed: Followed{Line: s.line(p, heads[p.LotID]), Head: heads[p.LotID], PersonHead: persons[p.PersonID]}, Events: steps})
	}
	return out, nil
}
