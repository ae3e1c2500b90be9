package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

func TestAnInvitationFromLetterToSession(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.admin()
		boss := h.as("ada@example.org")
		row, err := h.Invite(boss, accounts.Of(7), accounts.Invite{Email: "zoe@structure.fr", Role: accounts.Member,
			OrganisationID: 7, SIRET: "41816609600069", Lang: "fr"})
		must(t, err)
		for _, job := range h.jobs() {
			if strings.Contains(string(job.EncodedArgs), "zoe") {
				t.Fatalf("a job carries an address: %s", job.EncodedArgs)
			}
		}
		letters := h.deliver()
		if len(letters) != 1 || letters[0].To != "zoe@structure.fr" || !strings.Contains(letters[0].Text, "41816609600069") {
			t.Fatalf("letters: %+v", letters)
		}
		secret := secretIn(t, letters[0])
		shown, err := h.Invited(context.Background(), secret, "c")
		must(t, err)
		if shown.ID != row.ID || shown.Email != "zoe@structure.fr" || shown.InvitedBy == 0 {
			t.Fatalf("shown %+v", shown)
		}
		answer := accounts.Acceptance{Secret: secret, Name: "Zoé  Martin", Password: "court", Client: "c"}
		_, err = h.Accept(context.Background(), answer)
		wantCode(t, err, "too-short")
		answer.Password = goodPassword
		o, err := h.Accept(context.Background(), answer)
		must(t, err)
		id, err := h.Authenticate(context.Background(), o.Secret)
		must(t, err)
		if id.Role != accounts.Member || id.OrganisationID != 7 || id.Name != "Zoé Martin" {
			t.Fatalf("accepted as %+v", id)
		}
		_, err = h.Accept(context.Background(), answer)
		wantCode(t, err, "bad-link")
		_, err = h.Invite(boss, accounts.Scope{}, accounts.Invite{Email: "ZOE@structure.fr", Role: accounts.Researcher})
		wantCode(t, err, "already-user")
	})
}

func TestALinkIsReplacedWithdrawnAndExpires(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.admin()
		boss := h.as("ada@example.org")
		in := accounts.Invite{Email: "zoe@structure.fr", Role: accounts.Researcher}
		first, err := h.Invite(boss, accounts.Scope{}, in)
		must(t, err)
		one := secretIn(t, h.deliver()[0])
		must(t, h.Resend(boss, accounts.Scope{}, first.ID))
		two := secretIn(t, h.deliver()[0])
		_, err = h.Invited(ctx, one, "c")
		wantCode(t, err, "bad-link")
		_, err = h.Invited(ctx, two, "c")
		must(t, err)

		second, err := h.Invite(boss, accounts.Scope{}, in) // the earlier one ends
		must(t, err)
		_, err = h.Invited(ctx, two, "c")
		wantCode(t, err, "bad-link")
		wantCode(t, h.Resend(boss, accounts.Scope{}, first.ID), "invitation-settled")
		three := secretIn(t, h.deliver()[0])
		h.clock.Advance(14 * 24 * time.Hour)
		_, err = h.Invited(ctx, three, "c")
		wantCode(t, err, "bad-link")

		boss = h.as("ada@example.org")
		must(t, h.Resend(boss, accounts.Scope{}, second.ID))
		four := secretIn(t, h.deliver()[0])
		must(t, h.Withdraw(boss, accounts.Scope{}, second.ID))
		_, err = h.Invited(ctx, four, "c")
		wantCode(t, err, "bad-link")
		list, err := h.Invitations(boss, 0, 0, 0)
		must(t, err)
		if len(list) != 0 {
			t.Fatalf("pending: %+v", list)
		}
	})
}

