package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
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

// SetDated replaces the rights and the hours of a person together: both, or
// neither where one of them is at fault.
func (s *Service) SetDated(ctx context.Context, id ID, expected int64, rights []Right, hours []MonthHours) error {
	rights, hours = slices.Clone(rights), slices.Clone(hours)
	for i := range hours {
		hours[i].PersonID = id
	}
	if bad := append(checkRights(rights), checkHours(hours)...); len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.hold(ctx, tx, accounts.PersonEdit, id, expected)
		if err != nil {
			return err
		}
		if p.ErasedAt != nil {
			return erased()
		}
		changed, err := changeDated(ctx, tx, id, rights, hours)
		if err != nil || len(changed) == 0 {
			return err
		}
		return s.touch(ctx, tx, id, EventRights, changed...)
	})
	if err != nil {
		return fmt.Errorf("keep what is dated of person %d: %w", id, err)
	}
	return nil
}

// changeDated writes what differs and names it.
func changeDated(ctx context.Context, tx store.Tx, id ID, rights []Right, hours []MonthHours) (changed []string, err error) {
	haveRights, err := rightsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	haveHours, err := hoursOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !sameRights(haveRights[id], rights) {
		changed, err = append(changed, "rights"), putRights(ctx, tx, id, rights)
	}
	if err == nil && !slices.Equal(haveHours[id], hours) {
		changed, err = append(changed, "hours"), putHours(ctx, tx, id, hours)
	}
	return changed, err
}
