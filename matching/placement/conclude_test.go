package placement_test

import (
	"context"
	"slices"
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
		_, err = r.placement.Conclude(r.cip, not.ID, lot, placement.Hired)
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

// Who has a place is counted neither among those whom a new position suits, nor in what
// one more licence would open.
func TestNoCountIsOfWhoHasAPlace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		id, got := int64(r.here.ID), r.person(r.cook())
		r.person(r.cook())
		o := r.kitchen()
		o.Kind, o.PublisherID, o.BuyerID, o.Lots[0].Posts, o.Lots[0].Terms.Contract = opportunities.Immersion, &id, &id, 3, ""
		o = r.publish(o)
		lot := o.Lots[0].ID
		r.agree(lot, got)
		fresh := func() (people int) {
			t.Helper()
			b, err := r.placement.Board(r.cip)
			r.must(err)
			for _, f := range b.Fresh {
				people += f.People
			}
			if b.FreshFor != people {
				t.Errorf("%d people, %d at the one position", b.FreshFor, people)
			}
			return people
		}
		if n := fresh(); n != 2 {
			t.Fatalf("the position suits %d people", n)
		}
		_, err := r.placement.Conclude(r.cip, got.ID, lot, placement.Hired)
		r.must(err)
		if n := fresh(); n != 1 {
			t.Errorf("one has a place, one has not: %d people", n)
		}
		opens := func() (told bool) {
			t.Helper()
			w, err := r.placement.WhatIf(r.cip, got.ID)
			r.must(err)
			for _, g := range w.Gains {
				told = told || slices.Contains(lotsOf(g), lot)
			}
			return told
		}
		got.Commune = "26281" // they moved, and would have to go farther
		_, err = r.people.Update(r.cip, 0, got)
		r.must(err)
		if opens() {
			t.Error("a wider range would open to them the position where they have a place")
		}
		r.must(st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("DELETE FROM proposals").Exec(ctx)
			return err
		}))
		if !opens() {
			t.Error("it opens nothing to anybody: the test proves nothing")
		}
	})
}

// A place in a session of one's own may be given up: the end that was noted stays in the
// history, the place is free, the person is a candidate again and may be taken again. The
// same again writes nothing.
func TestAPlaceOfOnesOwnIsGivenUp(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		lot, p := r.session(opportunities.ForJourneys).Lots[0].ID, r.cook()
		p.Profile.Wished = []people.Wish{{ROME: "N1101"}}
		p = r.person(p)
		r.agree(lot, p)
		note := func(to placement.State) *placement.Proposal {
			t.Helper()
			out, err := r.placement.Conclude(r.cip, p.ID, lot, to)
			r.must(err)
			return out
		}
		wants := func(when string, placed, suited, left int, next ...placement.State) {
			t.Helper()
			c, err := r.placement.PeopleFor(r.cip, lot, placement.Query{})
			r.must(err)
			if len(c.Placed) != placed || c.Total != suited || c.Position.Left != left {
				t.Errorf("%s: %d have a place, %d suit, %d places left", when, len(c.Placed), c.Total, c.Position.Left)
			}
			made, err := r.placement.Prepare(r.cip, placement.Offer{Person: p.ID, Lot: lot})
			r.must(err)
			if !slices.Equal(made.Proposal.Next, next) {
				t.Errorf("%s: next %v", when, made.Proposal.Next)
			}
		}
		first := note(placement.Hired)
		wants("taken", 1, 0, 7, placement.NotRetained)
		_, err := r.people.Pause(r.cip, p.ID, 0) // a place is given up whatever became of the journey
		r.must(err)
		for range 2 {
			if up := note(placement.NotRetained); up.ID != first.ID || up.Revision != 2 {
				t.Errorf("given up: %+v", up)
			}
		}
		_, err = r.people.Resume(r.cip, p.ID, 0)
		r.must(err)
		wants("given up", 0, 1, 8, placement.Hired)
		f, events, err := r.placement.Get(r.cip, first.ID)
		r.must(err)
		if len(events) != 2 || events[0].To != placement.Hired || events[1].To != placement.NotRetained || f.Reason == nil || f.Reason.EN != "The place is free again" || f.Words.EN != "in the end, no" {
			t.Errorf("%+v, %+v", f.Line, events)
		}
		if again := note(placement.Hired); again.ID == first.ID {
			t.Error("the history of the first is not kept")
		}
		wants("taken again", 1, 0, 7, placement.NotRetained)
		r.must(st.InTx(r.cip, func(ctx context.Context, tx store.Tx) error { // what became of them was told
			_, err := tx.NewRaw("INSERT INTO tenures (proposal_id, state, since, motive, revision, updated_at) SELECT MAX(id), 'in_post_3', MAX(created_at), '', 1, MAX(created_at) FROM proposals").Exec(ctx)
			return err
		}))
		_, err = r.placement.Conclude(r.cip, p.ID, lot, placement.NotRetained)
		r.refused(err, "tenure-told")
		wants("told", 1, 0, 7, placement.NotRetained)
	})
}

// A job that is noted of one's own is an end: who leaves it is told by its tenure.
func TestAJobOfOnesOwnIsNotGivenUp(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	id, o, p := int64(r.here.ID), r.kitchen(), r.person(r.cook())
	o.PublisherID, o.BuyerID = &id, &id
	lot := r.publish(o).Lots[0].ID
	r.agree(lot, p)
	_, err := r.placement.Conclude(r.cip, p.ID, lot, placement.Hired)
	r.must(err)
	_, err = r.placement.Conclude(r.cip, p.ID, lot, placement.NotRetained)
	r.refused(err, "concluded")
}
