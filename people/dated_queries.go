package people

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/nomenclatures"
)

func rightsOf(ctx context.Context, db bun.IDB, ids ...ID) (map[ID][]Right, error) {
	var rows []Right
	err := db.NewSelect().Model(&rows).Comment("people.rightsOf").Where("pr.person_id IN (?)", bun.List(ids)).
		Order("pr.person_id", "pr.valid_from", "pr.kind", "pr.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read rights: %w", err)
	}
	out := map[ID][]Right{}
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r)
	}
	return out, nil
}

func putRights(ctx context.Context, tx store.Tx, id ID, rights []Right) error {
	if _, err := tx.NewRaw("/* people.putRights */ DELETE FROM person_rights WHERE person_id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("write rights: %w", err)
	}
	for i := range rights {
		rights[i].ID, rights[i].PersonID = 0, id
		if rights[i].Occupations == nil {
			rights[i].Occupations = []nomenclatures.ROME{}
		}
	}
	if len(rights) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&rights).Comment("people.putRights").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("write rights: %w", err)
	}
	return nil
}

func hoursOf(ctx context.Context, db bun.IDB, ids ...ID) (map[ID][]MonthHours, error) {
	var rows []MonthHours
	err := db.NewSelect().Model(&rows).Comment("people.hoursOf").Where("ph.person_id IN (?)", bun.List(ids)).Order("ph.person_id", "ph.month").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read hours: %w", err)
	}
	out := map[ID][]MonthHours{}
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r)
	}
	return out, nil
}

func putHours(ctx context.Context, tx store.Tx, id ID, hours []MonthHours) error {
	if _, err := tx.NewRaw("/* people.putHours */ DELETE FROM person_hours WHERE person_id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("write hours: %w", err)
	}
	if len(hours) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&hours).Comment("people.putHours").Exec(ctx); err != nil {
		return fmt.Errorf("write hours: %w", err)
	}
	return nil
}
