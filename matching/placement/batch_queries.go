package placement

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/opportunities"
	"maillage/people"
)

// postKinds are the positions of work, not of training.
func postKinds() []opportunities.Kind {
	return []opportunities.Kind{opportunities.JobNeed, opportunities.Mission, opportunities.Immersion}
}

// openLots lists the positions that are published.
func openLots(ctx context.Context, db bun.IDB) ([]opportunities.LotID, error) {
	return lotIDs(ctx, db, `/* placement.openLots */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind IN (?) AND o.state = ? AND NOT l.withdrawn ORDER BY l.id`, bun.List(postKinds()), opportunities.Published)
}

// openedBetween lists the positions published after an instant, up to another.
func openedBetween(ctx context.Context, db bun.IDB, after, until time.Time) ([]opportunities.LotID, error) {
	return lotIDs(ctx, db, `/* placement.openedBetween */ SELECT l.id FROM lots l JOIN opportunities o ON o.id = l.opportunity_id
		WHERE o.kind IN (?) AND o.state = ? AND o.published_at > ? AND o.published_at <= ? ORDER BY l.id`, bun.List(postKinds()), opportunities.Published, after, until)
}

// everybodyCounted reads where everybody in a journey lives, and in which structure; but
// of a structure that an officer made and nobody has countersigned.
func everybodyCounted(ctx context.Context, db bun.IDB) (map[people.ID]*people.Person, error) {
	var rows []*people.Person
	err := db.NewSelect().Model(&rows).Comment("placement.everybodyCounted").Column("id", "organisation_id", "commune").
		Where("pe.state = ?", people.Active).
		Where("NOT EXISTS (SELECT 1 FROM organisations AS o WHERE o.id = pe.organisation_id AND o.opened_by IS NOT NULL)").OrderExpr("pe.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is in a journey: %w", err)
	}
	out := make(map[people.ID]*people.Person, len(rows))
	for _, p := range rows {
		out[p.ID] = p
	}
	return out, nil
}

// proposalsOf reads the proposals of people, ended or not.
func proposalsOf(ctx context.Context, db bun.IDB, persons []people.ID) ([]*Proposal, error) {
	return proposalsIn(ctx, db, "pp.person_id IN (?)", persons)
}

// movedSince counts the proposals of people, or at positions, that moved since an instant.
func movedSince(ctx context.Context, db bun.IDB, column string, ids []int64, since time.Time) ([]ID, error) {
	var out []ID
	for part := range slices.Chunk(ids, batch) {
		var some []ID
		err := db.NewSelect().Model((*Proposal)(nil)).Comment("placement.movedSince").Column("pp.id").Where("? IN (?)", bun.Ident(column), bun.List(part)).
			Where("pp.updated_at > ?", since).OrderExpr("pp.id").Scan(ctx, &some)
		if err != nil {
			return nil, fmt.Errorf("look for proposals that moved: %w", err)
		}
		out = append(out, some...)
	}
	return out, nil
}

func batchByID(ctx context.Context, db bun.IDB, id BatchID) (*batchRow, error) {
	b := new(batchRow)
	err := db.NewSelect().Model(b).Comment("placement.batchByID").Where("ba.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("batch", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read batch %d: %w", id, err)
	}
	return b, nil
}

// versions reads the versions of a batch, the last first.
func versions(ctx context.Context, db bun.IDB, organisation int64, key string) ([]*batchRow, error) {
	var out []*batchRow
	err := db.NewSelect().Model(&out).Comment("placement.versions").Where("ba.organisation_id = ?", organisation).Where("ba.key = ?", key).
		OrderExpr("ba.number DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the versions of a batch: %w", err)
	}
	return out, nil
}

// batchesFor lists the last versions of the batches of a structure, the latest first.
func batchesFor(ctx context.Context, db bun.IDB, structure int64, after BatchID, limit int) ([]*batchRow, error) {
	out := []*batchRow{}
	q := db.NewSelect().Model(&out).Comment("placement.batchesFor").Where("ba.organisation_id = ?", structure).
		Where("NOT EXISTS (SELECT 1 FROM batches AS n WHERE n.organisation_id = ba.organisation_id AND n.key = ba.key AND n.number > ba.number)")
	if after > 0 {
		q = q.Where("ba.id < ?", after)
	}
	if err := q.OrderExpr("ba.id DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list batches: %w", err)
	}
	return out, nil
}

