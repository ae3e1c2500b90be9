package matching_test

import (
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// A need whose places are all taken is proposed to no enterprise any more: it is
// history, as what has closed, with its match and what was answered. It is asked as
// of a day before and found open, and a place that is added opens it again. A
// process that followed and one that starts say the same at each step.
func TestAFilledNeedIsNotProposed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		member := r.save(gardener())
		need := tender()
		need.Kind, need.Lots[0].Posts, need.Lots[0].Modes = opportunities.JobNeed, 2, []string{string(network.Provision)}
		need = r.publish(need)
		lot := need.Lots[0].ID
		r.work()
		row := r.matchOf(lot, member.ID)
		if row == nil {
			t.Fatal("the need finds nobody: nothing is proved")
		}
		opened := r.clock.Now()
		look := func(when string, total int, filled bool) {
			t.Helper()
			r.work()
			for _, s := range []*matching.Service{r.matches, r.another()} {
				open, err := s.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{})
				r.must(err)
				passed, err := s.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{Passed: true})
				r.must(err)
				of, err := s.MatchesOfLot(r.ctx, lot, matching.Query{})
				r.must(err)
				if open.Total != total || passed.Total != 1 || of.Total != 1 {
					t.Fatalf("%s: %d lots proposed, %d with those that ended, %d candidates", when, open.Total, passed.Total, of.Total)
				}
				item := passed.Matches[0]
				if item.History != filled || of.History != filled || item.Lot.Filled != filled || (item.Lot.WorkingDays == nil) != filled || item.Match != row.ID {
					t.Errorf("%s: history %v and %v, %+v", when, item.History, of.History, item.Lot)
				}
				kept, err := s.Kept(r.ctx, row.ID)
				r.must(err)
				if kept.History != filled || kept.State != matching.Proposed {
					t.Errorf("%s, the match that was kept: history %v, %s", when, kept.History, kept.State)
				}
			}
		}
		look("once published", 1, false)
		r.clock.Advance(time.Hour)
		r.must(r.take(lot))
		look("with a place of two taken", 1, false)
		r.clock.Advance(time.Hour)
		r.must(r.take(lot))
		look("with both taken", 0, true)
		before, err := r.matches.MatchesOfOrganisation(r.ctx, member.ID, matching.Query{AsOf: opened})
		r.must(err)
		if before.Total != 1 {
			t.Errorf("as of before the hires, %d lots", before.Total)
		}
		need, err = r.lots.Get(r.ctx, need.ID)
		r.must(err)
		need.Lots[0].Posts = 3
		_, err = r.lots.Update(r.ctx, opportunities.By{}, 0, need)
		r.must(err)
		look("with a place more", 1, false)
	})
}
