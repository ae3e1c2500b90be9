package matching

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"maillage/internal/fault"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// CoverageQuery bounds a question on the needs that nobody covers. The zero value
// asks for the first twenty in the whole country, by groupings of communes, over
// twelve months.
type CoverageQuery struct {
	By     territories.Kind // EPCI or département
	Months int
	Within *territories.Set     // holes that touch it; nil: everywhere
	Group  string               // of sectors; empty: all
	Sector nomenclatures.Sector // empty: all
	Lack   engine.Lack          // empty: all
	Unmet  bool                 // only those with a lot that nobody can answer
	After  int                  // rank after which the page begins
	Limit  int                  // 0: 20; at most 5,000
	Lots   int                  // listed for each hole; 0: none
}

// mostHoles bounds a page, for a table that holds them all.
const mostHoles = 5000

// Coverage is a page of the needs that nobody covers, with the whole it is cut
// from.
type Coverage struct {
	AsOf     time.Time        `json:"as_of"`
	Since    time.Time        `json:"since"`
	Engine   string           `json:"engine"`
	By       territories.Kind `json:"by"`
	Lots     int              `json:"lots"`     // of the period, in the whole country
	Unsorted int              `json:"unsorted"` // among them, whose codes lead to no sector
	Unplaced int              `json:"unplaced"` // whose place is not known, or is the country
	Wide     int              `json:"wide"`     // whose place is too wide to be that of any one territory
	Cells    int              `json:"cells"`    // sectors × territories where something is asked
	Total    int              `json:"total"`    // holes that the question asks for
	Unmet    int              `json:"unmet"`    // distinct lots that nobody can answer, in these
	Next     int              `json:"next,omitempty"`
	Holes    []Hole           `json:"holes"`
}

// Hole is a need that nobody covers, with names.
type Hole struct {
	engine.Hole
	Key     string    `json:"key"`
	Rank    int       `json:"rank"`
	Label   Text      `json:"label"` // of the sector
	Place   string    `json:"place"` // of the territory
	People  int64     `json:"people"`
	Shown   []LotHead `json:"shown"` // lots nobody can answer first, then the others, bounded
	Nearest []Nearby  `json:"nearest"`
	Poles   []Pole    `json:"poles"`

	Set *territories.Set `json:"-"`
}

// Nearby is an enterprise that could come to a hole.
type Nearby struct {
	engine.Extension
	Organisation OrganisationHead `json:"organisation"`
	Words        Text             `json:"words"`
}

// Pole is a cooperation pole near a hole, and its project for it.
type Pole struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Km        float64 `json:"km"`
	Territory string  `json:"-"`
	Project   int64   `json:"project,omitempty"` // the live one that comes from this hole
}

// HoleKey names a hole: its sector and its territory.
func HoleKey(sector nomenclatures.Sector, ref territories.Ref) string {
	return string(sector) + "@" + ref.String()
}

// ParseHoleKey reads what HoleKey writes.
func ParseHoleKey(key string) (nomenclatures.Sector, territories.Ref, error) {
	sector, place, _ := strings.Cut(key, "@")
	ref, err := territories.ParseRef(place)
	if _, known := nomenclatures.LookupSector(nomenclatures.Sector(sector)); !known || err != nil || ref.Kind != territories.KindEPCI && ref.Kind != territories.KindDepartement {
		return "", territories.Ref{}, fault.NotFound("hole", key)
	}
	return nomenclatures.Sector(sector), ref, nil
}

// surveys remembers the last surveys: each is of one state of the index, so that
// a change of the journal makes it void.
type surveys struct {
	mu   sync.Mutex
	kept []surveyed
}

type surveyed struct {
	view *engine.View
	o    engine.Surveying
	hour time.Time
	all  engine.Coverage
}

// surveysKept are the two kinds of territory over two periods.
const surveysKept = 4

// of gives the survey of a view, made once; the holes are as of the hour, so that
// a deadline that passes is seen.
func (s *surveys) of(v *engine.View, now time.Time, o engine.Surveying) engine.Coverage {
	s.mu.Lock()
	defer s.mu.Unlock()
	hour := now.Truncate(time.Hour)
	for _, k := range s.kept {
		if k.view == v && k.o == o && k.hour.Equal(hour) {
			return k.all
		}
	}
	made := surveyed{view: v, o: o, hour: hour, all: v.Survey(now, o)}
	s.kept = append(s.kept, made)
	if len(s.kept) > surveysKept {
		s.kept = s.kept[1:]
	}
	return made.all
}