// holdBatch keeps what is done to one version of a batch one after the other.
func holdBatch(ctx context.Context, tx store.Tx, id BatchID) error {
	if _, err := tx.NewRaw("/* placement.holdBatch */ UPDATE batches SET revision = revision WHERE id = ?", id).Exec(ctx); err != nil {
		return fmt.Errorf("hold batch %d: %w", id, err)
	}
	return nil
}

func peopleOfBatch(ctx context.Context, db bun.IDB, id BatchID) ([]*batchPerson, error) {
	out := []*batchPerson{}
	err := db.NewSelect().Model(&out).Comment("placement.peopleOfBatch").Where("bp.batch_id = ?", id).
		OrderExpr("bp.person_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the people of batch %d: %w", id, err)
	}
	return out, nil
}

func positionsOfBatch(ctx context.Context, db bun.IDB, id BatchID) ([]*batchPosition, error) {
	out := []*batchPosition{}
	err := db.NewSelect().Model(&out).Comment("placement.positionsOfBatch").Where("bo.batch_id = ?", id).OrderExpr("bo.lot_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the positions of batch %d: %w", id, err)
	}
	return out, nil
}

func linesOfBatch(ctx context.Context, db bun.IDB, id BatchID) ([]*batchLine, error) {
	out := []*batchLine{}
	err := db.NewSelect().Model(&out).Comment("placement.linesOfBatch").Where("bl.batch_id = ?", id).
		OrderExpr("bl.person_id, bl.fit DESC, bl.lot_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the suggestions of batch %d: %w", id, err)
	}
	return out, nil
}

func lineOfBatch(ctx context.Context, db bun.IDB, id BatchID, line BatchLineID) (*batchLine, error) {
	l := new(batchLine)
	err := db.NewSelect().Model(l).Comment("placement.lineOfBatch").Where("bl.batch_id = ?", id).Where("bl.id = ?", line).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("suggestion", line)
	}
	if err != nil {
		return nil, fmt.Errorf("read suggestion %d: %w", line, err)
	}
	return l, nil
}

// insertBatch writes a version; false when it is there already.
func insertBatch(ctx context.Context, tx store.Tx, b *batchRow) (bool, error) {
	res, err := tx.NewInsert().Model(b).Comment("placement.insertBatch").On("CONFLICT (organisation_id, key, number) DO NOTHING").Returning("id").Exec(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("write a batch: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0 && b.ID != 0, err
}

// insertRows writes what a version holds, a few hundred rows at a time.
func insertRows[T any](ctx context.Context, tx store.Tx, rows []*T) error {
	for part := range slices.Chunk(rows, batch) {
		if _, err := tx.NewInsert().Model(&part).Comment("placement.insertRows").Exec(ctx); err != nil {
			return fmt.Errorf("write what a batch holds: %w", err)
		}
	}
	return nil
}

func writeLine(ctx context.Context, tx store.Tx, l *batchLine) error {
	_, err := tx.NewUpdate().Model(l).Comment("placement.writeLine").Column("state", "settled_by", "settled_at", "revision").WherePK().Exec(ctx)
	if err != nil {
		return fmt.Errorf("write suggestion %d: %w", l.ID, err)
	}
	return nil
}

func recordBatch(ctx context.Context, tx store.Tx, e batchEvent) error {
	if _, err := tx.NewInsert().Model(&e).Comment("placement.recordBatch").Exec(ctx); err != nil {
		return fmt.Errorf("record what happened to batch %d: %w", e.BatchID, err)
	}
	return nil
}

// stillActive tells which journeys are under way, as they stand in a transaction.
func stillActive(ctx context.Context, db bun.IDB, ids []people.ID) (map[people.ID]bool, error) {
	out := map[people.ID]bool{}
	for part := range slices.Chunk(ids, batch) {
		var rows []people.ID
		err := db.NewRaw("/* placement.stillActive */ SELECT id FROM people WHERE id IN (?) AND state = ? ORDER BY id", bun.List(part), people.Active).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("look for who left: %w", err)
		}
		for _, id := range rows {
			out[id] = true
		}
	}
	return out, nil
}

func stillThere(ctx context.Context, db bun.IDB, ids []opportunities.LotID) (map[opportunities.LotID]bool, error) {
	out := map[opportunities.LotID]bool{}
	for part := range slices.Chunk(ids, batch) {
		rows, err := lotIDs(ctx, db, "/* placement.stillThere */ SELECT id FROM lots WHERE id IN (?) ORDER BY id", bun.List(part))
		if err != nil {
			return nil, err
		}
		for _, id := range rows {
			out[id] = true
		}
	}
	return out, nil
}
