package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// sealedOf reads the sealed identities of a structure, of some journeys or of all.
func sealedOf(ctx context.Context, db bun.IDB, organisation int64, ids []ID) ([]*sealedIdentity, error) {
	var rows []*sealedIdentity
	q := db.NewSelect().Model(&rows).Comment("people.sealedOf").
		Where("pi.person_id IN (SELECT id FROM people WHERE organisation_id = ?)", organisation).Order("pi.person_id")
	if ids != nil {
		q = q.Where("pi.person_id IN (?)", bun.List(ids))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read sealed identities: %w", err)
	}
	return rows, nil
}

// traitsOf reads what is recorded of one person, for that person.
func traitsOf(ctx context.Context, db bun.IDB, id ID) (Traits, error) {
	var t Traits
	err := db.NewSelect().Model(&t).Comment("people.traitsOf").Where("pt.person_id = ?", id).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("read traits: %w", err)
	}
	return t, nil
}

// sealed reads what is kept of who somebody is, nil where nothing is.
func sealed(ctx context.Context, db bun.IDB, id ID) (*sealedIdentity, error) {
	row := new(sealedIdentity)
	err := db.NewSelect().Model(row).Comment("people.identity").Where("pi.person_id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a sealed identity: %w", err)
	}
	return row, nil
}

// sealedWithoutKey reads some of those that other keys than one sealed.
func sealedWithoutKey(ctx context.Context, tx store.Tx, key string) ([]*sealedIdentity, error) {
	var rows []*sealedIdentity
	err := tx.NewSelect().Model(&rows).Comment("people.Rotate").Where("pi.key_id <> ?", key).Order("pi.person_id").Limit(200).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("find identities to seal again: %w", err)
	}
	return rows, nil
}

func putSealed(ctx context.Context, tx store.Tx, row *sealedIdentity) error {
	_, err := tx.NewInsert().Model(row).Comment("people.sealInto").
		On("CONFLICT (person_id) DO UPDATE").Set("key_id = EXCLUDED.key_id, sealed = EXCLUDED.sealed, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return errors.New("keep a sealed identity: the database refused it") // its own words could quote the row
	}
	return nil
}

func removeSealed(ctx context.Context, tx store.Tx, id ID) error {
	_, err := tx.NewDelete().Model(&sealedIdentity{PersonID: id}).Comment("people.putIdentity").WherePK().Exec(ctx)
	return err
}

func writeTraits(ctx context.Context, tx store.Tx, t *Traits) error {
	_, err := tx.NewInsert().Model(t).Comment("people.putTraits").
		On("CONFLICT (person_id) DO UPDATE").Set("sex = EXCLUDED.sex, birth_year = EXCLUDED.birth_year, qpv = EXCLUDED.qpv, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("write traits: %w", err)
	}
	return nil
}

// traitsIn reads the traits of people, of one structure (nil: of any).
func traitsIn(ctx context.Context, db bun.IDB, ids []ID, organisation *int64) (map[ID]Traits, error) {
	out := map[ID]Traits{}
	for part := range slices.Chunk(ids, chunk) {
		var rows []Traits
		q := db.NewSelect().Model(&rows).Comment("people.TraitsForAudit").Where("pt.person_id IN (?)", bun.List(part))
		if organisation != nil {
			q = q.Where("pt.person_id IN (SELECT id FROM people WHERE organisation_id = ?)", *organisation)
		}
		if err := q.Order("pt.person_id").Scan(ctx); err != nil {
			return nil, fmt.Errorf("read traits: %w", err)
		}
		for _, t := range rows {
			out[t.PersonID] = t
		}
	}
	return out, nil
}
