package publication

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"maillage/internal/store"
)

// insertReference keeps a reference; the version that is one already stays as it is.
func insertReference(ctx context.Context, tx store.Tx, r *Reference) error {
	if _, err := tx.NewInsert().Model(r).Comment("publication.insertReference").On("CONFLICT (version_id) DO NOTHING").ExcludeColumn("id").Returning("NULL").Exec(ctx); err != nil {
		return fmt.Errorf("keep the reference of %d: %w", r.Year, err)
	}
	return nil
}

// references lists them all, the latest year first, and in it the last published.
func references(ctx context.Context, db bun.IDB) ([]Reference, error) {
	var out []Reference
	if err := db.NewSelect().Model(&out).Comment("publication.references").OrderBy("rr.year", bun.OrderDesc).OrderBy("rr.id", bun.OrderDesc).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the references: %w", err)
	}
	return out, nil
}

// latestRequest is the last one of a plan; nil: it was never asked.
func latestRequest(ctx context.Context, db bun.IDB, plan string) (*Request, error) {
	var out []Request
	if err := db.NewSelect().Model(&out).Comment("publication.latestRequest").Where("rq.plan = ?", plan).OrderBy("rq.id", bun.OrderDesc).Limit(1).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the latest request of a plan: %w", err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // none is the usual case
	}
	return &out[0], nil
}

// standingVersion is the latest of a dataset that was not withdrawn; nil: none.
func standingVersion(ctx context.Context, db bun.IDB, dataset string) (*Version, error) {
	var out []Version
	err := db.NewSelect().Model(&out).Comment("publication.standingVersion").Where("rv.dataset = ?", dataset).Where("rv.withdrawn_at IS NULL").OrderBy("rv.id", bun.OrderDesc).Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the version of %s that stands: %w", dataset, err)
	}
	if len(out) == 0 {
		return nil, nil //nolint:nilnil // none is the usual case
	}
	return &out[0], nil
}
