package people

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// apart are the tables of what goes with a journey. Proposals and
// batches are package placement's, which imports this one; their history goes
// with them.
var apart = []string{"person_identities", "person_traits", "person_rights", "person_hours", "person_events", "agreements", "proposals", "batch_lines", "batch_people"}

func eraseApart(ctx context.Context, tx store.Tx, id ID) error {
	for _, table := range apart {
		if _, err := tx.NewDelete().Table(table).Comment("people.erase").Where("person_id = ?", id).Exec(ctx); err != nil {
			return fmt.Errorf("erase from %s: %w", table, err)
		}
	}
	return nil
}

// leave writes the row that counts in place of a journey.
func leave(ctx context.Context, tx store.Tx, left *Person) error {
	if _, err := tx.NewUpdate().Model(left).Comment("people.erase").ExcludeColumn("id", "organisation_id").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("write what is left: %w", err)
	}
	return nil
}

// endedBefore finds some journeys to erase: they ended before a day, and this was
// said before it.
func endedBefore(ctx context.Context, db bun.IDB, day time.Time) ([]ID, error) {
	var ids []ID
	err := db.NewRaw(`/* people.EraseLate */ SELECT id FROM people
		WHERE state = ? AND erased_at IS NULL AND ended_on <> '' AND ended_on < ?
		AND NOT EXISTS (SELECT 1 FROM person_events e WHERE e.person_id = people.id AND e.kind = ? AND e.at >= ?) ORDER BY id LIMIT ?`,
		Ended, day.Format(time.DateOnly), EventEnded, day, 50).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find journeys to erase: %w", err)
	}
	return ids, nil
}
