package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// Sex is what a structure records to audit outcomes; empty is not said.
type Sex string

// The sexes.
const (
	Woman Sex = "f"
	Man   Sex = "m"
)

// InQPV tells whether the home is in a priority neighbourhood (quartier
// prioritaire de la politique de la ville); empty is not said.
type InQPV string

// The answers.
const (
	QPVYes InQPV = "yes"
	QPVNo  InQPV = "no"
)

// Traits are kept apart for one purpose, where the law lets them be measured:
// to audit what happens to people. They are in no score, on no card, in no list;
// the structure writes them, the audit reads them, and the person, who may ask
// for all that is recorded.
type Traits struct {
	bun.BaseModel `bun:"table:person_traits,alias:pt"`

	PersonID  ID        `bun:"person_id,pk"`
	Sex       Sex       `bun:"sex"`
	BirthYear int       `bun:"birth_year"` // 0: not said
	QPV       InQPV     `bun:"qpv"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// SetTraits replaces the traits of a person. The revision of the journey does not rise: nothing that
// anybody is shown of it depends on them.
func (s *Service) SetTraits(ctx context.Context, id ID, t Traits) error {
	if bad := s.checkTraits(t); len(bad) > 0 {
		return fault.Invalid(bad...)
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.hold(ctx, tx, accounts.PersonEdit, id, 0)
		if err != nil {
			return err
		}
		if p.ErasedAt != nil {
			return erased()
		}
		return s.putTraits(ctx, tx, id, t)
	})
	if err != nil {
		return fmt.Errorf("keep the traits of person %d: %w", id, err)
	}
	return nil
}

func (s *Service) putTraits(ctx context.Context, tx store.Tx, id ID, t Traits) error {
	t.PersonID, t.UpdatedAt = id, s.now()
	if err := writeTraits(ctx, tx, &t); err != nil {
		return err
	}
	if err := s.record(ctx, tx, id, EventTraits, nil); err != nil {
		return err
	}
	return s.trail(ctx, tx, accounts.PersonEdit, id, "traits")
}

func (s *Service) checkTraits(t Traits) []fault.Field {
	c := &checker{}
	if !slices.Contains([]Sex{"", Woman, Man}, t.Sex) {
		c.refuse("sex", "unknown", "f, m ou rien.", "f, m or nothing.")
	}
	if year := s.now().Year(); t.BirthYear != 0 && (t.BirthYear < year-100 || t.BirthYear > year-14) {
		c.refuse("birth_year", "range", "Cette année de naissance n’est pas plausible.", "This year of birth is not plausible.")
	}
	if !slices.Contains([]InQPV{"", QPVYes, QPVNo}, t.QPV) {
		c.refuse("qpv", "unknown", "oui, non ou rien.", "yes, no or nothing.")
	}
	return c.faults
}

// TraitsForAudit reads traits for who is entitled to the audit of outcomes and
// makes figures of them: no row of it may be shown. People of whom nothing is
// said, and those of another structure than the caller's where the caller may
// audit its own alone, are left out.
func (s *Service) TraitsForAudit(ctx context.Context, ids ...ID) (map[ID]Traits, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PeopleAudit); err != nil {
		return nil, err
	}
	if accounts.ReachOf(who, accounts.PeopleAudit) == accounts.OwnOrganisation {
		return traitsIn(ctx, s.store.Read(), ids, &who.OrganisationID)
	}
	return traitsIn(ctx, s.store.Read(), ids, nil)
}
