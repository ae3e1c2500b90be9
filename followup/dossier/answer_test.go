package dossier_test

import (
	"context"
	"testing"
	"time"

	"maillage/followup/dossier"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// item is a kind on a list; nil: it is not on it.
func item(c *dossier.Checklist, code dossier.Code) *dossier.Item {
	for i := range c.Items {
		if c.Items[i].Kind.Code == code {
			return &c.Items[i]
		}
	}
	return nil
}

func TestWhatAnAnswerLacks(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-06-07", File: pdf("1")})      // ends the eve of the deadline
		r.keep(dossier.Draft{Kind: "fiscal", IssuedOn: "2026-06-08", File: pdf("2")})      // ends the day of the deadline
		r.keep(dossier.Draft{Kind: "insurance", ValidUntil: "2026-12-31", File: pdf("3")}) // after
		r.keep(dossier.Draft{Kind: "prices", Match: r.ids[0], File: pdf("4")})
		list, err := r.files.Checklist(r.as(0), r.ids[0])
		r.must(err)
		if list.Day != "2026-12-07" || list.Left != 10 || !list.Read {
			t.Fatalf("due %s, %d working days, read %v", list.Day, list.Left, list.Read)
		}
		for code, want := range map[dossier.Code]dossier.Status{"social": dossier.ToRenew, "fiscal": dossier.Have, "insurance": dossier.Have, "registration": dossier.ToObtain,
			"memo": dossier.ToWrite, "prices": dossier.Have, "dume": dossier.ToWrite, "visit": dossier.ToObtain, "iae": dossier.ToObtain} {
			if got := item(list, code); got == nil || got.Status != want {
				t.Errorf("%s: %+v, want %s", code, got, want)
			}
		}
		for _, absent := range []dossier.Code{"dc1", "dc2", "decennial", "foreign"} { // the European document stands for the first two
			if item(list, absent) != nil {
				t.Errorf("%s is on the list", absent)
			}
		}
		if i := item(list, "insurance"); i.Why != dossier.Asked || i.Quote != "Le candidat remet le DUME et une attestation d’assurance en cours de validité." {
			t.Errorf("insurance %+v", i)
		}
		if i := item(list, "iae"); i.Why != dossier.Asked || i.Quote != "" {
			t.Errorf("a reserved lot asks for the convention: %+v", i)
		}
		if i := item(list, "bank"); i.Why != dossier.Usual {
			t.Errorf("bank %+v", i)
		}
		if list.Over {
			t.Error("a call that runs is over")
		}
		if missing := list.Missing(); len(missing) == 0 || missing[0].Status != dossier.ToObtain || list.Count()[dossier.ToRenew] != 1 {
			t.Errorf("missing %+v", missing)
		}
	})
}

func TestWhatIsNeededIsSaidAndTakenBack(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		status := func() (dossier.Status, bool) {
			list, err := r.files.Checklist(r.as(0), r.ids[0])
			r.must(err)
			return item(list, "bank").Status, item(list, "decennial") != nil
		}
		for range 2 {
			r.must(r.files.Decide(r.as(0), r.ids[0], "bank", dossier.No))
			r.must(r.files.Decide(r.officer("26"), r.ids[0], "decennial", dossier.Yes))
		}
		if got, added := status(); got != dossier.NotNeeded || !added {
			t.Errorf("bank %s, added %v", got, added)
		}
		r.must(r.files.Decide(r.as(0), r.ids[0], "bank", dossier.Unsaid))
		r.must(r.files.Decide(r.as(0), r.ids[0], "decennial", dossier.Unsaid))
		if got, added := status(); got != dossier.ToObtain || added {
			t.Errorf("bank %s, added %v", got, added)
		}
		if err := r.files.Decide(r.as(0), r.ids[0], "passport", dossier.Yes); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an unknown piece: %v", err)
		}
		for who, ctx := range map[string]context.Context{"another member": r.as(1), "an officer of elsewhere": r.officer("59"), "a visitor": context.Background()} {
			if _, err := r.files.Checklist(ctx, r.ids[0]); err == nil {
				t.Errorf("%s reads a list", who)
			}
			if err := r.files.Decide(ctx, r.ids[0], "bank", dossier.No); err == nil {
				t.Errorf("%s decides", who)
			}
		}
		if _, err := r.files.Checklist(r.officer("26"), r.ids[0]); err != nil {
			t.Errorf("the officer of the place: %v", err)
		}
	})
}

// What can be answered no more asks for no piece.
func TestNothingIsGatheredForWhatIsOver(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	r.clock.Advance(60 * 24 * time.Hour)
	list, err := r.files.Checklist(r.as(0), r.ids[0])
	r.must(err)
	if !list.Over {
		t.Errorf("due %s, and not over", list.Day)
	}
}

// A piece whose older one holds longer is still the one that holds longest.
func TestTheLongestPieceIsJoined(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	long := r.keep(dossier.Draft{Kind: "insurance", ValidUntil: "2027-06-30"})
	r.keep(dossier.Draft{Kind: "insurance", Title: "véhicules", ValidUntil: "2027-12-31"}) // another policy
	r.keep(dossier.Draft{Kind: "insurance", ValidUntil: "2026-11-30"})
	list, err := r.files.Checklist(r.as(0), r.ids[0])
	r.must(err)
	if i := item(list, "insurance"); i.Piece == nil || i.Piece.ID != long.ID || i.Status != dossier.Have {
		t.Errorf("joined %+v", i)
	}
	soon, err := r.files.Expiring(r.as(0), r.members[0].ID)
	r.must(err)
	if len(soon) != 0 {
		t.Errorf("expiring %+v", soon)
	}
	r.keep(dossier.Draft{Kind: "social", IssuedOn: "2026-06-01"})
	soon, err = r.files.Expiring(r.as(0), r.members[0].ID)
	r.must(err)
	if len(soon) != 1 || soon[0].ValidUntil != "2026-11-30" {
		t.Errorf("expiring %+v", soon)
	}
}
