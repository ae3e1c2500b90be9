package publication

import (
	"context"
	"strings"

	"maillage/indicators/compute"
)

// reported is which totals of the federation anybody reads in its activity report,
// which is published apart from releases: the attack knows them too.
type reported struct {
	exits     map[int]bool
	workforce map[int]map[compute.Unit]bool
}

// reported reads which columns of the report are shown, under every definition.
func (s *Service) reported(ctx context.Context) (reported, error) {
	out := reported{map[int]bool{}, map[int]map[compute.Unit]bool{}}
	for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
		r, err := s.counts.Report(ctx, d)
		if err != nil {
			return out, err
		}
		for _, c := range r.Exits.Columns {
			out.exits[c.Year] = out.exits[c.Year] || !c.Withheld
		}
		for _, c := range r.Workforce.Columns {
			if out.workforce[c.Year] == nil {
				out.workforce[c.Year] = map[compute.Unit]bool{}
			}
			out.workforce[c.Year][c.Unit] = !c.Withheld
		}
	}
	return out, nil
}

// tells says whether the report gives a figure: a total of the whole federation.
func (r reported) tells(k key) bool {
	if k.Territory != whole || k.Kind != total || k.Sex != total || k.Age != total || k.Public != total {
		return false
	}
	m, older := strings.CutSuffix(string(k.Measure), olderRule)
	if strings.HasPrefix(m, "exits.") {
		return r.exits[k.Year] && older == (compute.COORACE.In(k.Year) == compute.COORACE3)
	}
	switch k.Measure {
	case compute.Workers, compute.PermanentPersons, compute.HomeWorkerPersons, compute.ManagerPersons, compute.StaffPersons:
		return r.workforce[k.Year][compute.Headcount]
	case compute.FTE, compute.PermanentFTE, compute.HomeWorkerFTE, compute.ManagerFTE, compute.StaffFTE:
		return r.workforce[k.Year][compute.InFTE]
	}
	return false
}
