package matching_test

import (
	"sync"
	"testing"

	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Readers, writers and jobs at once: nobody waits for ever and the rows end as a
// rebuild leaves them.
func TestReadersWritersAndJobsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	var members []*network.Organisation
	for range 4 {
		members = append(members, r.save(gardener()))
	}
	o := r.publish(tender())
	lot := o.Lots[0].ID
	r.work()
	var wg sync.WaitGroup
	failed := make(chan error, 64)
	each := func(f func(i int) error) {
		wg.Go(func() {
			for i := range 8 {
				if err := f(i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	each(func(i int) error {
		m := *members[i%4]
		m.Activities = gardener().Activities
		m.Activities[0].FTE = float64(i + 1)
		_, err := r.network.Save(r.ctx, &m, 0)
		return err
	})
	each(func(i int) error {
		return r.matches.RefreshOrganisations(r.ctx, []network.ID{members[i%4].ID})
	})
	each(func(int) error { return r.matches.RefreshLots(r.ctx, []opportunities.LotID{lot}) })
	each(func(int) error {
		_, err := r.matches.MatchesOfLot(r.ctx, lot, matching.Query{Near: 2, Apart: 2})
		return err
	})
	each(func(int) error { return r.matches.Rebuild(r.ctx, nil) })
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	r.work()
	got := r.rows()
	r.must(r.matches.Rebuild(r.ctx, nil))
	r.same("after everyone", got, r.rows())
}
