package network

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
)

// chunk bounds the number of rows of one statement.
const chunk = 400

// lock holds the row until the end of the transaction: an update that changes
// nothing is the one lock that both engines share.
func lock(ctx context.Context, tx store.Tx, id ID) error {
	_, err := tx.NewRaw("/* network.lock */ UPDATE organisations SET revision = revision WHERE id = ?", id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("hold organisation %d: %w", id, err)
	}
	return nil
}

func get(ctx context.Context, db bun.IDB, id ID) (*Organisation, error) {
	all, err := load(ctx, db, []ID{id})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fault.NotFound("organisation", id)
	}
	return all[0], nil
}

// load reads organisations whole, in the order of the ids, in seven queries
// for each chunk; those that are not there are left out.
func load(ctx context.Context, db bun.IDB, ids []ID) ([]*Organisation, error) {
	byID := make(map[ID]*Organisation, len(ids))
	for start := 0; start < len(ids); start += chunk {
		part := ids[start:min(start+chunk, len(ids))]
		var rows []*Organisation
		err := db.NewSelect().Model(&rows).Comment("network.load").Where("o.id IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read organisations: %w", err)
		}
		for _, o := range rows {
			byID[o.ID] = o
		}
		if err := loadHeld(ctx, db, part, byID); err != nil {
			return nil, fmt.Errorf("read what organisations hold: %w", err)
		}
	}
	out := make([]*Organisation, 0, len(ids))
	for _, id := range ids {
		if o := byID[id]; o != nil {
			out = append(out, o)
		}
	}
	return out, nil
}

func loadHeld(ctx context.Context, db bun.IDB, ids []ID, into map[ID]*Organisation) error {
	return errors.Join(
		held(ctx, db, ids, "s.main DESC, s.id", func(r Site) { into[r.OrganisationID].Sites = append(into[r.OrganisationID].Sites, r) }),
		held(ctx, db, ids, "ls.id", func(r Status) { into[r.OrganisationID].Statuses = append(into[r.OrganisationID].Statuses, r) }),
		held(ctx, db, ids, "a.id", func(r Activity) {
			into[r.OrganisationID].Activities = append(into[r.OrganisationID].Activities, r)
		}),
		held(ctx, db, ids, "c.id", func(r Certification) {
			into[r.OrganisationID].Certifications = append(into[r.OrganisationID].Certifications, r)
		}),
		held(ctx, db, ids, "t.id", func(r Reference) {
			into[r.OrganisationID].References = append(into[r.OrganisationID].References, r)
		}),
		held(ctx, db, ids, "m.network_id", func(r Membership) {
			into[r.OrganisationID].Memberships = append(into[r.OrganisationID].Memberships, r)
		}),
	)
}

func held[T any](ctx context.Context, db bun.IDB, ids []ID, order string, put func(T)) error {
	var rows []T
	err := db.NewSelect().Model(&rows).Comment("network.held").Where("?TableAlias.organisation_id IN (?)", bun.List(ids)).
		OrderExpr(order).Scan(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		put(r)
	}
	return nil
}

func identityTaken(ctx context.Context, tx store.Tx, o *Organisation) (bool, error) {
	if o.SIRET == "" {
		return false, nil
	}
	id, err := idOf(ctx, tx, o.SIRET, o.Kind)
	return id != 0 && id != o.ID, err
}

// idOf finds an organisation by its identity; 0 when there is none.
func idOf(ctx context.Context, db bun.IDB, siret SIRET, kind Kind) (ID, error) {
	var id ID
	err := db.NewRaw("/* network.idOf */ SELECT id FROM organisations WHERE siret = ? AND kind = ? AND siret <> ''", siret, kind).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find organisation %s %s: %w", siret, kind, err)
	}
	return id, nil
}

// Get reads an organisation whole.
func (s *Service) Get(ctx context.Context, id ID) (*Organisation, error) {
	return get(ctx, s.store.Read(), id)
}

// ByIdentity reads the organisation of a SIRET and a kind (empty for one that
// is not a member).
func (s *Service) ByIdentity(ctx context.Context, siret SIRET, kind Kind) (*Organisation, error) {
	id, err := idOf(ctx, s.store.Read(), siret, kind)
	if err != nil {
		return nil, err
	}
	if id == 0 {
		return nil, fault.NotFound("organisation", string(siret)+" "+string(kind))
	}
	return s.Get(ctx, id)
}

// BySIRET reads every organisation of an establishment: one may be several
// kinds, under two conventions.
func (s *Service) BySIRET(ctx context.Context, siret SIRET) ([]*Organisation, error) {
	var ids []ID
	err := s.store.Read().NewRaw("/* network.BySIRET */ SELECT id FROM organisations WHERE siret = ? AND siret <> '' ORDER BY id", siret).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find organisations of %s: %w", siret, err)
	}
	return load(ctx, s.store.Read(), ids)
}

// LoadForMatching reads organisations whole, in the order of the ids, in a few
// queries; those that are not there are left out.
func (s *Service) LoadForMatching(ctx context.Context, ids ...ID) ([]*Organisation, error) {
	return load(ctx, s.store.Read(), ids)
}

// EachBatch reads the organisations of some roles (none: all) whole, by batches
// in the order of their ids, so that what follows them all never holds them all.
func (s *Service) EachBatch(ctx context.Context, size int, roles []Role, fn func([]*Organisation) error) error {
	return s.EachBatchIn(ctx, s.store.Read(), size, roles, fn)
}

// EachBatchIn is EachBatch in a snapshot of the database.
func (s *Service) EachBatchIn(ctx context.Context, db bun.IDB, size int, roles []Role, fn func([]*Organisation) error) error {
	if size <= 0 || size > chunk {
		size = chunk
	}
	for last := ID(0); ; {
		var ids []ID
		q := db.NewSelect().Model((*Organisation)(nil)).Comment("network.EachBatch").Column("o.id").
			Where("o.id > ?", last).Order("o.id").Limit(int64(size))
		if len(roles) > 0 {
			q = q.Where("o.role IN (?)", bun.List(roles))
		}
		if err := q.Scan(ctx, &ids); err != nil {
			return fmt.Errorf("read organisations: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		batch, err := load(ctx, db, ids)
		if err != nil {
			return err
		}
		if err := fn(batch); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}
