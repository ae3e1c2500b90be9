package figures

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/internal/store"
)

// statement bounds the number of rows of one statement.
const statement = 400

// change is an enterprise and a year to count again.
type change struct {
	EnterpriseID int64 `bun:"enterprise_id"`
	Year         int   `bun:"year"`
	Revision     int64 `bun:"revision"`
}

// nextChanges reads some changes, all of the first year that has any.
func nextChanges(ctx context.Context, tx store.Tx, most int) ([]change, error) {
	var out []change
	err := tx.NewRaw("/* figures.nextChanges */ SELECT enterprise_id, year, revision FROM figure_changes WHERE year = (SELECT MIN(year) FROM figure_changes) ORDER BY enterprise_id LIMIT ?", most).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	return out, nil
}

// dropChanges forgets the changes that were counted, but not one that was raised meanwhile.
func dropChanges(ctx context.Context, tx store.Tx, marks []change) error {
	for _, m := range marks {
		_, err := tx.NewRaw("/* figures.dropChanges */ DELETE FROM figure_changes WHERE enterprise_id = ? AND year = ? AND revision = ?", m.EnterpriseID, m.Year, m.Revision).Exec(ctx)
		if err != nil {
			return fmt.Errorf("forget a change: %w", err)
		}
	}
	return nil
}

// markWhole asks that every enterprise of a year be counted again, those that it no longer has included.
func markWhole(ctx context.Context, tx store.Tx, year int) error {
	_, err := tx.NewRaw(`/* figures.markWhole */ INSERT INTO figure_changes (enterprise_id, year, revision)
		SELECT enterprise_id, year, 1 FROM (SELECT enterprise_id, year FROM observed_years UNION SELECT enterprise_id, year FROM figure_parts) AS known WHERE year = ? ORDER BY enterprise_id
		ON CONFLICT (enterprise_id, year) DO UPDATE SET revision = figure_changes.revision + 1`, year).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark %d as changed: %w", year, err)
	}
	return nil
}

// raiseYear raises the revision of a year's parts.
func raiseYear(ctx context.Context, tx store.Tx, year int, vintage string, now time.Time) error {
	_, err := tx.NewRaw(`/* figures.raiseYear */ INSERT INTO figure_years (year, revision, vintage, computed_at) VALUES (?, 1, ?, ?)
		ON CONFLICT (year) DO UPDATE SET revision = figure_years.revision + 1, vintage = EXCLUDED.vintage, computed_at = EXCLUDED.computed_at`, year, vintage, now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("raise the revision of %d: %w", year, err)
	}
	return nil
}

func revisionOf(ctx context.Context, db bun.IDB, year int) (int64, error) {
	var out []int64
	if err := db.NewRaw("/* figures.revisionOf */ SELECT revision FROM figure_years WHERE year = ?", year).Scan(ctx, &out); err != nil {
		return 0, fmt.Errorf("read the revision of %d: %w", year, err)
	}
	if len(out) == 0 {
		return 0, nil
	}
	return out[0], nil
}

func yearsOfOtherVintage(ctx context.Context, db bun.IDB, vintage string) ([]int, error) {
	var out []int
	if err := db.NewRaw("/* figures.yearsOfOtherVintage */ SELECT year FROM figure_years WHERE vintage <> ? ORDER BY year", vintage).Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("look for years of another vintage: %w", err)
	}
	return out, nil
}

func partsOf(ctx context.Context, db bun.IDB, year int, ids []int64) ([]*part, error) {
	var out []*part
	err := db.NewSelect().Model(&out).Comment("figures.partsOf").ExcludeColumn("lines").Where("fp.year = ?", year).Where("fp.enterprise_id IN (?)", bun.List(ids)).Order("fp.enterprise_id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	return out, nil
}

func allParts(ctx context.Context, db bun.IDB, year int) ([]*part, error) {
	var out []*part
	if err := db.NewSelect().Model(&out).Comment("figures.allParts").Where("fp.year = ?", year).Order("fp.enterprise_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the parts of %d: %w", year, err)
	}
	return out, nil
}

func replaceParts(ctx context.Context, tx store.Tx, year int, ids []int64, parts []*part) error {
	if _, err := tx.NewRaw("/* figures.replaceParts */ DELETE FROM figure_parts WHERE year = ? AND enterprise_id IN (?)", year, bun.List(ids)).Exec(ctx); err != nil {
		return fmt.Errorf("drop parts: %w", err)
	}
	if len(parts) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&parts).Comment("figures.replaceParts").Returning("NULL").Exec(ctx); err != nil {
		return fmt.Errorf("write parts: %w", err)
	}
	return nil
}

