package monday

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/accounts"
	"maillage/followup"
	"maillage/matching"
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
	discards := map[Reason]int{}
	for _, g := range gone {
		discards[g.Reason]++
	}
	for _, r := range Reasons() {
		if n := discards[r]; n > 0 {
			out.Discards = append(out.Discards, Lesson{Words: ReasonWords(r), Fact: factOf(string(r)), Times: n})
		}
	}
	lines, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Declined, followup.NoGo}})
	if err != nil {
		return nil, fmt.Errorf("read why members refuse: %w", err)
	}
	times, by := map[followup.Reason]int{}, map[followup.Reason]map[int64]bool{}
	for _, l := range lines {
		if l.Since.Before(out.Since) {
			continue
		}
		if by[l.Reason] == nil {
			by[l.Reason] = map[int64]bool{}
		}
		times[l.Reason]++
		by[l.Reason][int64(l.Organisation.ID)] = true
	}
	for _, r := range followup.Reasons(followup.NoGo) { // they hold those of a refusal
		if n := times[r]; n > 0 {
			l := Lesson{Words: followup.ReasonWords(r), Fact: factOf(string(r)), Times: n, Members: len(by[r])}
			if l.Members < fewMembers {
				l.Times, l.Members, l.Withheld = 0, 0, true
			}
			out.Refusals = append(out.Refusals, l)
		}
	}
	often := func(a, b Lesson) int { return b.Times - a.Times }
	slices.SortStableFunc(out.Discards, often)
	slices.SortStableFunc(out.Refusals, often)
	return out, nil
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
