package campaign

import (
	"context"
	"fmt"
	"math/big"

	"github.com/uptrace/bun"

	"maillage/indicators/compute"
	"maillage/indicators/microdata"
)

// recorded are the questions that the records of workers answer.
func recorded() []compute.Measure {
	return []compute.Measure{compute.Workers, compute.FTE, compute.PaidHours, compute.ClauseHours}
}

// counted reads what the observatory counted from the records of members for a
// year, where they sent their hours: in hundredths of each question's unit.
func (s *Service) counted(ctx context.Context, db bun.IDB, year int, organisations []int64) (map[int64]map[compute.Measure]compute.Answer, error) {
	parts, err := partsOf(ctx, db, year, organisations)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	refs, err := microdata.ReferencesIn(ctx, db)
	if err != nil {
		return nil, err
	}
	scale, err := refs.Parts(year)
	if err != nil {
		return nil, fmt.Errorf("read the counts of %d: %w", year, err)
	}
	out := map[int64]map[compute.Measure]compute.Answer{}
	for organisation, lines := range parts {
		out[organisation] = map[compute.Measure]compute.Answer{}
		for _, m := range recorded() {
			line, known := lines[m]
			if known && line.Status == compute.Collected {
				out[organisation][m] = collected(inHundredths(total(line), m.Scale(scale)))
			}
		}
	}
	return out, nil
}

// total is the count over everybody.
func total(l compute.Line) int64 {
	for _, c := range l.Counts {
		if c.Cross == compute.Total {
			return c.Amount
		}
	}
	return 0
}

// inHundredths rounds an exact amount once.
func inHundredths(amount, scale int64) int64 {
	return compute.Rounded(big.NewRat(amount, scale), 2)
}
