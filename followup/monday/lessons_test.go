package monday_test

import (
	"fmt"
	"testing"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/monday"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/opportunities"
)

// The reasons of a year are counted as they stand, with the fact that they speak of;
// what too few members say is not told, and nobody else reads them.
func TestWhatReasonsTeach(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		officer := r.officer("26")
		read := func() *monday.Lessons {
			t.Helper()
			l, err := r.week.Lessons(officer)
			r.must(err)
			return l
		}
		var all []*opportunities.Opportunity
		for i := range 3 {
			all = append(all, r.publish(call(opportunities.Tender, fmt.Sprintf("Haies %d", i), "2027-01-15T11:00:00Z")))
		}
		for i, reason := range []monday.Reason{monday.NoClause, monday.WrongPlace, monday.NoClause} {
			r.sort(officer, monday.Sort{OpportunityID: all[i].ID, Act: monday.Discard, Reason: reason})
		}
		for _, o := range all[:2] {
			_, err := r.follow.Move(r.member(), r.match(o), 0, followup.Step{To: followup.Declined, Reason: matching.TooFar})
			r.must(err)
		}
		l := read()
		if len(l.Discards) != 2 || l.Discards[0].Fact != monday.OfClause || l.Discards[0].Times != 2 || l.Discards[0].Trades[0].Times != 2 || l.Discards[1].Fact != monday.OfPlace {
			t.Errorf("discards %+v", l.Discards)
		}
		if len(l.Refusals) != 1 || !l.Refusals[0].Withheld || l.Refusals[0].Times != 0 || l.Refusals[0].Fact != monday.OfPlace {
			t.Errorf("of one member %+v", l.Refusals)
		}
		for _, name := range []string{"Ronce", "Les Lampions"} {
			other := r.another(name)
			_, err := r.follow.Move(r.of(other), r.matchOf(all[0], other), 0, followup.Step{To: followup.Declined, Reason: matching.TooFar})
			r.must(err)
		}
		if l := read(); len(l.Refusals) != 1 || l.Refusals[0].Withheld || l.Refusals[0].Times != 4 || l.Refusals[0].Members != 3 || len(l.Refusals[0].Trades) != 1 || l.Refusals[0].Trades[0] != (monday.Trade{Sector: "espaces-verts", Times: 4}) {
			t.Errorf("of three members %+v", l.Refusals)
		}
		r.sort(officer, monday.Sort{OpportunityID: all[0].ID, Act: monday.Keep}) // thought better of it
		if l := read(); l.Discards[0].Times != 1 {
			t.Errorf("kept after all %+v", l.Discards)
		}
		r.clock.Advance(366 * 24 * 3600e9)
		if l := read(); len(l.Discards)+len(l.Refusals) != 0 {
			t.Errorf("a year later %+v", l)
		}
		if _, err := r.week.Lessons(r.member()); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member reads them: %v", err)
		}
		if _, err := r.week.Lessons(accounts.With(r.ctx, accounts.Nobody())); err == nil {
			t.Error("a visitor reads them")
		}
	})
}
