package monday_test

import (
	"context"
	"testing"

	"maillage/accounts"
	"maillage/followup/monday"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
)

// person is an officer's account of an association.
func (r *room) person(name string, organisation int64) int64 {
	r.t.Helper()
	u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: accounts.Officer, Lang: "fr", OrganisationID: organisation, CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now()}
	r.must(r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
		return err
	}))
	return int64(u.ID)
}

func (r *room) sort(ctx context.Context, g monday.Sort) {
	r.t.Helper()
	_, err := r.week.Sort(ctx, g)
	r.must(err)
}

func (r *room) read(ctx context.Context) *monday.Week {
	r.t.Helper()
	w, err := r.week.Read(ctx)
	r.must(err)
	return w
}

// A gesture twice is one; each takes the place of the one before; one gesture undoes;
// what was discarded does not come back when a correction is published.
func TestANoticeIsSorted(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, officer := r.publish(call(opportunities.Tender, "Haies", "2027-01-15T11:00:00Z")), r.officer("26")
		if w := r.read(officer); len(w.Notices) != 1 || len(w.Sorted) != 0 {
			t.Fatalf("to sort %+v", w)
		}
		r.sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.PutBack}) // says nothing
		for range 2 {
			r.sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.Keep})
		}
		for range 2 {
			r.sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.Discard, Reason: monday.NoClause})
		}
		changed, err := r.offers.Get(r.ctx, o.ID)
		r.must(err)
		changed.Title = "Haies et talus"
		_, err = r.offers.Update(r.ctx, opportunities.By{}, changed.Revision, changed)
		r.must(err)
		if w := r.read(officer); len(w.Notices) != 0 || len(w.Sorted) != 1 || w.Sorted[0].Act != monday.Discard || w.Sorted[0].Call.Title != "Haies et talus" {
			t.Fatalf("discarded %+v", w)
		}
		for range 2 {
			r.sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.PutBack})
		}
		if w := r.read(officer); len(w.Notices) != 1 || len(w.Sorted) != 0 {
			t.Fatalf("put back %+v", w)
		}
		history, err := r.week.History(officer, o.ID)
		r.must(err)
		if len(history) != 3 || history[0].Act != monday.PutBack || history[1].Reason != monday.NoClause || history[2].Act != monday.Keep {
			t.Fatalf("history %+v", history)
		}
	})
}

// A notice is assigned inside an association; each association sorts for itself.
func TestANoticeIsAssigned(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		o, officer := r.publish(call(opportunities.Tender, "Haies", "2027-01-15T11:00:00Z")), r.officer("26")
		camille, stranger := r.person("camille", 9999), r.person("dominique", 8888)
		if _, err := r.week.Sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.Assign, AssigneeID: &stranger}); !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("assigned elsewhere: %v", err)
		}
		r.sort(officer, monday.Sort{OpportunityID: o.ID, Act: monday.Assign, AssigneeID: &camille})
		if w := r.read(officer); len(w.Mine) != 0 || len(w.Sorted) != 1 || w.Sorted[0].Assignee != "camille" || len(w.Colleagues) != 1 {
			t.Fatalf("who assigned %+v", w)
		}
		id := accounts.From(officer)
		id.UserID = accounts.UserID(camille)
		if w := r.read(accounts.With(r.ctx, id)); len(w.Mine) != 1 || len(w.Sorted) != 0 {
			t.Fatalf("to whom %+v", w)
		}
		id.OrganisationID = 8888
		if w := r.read(accounts.With(r.ctx, id)); len(w.Notices) != 1 || len(w.Sorted)+len(w.Mine) != 0 {
			t.Fatalf("another association %+v", w)
		}
		if _, err := r.week.Sort(r.officer("59"), monday.Sort{OpportunityID: o.ID, Act: monday.Keep}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere sorts: %v", err)
		}
		if w := r.read(r.officer("59")); len(w.Notices)+len(w.Sorted)+len(w.Mine) != 0 {
			t.Errorf("an officer of elsewhere reads %+v", w)
		}
		if _, err := r.week.History(r.officer("59"), o.ID); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("an officer of elsewhere reads the history: %v", err)
		}
	})
}

func TestWhatIsNoGesture(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	id := int64(1)
	for name, g := range map[string]monday.Sort{"nothing": {}, "no reason": {Act: monday.Discard}, "an unknown reason": {Act: monday.Discard, Reason: "x"}, "a reason to keep": {Act: monday.Keep, Reason: monday.Other},
		"nobody": {Act: monday.Assign}, "somebody to keep": {Act: monday.Keep, AssigneeID: &id}} {
		if _, err := r.week.Sort(r.officer("26"), g); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.week.Sort(r.member(), monday.Sort{OpportunityID: 1, Act: monday.Keep}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("a member sorts: %v", err)
	}
}
