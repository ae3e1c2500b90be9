package microdata

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/internal/store"
)

// statement bounds the number of rows of one statement.
const statement = 400

func enterprisesBy(ctx context.Context, db bun.IDB, keys []string) ([]Enterprise, error) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	var out []Enterprise
	if len(keys) == 0 {
		return nil, nil
	}
	if err := db.NewSelect().Model(&out).Comment("microdata.enterprisesBy").Where("oe.key IN (?)", bun.List(keys)).Order("oe.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("find enterprises: %w", err)
	}
	return out, nil
}

func yearsOf(ctx context.Context, db bun.IDB, ids []int64) ([]Year, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []Year
	err := db.NewSelect().Model(&out).Comment("microdata.yearsOf").Where("oy.enterprise_id IN (?)", bun.List(ids)).Order("oy.enterprise_id", "oy.year").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the years of enterprises: %w", err)
	}
	return out, nil
}

// organisationsBy finds the members of the platform by SIRET and kind.
func organisationsBy(ctx context.Context, db bun.IDB, sirets []string) (map[string]int64, error) {
	out := map[string]int64{}
	if len(sirets) == 0 {
		return out, nil
	}
	var rows []struct {
		ID    int64  `bun:"id"`
		SIRET string `bun:"siret"`
		Kind  string `bun:"kind"`
	}
	err := db.NewRaw("/* microdata.organisationsBy */ SELECT id, siret, kind FROM organisations WHERE siret IN (?) ORDER BY id", bun.List(sirets)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("find the organisations of enterprises: %w", err)
	}
	for _, r := range rows {
		out[r.SIRET+"|"+r.Kind] = r.ID
	}
	return out, nil
}

func insertEnterprise(ctx context.Context, tx store.Tx, e *Enterprise) error {
	if _, err := tx.NewInsert().Model(e).Comment("microdata.insertEnterprise").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("insert an enterprise: %w", err)
	}
	return nil
}

func tieEnterprise(ctx context.Context, tx store.Tx, id, organisation int64) error {
	if _, err := tx.NewRaw("/* microdata.tieEnterprise */ UPDATE observed_enterprises SET organisation_id = ? WHERE id = ?", organisation, id).Exec(ctx); err != nil {
		return fmt.Errorf("tie enterprise %d: %w", id, err)
	}
	return nil
}

func workersBy(ctx context.Context, db bun.IDB, marks []string) (map[string]int64, error) {
	out := make(map[string]int64, len(marks))
	for chunk := range slices.Chunk(marks, statement) {
		var rows []struct {
			ID   int64  `bun:"id"`
			Mark string `bun:"mark"`
		}
		if err := db.NewRaw("/* microdata.workersBy */ SELECT id, mark FROM observed_workers WHERE mark IN (?) ORDER BY id", bun.List(chunk)).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("find workers: %w", err)
		}
		for _, r := range rows {
			out[r.Mark] = r.ID
		}
	}
	return out, nil
}

// markWorker gives a worker the mark of its number as it is read today.
func markWorker(ctx context.Context, tx store.Tx, id int64, mark string) error {
	if _, err := tx.NewRaw("/* microdata.markWorker */ UPDATE observed_workers SET mark = ? WHERE id = ?", mark, id).Exec(ctx); err != nil {
		return fmt.Errorf("mark worker %d: %w", id, err)
	}
	return nil
}

func insertWorkers(ctx context.Context, tx store.Tx, workers []*Worker) error {
	for chunk := range slices.Chunk(workers, statement) {
		if _, err := tx.NewInsert().Model(&chunk).Comment("microdata.insertWorkers").Returning("id").Exec(ctx); err != nil {
			return fmt.Errorf("insert workers: %w", err)
		}
	}
	return nil
}