func TestTwoAnswersToOneLinkMakeOneAccount(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		secret, _, err := h.FirstAdminToken(system()) // whose answers may name different people
		must(t, err)
		var wg sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for i := range 6 {
			wg.Go(func() {
				_, err := h.Accept(context.Background(), accounts.Acceptance{Secret: secret, Email: fmt.Sprintf("p%d@example.org", i), Name: "Zoé", Password: goodPassword, Client: "c"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					good++
				} else if fault.Of(err).Kind == fault.KindInternal {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		users, err := h.Users(system(), accounts.UserFilter{})
		must(t, err)
		if good != 1 || len(users) != 1 {
			t.Fatalf("%d answers taken, %d accounts of one link", good, len(users))
		}
	})
}

func TestTheFirstAdministrator(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		one, ok, err := h.FirstAdminToken(ctx)
		must(t, err)
		two, ok2, err := h.FirstAdminToken(ctx) // another process started too
		must(t, err)
		if !ok || !ok2 {
			t.Fatal("no link on an empty database")
		}
		answer := accounts.Acceptance{Secret: one, Name: "Ada", Password: goodPassword, Client: "c"}
		_, err = h.Accept(ctx, answer)
		wantCode(t, err, "email")
		answer.Email = "ada@example.org"
		o, err := h.Accept(ctx, answer)
		must(t, err)
		if o.Identity.Role != accounts.Admin {
			t.Fatalf("became %s", o.Identity.Role)
		}
		answer.Secret, answer.Email = two, "eve@example.org"
		_, err = h.Accept(ctx, answer)
		wantCode(t, err, "bad-link")
		_, ok, err = h.FirstAdminToken(ctx)
		must(t, err)
		if ok {
			t.Fatal("a second first administrator")
		}
	})
}

func TestAnOfficerInvitesInItsPerimeterAndNobodyAbove(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.add(accounts.Invite{Email: "olga@example.org", Role: accounts.Officer, OrganisationID: 3, Perimeter: "drome"}, "Olga")
	officer := h.as("olga@example.org")
	in := accounts.Invite{Email: "zoe@structure.fr", Role: accounts.Member, OrganisationID: 7}
	near, far := accounts.Of(7), accounts.Of(7)
	_, near.Place, _ = fewCommunes("drome")
	_, far.Place, _ = fewCommunes("nord")
	_, err := h.Invite(officer, far, in)
	wantKind(t, err, fault.KindForbidden)
	_, err = h.Invite(officer, near, in)
	must(t, err)
	in.Role = accounts.Admin
	_, err = h.Invite(officer, near, in)
	wantKind(t, err, fault.KindForbidden)
	_, err = h.AddUser(officer, in, "Zoé", goodPassword)
	wantKind(t, err, fault.KindForbidden)
}

func TestAForgottenPassword(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newHouse(t, st), context.Background()
		h.admin()
		o := h.signIn("ada@example.org")
		must(t, h.RequestReset(ctx, "Ada@example.org", "c"))
		must(t, h.RequestReset(ctx, "nobody@example.org", "c"))
		if n := len(h.jobs()); n != 2 {
			t.Fatalf("%d jobs: an unknown address must cost the same", n)
		}
		letters := h.deliver()
		if len(letters) != 1 || letters[0].To != "ada@example.org" {
			t.Fatalf("letters: %+v", letters)
		}
		secret, next := secretIn(t, letters[0]), "deux trains passent à midi"
		wantCode(t, h.ResetPassword(ctx, secret, "azertyuiop2026", "c"), "common")
		must(t, h.ResetPassword(ctx, secret, next, "c"))
		wantCode(t, h.ResetPassword(ctx, secret, next, "c"), "bad-link")
		_, err := h.Authenticate(ctx, o.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
		_, err = h.SignIn(ctx, accounts.Credentials{Email: "ada@example.org", Password: next, Client: "c"})
		must(t, err)
		if l := h.deliver(); len(l) != 1 || l[0].Subject != "Votre mot de passe a été changé" {
			t.Fatalf("letters: %+v", l)
		}

		must(t, h.RequestReset(ctx, "ada@example.org", "c"))
		late := secretIn(t, h.deliver()[0])
		h.clock.Advance(2 * time.Hour)
		wantCode(t, h.ResetPassword(ctx, late, goodPassword, "c"), "bad-link")
	})
}

func TestALettersLimit(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t, testkit.SQLite(t)), context.Background()
	h.admin()
	for range 10 {
		must(t, h.RequestReset(ctx, "ada@example.org", "c"))
	}
	if n := len(h.deliver()); n != 3 {
		t.Fatalf("%d letters, want 3 and the same answer", n)
	}
}

func TestChangingOnesPassword(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, bg := newHouse(t, st), context.Background()
		h.admin()
		other := h.signIn("ada@example.org")
		mine := h.signIn("ada@example.org")
		ctx := accounts.With(bg, mine.Identity)
		const next = "deux trains passent à midi"
		wantCode(t, h.ChangePassword(ctx, "wrong", next, "c"), "wrong")
		wantCode(t, h.ChangePassword(ctx, goodPassword, "motdepasse2026", "c"), "common")
		must(t, h.ChangePassword(ctx, goodPassword, next, "c"))
		_, err := h.Authenticate(bg, mine.Secret)
		must(t, err)
		_, err = h.Authenticate(bg, other.Secret)
		wantKind(t, err, fault.KindUnauthenticated)
		if l := h.deliver(); len(l) != 1 || strings.Contains(l[0].Text, next) {
			t.Fatalf("letters: %+v", l)
		}
	})
}
