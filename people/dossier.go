package people

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
)

// Dossier is everything that is recorded about a person: what they may ask to
// read and correct (GDPR, articles 15 and 16).
type Dossier struct {
	At         time.Time
	Person     *Person
	Identity   *Identity // nil where this server has no key to open it
	Traits     Traits
	Rights     []Right
	Hours      []MonthHours
	Agreements []*Agreement
	Readings   []Reading
	Events     []Event
}

// Reading is one opening of the identity.
type Reading struct {
	At time.Time
	By *int64 // user; nil: a command
}

// Dossier reads it all. It is one reading of the identity in the audit trail.
func (s *Service) Dossier(ctx context.Context, id ID) (*Dossier, error) {
	p, err := s.read(ctx, accounts.PersonRead, id)
	if err != nil {
		return nil, err
	}
	d := &Dossier{At: s.now(), Person: p}
	if s.keys != nil {
		who, err := s.Identity(ctx, id)
		if err != nil {
			return nil, err
		}
		d.Identity = &who
	}
	if d.Rights, d.Hours, err = s.Rights(ctx, id); err != nil {
		return nil, err
	}
	if d.Agreements, err = s.AgreementsOf(ctx, id); err != nil {
		return nil, err
	}
	if d.Traits, err = traitsOf(ctx, s.store.Read(), id); err != nil {
		return nil, err
	}
	if d.Events, err = events(ctx, s.store.Read(), id, 10_000); err != nil {
		return nil, fmt.Errorf("gather what is recorded of person %d: %w", id, err)
	}
	if d.Readings, err = readingsOf(ctx, s.store.Read(), id); err != nil {
		return nil, fmt.Errorf("gather what is recorded of person %d: %w", id, err)
	}
	return d, nil
}

// readingsOf lists who opened the identity, the latest first.
func readingsOf(ctx context.Context, db bun.IDB, id ID) (out []Reading, err error) {
	rows, err := accounts.TraceOf(ctx, db, accounts.PersonIdentity, "person", int64(id))
	for _, row := range rows {
		r := Reading{At: row.At}
		if by := int64(row.UserID); by != 0 {
			r.By = &by
		}
		out = append(out, r)
	}
	return out, err
}
