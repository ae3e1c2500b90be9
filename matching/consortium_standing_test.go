package matching_test

import (
	"testing"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Who composition says can be in no group is kept in none, and handed in in none.
func TestAMemberThatCannotAnswerIsInNoGroup(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		o.BuyerSIRET = "21260165600013"
		o, err := r.lots.Update(r.ctx, opportunities.By{}, o.Revision, o)
		r.must(err)
		lot := o.Lots[0].ID
		made, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1]))
		r.must(err)
		closed, refused := m[1], m[2]
		closed.Active = false
		refused.ExcludedBy = []network.SIRET{"21260165600013"}
		r.save(closed)
		r.save(refused)
		r.flagged(made, matching.FlagUnfit, closed.ID, true)
		if _, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, made.ID, 0); fault.Of(err).Code != "unfit" {
			t.Fatalf("handed in with a closed member: %v", err)
		}
		for _, who := range []*network.Organisation{closed, refused} {
			_, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k2", who, m[0]))
			if f := fault.Of(err).Fields; len(f) != 1 || f[0].Path != "members[0]" || f[0].Code != "unfit" {
				t.Fatalf("%s is kept: %v", who.Name, err)
			}
		}
	})
}

// Nobody answers a tender that the buyer gave up.
func TestNoGroupForACancelledTender(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		made, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", m[0], m[1]))
		r.must(err)
		_, err = r.lots.Cancel(r.ctx, opportunities.By{}, o.ID, 0)
		r.must(err)
		if _, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, made.ID, 0); fault.Of(err).Code != "lot-over" {
			t.Fatalf("handed in: %v", err)
		}
		if _, err = r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k2", m[1], m[2])); fault.Of(err).Code != "lot-over" {
			t.Fatalf("kept: %v", err)
		}
		_, err = r.matches.DissolveConsortium(r.ctx, matching.By{}, made.ID, 0)
		r.must(err)
	})
}

// What nobody said of the statuses of a member of a reserved lot is to be checked.
func TestAnUnsaidStatusIsFlagged(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		reserved := tender()
		reserved.Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE}
		lot := r.publish(reserved).Lots[0].ID
		silent := gardener()
		silent.Name, silent.Statuses = "Sans papiers", nil
		a, b := r.save(gardener()), r.save(silent)
		made, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k1", a, b))
		r.must(err)
		r.flagged(made, matching.FlagReservationUnknown, b.ID, false)
		_, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, made.ID, 0)
		r.must(err)
	})
}

// The buyer's ban on several bids, said in one group, holds for the others.
func TestTheBanIsTheLots(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		first := pair(lot, "k1", m[0], m[1])
		first.Exclusive = true
		strict, err := r.matches.CreateConsortium(r.ctx, matching.By{}, first)
		r.must(err)
		other, err := r.matches.CreateConsortium(r.ctx, matching.By{}, pair(lot, "k2", m[2], m[1]))
		r.must(err)
		for _, c := range []*matching.Consortium{strict, other} {
			r.flagged(c, matching.FlagElsewhere, m[1].ID, true)
			if _, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, c.ID, 0); fault.Of(err).Code != "several-bids" {
				t.Fatalf("group %d is handed in: %v", c.ID, err)
			}
		}
		_, err = r.matches.DissolveConsortium(r.ctx, matching.By{}, strict.ID, 0)
		r.must(err)
		_, err = r.matches.FreezeConsortium(r.ctx, matching.By{}, other.ID, 0)
		r.must(err)
	})
}

// What a group covers is worked out, whatever is sent, and again when its members
// change.
func TestTheCoverageOfAGroupIsWorkedOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, m := r.trio()
		lot := o.Lots[0].ID
		want := pair(lot, "k1", m[0], m[1])
		want.Coverage = 0.1
		made, err := r.matches.CreateConsortium(r.ctx, matching.By{}, want)
		r.must(err)
		if made.Coverage != 1 {
			t.Fatalf("both trades: %v", made.Coverage)
		}
		want = pair(lot, "k1", m[0], m[2])
		want.Coverage = 1
		_, err = r.matches.UpdateConsortium(r.ctx, matching.By{}, made.ID, 0, want)
		r.must(err)
		read, err := r.matches.Consortium(r.ctx, made.ID)
		r.must(err)
		if read.Coverage < 0.66 || read.Coverage > 0.67 {
			t.Fatalf("green spaces alone, two thirds: %v", read.Coverage)
		}
	})
}
