package placement_test

import (
	"sync"
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// Several processes propose at once while agreements are taken back: the employer
// is never asked about more than three people a place, a card whose agreement is
// gone is never shown, and everybody ends.
func TestManyProposeAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(14)
		lots := []opportunities.LotID{r.publish(r.kitchen()).Lots[0].ID, r.publish(r.kitchen()).Lots[0].ID}
		for _, lot := range lots {
			r.agree(lot, folk...)
		}
		services := []*placement.Service{r.placement, r.process(func(c *placement.Config) { c.Random = nil })}
		var wg sync.WaitGroup
		failed := make(chan error, 256)
		for i, p := range folk[:10] {
			wg.Go(func() {
				for j, lot := range lots {
					if _, err := services[(i+j)%2].Propose(r.cip, placement.Offer{Person: p.ID, Lot: lot}); err != nil && !fault.Is(err, fault.KindConflict) {
						failed <- err
					}
				}
			})
			wg.Go(func() {
				if i%3 > 0 {
					return
				}
				if _, err := r.people.Withdraw(r.cip, p.ID, int64(lots[0])); err != nil {
					failed <- err
				}
			})
		}
		wg.Wait()
		close(failed)
		for err := range failed {
			t.Error(err)
		}
		for _, lot := range lots {
			var n int
			r.must(st.Read().NewRaw(`SELECT count(*) FROM proposals p JOIN agreements a ON a.person_id = p.person_id AND a.position_id = p.lot_id
				WHERE p.lot_id = ? AND p.state = 'proposed' AND a.state = 'given'`, lot).Scan(system(), &n))
			if n > 3 {
				t.Errorf("position %d has %d cards that run", lot, n)
			}
		}
		got, err := r.placement.Received(r.employer, lots[0])
		r.must(err)
		var holds int
		r.must(st.Read().NewRaw(`SELECT count(*) FROM proposals p JOIN agreements a ON a.person_id = p.person_id AND a.position_id = p.lot_id
			WHERE p.lot_id = ? AND p.state = 'proposed' AND a.state = 'given'`, lots[0]).Scan(system(), &holds))
		if len(got.Cards) != holds {
			t.Errorf("%d cards are shown, %d agreements hold", len(got.Cards), holds)
		}
	})
}
