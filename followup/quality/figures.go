package quality

import (
	"context"
	"slices"
	"strings"

	"maillage/accounts"
	"maillage/network"
	"maillage/territories"
)

// Figures say how many of the federation's active members hold a certification
// on a day, whoever declared it. They count enterprises, never persons.
type Figures struct {
	On        string
	Members   int
	Certified int             // hold at least one
	ByLabel   []Count[Code]   // the most held first; those nobody holds last, in the labels' order
	ByRegion  []Count[string] // by INSEE code; the empty one is not placed
	ByKind    []Count[network.Kind]
}

// Count is how many of those of a group hold something.
type Count[K any] struct {
	Key  K
	Held int
	Of   int
}

// Figures counts on today's date. Anybody may read them.
func (s *Service) Figures(ctx context.Context) (*Figures, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.StatisticsRead); err != nil {
		return nil, err
	}
	members, err := activeMembers(ctx, s.store.Read())
	if err != nil {
		return nil, err
	}
	rows, err := heldOn(ctx, s.store.Read(), s.Today())
	if err != nil {
		return nil, err
	}
	labels := map[Code]int{}
	holders := map[int64]bool{}
	for _, r := range rows {
		labels[r.Code]++
		holders[r.OrganisationID] = true
	}
	out := &Figures{On: s.Today(), Members: len(members), Certified: len(holders), ByLabel: s.byLabel(labels, len(members))}
	out.ByRegion = grouped(members, holders, func(o *owner) string { return s.region(o.Commune) })
	out.ByKind = grouped(members, holders, func(o *owner) network.Kind { return o.Kind })
	return out, nil
}

func (s *Service) byLabel(held map[Code]int, of int) []Count[Code] {
	var out []Count[Code]
	for _, l := range s.book.Labels() {
		out = append(out, Count[Code]{l.Code, held[l.Code], of})
		delete(held, l.Code)
	}
	var others []Count[Code] // declared, of labels that are not followed
	for code, n := range held {
		others = append(others, Count[Code]{code, n, of})
	}
	slices.SortFunc(others, func(a, b Count[Code]) int { return strings.Compare(string(a.Key), string(b.Key)) })
	out = append(out, others...)
	slices.SortStableFunc(out, func(a, b Count[Code]) int { return b.Held - a.Held })
	return out
}

func (s *Service) region(commune string) string {
	ord, ok := s.atlas.Today(territories.CommuneCode(commune))
	if !ok {
		return ""
	}
	return s.atlas.Commune(ord).Region
}

func grouped[K ~string](members []owner, holders map[int64]bool, key func(*owner) K) []Count[K] {
	at := map[K]*Count[K]{}
	for _, o := range members {
		k := key(&o)
		if at[k] == nil {
			at[k] = &Count[K]{Key: k}
		}
		at[k].Of++
		if holders[o.ID] {
			at[k].Held++
		}
	}
	out := make([]Count[K], 0, len(at))
	for _, c := range at {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Count[K]) int {
		if a.Held != b.Held {
			return b.Held - a.Held
		}
		return strings.Compare(string(a.Key), string(b.Key))
	})
	return out
}
