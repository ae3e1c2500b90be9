package publication

import (
	"context"
	"math/big"

	"maillage/accounts"
	"maillage/indicators/compute"
)

// Count is one released count, over every age and public, and the version that says so.
type Count struct {
	Measure   compute.Measure
	Year      int
	Territory string       // FR, R84, 26
	Kind      compute.Kind // AllKinds: every kind
	Sex       compute.Sex  // AnySex: both
	Mark      Mark
	Exact     *big.Rat // in the unit of the measure; nil unless Given
	Frame     int      // enterprises of that place and kind that were asked; 0: it was not kept
	Replied   int
	Version   *Version
}

// Latest reads counts of some years, measures and territories as the latest version
// that stands gives each; what was never released is left out.
func (s *Service) Latest(ctx context.Context, years []int, measures []compute.Measure, places []string) ([]Count, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	all, err := standing(ctx, s.store.Read())
	if err != nil || len(all) == 0 || len(years) == 0 || len(measures) == 0 || len(places) == 0 {
		return nil, err
	}
	versions := map[int64]*Version{}
	for i := range all {
		versions[all[i].ID] = &all[i]
	}
	figures, err := countsOf(ctx, s.store.Read(), years, measures, places)
	if err != nil {
		return nil, err
	}
	return latest(figures, versions), nil
}

// latest keeps the first figure of each count; the latest versions come first.
func latest(figures []figure, versions map[int64]*Version) []Count {
	var out []Count
	seen := map[key]bool{}
	for _, f := range figures {
		v := versions[f.VersionID]
		if v == nil || seen[f.key()] {
			continue
		}
		seen[f.key()] = true
		c := Count{Measure: f.Measure, Year: f.Year, Territory: f.Territory, Mark: absence(f), Frame: f.Frame, Replied: f.Replied, Version: v}
		if f.Kind != total {
			c.Kind = compute.Kind(f.Kind)
		}
		c.Sex, _ = compute.ParseSex(f.Sex)
		switch f.Status {
		case shownFigure:
			c.Mark, c.Exact = Given, inUnits(f.Value, f.Measure)
		case hiddenFigure:
			c.Mark = Hidden
		}
		out = append(out, c)
	}
	return out
}