// recordsOf reads the records of some owners between the least and the greatest
// of some natural keys.
func recordsOf[T any](ctx context.Context, db bun.IDB, owner, sub string, owners []int64, subs, key []string) ([]T, error) {
	slices.Sort(owners)
	owners = slices.Compact(owners)
	if owner == "" {
		owners = owners[:1] // a table that has no owner is short: it is read whole
	}
	var out []T
	for chunk := range slices.Chunk(owners, statement) {
		var rows []T
		q := db.NewSelect().Model(&rows).Comment("microdata.recordsOf").Order(key...)
		if owner != "" {
			q = q.Where("? IN (?)", bun.Ident(owner), bun.List(chunk))
		}
		if owner == "worker_id" {
			q = q.Where("? BETWEEN ? AND ?", bun.Ident(sub), slices.Min(subs)[:4], slices.Max(subs)[:4]+"~")
		}
		if err := q.Scan(ctx); err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// upsert writes records whole, by their natural key.
func upsert[T any](ctx context.Context, tx store.Tx, rows []*T, key []string) error {
	for chunk := range slices.Chunk(rows, statement) {
		var columns []any
		for _, k := range key {
			columns = append(columns, bun.Ident(k))
		}
		q := tx.NewInsert().Model(&chunk).Comment("microdata.upsert").On("CONFLICT (?) DO UPDATE", bun.List(columns))
		if _, worker := any(chunk[0]).(*Worker); worker {
			q = q.ExcludeColumn("id")
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("write records: %w", err)
		}
	}
	return nil
}

// remove takes one record away.
func remove[T any](ctx context.Context, tx store.Tx, row *T) error {
	if _, err := tx.NewDelete().Model(row).Comment("microdata.remove").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("remove a record: %w", err)
	}
	return nil
}

// markSent says that a section is sent for some years, where it was awaited, and
// gives the first of them (never: none was).
func markSent(ctx context.Context, tx store.Tx, enterprise int64, s compute.Section, first, last int) (int, error) {
	column := bun.Ident(string(s))
	var years []int
	err := tx.NewRaw("/* microdata.markSent */ UPDATE observed_years SET ? = ? WHERE enterprise_id = ? AND year BETWEEN ? AND ? AND ? = ? RETURNING year",
		column, compute.Collected, enterprise, first, last, column, compute.Waiting).Scan(ctx, &years)
	if err != nil {
		return never, fmt.Errorf("mark a section of enterprise %d as sent: %w", enterprise, err)
	}
	return slices.Min(append(years, never)), nil
}

const markAgain = " ON CONFLICT (enterprise_id, year) DO UPDATE SET revision = figure_changes.revision + 1"

// markSince asks that an enterprise be counted again from a year on.
func markSince(ctx context.Context, tx store.Tx, enterprise int64, year int) error {
	_, err := tx.NewRaw("/* microdata.markSince */ INSERT INTO figure_changes (enterprise_id, year, revision) SELECT enterprise_id, year, 1 FROM observed_years WHERE enterprise_id = ? AND year >= ? ORDER BY year"+markAgain,
		enterprise, year).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark enterprise %d as changed: %w", enterprise, err)
	}
	return nil
}

// markOne asks that one year of an enterprise be counted again, be it declared or no longer.
func markOne(ctx context.Context, tx store.Tx, enterprise int64, year int) error {
	_, err := tx.NewRaw("/* microdata.markOne */ INSERT INTO figure_changes (enterprise_id, year, revision) VALUES (?, ?, 1)"+markAgain, enterprise, year).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark %d of enterprise %d as changed: %w", year, enterprise, err)
	}
	return nil
}

// markYear asks that a year be counted again whole.
func markYear(ctx context.Context, tx store.Tx, year int) error {
	_, err := tx.NewRaw("/* microdata.markYear */ INSERT INTO figure_changes (enterprise_id, year, revision) SELECT enterprise_id, year, 1 FROM observed_years WHERE year = ? ORDER BY enterprise_id"+markAgain, year).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark %d as changed: %w", year, err)
	}
	return nil
}

func insertBatch(ctx context.Context, tx store.Tx, b *Batch) error {
	if _, err := tx.NewInsert().Model(b).Comment("microdata.insertBatch").Returning("id").Exec(ctx); err != nil {
		return fmt.Errorf("open a batch: %w", err)
	}
	return nil
}

func closeBatch(ctx context.Context, tx store.Tx, b *Batch) error {
	_, err := tx.NewRaw("/* microdata.closeBatch */ UPDATE observed_batches SET ended_at = ?, read = ?, made = ?, updated = ?, unchanged = ?, removed = ?, rejected = ? WHERE id = ?",
		b.EndedAt, b.Read, b.Made, b.Updated, b.Unchanged, b.Removed, b.Rejected, b.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("close batch %d: %w", b.ID, err)
	}
	return nil
}

func insertRejections(ctx context.Context, tx store.Tx, rows []Rejection) error {
	for chunk := range slices.Chunk(rows, statement) {
		if _, err := tx.NewInsert().Model(&chunk).Comment("microdata.insertRejections").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("keep the refused rows: %w", err)
		}
	}
	return nil
}

func batches(ctx context.Context, db bun.IDB, below int64, limit int) ([]Batch, error) {
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	out := []Batch{}
	q := db.NewSelect().Model(&out).Comment("microdata.Batches").Order("id DESC").Limit(int64(limit))
	if below > 0 {
		q = q.Where("id < ?", below)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the batches: %w", err)
	}
	return out, nil
}

func batchOf(ctx context.Context, db bun.IDB, id int64) (*Batch, error) {
	b := new(Batch)
	err := db.NewSelect().Model(b).Comment("microdata.Batch").Where("id = ?", id).Order("id").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.NotFound("batch", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read batch %d: %w", id, err)
	}
	return b, nil
}

func rejectionsOf(ctx context.Context, db bun.IDB, batch int64) ([]Rejection, error) {
	out := []Rejection{}
	err := db.NewSelect().Model(&out).Comment("microdata.rejections").Where("batch_id = ?", batch).Order("line", "id").Limit(mostRejections).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the refused rows of batch %d: %w", batch, err)
	}
	return out, nil
}
