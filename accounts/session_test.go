package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

func TestASessionFromSignInToSignOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		u := h.member()
		_, err := h.SignIn(ctx, accounts.Credentials{Email: "manon", Password: goodPassword, Client: "c"})
		wantCode(t, err, "bad-credentials")
		o, err := h.SignIn(ctx, accounts.Credentials{Email: "manon@EXAMPLE.org", Password: goodPassword, Client: "c", Device: "Firefox"})
		must(t, err)
		id, err := h.Authenticate(ctx, o.Secret)
		must(t, err)
		if id.UserID != u.ID || id.Role != accounts.Member || id.OrganisationID != 7 || id.Name != "Manon" || id.ByToken {
			t.Fatalf("authenticated as %+v", id)
		}
		list, err := h.Sessions(accounts.With(ctx, id))
		must(t, err)
		if len(list) != 1 || list[0].ID != id.CredentialID || list[0].Device != "Firefox" {
			t.Fatalf("sessions: %+v", list)
		}
		if strings.Contains(list[0].Digest, o.Secret) {
			t.Fatal("the secret is stored")
		}
		must(t, h.SignOut(ctx, o.Secret))
		_, err = h.Authenticate(ctx, o.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
	})
}

func TestSigningInRotatesTheSession(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.member()
		first := h.signIn("manon@example.org")
		second, err := h.SignIn(ctx, accounts.Credentials{Email: "manon@example.org", Password: goodPassword, Client: "c", Previous: first.Secret})
		must(t, err)
		if first.Secret == second.Secret {
			t.Fatal("the secret did not change")
		}
		_, err = h.Authenticate(ctx, first.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
	})
}

func TestASessionEndsWhenIdleAndWhenOld(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.member()
		o := h.signIn("manon@example.org")
		h.clock.Advance(24 * time.Hour)
		_, err := h.Authenticate(ctx, o.Secret)
		wantKind(t, err, fault.KindUnauthenticated)

		o = h.signIn("manon@example.org")
		for range 14*2 - 1 { // used twice a day: never idle
			h.clock.Advance(12 * time.Hour)
			_, err := h.Authenticate(ctx, o.Secret)
			must(t, err)
		}
		h.clock.Advance(12 * time.Hour)
		_, err = h.Authenticate(ctx, o.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
		must(t, h.SweepExpired(ctx))
		n, err := st.Read().NewSelect().Table("sessions").Count(ctx)
		must(t, err)
		if n != 0 {
			t.Fatalf("%d sessions left after the sweep", n)
		}
	})
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.member()
		h.admin()
		mine, other, hers := h.signIn("manon@example.org"), h.signIn("manon@example.org"), h.signIn("ada@example.org")
		ctx := accounts.With(context.Background(), mine.Identity)
		wantKind(t, h.EndSession(ctx, hers.Identity.CredentialID), fault.KindNotFound)
		must(t, h.SignOutEverywhere(ctx))
		for _, o := range []accounts.Opened{mine, other} {
			_, err := h.Authenticate(ctx, o.Secret)
			wantKind(t, err, fault.KindUnauthenticated)
		}
		_, err := h.Authenticate(ctx, hers.Secret)
		must(t, err)
	})
}

// The same answer for an unknown address, a wrong password and a disabled account.
func TestTheDoorTellsNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.admin()
		gone := h.member()
		_, err := h.Disable(system(), gone.ID, gone.Revision)
		must(t, err)
		for i, c := range []accounts.Credentials{
			{Email: "nobody@example.org", Password: goodPassword},
			{Email: "ada@example.org", Password: "not the right one"},
			{Email: "manon@example.org", Password: goodPassword},
			{Email: "nobody@example.org", Password: "nobody has this password"},
			{Email: "", Password: ""},
		} {
			c.Client = string(rune('a' + i))
			_, err := h.SignIn(ctx, c)
			wantCode(t, err, "bad-credentials")
		}
	})
}

func TestManyWrongPasswordsSlowDown(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h, ctx := newHouse(t, st), context.Background()
	h.admin()
	wrong := accounts.Credentials{Email: "ada@example.org", Password: "not the right one", Client: "192.0.2.66"}
	var err error
	for range 6 {
		_, err = h.SignIn(ctx, wrong)
		wantCode(t, err, "bad-credentials")
	}
	_, err = h.SignIn(ctx, wrong)
	wantKind(t, err, fault.KindTooMany)
	if w := accounts.WaitOf(err); w < 1 || w > 30 {
		t.Fatalf("wait %d s", w)
	}
	if _, err := h.SignIn(ctx, accounts.Credentials{Email: "ada@example.org", Password: goodPassword, Client: "192.0.2.1"}); err != nil {
		t.Fatalf("her own client is locked out: %v", err)
	}
	h.clock.Advance(30 * time.Second)
	_, err = h.SignIn(ctx, wrong)
	wantCode(t, err, "bad-credentials")
}

func TestSigningInRehashesWithTodaysCost(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		u := h.admin()
		harder := h.service(accounts.Hardness{Memory: 128, Passes: 2, Threads: 1})
		_, err := harder.SignIn(ctx, accounts.Credentials{Email: "ada@example.org", Password: goodPassword, Client: "c"})
		must(t, err)
		now, err := h.User(system(), u.ID)
		must(t, err)
		if !strings.HasPrefix(now.Password, "$argon2id$v=19$m=128,t=2,p=1$") || now.Revision != u.Revision {
			t.Fatalf("hash %.40s… revision %d", now.Password, now.Revision)
		}
		h.signIn("ada@example.org")
	})
}

func TestAChangeOfStandingCountsAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.admin()
		u := h.member()
		o := h.signIn("manon@example.org")
		boss := h.as("ada@example.org")
		_, err := h.SetStanding(boss, u.ID, u.Revision+5, accounts.Standing{Role: accounts.Researcher})
		wantKind(t, err, fault.KindPrecondition)
		u, err = h.SetStanding(boss, u.ID, u.Revision, accounts.Standing{Role: accounts.Officer, OrganisationID: 3, Perimeter: "drome"})
		must(t, err)
		id, err := h.Authenticate(ctx, o.Secret)
		must(t, err)
		if id.Role != accounts.Officer || id.OrganisationID != 3 || !id.Perimeter.Contains(2) || id.Perimeter.Contains(8) {
			t.Fatalf("now %+v", id)
		}
		_, err = h.Disable(boss, u.ID, 0)
		must(t, err)
		_, err = h.Authenticate(ctx, o.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
	})
}

func TestAStandingMustMeanSomething(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	u := h.admin()
	for code, st := range map[string]accounts.Standing{
		"unknown":    {Role: "system"},
		"required":   {Role: accounts.Member},
		"perimeter":  {Role: accounts.Officer, OrganisationID: 1, Perimeter: "nonsense"},
		"last-admin": {Role: accounts.Researcher},
	} {
		_, err := h.SetStanding(system(), u.ID, 0, st)
		wantCode(t, err, code)
	}
	_, err := h.Disable(system(), u.ID, 0)
	wantCode(t, err, "last-admin")
}
