package accounts_test

import (
	"context"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// Nobody above a structure opens its journeys to themself: its first counsellor
// is invited at its own address, the next ones by the structure, which is told.
func TestAStructureInvitesItsCounsellors(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		h.admin()
		manon := h.member()
		boss, member := h.as("ada@example.org"), h.as("manon@example.org")
		officer := accounts.With(context.Background(), accounts.Identity{UserID: 99, Role: accounts.Officer, OrganisationID: 3})
		of := accounts.Of(7, 3) // the officer's own association is in it: the place does not matter here
		invite := func(ctx context.Context, email, contact string) error {
			_, err := h.Invite(ctx, of, accounts.Invite{Email: email, Role: accounts.Counsellor, OrganisationID: 7, Contact: contact})
			return err
		}
		for _, outside := range []context.Context{boss, officer} {
			for _, contact := range []string{"", "contact@structure.example", "contact@gmail.com"} {
				if err := invite(outside, "ada2@gmail.com", contact); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s at %q: %v", accounts.From(outside).Role, contact, err)
				}
			}
		}
		_, err := h.SetStanding(boss, manon.ID, 0, accounts.Standing{Role: accounts.Counsellor, OrganisationID: 7})
		if fault.Of(err).Code != "by-invitation" {
			t.Errorf("an account made a counsellor: %v", err)
		}
		must(t, invite(officer, "cip@structure.example", "contact@structure.example"))
		told := false
		for _, m := range h.deliver() {
			told = told || strings.EqualFold(m.To, "manon@example.org")
		}
		if !told {
			t.Error("the structure is not told")
		}
		h.add(accounts.Invite{Email: "cip@structure.example", Role: accounts.Counsellor, OrganisationID: 7}, "Alix")
		if err := invite(boss, "second@structure.example", "contact@structure.example"); fault.Of(err).Code != "has-counsellors" {
			t.Errorf("a second one from outside: %v", err)
		}
		must(t, invite(member, "second@gmail.com", ""))
		_, err = h.Invite(member, of, accounts.Invite{Email: "x@example.org", Role: accounts.Member, OrganisationID: 7})
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member invites members: %v", err)
		}
		_, err = h.Invite(member, of, accounts.Invite{Email: "x@example.org", Role: accounts.Counsellor, OrganisationID: 3})
		if !fault.Is(err, fault.KindForbidden) {
			t.Errorf("a member invites elsewhere: %v", err)
		}
	})
}
