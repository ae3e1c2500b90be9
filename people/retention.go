package people

import (
	"context"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
)

// KeptMonths is how long a journey that has ended keeps who it was and what was
// known: two years, since for so long the person has no right to a new journey
// without a prescriber's derogation (R5132-1-4) and the structure must be able
// to tell when the last one ended. Then EraseLate erases it.
const KeptMonths = 24

// Erase removes who a person was and everything that is known, rights, traits,
// agreements, proposals and history included, and ends the journey. What is left counts: the
// structure, the months of entry and of exit. The code is drawn anew, so that a
// card once printed leads nowhere. It cannot be undone.
func (s *Service) Erase(ctx context.Context, id ID, expected int64) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		cur, err := s.hold(ctx, tx, accounts.PersonEdit, id, expected)
		if err != nil || cur.ErasedAt != nil {
			return err
		}
		return s.erase(ctx, tx, cur)
	})
	if err != nil {
		return fmt.Errorf("erase person %d: %w", id, err)
	}
	return s.store.Scrub(ctx)
}

func (s *Service) erase(ctx context.Context, tx store.Tx, cur *Person) error {
	if err := eraseApart(ctx, tx, cur.ID); err != nil {
		return err
	}
	left, err := s.left(cur)
	if err != nil {
		return err
	}
	if err := leave(ctx, tx, left); err != nil {
		return err
	}
	if err := s.record(ctx, tx, cur.ID, EventErased, nil); err != nil {
		return err
	}
	if err := s.trail(ctx, tx, accounts.PersonEdit, cur.ID, "erased"); err != nil {
		return err
	}
	return announce(ctx, tx, cur.ID)
}

// left is the row that counts: dates to the month, nothing of the place nor of
// the profile.
func (s *Service) left(cur *Person) (*Person, error) {
	code, err := s.drawCode()
	if err != nil {
		return nil, err
	}
	now := s.now()
	ended := cur.EndedOn
	if ended == "" {
		ended = s.today()
	}
	return &Person{ID: cur.ID, OrganisationID: cur.OrganisationID, Code: code, State: Ended,
		EnteredOn: month(cur.EnteredOn), EndedOn: month(ended), ErasedAt: &now,
		Revision: cur.Revision + 1, CreatedAt: monthOf(cur.CreatedAt), UpdatedAt: now}, nil
}

func month(day string) string {
	if len(day) < 7 {
		return ""
	}
	return day[:7] + "-01"
}

func monthOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// Delete removes a journey and everything that goes with it: made by mistake,
// or when the person asks for it and nothing has to be kept. Only the audit
// trail remembers that a journey of that number was deleted, and by whom.
func (s *Service) Delete(ctx context.Context, id ID, expected int64) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := s.hold(ctx, tx, accounts.PersonEdit, id, expected); err != nil {
			return err
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		if err := s.trail(ctx, tx, accounts.PersonEdit, id, "deleted"); err != nil {
			return err
		}
		return announce(ctx, tx, id)
	})
	if err != nil {
		return fmt.Errorf("delete person %d: %w", id, err)
	}
	return s.store.Scrub(ctx)
}

// EraseLate erases the journeys that ended more than KeptMonths ago, counted
// from the day the end was said where that is later, and tells how many; called
// again it does nothing.
func (s *Service) EraseLate(ctx context.Context) (int, error) {
	day := addMonths(dayOf(s.now()), -KeptMonths)
	for erased := 0; ; {
		ids, err := endedBefore(ctx, s.store.Read(), day)
		if err != nil || len(ids) == 0 {
			return erased, err
		}
		for _, id := range ids {
			if err := s.Erase(ctx, id, 0); err != nil {
				return erased, err
			}
			erased++
		}
	}
}

// Sweep does what time asks of journeys: agreements that ran out, journeys that
// are to be erased. ctx carries the system.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.ExpireLate(ctx); err != nil {
		return err
	}
	if _, err := s.EraseLate(ctx); err != nil {
		return err
	}
	return s.store.Scrub(ctx) // of what a reader kept from being scrubbed at once
}
