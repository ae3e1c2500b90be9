package outlook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/opportunities"
)

// endedOf tells when opportunities were closed or awarded: the first time since
// they were last published.
func endedOf(ctx context.Context, db bun.IDB, ids []opportunities.ID) (map[opportunities.ID]time.Time, error) {
	out := map[opportunities.ID]time.Time{}
	for some := range slices.Chunk(ids, batch) {
		var all []opportunities.Event
		err := db.NewSelect().Model(&all).Column("opportunity_id", "kind", "at").Comment("outlook.endedOf").Where("opportunity_id IN (?)", bun.List(some)).
			Where("kind IN (?)", bun.List([]string{opportunities.EventPublished, opportunities.EventReopened, opportunities.EventClosed, opportunities.EventAwarded})).
			OrderExpr("opportunity_id, id").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read when opportunities ended: %w", err)
		}
		for _, e := range all {
			switch {
			case e.Kind != opportunities.EventClosed && e.Kind != opportunities.EventAwarded:
				delete(out, e.OpportunityID)
			case out[e.OpportunityID].IsZero():
				out[e.OpportunityID] = e.At
			}
		}
	}
	return out, nil
}
