package placement_test

import (
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
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
		for _, f := range b.Ended { // of a session of its own nothing was presented, nobody was asked, nobody was hired
			want := placement.Text{FR: "a sa place dans la session", EN: "has a place in the session"}
			if f.State == placement.NotRetained {
				want = placement.Text{FR: "finalement non", EN: "in the end, no"}
			}
			if !f.Own || f.Words != want || !f.AnswerBy.IsZero() {
				t.Errorf("%+v", f.Line)
			}
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

// Who has a place in a session, an immersion or a mission is no candidate for it any
// more, from the position nor from the person: they are told apart, and counted in
// nothing. What others give is the same.
func TestWhoHasAPlaceIsNoCandidate(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot := r.session(opportunities.ForJourneys).Lots[0].ID
		driver := func() *people.Person {
			p := r.cook()
			p.Profile.Wished = []people.Wish{{ROME: "N1101"}}
			return r.person(p)
		}
		got, other := driver(), driver()
		r.agree(lot, got)
		seen := func() (*placement.Candidates, *placement.Prospects) {
			t.Helper()
			c, err := r.placement.PeopleFor(r.cip, lot, placement.Query{Near: 10})
			r.must(err)
			p, err := r.placement.PositionsFor(r.cip, got.ID, placement.Query{Near: 10})
			r.must(err)
			return c, p
		}
		before, mine := seen()
		if before.Total != 2 || len(before.Placed) != 0 || mine.Total == 0 {
			t.Fatalf("%d candidates, %d positions: the test proves nothing", before.Total, mine.Total)
		}
		_, err := r.placement.Conclude(r.cip, got.ID, lot, placement.Hired)
		r.must(err)
		after, yet := seen()
		if after.Total != 1 || len(after.People) != 1 || after.People[0].Person.ID != other.ID || after.People[0].Rank != 1 || len(after.Near) != len(before.Near) {
			t.Errorf("%d candidates: %+v", after.Total, after.People)
		}
		if len(after.Placed) != 1 || after.Placed[0].PersonHead.ID != got.ID || !after.Placed[0].Own {
			t.Errorf("%+v", after.Placed)
		}
		if yet.Total != mine.Total-1 {
			t.Errorf("%d positions of %d", yet.Total, mine.Total)
		}
		counts, err := r.placement.Counts(r.officer, lot)
		if r.must(err); counts[lot] != (placement.Count{}) {
			t.Errorf("an officer reads %+v of what was presented to nobody", counts[lot])
		}
		if theirs, err := r.placement.PeopleFor(r.other, lot, placement.Query{}); err != nil || len(theirs.Placed) != 0 {
			t.Errorf("another structure reads %+v, %v", theirs, err)
		}
		r.clock.Advance(400 * 24 * time.Hour)
		if c, _ := seen(); len(c.Placed) != 1 || c.Placed[0].Words.EN != "had a place in the session, which is over" {
			t.Errorf("%+v", c.Placed)
		}
	})
}
