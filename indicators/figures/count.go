package figures

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/internal/store"
	"maillage/territories"
)

// Done is what a refresh did.
type Done struct {
	Counted int // enterprises and years
	Summed  int // scopes
}

// How much one transaction does, since SQLite has one writer and the others wait.
const (
	countedAtOnce = 12
	summedAtOnce  = 20
)

// alone names the turn that writers of figures take.
const alone = "figures"

// Refresh counts what changed and sums again what it is in. It is safe to repeat,
// and to run in several processes: they take turns. It asks no policy: it is for
// workers and commands.
func (s *Service) Refresh(ctx context.Context) (Done, error) {
	var done Done
	if err := s.followVintage(ctx); err != nil {
		return done, err
	}
	if err := s.followFrames(ctx); err != nil {
		return done, fmt.Errorf("follow what campaigns ask: %w", err)
	}
	for {
		n, err := s.countSome(ctx)
		if err != nil {
			return done, fmt.Errorf("count what changed: %w", err)
		}
		done.Counted += n
		if n == 0 {
			break
		}
	}
	years, err := staleYears(ctx, s.store.Read())
	if err != nil {
		return done, err
	}
	for _, year := range years {
		n, err := s.sumYear(ctx, year)
		if err != nil {
			return done, fmt.Errorf("sum %d: %w", year, err)
		}
		done.Summed += n
	}
	return done, nil
}

// Rebuild asks that a year be counted again from nothing, then refreshes.
func (s *Service) Rebuild(ctx context.Context, year int) (Done, error) {
	if err := accounts.Allow(accounts.From(ctx), accounts.ObservatoryCompute, accounts.Scope{}); err != nil {
		return Done{}, err
	}
	err := s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.ObservatoryCompute, Entity: "year", EntityID: int64(year)}); err != nil {
			return err
		}
		return markWhole(ctx, tx, year)
	})
	if err != nil {
		return Done{}, fmt.Errorf("rebuild %d: %w", year, err)
	}
	return s.Refresh(ctx)
}

// followVintage counts again the years that were placed with another list of communes.
func (s *Service) followVintage(ctx context.Context) error {
	years, err := yearsOfOtherVintage(ctx, s.store.Read(), s.atlas.Vintage())
	if err != nil || len(years) == 0 {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, y := range years {
			if err := markWhole(ctx, tx, y); err != nil {
				return err
			}
			if err := raiseYear(ctx, tx, y, s.atlas.Vintage(), s.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// countSome counts some changes of one year and tells how many.
func (s *Service) countSome(ctx context.Context) (counted int, err error) {
	err = s.store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, alone); err != nil {
			return err
		}
		marks, err := nextChanges(ctx, tx, countedAtOnce)
		if err != nil || len(marks) == 0 {
			return err
		}
		counted = len(marks)
		if err := s.count(ctx, tx, marks); err != nil {
			return err
		}
		if err := raiseYear(ctx, tx, marks[0].Year, s.atlas.Vintage(), s.now()); err != nil {
			return err
		}
		return dropChanges(ctx, tx, marks)
	})
	return counted, err
}

// count replaces the parts of some enterprises in a year, and marks as stale the
// sums that they were in and those that they are in.
func (s *Service) count(ctx context.Context, tx store.Tx, marks []change) error {
	year := marks[0].Year
	ids := make([]int64, len(marks))
	for i, m := range marks {
		ids[i] = m.EnterpriseID
	}
	refs, err := microdata.ReferencesIn(ctx, tx)
	if err != nil {
		return err
	}
	declared, err := microdata.Load(ctx, tx, year, ids)
	if err != nil {
		return err
	}
	old, err := partsOf(ctx, tx, year, ids)
	if err != nil {
		return err
	}
	var fresh []*part
	for _, d := range declared {
		p, err := s.part(d, refs)
		if err != nil {
			return err
		}
		fresh = append(fresh, p)
	}
	if err := replaceParts(ctx, tx, year, ids, fresh); err != nil {
		return err
	}
	return markStale(ctx, tx, scopesOf(append(old, fresh...)))
}

// scopesOf are the scopes of parts, each once and in order.
func scopesOf(parts []*part) []Scope {
	var out []Scope
	for _, p := range parts {
		out = append(out, p.scopes()...)
	}
	slices.SortFunc(out, compareScopes)
	return slices.CompactFunc(out, func(a, b Scope) bool { return compareScopes(a, b) == 0 })
}

func (s *Service) part(d microdata.Declared, refs compute.References) (*part, error) {
	counted, err := compute.CountOf(d.Counts, refs)
	if err != nil {
		return nil, err
	}
	lines, err := json.Marshal(counted)
	if err != nil {
		return nil, fmt.Errorf("write the counts of enterprise %d: %w", d.Year.EnterpriseID, err)
	}
	p := &part{EnterpriseID: d.Year.EnterpriseID, Year: d.Year.Year, Kind: d.Year.Kind, Group: d.Counts.Group, Lines: string(lines)}
	s.locate(p, d.Year.Commune)
	return p, nil
}

// locate finds where a commune of a year is today. Where its place is now shared
// between several communes, no one of them is chosen: the enterprise counts in the
// département and the région that hold them all.
func (s *Service) locate(p *part, code territories.CommuneCode) {
	if code == "" {
		return
	}
	codes := []territories.CommuneCode{code}
	if _, now := s.atlas.Ordinal(code); !now {
		codes = nil
		for _, h := range s.atlas.Resolve(code, territories.Date{Year: p.Year, Month: 12, Day: 31}).Current {
			codes = append(codes, h.Code)
		}
	}
	for i, c := range codes {
		ord, ok := s.atlas.Ordinal(c)
		if !ok {
			continue
		}
		today := s.atlas.Commune(ord)
		if i == 0 {
			p.Commune, p.Departement, p.Region = string(today.Code), today.Departement, today.Region
			continue
		}
		p.Commune = ""
		p.Departement, p.Region = same(p.Departement, today.Departement), same(p.Region, today.Region)
	}
}

// same is what two places share, or nothing.
func same(a, b string) string {
	if a == b {
		return a
	}
	return ""
}
