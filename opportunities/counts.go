package opportunities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/nomenclatures"
)

// Counts are the figures of a home page, over what a filter chooses.
type Counts struct {
	Total    int
	ByState  map[State]int
	ByKind   map[Kind]int
	Open     int           // published, not late, and a place is left
	Soon     int           // open, with a deadline in the next seven days
	Fresh    int           // open, published in the last seven days
	Reserved int           // open, reserved in whole or in part
	Clauses  int           // open, with a social clause of any sort (reserved, execution, criterion, object)
	Sectors  []SectorCount // open, the most numerous first, then by code
}

// SectorCount is a number of open opportunities in a sector; one may be in several.
type SectorCount struct {
	Sector nomenclatures.Sector
	Open   int
}

// Counts counts what a filter chooses.
func (s *Service) Counts(ctx context.Context, f Filter) (Counts, error) {
	out := Counts{ByState: map[State]int{}, ByKind: map[Kind]int{}}
	keep, err := s.chooser(f)
	if err != nil {
		return out, err
	}
	now, sectors := s.now(), map[nomenclatures.Sector]int{}
	err = s.eachSlim(ctx, f, func(o *Opportunity) {
		if keep == nil || keep(o) {
			out.add(o, now, sectors)
		}
	})
	if err != nil {
		return out, fmt.Errorf("count opportunities: %w", err)
	}
	for sector, n := range sectors {
		out.Sectors = append(out.Sectors, SectorCount{sector, n})
	}
	slices.SortFunc(out.Sectors, func(a, b SectorCount) int {
		if a.Open != b.Open {
			return b.Open - a.Open
		}
		return strings.Compare(string(a.Sector), string(b.Sector))
	})
	return out, nil
}

// eachSlim reads by batches what a count looks at of all that the database chooses.
func (s *Service) eachSlim(ctx context.Context, f Filter, fn func(*Opportunity)) error {
	for last := ID(0); ; {
		var rows []Opportunity
		if err := s.query(f).Where("op.id > ?", last).Order("op.id").Limit(chunk).Scan(ctx, &rows); err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		ids := make([]ID, len(rows))
		for i, o := range rows {
			ids[i] = o.ID
		}
		slim, err := loadSlim(ctx, s.store.Read(), ids)
		if err != nil {
			return err
		}
		for _, o := range slim {
			fn(o)
		}
		last = ids[len(ids)-1]
	}
}

const week = 7 * 24 * time.Hour

func (c *Counts) add(o *Opportunity, now time.Time, sectors map[nomenclatures.Sector]int) {
	c.Total++
	c.ByState[o.State]++
	c.ByKind[o.Kind]++
	if !o.Open(now) {
		return
	}
	c.Open++
	if o.Deadline != nil && !o.Deadline.After(now.Add(week)) {
		c.Soon++
	}
	if o.PublishedAt != nil && o.PublishedAt.After(now.Add(-week)) {
		c.Fresh++
	}
	if strings.Contains(o.Facets, " v:reserved ") {
		c.Reserved++
	}
	if o.HasClause() {
		c.Clauses++
	}
	for sector := range o.Sectors() {
		sectors[sector]++
	}
}

// HasClause reports whether a social clause was found in the whole or in a lot.
func (o *Opportunity) HasClause() bool {
	for _, v := range []Verdict{ClauseReserved, ClauseExecution, ClauseCriterion, ClauseObject} {
		if strings.Contains(o.Facets, " v:"+string(v)+" ") {
			return true
		}
	}
	return false
}

// Sectors are the sectors that its lots lead to: of each code, the surest one.
func (o *Opportunity) Sectors() map[nomenclatures.Sector]bool {
	out := map[nomenclatures.Sector]bool{}
	for _, l := range o.Lots {
		if l.Withdrawn {
			continue
		}
		for _, code := range l.In(o).Codes {
			if found := nomenclatures.SectorsOf(code); len(found) > 0 {
				out[found[0]] = true
			}
		}
	}
	return out
}
