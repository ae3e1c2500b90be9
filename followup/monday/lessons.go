package monday

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Fact is what a reason says may be wrong, or is only so: what somebody can put right.
type Fact string

// The facts.
const (
	OfClause   Fact = "clause"  // how the notice is read
	OfPlace    Fact = "place"   // where a member works, or the association looks
	OfTrade    Fact = "trade"   // what members do
	OfSize     Fact = "size"    // what they can take
	OfTime     Fact = "time"    // how soon they are told
	OfNoneHere Fact = "nothing" // nothing that is kept here
)

// Lesson is how often a reason was given, and the fact that it speaks of.
type Lesson struct {
	Words    matching.Text
	Fact     Fact
	Times    int
	Members  int  // of refusals: by how many
	Withheld bool // by too few members: how often is not told
	Trades   []Trade
}

// Trade is how often a reason was given of the lots of one activity.
type Trade struct {
	Sector nomenclatures.Sector // empty: the lot names none
	Times  int
}

// Lessons are the reasons of a year, the most frequent first. They change nothing by
// themselves: somebody reads them and puts a fact right.
type Lessons struct {
	Since    time.Time
	Discards []Lesson // by the association, of notices
	Refusals []Lesson // by members whose answers the caller may read
}

// fewMembers is under how many members a refusal is not told apart.
const fewMembers = 3

// Lessons counts the reasons that stand of the last twelve months. Policy:
// accounts.MondayRead, and what of members the caller may read.
func (s *Service) Lessons(ctx context.Context) (*Lessons, error) {
	who := accounts.From(ctx)
	if err := accounts.Permits(who, accounts.MondayRead); err != nil {
		return nil, err
	}
	out := &Lessons{Since: s.now().AddDate(-1, 0, 0)}
	gone, err := sorts(ctx, s.Store.Read(), who.OrganisationID, func(q *bun.SelectQuery) *bun.SelectQuery {
		return standing(q).Where("ms.act = ? AND ms.at >= ?", Discard, out.Since)
	})
	if err != nil {
		return nil, err
	}
	discards, err := s.tradesOfCalls(ctx, gone)
	if err != nil {
		return nil, err
	}
	for _, r := range Reasons() {
		if l := (Lesson{Words: ReasonWords(r), Fact: factOf(string(r))}).of(discards[string(r)]); l.Times > 0 {
			out.Discards = append(out.Discards, l)
		}
	}
	lines, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Declined, followup.NoGo}})
	if err != nil {
		return nil, fmt.Errorf("read why members refuse: %w", err)
	}
	lines = slices.DeleteFunc(lines, func(l followup.Line) bool { return l.Since.Before(out.Since) })
	refusals, err := s.tradesOfLots(ctx, lines)
	if err != nil {
		return nil, err
	}
	by := map[followup.Reason]map[int64]bool{}
	for _, l := range lines {
		if by[l.Reason] == nil {
			by[l.Reason] = map[int64]bool{}
		}
		by[l.Reason][int64(l.Organisation.ID)] = true
	}
	for _, r := range followup.Reasons(followup.NoGo) { // they hold those of a refusal
		l := (Lesson{Words: followup.ReasonWords(r), Fact: factOf(string(r)), Members: len(by[r])}).of(refusals[string(r)])
		if l.Times == 0 {
			continue
		}
		if l.Members < fewMembers {
			l.Times, l.Members, l.Trades, l.Withheld = 0, 0, nil, true
		}
		out.Refusals = append(out.Refusals, l)
	}
	often := func(a, b Lesson) int { return b.Times - a.Times }
	slices.SortStableFunc(out.Discards, often)
	slices.SortStableFunc(out.Refusals, often)
	return out, nil
}

// of counts a lesson by activity, the most frequent first.
func (l Lesson) of(trades []nomenclatures.Sector) Lesson {
	times := map[nomenclatures.Sector]int{}
	for _, t := range trades {
		times[t]++
	}
	for _, t := range slices.Sorted(maps.Keys(times)) {
		l.Trades = append(l.Trades, Trade{t, times[t]})
	}
	slices.SortStableFunc(l.Trades, func(a, b Trade) int { return b.Times - a.Times })
	l.Times = len(trades)
	return l
}

// tradesOfCalls gives, for each reason, the activity of each call that was discarded.
func (s *Service) tradesOfCalls(ctx context.Context, gone []Sorted) (map[string][]nomenclatures.Sector, error) {
	ids := make([]opportunities.ID, len(gone))
	for i, g := range gone {
		ids[i] = g.OpportunityID
	}
	calls, err := s.Opportunities.Some(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read the calls that were discarded: %w", err)
	}
	out := map[string][]nomenclatures.Sector{}
	for _, g := range gone {
		var codes []nomenclatures.Code
		if o := calls[g.OpportunityID]; o != nil {
			for _, l := range o.Lots {
				codes = append(codes, l.Codes...)
			}
			codes = append(codes, o.Codes...)
		}
		out[string(g.Reason)] = append(out[string(g.Reason)], tradeOf(codes))
	}
	return out, nil
}

// tradesOfLots gives, for each reason, the activity of each lot that was refused.
func (s *Service) tradesOfLots(ctx context.Context, lines []followup.Line) (map[string][]nomenclatures.Sector, error) {
	ids := make([]opportunities.LotID, len(lines))
	for i, l := range lines {
		ids[i] = l.Lot.ID
	}
	slices.Sort(ids)
	lots, err := s.Opportunities.Lots(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read the lots that were refused: %w", err)
	}
	of := map[opportunities.LotID]nomenclatures.Sector{}
	for _, l := range lots {
		of[l.ID] = tradeOf(slices.Concat(l.Codes, l.Opportunity.Codes))
	}
	out := map[string][]nomenclatures.Sector{}
	for _, l := range lines {
		out[string(l.Reason)] = append(out[string(l.Reason)], of[l.Lot.ID])
	}
	return out, nil
}

// tradeOf is the activity that codes name first; empty: none.
func tradeOf(codes []nomenclatures.Code) nomenclatures.Sector {
	for _, c := range codes {
		if found := nomenclatures.SectorsOf(c); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

func factOf(reason string) Fact {
	switch reason {
	case string(NoClause):
		return OfClause
	case string(WrongPlace), string(matching.TooFar):
		return OfPlace
	case string(NoTrade), string(matching.NotTrade):
		return OfTrade
	case string(TooLarge), string(followup.Requirements), string(followup.NoPartner):
		return OfSize
	case string(TooShort):
		return OfTime
	}
	return OfNoneHere
}
