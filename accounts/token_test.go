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

func TestATokenSpeaksForItsOwnerWithinItsScopes(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, bg := newHouse(t, st), context.Background()
		h.member()
		ctx := h.as("manon@example.org")
		row, secret, err := h.CreateToken(ctx, "tableur", []string{"match:read", "match:read"}, time.Time{})
		must(t, err)
		if !strings.HasPrefix(secret, row.Prefix) || row.ScopeList != "match:read" || strings.Contains(row.Digest, secret) {
			t.Fatalf("token %+v", row)
		}
		id, err := h.AuthenticateToken(bg, secret)
		must(t, err)
		own := accounts.Of(7)
		must(t, accounts.Allow(id, accounts.MatchRead, own))
		must(t, accounts.Allow(id, accounts.OpportunityRead, accounts.Scope{}))
		wantKind(t, accounts.Allow(id, accounts.MatchAnswer, own), fault.KindForbidden)
		wantKind(t, accounts.Allow(id, accounts.OrganisationEdit, own), fault.KindForbidden)
		_, _, err = h.CreateToken(accounts.With(bg, id), "another", []string{"match:read"}, time.Time{})
		wantKind(t, err, fault.KindForbidden)

		h.clock.Advance(24 * time.Hour)
		_, err = h.AuthenticateToken(bg, secret)
		must(t, err)
		list, err := h.Tokens(ctx)
		must(t, err)
		if len(list) != 1 || !list[0].UsedAt.Equal(h.clock.Now()) {
			t.Fatalf("tokens: %+v", list)
		}
		must(t, h.RevokeToken(ctx, row.ID))
		_, err = h.AuthenticateToken(bg, secret)
		wantKind(t, err, fault.KindUnauthenticated)
		wantKind(t, h.RevokeToken(ctx, row.ID), fault.KindNotFound)
	})
}

func TestATokenExpires(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.member()
	_, secret, err := h.CreateToken(h.as("manon@example.org"), "x", []string{"match:write"}, h.clock.Now().Add(time.Hour))
	must(t, err)
	h.clock.Advance(time.Hour)
	_, err = h.AuthenticateToken(context.Background(), secret)
	wantKind(t, err, fault.KindUnauthenticated)
}

func TestATokensFaultsAreAllLocated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.member()
	_, _, err := h.CreateToken(h.as("manon@example.org"), " ", []string{"match:admin"}, h.clock.Now().Add(-time.Hour))
	var paths []string
	for _, f := range fault.Of(err).Fields {
		paths = append(paths, f.Path)
	}
	if got := strings.Join(paths, " "); got != "name scopes expires" {
		t.Fatalf("faults at %q", got)
	}
}

func TestTheTrailTellsWhoDidWhatAndNothingPersonal(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		boss := h.admin()
		u := h.member()
		ctx := h.as("ada@example.org")
		_, err := h.SetStanding(ctx, u.ID, 0, accounts.Standing{Role: accounts.Researcher})
		must(t, err)
		_, err = h.Invite(ctx, accounts.Scope{}, accounts.Invite{Email: "zoe@structure.fr", Role: accounts.Researcher})
		must(t, err)
		rows, err := h.AuditTrail(ctx, accounts.AuditFilter{})
		must(t, err)
		for _, r := range rows {
			for _, text := range []string{r.Fields, r.Entity, r.BeforeDigest, r.AfterDigest} {
				if strings.Contains(text, "@") || strings.Contains(text, "Manon") {
					t.Fatalf("personal data in the trail: %+v", r)
				}
			}
		}
		last, before := rows[0], rows[1]
		if last.Action != accounts.AccountInvite || last.UserID != boss.ID || last.Role != accounts.Admin || last.RequestID != "r-1" {
			t.Fatalf("last %+v", last)
		}
		if before.Action != accounts.AccountEdit || before.EntityID != int64(u.ID) || before.Fields != "role organisation" {
			t.Fatalf("before %+v", before)
		}
		page, err := h.AuditTrail(ctx, accounts.AuditFilter{Before: last.ID, Limit: 1})
		must(t, err)
		if len(page) != 1 || page[0].ID != before.ID {
			t.Fatalf("next page %+v", page)
		}
		_, err = h.AuditTrail(context.Background(), accounts.AuditFilter{})
		wantKind(t, err, fault.KindUnauthenticated)
	})
}

func TestAWorkersChangeIsTheSystems(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	must(t, h.Record(context.Background(), accounts.Entry{Action: accounts.OpportunityClose, Entity: "opportunity", EntityID: 3}))
	rows, err := h.AuditTrail(system(), accounts.AuditFilter{})
	must(t, err)
	if len(rows) != 1 || rows[0].Role != accounts.System || rows[0].UserID != 0 || !rows[0].At.Equal(h.clock.Now()) {
		t.Fatalf("%+v", rows)
	}
}

func TestAFailedChangeLeavesNoTrace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx := system()
		err := st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			must(t, accounts.Audit(ctx, tx, accounts.Entry{Action: accounts.PoleEdit, Entity: "pole", EntityID: 1, After: map[string]int{"a": 1}}))
			return context.Canceled
		})
		if err == nil {
			t.Fatal("committed")
		}
		n, err := st.Read().NewSelect().Table("audit_entries").Count(ctx)
		must(t, err)
		if n != 0 {
			t.Fatalf("%d entries", n)
		}
	})
}
