package absences

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/matching/engine"
)

// Config is what the service needs. Now defaults to time.Now.
type Config struct {
	Store *store.Store
	Now   func() time.Time
}

// Service holds the use cases of absences. Each write is one transaction, and
// every one may run twice.
type Service struct {
	store *store.Store
	clock func() time.Time
	paris *time.Location
}

// NewService makes a service.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg.Store, cfg.Now, engine.Paris()}
}

func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// Today is the civil day of Paris.
func (s *Service) Today() string { return s.now().In(s.paris).Format(time.DateOnly) }

// Declare keeps an absence: one's own where UserID is 0, or a colleague's. The
// same one again changes nothing; one that overlaps another is refused.
func (s *Service) Declare(ctx context.Context, a Absence) (*Absence, error) {
	me := accounts.From(ctx)
	if a.UserID == 0 {
		a.UserID = me.UserID
	}
	if err := accounts.Permits(me, accounts.AbsenceDeclare); err != nil {
		return nil, err
	}
	if err := a.check(s.Today()); err != nil {
		return nil, err
	}
	out := &a
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := s.may(ctx, tx, accounts.AbsenceDeclare, &a); err != nil {
			return err
		}
		known, err := overlapping(ctx, tx, &a)
		if err != nil || known != nil && known.same(&a) {
			out = known
			return err
		}
		if known != nil {
			return fault.Conflict("overlap", "Une autre absence couvre déjà une partie de ces jours.", "Another absence already covers some of these days.")
		}
		a.ID, a.DeclaredBy, a.CreatedAt, a.CancelledAt = 0, me.UserID, s.now(), nil
		if err := insert(ctx, tx, &a); err != nil {
			return err
		}
		return s.trail(ctx, tx, &a, "declared")
	})
	if err != nil {
		return nil, fmt.Errorf("declare an absence of account %d: %w", a.UserID, err)
	}
	return out, nil
}

func (a *Absence) same(b *Absence) bool {
	one, other := a.ReplacedBy, b.ReplacedBy
	return a.From == b.From && a.To == b.To && (one == nil) == (other == nil) && (one == nil || *one == *other)
}

// Cancel says that somebody is back, or does not leave. Again changes nothing.
func (s *Service) Cancel(ctx context.Context, id ID) error {
	if err := accounts.Permits(accounts.From(ctx), accounts.AbsenceDeclare); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := hold(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.may(ctx, tx, accounts.AbsenceDeclare, a); err != nil || a.CancelledAt != nil {
			return err
		}
		now := s.now()
		a.CancelledAt = &now
		if err := cancel(ctx, tx, a); err != nil {
			return err
		}
		return s.trail(ctx, tx, a, "cancelled")
	})
	if err != nil {
		return fmt.Errorf("cancel absence %d: %w", id, err)
	}
	return nil
}

// may refuses an absence of somebody else than a colleague, and a stand-in who is
// none. What the caller may not know is not there.
func (s *Service) may(ctx context.Context, tx store.Tx, action accounts.Action, a *Absence) error {
	me := accounts.From(ctx)
	away, err := person(ctx, tx, a.UserID)
	if err != nil {
		return err
	}
	if away.ID != me.UserID && !accounts.Can(me, action, scope(away)) {
		return fault.NotFound("account", away.ID)
	}
	if a.ReplacedBy == nil {
		return nil
	}
	by, err := person(ctx, tx, *a.ReplacedBy)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	if by == nil || by.Role != away.Role || by.Organisation != away.Organisation {
		return fault.Invalid(fault.At("replaced_by", "no-colleague", "Le remplacement se confie à un·e collègue de la même organisation.", "A colleague of the same organisation stands in."))
	}
	return nil
}

// scope is whose an absence is to know: their organisation's. Who has none is an
// administrator.
func scope(p *Person) accounts.Scope {
	if p.Organisation == 0 {
		return accounts.OfUser(p.ID)
	}
	return accounts.Of(p.Organisation)
}

// List gives the absences that run or come, of who asks and of their colleagues,
// the first to begin first.
func (s *Service) List(ctx context.Context) ([]Line, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.AbsenceRead); err != nil {
		return nil, err
	}
	rows, err := lines(ctx, s.store.Read(), me, s.Today())
	for i := range rows {
		rows[i].Today = rows[i].On(s.Today())
	}
	return rows, err
}

// Colleagues lists those who may stand in for who asks, or of whom they may
// declare an absence, by name; who asks is not among them.
func (s *Service) Colleagues(ctx context.Context) ([]Person, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.AbsenceRead); err != nil {
		return nil, err
	}
	return colleagues(ctx, s.store.Read(), me)
}

// RollOn reads who is away on a civil day. It tells nobody: it is for what routes.
func (s *Service) RollOn(ctx context.Context, db bun.IDB, day string) (Roll, error) {
	return rollOn(ctx, db, day)
}

func (s *Service) trail(ctx context.Context, tx store.Tx, a *Absence, field string) error {
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.AbsenceDeclare, Entity: "absence", EntityID: int64(a.ID), Fields: []string{field}})
}
