package accounts_test

import (
	"context"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/testkit"
)

func TestASharedAccountStaysAsItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	service, err := accounts.New(accounts.Config{Store: h.st, Now: h.clock.Now, Mail: h.post, Hardness: accounts.Hardness{Memory: 64, Passes: 1, Threads: 1},
		Frozen: func(e accounts.Email) bool { return strings.HasSuffix(string(e), "@maillage.example") }})
	must(t, err)
	h.Service = service
	boss := h.admin()
	shared := h.add(accounts.Invite{Email: "Lea@Maillage.example", Role: accounts.Member, OrganisationID: 7}, "Léa")
	wantCode(t, h.RequestReset(context.Background(), "LEA@maillage.example", "192.0.2.9"), "demonstration")
	wantCode(t, h.ChangePassword(h.as("lea@maillage.example"), goodPassword, "autre phrase assez longue", "192.0.2.9"), "demonstration")
	_, err = h.Disable(system(), shared.ID, 0)
	wantCode(t, err, "demonstration")
	h.signIn("lea@maillage.example")
	must(t, h.RequestReset(context.Background(), string(boss.Email), "192.0.2.9"))
	must(t, h.ChangePassword(h.as("ada@example.org"), goodPassword, "autre phrase assez longue", "192.0.2.9"))
}