func markStale(ctx context.Context, tx store.Tx, scopes []Scope) error {
	for chunk := range slices.Chunk(scopes, statement) {
		if _, err := tx.NewInsert().Model(&chunk).Comment("figures.markStale").On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("mark sums as stale: %w", err)
		}
	}
	return nil
}

func staleYears(ctx context.Context, db bun.IDB) ([]int, error) {
	var out []int
	if err := db.NewRaw("/* figures.staleYears */ SELECT DISTINCT year FROM figure_stale ORDER BY year").Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("look for stale sums: %w", err)
	}
	return out, nil
}

func nextStale(ctx context.Context, tx store.Tx, year, most int) ([]Scope, error) {
	var out []Scope
	err := tx.NewSelect().Model(&out).Comment("figures.nextStale").Where("fs.year = ?", year).Order("fs.level", "fs.territory", "fs.kind").Limit(int64(most)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read stale sums: %w", err)
	}
	return out, nil
}

// replaceRows writes the rows of some scopes in place of those that they had.
func replaceRows(ctx context.Context, tx store.Tx, scopes []Scope, rows []*Row) error {
	for _, s := range scopes {
		for _, table := range []string{"figure_rows", "figure_stale"} {
			_, err := tx.NewRaw("/* figures.replaceRows */ DELETE FROM ? WHERE year = ? AND level = ? AND territory = ? AND kind = ?", bun.Ident(table), s.Year, s.Level, s.Territory, s.Kind).Exec(ctx)
			if err != nil {
				return fmt.Errorf("drop sums: %w", err)
			}
		}
	}
	for chunk := range slices.Chunk(rows, statement) {
		if _, err := tx.NewInsert().Model(&chunk).Comment("figures.replaceRows").Returning("NULL").Exec(ctx); err != nil {
			return fmt.Errorf("write sums: %w", err)
		}
	}
	return nil
}

// Query chooses rows: empty lists choose all.
type Query struct {
	Years       []int
	Level       Level
	Territories []string
	Kinds       []compute.Kind
	Measures    []compute.Measure
}

func rowsOf(ctx context.Context, db bun.IDB, q Query) ([]Row, error) {
	out := []Row{}
	s := db.NewSelect().Model(&out).Comment("figures.rows").Order("fr.year", "fr.territory", "fr.kind", "fr.measure").Where("fr.level = ?", q.Level)
	if len(q.Years) > 0 {
		s = s.Where("fr.year IN (?)", bun.List(q.Years))
	}
	if len(q.Territories) > 0 {
		s = s.Where("fr.territory IN (?)", bun.List(q.Territories))
	}
	if len(q.Kinds) > 0 {
		s = s.Where("fr.kind IN (?)", bun.List(q.Kinds))
	}
	if len(q.Measures) > 0 {
		s = s.Where("fr.measure IN (?)", bun.List(q.Measures))
	}
	if err := s.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	return out, nil
}

func countedYears(ctx context.Context, db bun.IDB) ([]int, error) {
	var out []int
	if err := db.NewRaw("/* figures.countedYears */ SELECT DISTINCT year FROM figure_parts ORDER BY year").Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("look for counted years: %w", err)
	}
	return out, nil
}

func vintageOf(ctx context.Context, db bun.IDB, year int) (string, error) {
	var out []string
	if err := db.NewRaw("/* figures.vintageOf */ SELECT vintage FROM figure_years WHERE year = ?", year).Scan(ctx, &out); err != nil {
		return "", fmt.Errorf("read the vintage of %d: %w", year, err)
	}
	if len(out) == 0 {
		return "", nil
	}
	return out[0], nil
}

// frameOf is what was asked when a year was last counted whole; empty: no campaign yet.
func frameOf(ctx context.Context, db bun.IDB, year int) (string, error) {
	var out []string
	if err := db.NewRaw("/* figures.frameOf */ SELECT asked FROM figure_frames WHERE year = ?", year).Scan(ctx, &out); err != nil {
		return "", fmt.Errorf("read the frame of %d: %w", year, err)
	}
	if len(out) == 0 {
		return "", nil
	}
	return out[0], nil
}

func keepFrame(ctx context.Context, tx store.Tx, year int, asked string) error {
	_, err := tx.NewRaw("/* figures.keepFrame */ INSERT INTO figure_frames (year, asked) VALUES (?, ?) ON CONFLICT (year) DO UPDATE SET asked = EXCLUDED.asked", year, asked).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep the frame of %d: %w", year, err)
	}
	return nil
}
