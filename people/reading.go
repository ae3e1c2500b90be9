package people

import (
	"context"
	"time"

	"maillage/accounts"
)

// Counsellor is an account that may accompany the people of a structure.
type Counsellor struct {
	ID   int64  `bun:"id"`
	Name string `bun:"name"`
}

// Counsellors lists those of a structure, by name.
func (s *Service) Counsellors(ctx context.Context, organisation int64) ([]Counsellor, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonList, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	return counsellorsByName(ctx, s.store.Read(), organisation)
}

// Traits reads what is recorded of one person for the audit of outcomes, to who
// may correct it.
func (s *Service) Traits(ctx context.Context, id ID) (Traits, error) {
	if _, err := s.read(ctx, accounts.PersonEdit, id); err != nil {
		return Traits{}, err
	}
	return traitsOf(ctx, s.store.Read(), id)
}

// AgreementsEnding reads the agreements of a structure that hold today and whose
// last day is at most the one given, the soonest first.
func (s *Service) AgreementsEnding(ctx context.Context, organisation int64, until time.Time) ([]*Agreement, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.AgreementRead, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	return agreementsEnding(ctx, s.store.Read(), organisation, s.today(), until.UTC().Format(time.DateOnly))
}
