package people

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/territories"
)

// SealsIdentities tells whether there is a key: without one nothing that
// identifies can be kept.
func (s *Service) SealsIdentities() bool { return s.keys != nil }

// SetIdentity replaces what tells who a person is, if the journey still has the
// revision it was read at; 0 does not check. Empty, it is removed.
func (s *Service) SetIdentity(ctx context.Context, id ID, revision int64, who Identity) error {
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := s.hold(ctx, tx, accounts.PersonIdentify, id, revision)
		if err != nil {
			return err
		}
		if p.ErasedAt != nil {
			return erased()
		}
		if bad := checkIdentity(&who, s.today()); len(bad) > 0 {
			return fault.Invalid(bad...)
		}
		return s.putIdentity(ctx, tx, id, who)
	})
	if err != nil {
		return fmt.Errorf("keep the identity of person %d: %w", id, err)
	}
	if who.IsZero() {
		return s.store.Scrub(ctx)
	}
	return nil
}

// putIdentity seals a checked identity, with its event and its trace.
func (s *Service) putIdentity(ctx context.Context, tx store.Tx, id ID, who Identity) error {
	old, err := s.identity(ctx, tx, id)
	if err != nil && s.keys != nil {
		return err
	}
	changed := unlike(old, who)
	if len(changed) == 0 && err == nil {
		return nil
	}
	if who.IsZero() {
		err = removeSealed(ctx, tx, id)
	} else {
		err = s.sealInto(ctx, tx, id, who)
	}
	if err != nil {
		return err
	}
	return s.touch(ctx, tx, accounts.PersonIdentify, id, EventIdentity, changed...)
}

func (s *Service) sealInto(ctx context.Context, tx store.Tx, id ID, who Identity) error {
	plain, err := json.Marshal(who)
	if err != nil {
		return fmt.Errorf("write an identity: %w", err)
	}
	keyID, sealed, err := s.keys.seal(s.random, id, plain)
	if err != nil {
		return err
	}
	return putSealed(ctx, tx, &sealedIdentity{PersonID: id, KeyID: keyID, Sealed: sealed, UpdatedAt: s.now()})
}

// Identity reads who a person is, and writes in the audit trail that somebody did.
func (s *Service) Identity(ctx context.Context, id ID) (Identity, error) {
	var who Identity
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		p, err := get(ctx, tx, id)
		if err != nil {
			return hidden(ctx, accounts.PersonIdentity, err)
		}
		if err := reach(ctx, accounts.PersonIdentity, p); err != nil {
			return err
		}
		if who, err = s.identity(ctx, tx, id); err != nil {
			return err
		}
		return s.trail(ctx, tx, accounts.PersonIdentity, id, "read")
	})
	if err != nil {
		return Identity{}, fmt.Errorf("read the identity of person %d: %w", id, err)
	}
	return who, nil
}

// identity opens what is kept; the zero Identity where nothing is.
func (s *Service) identity(ctx context.Context, db bun.IDB, id ID) (Identity, error) {
	row, err := sealed(ctx, db, id)
	switch {
	case err != nil:
		return Identity{}, err
	case row != nil:
		return s.unseal(row)
	case s.keys == nil:
		return Identity{}, noKey()
	}
	return Identity{}, nil
}

func (s *Service) unseal(row *sealedIdentity) (who Identity, err error) {
	plain, err := s.keys.open(row.PersonID, row.KeyID, row.Sealed)
	if err != nil {
		return who, err
	}
	if json.Unmarshal(plain, &who) != nil {
		return Identity{}, fmt.Errorf("the identity of person %d cannot be read", row.PersonID)
	}
	return who, nil
}

// Named is a journey with who it is.
type Named struct {
	Person   *Person
	Identity Identity
}

// FindByName looks for people of one structure by a part of their names, at most so
// many (0: 20). The structure's own sealed identities are opened in memory: no
// index of names exists that could leak. It is one reading in the audit trail
// for each person shown.
func (s *Service) FindByName(ctx context.Context, organisation int64, text string, limit int) ([]Named, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonIdentity, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 20
	}
	words := strings.Fields(territories.Fold(text))
	if s.keys == nil {
		return nil, noKey()
	}
	if len(words) == 0 {
		return nil, nil
	}
	return s.showNamed(ctx, organisation, limit, func(i Identity) bool { return named(i, words) })
}

// Names reads who some people of one structure are, for its own lists; those
// that are not its own, or of whom nothing is kept, are left out. Each is one
// reading in the audit trail.
func (s *Service) Names(ctx context.Context, organisation int64, ids ...ID) (map[ID]Identity, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.PersonIdentity, accounts.Of(organisation)); err != nil {
		return nil, err
	}
	if s.keys == nil {
		return nil, noKey()
	}
	out := map[ID]Identity{}
	if len(ids) == 0 {
		return out, nil
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		rows, err := sealedOf(ctx, tx, organisation, ids)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if out[row.PersonID], err = s.unseal(row); err != nil {
				return err
			}
			if err := s.trail(ctx, tx, accounts.PersonIdentity, row.PersonID, "read"); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Service) showNamed(ctx context.Context, organisation int64, limit int, want func(Identity) bool) ([]Named, error) {
	rows, err := sealedOf(ctx, s.store.Read(), organisation, nil)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, row := range rows {
		who, err := s.unseal(row)
		if err != nil {
			return nil, err
		}
		if want(who) && len(ids) < limit {
			ids = append(ids, row.PersonID)
		}
	}
	people, err := load(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	if err := s.searched(ctx, organisation); err != nil {
		return nil, err
	}
	names, err := s.Names(ctx, organisation, ids...)
	out := make([]Named, 0, len(people))
	for _, p := range people {
		out = append(out, Named{p, names[p.ID]})
	}
	return out, err
}

// searched writes that somebody went through the names of a structure, never what for.
func (s *Service) searched(ctx context.Context, organisation int64) error {
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.PersonIdentity, Entity: "organisation", EntityID: organisation, Fields: []string{"searched"}})
	})
}

// named tells whether every word begins a word of the names.
func named(i Identity, words []string) bool {
	have := strings.Fields(territories.Fold(i.Name()))
	for _, w := range words {
		found := false
		for _, h := range have {
			found = found || strings.HasPrefix(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// Rotate seals again, with the first key, what other keys sealed; it tells how
// many. It goes by batches and may be cut and run again: what is done is done.
func (s *Service) Rotate(ctx context.Context, progress func(done int)) (int, error) {
	if s.keys == nil {
		return 0, noKey()
	}
	for done := 0; ; {
		n, err := s.rotateSome(ctx)
		done += n
		if err != nil || n == 0 {
			return done, err
		}
		if progress != nil {
			progress(done)
		}
	}
}

func (s *Service) rotateSome(ctx context.Context) (n int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		n = 0
		rows, err := sealedWithoutKey(ctx, tx, s.keys.first)
		if err != nil {
			return err
		}
		for _, row := range rows {
			who, err := s.unseal(row)
			if err != nil {
				return fmt.Errorf("seal the identity of person %d again: %w", row.PersonID, err)
			}
			if err := s.sealInto(ctx, tx, row.PersonID, who); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func erased() error {
	return fault.Conflict("erased", "Ce parcours a été effacé : il n’en reste qu’une ligne à compter.", "This journey was erased: only a row to count is left of it.")
}