// Coverage says where what is asked meets nobody, as of now.
func (s *Service) Coverage(ctx context.Context, q CoverageQuery) (*Coverage, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, fmt.Errorf("survey the coverage: %w", err)
	}
	all := s.surveys.of(v, s.now(), engine.Surveying{By: q.By, Months: q.Months})
	out := &Coverage{AsOf: all.AsOf.UTC(), Since: all.Since.UTC(), Engine: all.Version, By: all.By, Lots: all.Lots, Unsorted: all.Unsorted,
		Unplaced: all.Unplaced, Wide: all.Wide, Cells: all.Cells, Holes: []Hole{}}
	found := s.chosen(all.Holes, q)
	out.Total, out.Unmet = len(found), distinctUnmet(found)
	page := q.cut(found, out)
	if err := s.dressHoles(ctx, v, out, page, q); err != nil {
		return nil, fmt.Errorf("survey the coverage: %w", err)
	}
	return out, nil
}

// chosen keeps the holes that the question asks for, in their order.
func (s *Service) chosen(all []engine.Hole, q CoverageQuery) (out []engine.Hole) {
	for _, h := range all {
		info, _ := nomenclatures.LookupSector(h.Sector)
		switch {
		case q.Group != "" && info.Group != q.Group, q.Sector != "" && h.Sector != q.Sector,
			q.Lack != "" && h.Lack != q.Lack, q.Unmet && len(h.Unmet) == 0:
			continue
		}
		if set, err := s.atlas.Of(h.Territory); q.Within != nil && (err != nil || !set.Intersects(q.Within)) {
			continue
		}
		out = append(out, h)
	}
	return out
}

func distinctUnmet(holes []engine.Hole) int {
	seen := map[engine.LotID]bool{}
	for _, h := range holes {
		for _, id := range h.Unmet {
			seen[id] = true
		}
	}
	return len(seen)
}

func (q CoverageQuery) cut(found []engine.Hole, out *Coverage) []engine.Hole {
	limit := min(q.Limit, mostHoles)
	if limit <= 0 {
		limit = usualLimit
	}
	from := min(max(0, q.After), len(found))
	to := min(from+limit, len(found))
	if to < len(found) {
		out.Next = to
	}
	return slices.Clone(found[from:to]) // Extend writes in them
}

// HoleOf reads one hole, wherever it ranks.
func (s *Service) HoleOf(ctx context.Context, key string, months int) (*Hole, *Coverage, error) {
	sector, ref, err := ParseHoleKey(key)
	if err != nil {
		return nil, nil, err
	}
	set, err := s.atlas.Of(ref)
	if err != nil {
		return nil, nil, fault.NotFound("hole", key)
	}
	all, err := s.Coverage(ctx, CoverageQuery{By: ref.Kind, Months: months, Sector: sector, Within: set, Limit: mostHoles, Lots: usualLimit})
	if err != nil {
		return nil, nil, err
	}
	for i := range all.Holes {
		if all.Holes[i].Key == key {
			return &all.Holes[i], all, nil
		}
	}
	return nil, nil, fault.NotFound("hole", key)
}

// ProposeProject makes a project of a pole out of a hole, with what is known of
// it now. Asked again, it gives the live project that there is.
func (s *Service) ProposeProject(ctx context.Context, pole int64, key string, months int) (p *network.Project, made bool, err error) {
	h, all, err := s.HoleOf(ctx, key, months)
	if err != nil {
		return nil, false, fmt.Errorf("propose a project to pole %d: %w", pole, err)
	}
	day := func(t time.Time) string { return t.In(s.paris).Format(time.DateOnly) }
	return s.network.StartProject(ctx, network.Project{
		PoleID: pole, Title: h.Label.FR + ", " + h.Place, Hole: key, Sector: h.Sector, Territory: territories.In(h.Territory).String(),
		Evidence: &network.Evidence{On: day(all.AsOf), Since: day(all.Since), Lots: len(h.Demand.Lots), Unmet: len(h.Unmet), Unsure: len(h.Unsure),
			Expected: h.Expected, Amount: h.Demand.Amount, Hours: h.Demand.Hours, Covered: h.Covered},
	})
}

// holeLots are the lots of a hole as they are shown: those that nobody can answer
// first.
func holeLots(h *engine.Hole, most int) []engine.LotID {
	out := slices.Concat(h.Unmet, h.Unsure)
	for _, id := range h.Demand.Lots {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out[:min(len(out), most)]
}

func lotIDs(ids []engine.LotID) (out []opportunities.LotID) {
	for _, id := range ids {
		out = append(out, opportunities.LotID(id))
	}
	return out
}
