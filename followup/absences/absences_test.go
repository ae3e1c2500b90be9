package absences_test

import (
	"context"
	"slices"
	"testing"

	"maillage/accounts"
	"maillage/followup/absences"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// desk is three officers of one association, one of another, a member and an
// administrator, on a Monday.
type desk struct {
	*absences.Service
	t                                   *testing.T
	st                                  *store.Store
	lou, kim, sam, other, member, admin accounts.Identity
}

func open(t *testing.T, st *store.Store) *desk {
	t.Helper()
	clock := testkit.NewClock("2026-11-30T09:00:00Z")
	d := &desk{Service: absences.NewService(absences.Config{Store: st, Now: clock.Now}), t: t, st: st}
	person := func(name string, role accounts.Role, organisation int64) accounts.Identity {
		u := accounts.User{Email: accounts.Email(name + "@example.org"), EmailFolded: name + "@example.org", Name: name, Role: role, Lang: "fr", OrganisationID: organisation, CreatedAt: clock.Now(), UpdatedAt: clock.Now()}
		d.must(st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewInsert().Model(&u).Returning("id").Exec(ctx)
			return err
		}))
		return accounts.Identity{UserID: u.ID, Role: role, OrganisationID: organisation}
	}
	d.lou, d.kim, d.sam = person("lou", accounts.Officer, 1), person("kim", accounts.Officer, 1), person("sam", accounts.Officer, 1)
	d.other, d.member, d.admin = person("other", accounts.Officer, 2), person("member", accounts.Member, 1), person("admin", accounts.Admin, 0)
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func as(id accounts.Identity) context.Context { return accounts.With(context.Background(), id) }

func TestAnAbsenceIsDeclaredOnceAndCancelled(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		d := open(t, st)
		in := absences.Absence{From: "2026-12-21", To: "2026-12-31", ReplacedBy: &d.kim.UserID}
		first, err := d.Declare(as(d.lou), in)
		d.must(err)
		again, err := d.Declare(as(d.lou), in)
		if err != nil || again.ID != first.ID {
			t.Errorf("the same again: %+v %v", again, err)
		}
		if _, err := d.Declare(as(d.lou), absences.Absence{From: "2026-12-31", To: "2027-01-02"}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an overlap: %v", err)
		}
		for day, away := range map[string]bool{"2026-12-20": false, "2026-12-21": true, "2026-12-31": true, "2027-01-01": false} {
			roll, err := d.RollOn(as(d.lou), st.Read(), day)
			d.must(err)
			if roll.Away(d.lou.UserID) != away {
				t.Errorf("on %s: %v", day, roll)
			}
		}
		for range 2 {
			d.must(d.Cancel(as(d.sam), first.ID)) // a colleague may
		}
		roll, err := d.RollOn(as(d.lou), st.Read(), "2026-12-25")
		if d.must(err); roll.Away(d.lou.UserID) {
			t.Error("away once it is cancelled")
		}
	})
}

func TestWhoSaysWhoIsAway(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		d := open(t, st)
		a, err := d.Declare(as(d.kim), absences.Absence{UserID: d.lou.UserID, From: "2026-11-30", To: "2026-12-04"})
		d.must(err)
		for name, c := range map[string]struct {
			who  accounts.Identity
			in   absences.Absence
			kind fault.Kind
		}{
			"of another association":           {d.other, absences.Absence{UserID: d.lou.UserID, From: "2027-01-04", To: "2027-01-05"}, fault.KindNotFound},
			"a visitor":                        {accounts.Nobody(), absences.Absence{From: "2027-01-04", To: "2027-01-05"}, fault.KindUnauthenticated},
			"a stand-in of elsewhere":          {d.lou, absences.Absence{From: "2027-01-04", To: "2027-01-05", ReplacedBy: &d.other.UserID}, fault.KindInvalid},
			"a stand-in of another role":       {d.lou, absences.Absence{From: "2027-01-04", To: "2027-01-05", ReplacedBy: &d.member.UserID}, fault.KindInvalid},
			"themself":                         {d.lou, absences.Absence{From: "2027-01-04", To: "2027-01-05", ReplacedBy: &d.lou.UserID}, fault.KindInvalid},
			"the last day before the first":    {d.lou, absences.Absence{From: "2027-01-04", To: "2027-01-03"}, fault.KindInvalid},
			"past":                             {d.lou, absences.Absence{From: "2026-11-02", To: "2026-11-03"}, fault.KindInvalid},
			"for years":                        {d.lou, absences.Absence{From: "2026-12-02", To: "2029-11-03"}, fault.KindInvalid},
			"no date":                          {d.lou, absences.Absence{From: "demain", To: ""}, fault.KindInvalid},
			"an administrator of a nobody":     {d.admin, absences.Absence{UserID: 999, From: "2027-01-04", To: "2027-01-05"}, fault.KindNotFound},
			"a member of the officer’s number": {d.member, absences.Absence{UserID: d.other.UserID, From: "2027-01-04", To: "2027-01-05"}, fault.KindNotFound},
		} {
			if _, err := d.Declare(as(c.who), c.in); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v, want %v", name, err, c.kind)
			}
		}
		if err := d.Cancel(as(d.other), a.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another association cancels it: %v", err)
		}
		for who, n := range map[*accounts.Identity]int{&d.lou: 1, &d.sam: 1, &d.other: 0, &d.member: 0, &d.admin: 1} {
			lines, err := d.List(as(*who))
			d.must(err)
			if len(lines) != n || n > 0 && (lines[0].Name != "lou" || !lines[0].Today) {
				t.Errorf("account %d reads %+v", who.UserID, lines)
			}
		}
		people, err := d.Colleagues(as(d.lou))
		if d.must(err); len(people) != 2 || people[0].Name != "kim" {
			t.Errorf("colleagues %+v", people)
		}
	})
}

// A stand-in who is away has one too; a circle leads to nobody.
func TestWhoStandsIn(t *testing.T) {
	t.Parallel()
	roll := absences.Roll{1: 2, 2: 3, 4: 5, 5: 4, 6: 0}
	for id, want := range map[accounts.UserID]accounts.UserID{1: 3, 2: 3, 3: 3, 4: 0, 5: 0, 6: 0, 9: 9} {
		if got, ok := roll.StandIn(id); got != want || ok != (want != 0) {
			t.Errorf("%d is replaced by %d, want %d", id, got, want)
		}
	}
	got := roll.For(3)
	if slices.Sort(got); !slices.Equal(got, []accounts.UserID{1, 2}) {
		t.Errorf("3 stands in for %v", got)
	}
}
