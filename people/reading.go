package people

import (
	"context"
	"fmt"
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
	out := []Counsellor{}
	err := s.store.Read().NewRaw("/* people.Counsellors */ SELECT id, name FROM users WHERE role = ? AND organisation_id = ? ORDER BY name, id",
		accounts.Counsellor, organisation).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read the counsellors of organisation %d: %w", organisation, err)
	}
	return out, nil
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
	rows := []*Agreement{}
	err := s.store.Read().NewSelect().Model(&rows).Comment("people.AgreementsEnding").
		Where("ag.state = ?", Given).Where("ag.expires_on >= ? AND ag.expires_on <= ?", s.today(), until.UTC().Format(time.DateOnly)).
		Where("ag.person_id IN (SELECT id FROM people WHERE organisation_id = ?)", organisation).
		Order("ag.expires_on", "ag.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the agreements of organisation %d that end: %w", organisation, err)
	}
	return rows, nil
}
