package microdata

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
)

// rowsOf reads the records of enterprises that a condition keeps.
func rowsOf[T any](ctx context.Context, db bun.IDB, name string, ids []int64, order []string, where string, args ...any) ([]T, error) {
	var out []T
	if len(ids) == 0 {
		return nil, nil
	}
	q := db.NewSelect().Model(&out).Comment("microdata."+name).Where("enterprise_id IN (?)", bun.List(ids)).Order(order...)
	if where != "" {
		q = q.Where(where, args...)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return out, nil
}

func declaredIn(ctx context.Context, db bun.IDB, year int, ids []int64) ([]Year, error) {
	return rowsOf[Year](ctx, db, "declaredIn", ids, []string{"enterprise_id"}, "year = ?", year)
}

func workersOf(ctx context.Context, db bun.IDB, ids []int64) ([]Worker, error) {
	return rowsOf[Worker](ctx, db, "workersOf", ids, []string{"id"}, "")
}

func contractsUntil(ctx context.Context, db bun.IDB, ids []int64, last string) ([]Contract, error) {
	return rowsOf[Contract](ctx, db, "contractsUntil", ids, []string{"worker_id", "begins_on"}, "begins_on <= ?", last)
}

func hoursBetween(ctx context.Context, db bun.IDB, ids []int64, first, last string) ([]MonthHours, error) {
	return rowsOf[MonthHours](ctx, db, "hoursBetween", ids, []string{"worker_id", "month"}, "month BETWEEN ? AND ?", first, last)
}

func exitsUntil(ctx context.Context, db bun.IDB, ids []int64, first, last string) ([]Exit, error) {
	return rowsOf[Exit](ctx, db, "exitsUntil", ids, []string{"worker_id", "exit_on"}, "exit_on BETWEEN ? AND ?", first, last)
}

func placementsIn(ctx context.Context, db bun.IDB, ids []int64, year int) ([]Placement, error) {
	return rowsOf[Placement](ctx, db, "placementsIn", ids, []string{"worker_id", "begins_on", "kind"}, "begins_on BETWEEN ? AND ?", pad(year), pad(year)+"~")
}

func trainingsIn(ctx context.Context, db bun.IDB, ids []int64, year int) ([]Training, error) {
	return rowsOf[Training](ctx, db, "trainingsIn", ids, []string{"worker_id", "begins_on", "certification"}, "begins_on BETWEEN ? AND ?", pad(year), pad(year)+"~")
}

func answersIn(ctx context.Context, db bun.IDB, ids []int64, year int) ([]Answer, error) {
	return rowsOf[Answer](ctx, db, "answersIn", ids, []string{"enterprise_id", "question"}, "year = ?", year)
}

func referencesOf(ctx context.Context, db bun.IDB) ([]Reference, error) {
	var out []Reference
	if err := db.NewSelect().Model(&out).Comment("microdata.referencesOf").Order("year", "kind").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the reference hours: %w", err)
	}
	return out, nil
}

func breaksOf(ctx context.Context, db bun.IDB) ([]Break, error) {
	var out []Break
	if err := db.NewSelect().Model(&out).Comment("microdata.breaksOf").Order("year", "indicator", "kind").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the breaks in series: %w", err)
	}
	return out, nil
}

// publicsOf reads the acronyms as they are kept, and of which criteria something is
// said. A file tells every criterion or nothing; the platform asks for one.
func publicsOf(w *Worker) (met, known []compute.Public) {
	for _, word := range strings.Fields(w.Publics) {
		if p, ok := compute.ParsePublic(word); ok {
			met = append(met, p)
		}
	}
	switch {
	case w.Publics == "":
		return nil, nil
	case w.Origin == FromPlatform:
		return met, []compute.Public{compute.QPV}
	}
	return met, compute.Publics()
}
