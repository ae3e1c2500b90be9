package placement

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"maillage/people"
)

// batchesAbout reads the versions of the batches that a person is in, the last first.
func batchesAbout(ctx context.Context, db bun.IDB, id people.ID) ([]*batchRow, error) {
	var out []*batchRow
	err := db.NewSelect().Model(&out).Comment("placement.batchesAbout").Where("ba.id IN (SELECT batch_id FROM batch_people WHERE person_id = ?)", id).
		OrderExpr("ba.id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the batches of person %d: %w", id, err)
	}
	return out, nil
}

// rowsAbout reads what every version says of a person, and every suggestion.
func rowsAbout(ctx context.Context, db bun.IDB, id people.ID) (rows []*batchPerson, lines []*batchLine, err error) {
	if err = db.NewSelect().Model(&rows).Comment("placement.rowsAbout").Where("bp.person_id = ?", id).OrderExpr("bp.batch_id DESC").Scan(ctx); err != nil {
		return nil, nil, fmt.Errorf("read what batches say of person %d: %w", id, err)
	}
	if err = db.NewSelect().Model(&lines).Comment("placement.rowsAbout").Where("bl.person_id = ?", id).OrderExpr("bl.batch_id DESC, bl.fit DESC, bl.lot_id").Scan(ctx); err != nil {
		return nil, nil, fmt.Errorf("read the suggestions of person %d: %w", id, err)
	}
	return rows, lines, nil
}

// stepsAbout reads what was done with each suggestion of a person.
func stepsAbout(ctx context.Context, db bun.IDB, id people.ID) (map[BatchLineID][]BatchKeptStep, error) {
	var rows []struct {
		LineID  BatchLineID `bun:"line_id"`
		At      time.Time   `bun:"at"`
		ActorID *int64      `bun:"actor_id"`
		From    LineState   `bun:"from_state"`
		To      LineState   `bun:"to_state"`
	}
	err := db.NewRaw(`/* placement.stepsAbout */ SELECT be.line_id, be.at, be.actor_id, be.from_state, be.to_state FROM batch_events AS be
		JOIN batch_lines AS bl ON bl.id = be.line_id WHERE bl.person_id = ? ORDER BY be.id`, id).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("read what was done with the suggestions of person %d: %w", id, err)
	}
	out := map[BatchLineID][]BatchKeptStep{}
	for _, r := range rows {
		out[r.LineID] = append(out[r.LineID], BatchKeptStep{At: r.At.UTC(), Actor: r.ActorID, From: r.From, To: r.To})
	}
	return out, nil
}
