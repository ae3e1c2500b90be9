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

// Two people are hired at once for the one place of a need: one is, the other
// card is as it was, and the employer is told how to hire both.
func TestOnePlaceIsTakenOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		folk := r.crowd(8)
		lot := r.publish(r.kitchen()).Lots[0].ID
		r.agree(lot, folk[:2]...)
		cards := []*placement.Presented{}
		for _, p := range folk[:2] {
			r.propose(lot, p)
		}
		got, err := r.placement.Received(r.employer, lot)
		r.must(err)
		for i := range got.Cards {
			cards = append(cards, &got.Cards[i])
		}
		hired := r.hireAtOnce(lot, cards)
		after, err := r.lots.Positions(system(), lot)
		r.must(err)
		if hired != 1 || after[0].Taken != 1 {
			t.Fatalf("%d are hired, %d places taken of one", hired, after[0].Taken)
		}
		whole, err := r.lots.Get(system(), after[0].OpportunityID)
		r.must(err)
		whole.Lots[0].Posts = 2
		_, err = r.lots.Update(system(), opportunities.By{}, 0, whole)
		r.must(err)
		if again := r.hireAtOnce(lot, cards); again != 2 { // who was hired is still, and one more
			t.Errorf("with two places %d are hired", again)
		}
	})
}

// hireAtOnce says "hired" to cards from two processes and counts what held.
func (r *room) hireAtOnce(lot opportunities.LotID, cards []*placement.Presented) (hired int) {
	r.t.Helper()
	services := []*placement.Service{r.placement, r.process(func(c *placement.Config) { c.Random = nil })}
	said := make([]error, len(cards))
	var wg sync.WaitGroup
	for i, c := range cards {
		wg.Go(func() {
			_, said[i] = services[i%2].Answer(r.employer, lot, c.Ref, 0, placement.Reply{State: placement.Hired})
		})
	}
	wg.Wait()
	for i, err := range said {
		if err == nil {
			hired++
			continue
		}
		r.refused(err, "places-taken")
		p, err := r.placement.Received(r.employer, lot)
		r.must(err)
		for _, c := range p.Cards {
			if c.Ref == cards[i].Ref && !c.State.Runs() {
				r.t.Errorf("the card that was refused is %s", c.State)
			}
		}
	}
	return hired
}
