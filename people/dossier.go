package people

import (
	"context"
	"fmt"
	"time"

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
	Events     []Event
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
	return d, nil
}
