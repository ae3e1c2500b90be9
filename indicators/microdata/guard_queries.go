package microdata

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

// journeysKept reads the exits of some workers and the first days of their contracts.
func journeysKept(ctx context.Context, db bun.IDB, workers []int64) (*journeys, error) {
	j := &journeys{exits: map[int64]map[string]Exit{}, begins: map[int64][]string{}}
	slices.Sort(workers)
	for some := range slices.Chunk(slices.Compact(workers), statement) {
		var exits []Exit
		if err := db.NewSelect().Model(&exits).Comment("microdata.journeysKept").Where("ox.worker_id IN (?)", bun.List(some)).Order("ox.worker_id", "ox.exit_on").Scan(ctx); err != nil {
			return nil, fmt.Errorf("read the exits of workers: %w", err)
		}
		for _, x := range exits {
			j.put(x)
		}
		var begins []struct {
			WorkerID int64  `bun:"worker_id"`
			BeginsOn string `bun:"begins_on"`
		}
		if err := db.NewRaw("/* microdata.journeysKept */ SELECT worker_id, begins_on FROM observed_contracts WHERE worker_id IN (?) ORDER BY worker_id, begins_on", bun.List(some)).Scan(ctx, &begins); err != nil {
			return nil, fmt.Errorf("read the contracts of workers: %w", err)
		}
		for _, b := range begins {
			j.begins[b.WorkerID] = append(j.begins[b.WorkerID], b.BeginsOn)
		}
	}
	return j, nil
}
