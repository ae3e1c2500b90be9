package mirror

import (
	"context"

	"maillage/indicators/publication"
)

// FromReleases reads what stands beside an enterprise's own figures from the ledger of
// releases, and from nothing else.
func FromReleases(p *publication.Service) Released { return ledger{p} }

type ledger struct{ releases *publication.Service }

// federation is how a release names the whole country; a région is an R and its code.
const federation, region = "FR", "R"

var marks = map[publication.Mark]Status{publication.Given: Value, publication.Hidden: Hidden, publication.ND: ND, publication.Awaited: Awaited}

// Cells implements [Released].
func (l ledger) Cells(ctx context.Context, a Asked) ([]Cell, error) {
	places := []string{federation}
	if a.Region != "" {
		places = append(places, region+a.Region)
	}
	counts, err := l.releases.Latest(ctx, a.Years, a.Measures, places)
	if err != nil {
		return nil, err
	}
	out := make([]Cell, 0, len(counts))
	for _, c := range counts {
		cell := Cell{Measure: c.Measure, Year: c.Year, Kind: c.Kind, Sex: c.Sex, Status: marks[c.Mark], Exact: c.Exact,
			Release: c.Version.Dataset + " " + c.Version.Version, Frame: c.Frame, Replied: c.Replied}
		if c.Territory != federation {
			cell.Region = a.Region
		}
		out = append(out, cell)
	}
	return out, nil
}
