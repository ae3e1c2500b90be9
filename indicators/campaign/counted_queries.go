package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
)

// partsOf reads the counts of members of the platform for a year, of those that
// sent their hours.
func partsOf(ctx context.Context, db bun.IDB, year int, organisations []int64) (map[int64]map[compute.Measure]compute.Line, error) {
	out := map[int64]map[compute.Measure]compute.Line{}
	for part := range slices.Chunk(organisations, statement) {
		var rows []struct {
			Organisation int64  `bun:"organisation_id"`
			Lines        string `bun:"lines"`
		}
		err := db.NewRaw(`/* campaign.partsOf */ SELECT oe.organisation_id, fp.lines FROM figure_parts fp
			JOIN observed_enterprises oe ON oe.id = fp.enterprise_id
			JOIN observed_years oy ON oy.enterprise_id = fp.enterprise_id AND oy.year = fp.year
			WHERE oe.organisation_id IN (?) AND fp.year = ? AND oy.hours = ? ORDER BY oe.organisation_id, oe.id`,
			bun.List(part), year, compute.Collected).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("read the counts of members: %w", err)
		}
		for _, r := range rows {
			var counts compute.Part
			if err := json.Unmarshal([]byte(r.Lines), &counts); err != nil {
				return nil, fmt.Errorf("read the counts of organisation %d: %w", r.Organisation, err)
			}
			out[r.Organisation] = counts.Lines
		}
	}
	return out, nil
}

// newsSince tells whether a file was imported in the observatory, or a year counted, after an instant.
func newsSince(ctx context.Context, db bun.IDB, year int, since time.Time) (bool, error) {
	var n int
	err := db.NewRaw(`/* campaign.newsSince */ SELECT (SELECT count(*) FROM observed_batches WHERE ended_at > ?)
		+ (SELECT count(*) FROM figure_years WHERE year = ? AND computed_at > ?)`, since, year, since).Scan(ctx, &n)
	if err != nil {
		return false, fmt.Errorf("look for what became known: %w", err)
	}
	return n > 0, nil
}
