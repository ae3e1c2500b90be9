package followup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Filter narrows a list. The zero value is all that the caller may read.
type Filter struct {
	States       []State
	Organisation network.ID
	Lot          opportunities.LotID
}

// Line is a pursuit with what it is about.
type Line struct {
	Pursuit
	Lot          matching.LotHead
	Organisation matching.OrganisationHead
	Holds        bool // the match still holds
	Gone         bool // the lot was removed, or the call was cancelled: no day is left, nothing is late
	Late         bool // the deadline has passed and nothing says that an answer was handed in
}

// row is a pursuit with the two sides of its match.
type row struct {
	Pursuit
	LotID          opportunities.LotID `bun:"lot_id"`
	OrganisationID network.ID          `bun:"organisation_id"`
	Match          matching.State      `bun:"match_state"`
}

// List gives the pursuits that the caller may read: an officer's perimeter, a
// member's own. Late ones first, then the soonest deadline; what has none comes
// after, then what is gone. What is only proposed is matching's to list.
func (s *Service) List(ctx context.Context, f Filter) ([]Line, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.PursuitRead); err != nil {
		return nil, err
	}
	if who.Role == accounts.Member {
		if f.Organisation != 0 && f.Organisation != network.ID(who.OrganisationID) {
			return []Line{}, nil
		}
		f.Organisation = network.ID(who.OrganisationID)
	}
	rows, err := pursuitRows(ctx, s.store.Read(), f)
	if err != nil {
		return nil, err
	}
	out, err := s.lines(ctx, who, rows)
	if err != nil {
		return nil, fmt.Errorf("list pursuits: %w", err)
	}
	slices.SortFunc(out, urgency)
	return out, nil
}

// Named are the answers, under way or handed in, of which an award names the enterprise:
// somebody has to confirm them, unless what they answered is gone. Who reads them reads them in List.
func (s *Service) Named(ctx context.Context) ([]Line, error) {
	lines, err := s.List(ctx, Filter{States: []State{Go, Answering, Submitted}})
	if err != nil {
		return nil, err
	}
	var ids []matching.ID
	for _, l := range lines {
		ids = append(ids, l.MatchID)
	}
	named, err := namedAmong(ctx, s.store.Read(), ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lines, func(l Line) bool { return l.Gone || !named[l.MatchID] }), nil
}

// Counts counts, by state, the pursuits that the caller may read.
func (s *Service) Counts(ctx context.Context, f Filter) (map[State]int, error) {
	lines, err := s.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := map[State]int{}
	for _, l := range lines {
		out[l.State]++
	}
	return out, nil
}

// lines dresses the rows that somebody may read.
func (s *Service) lines(ctx context.Context, who accounts.Identity, rows []row) ([]Line, error) {
	lots, members, err := s.sides(ctx, rows)
	if err != nil {
		return nil, err
	}
	now, out := s.now(), []Line{}
	for _, r := range rows {
		l, o := lots[r.LotID], members[r.OrganisationID]
		if l == nil || o == nil || !accounts.Can(who, accounts.PursuitRead, s.scope(o, l)) {
			continue
		}
		line := Line{Pursuit: r.Pursuit, Lot: s.matching.LotHead(l, now), Organisation: s.matching.OrganisationHead(o), Holds: r.Match == matching.Proposed}
		line.Gone = line.Lot.Gone()
		line.Late = !line.Gone && late(r.State, l, now)
		out = append(out, line)
	}
	return out, nil
}

// late tells that the deadline has passed while an answer was looked at or
// written, and nobody says what became of it.
func late(s State, l *opportunities.Lot, now time.Time) bool {
	return l.Deadline != nil && now.After(*l.Deadline) && (s == Interested || s == Go || s == Answering)
}

func (s *Service) sides(ctx context.Context, rows []row) (map[opportunities.LotID]*opportunities.Lot, map[network.ID]*network.Organisation, error) {
	var lotIDs []opportunities.LotID
	var memberIDs []network.ID
	for _, r := range rows {
		lotIDs, memberIDs = append(lotIDs, r.LotID), append(memberIDs, r.OrganisationID)
	}
	lots, members := map[opportunities.LotID]*opportunities.Lot{}, map[network.ID]*network.Organisation{}
	foundLots, err := s.opportunities.Lots(ctx, unique(lotIDs)...)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range foundLots {
		lots[l.ID] = l
	}
	found, err := s.network.LoadForMatching(ctx, unique(memberIDs)...)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range found {
		members[o.ID] = o
	}
	return lots, members, nil
}

func unique[T cmp.Ordered](ids []T) []T {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func urgency(a, b Line) int {
	if a.Late != b.Late {
		return map[bool]int{true: -1, false: 1}[a.Late]
	}
	if a.Gone != b.Gone {
		return map[bool]int{true: 1, false: -1}[a.Gone]
	}
	switch {
	case a.Lot.Deadline == nil && b.Lot.Deadline == nil:
		return cmp.Compare(a.MatchID, b.MatchID)
	case a.Lot.Deadline == nil:
		return 1
	case b.Lot.Deadline == nil:
		return -1
	}
	return cmp.Or(a.Lot.Deadline.Compare(*b.Lot.Deadline), cmp.Compare(a.MatchID, b.MatchID))
}
