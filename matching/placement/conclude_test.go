package placement_test

import (
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
)

// An agreement to a position of one's own structure ends by what the counsellor
// notes of it: no card, no letter, nothing for the employer's page, and a place
// taken for who got it. It is noted once.
func TestAPositionOfOnesOwnIsConcluded(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot := r.session(opportunities.ForJourneys).Lots[0].ID
		got, not, unasked := r.person(r.cook()), r.person(r.cook()), r.person(r.cook())
		r.agree(lot, got, not)
		board := func() *placement.Board {
			t.Helper()
			b, err := r.placement.Board(r.cip)
			r.must(err)
			return b
		}
		if b := board(); len(b.Agreement) != 2 || !b.Agreement[0].Own {
			t.Fatalf("%+v", b.Agreement)
		}
		_, err := r.placement.Propose(r.cip, placement.Offer{Person: got.ID, Lot: lot})
		r.refused(err, "own-position")
		_, err = r.placement.Conclude(r.cip, unasked.ID, lot, placement.Hired)
		r.refused(err, "no-agreement")
		_, err = r.placement.Conclude(r.other, got.ID, lot, placement.Hired)
		r.refused(err, "not-found")
		_, err = r.placement.Conclude(r.cip, got.ID, lot, placement.Interested)
		r.refused(err, "invalid")
		for range 2 {
			_, err = r.placement.Conclude(r.cip, got.ID, lot, placement.Hired)
			r.must(err)
			_, err = r.placement.Conclude(r.cip, not.ID, lot, placement.NotRetained)
			r.must(err)
		}
		_, err = r.placement.Conclude(r.cip, got.ID, lot, placement.NotRetained)
		r.refused(err, "concluded")
		b := board()
		if len(b.Agreement) != 0 || len(b.Running) != 0 || len(b.Ended) != 2 {
			t.Errorf("%d agreed, %d running, %d ended", len(b.Agreement), len(b.Running), len(b.Ended))
		}
		if left := b.Ended[0].Head.Left; left != 7 {
			t.Errorf("%d places left of 8", left)
		}
		if n := r.count("proposals"); n != 2 {
			t.Errorf("%d rows", n)
		}
		past, err := r.placement.History(r.cip, r.clock.Now().AddDate(0, -1, 0))
		if r.must(err); len(past) != 0 {
			t.Errorf("what a structure noted of its own positions was proposed to nobody: %+v", past)
		}
	})
}

// What another gives is not concluded by who accompanies.
func TestOnlyOnesOwnIsConcluded(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	lot := r.publish(r.kitchen()).Lots[0].ID
	p := r.person(r.cook())
	r.agree(lot, p)
	_, err := r.placement.Conclude(r.cip, p.ID, lot, placement.Hired)
	r.refused(err, "not-own-position")
}
