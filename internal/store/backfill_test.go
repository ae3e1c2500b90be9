package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// past is a database as it was before a step.
type past struct {
	t  *testing.T
	st *store.Store
	at time.Time
}

// before opens one of each engine.
func before(t *testing.T, step string, body func(p past)) {
	t.Helper()
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			st, err := store.Open(t.Context(), store.Config{URL: testkit.EmptyURL(t, engine)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			if err := st.MigrateBefore(t.Context(), step); err != nil {
				t.Fatal(err)
			}
			body(past{t, st, time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)})
		})
	}
}

// has puts a row of that time, column by column.
func (p past) has(table string, row map[string]any) {
	p.t.Helper()
	err := p.st.InTx(p.t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewInsert().Model(&row).TableExpr("?", bun.Ident(table)).Exec(ctx)
		return err
	})
	if err != nil {
		p.t.Fatalf("%s: %v", table, err)
	}
}

func (p past) user(id int, role string) {
	p.has("users", map[string]any{"id": id, "email": role, "email_folded": role + "-" + string(rune('a'+id)), "name": role, "role": role, "lang": "fr", "organisation_id": 1, "perimeter": "",
		"password": "", "revision": 1, "created_at": p.at, "updated_at": p.at})
}

func (p past) organisation(id int, email string) {
	p.has("organisations", map[string]any{"id": id, "role": "member", "kind": "ACI", "siret": "", "name": "Organisation", "brand": "", "naf": "", "description": "", "website": "", "email": email,
		"phone": "", "ess_since": "", "turnover": 0, "insurance": 0, "excluded_by": "[]", "active": true, "findings": "[]", "confirmed": "{}", "source": "account", "digest": "", "folded": "",
		"revision": 1, "created_at": p.at, "updated_at": p.at})
}

// trail is what somebody wrote of an organisation.
func (p past) trail(organisation, user int, role, fields string) {
	p.has("audit_entries", map[string]any{"at": p.at, "user_id": user, "role": role, "action": "organisation.edit", "entity": "organisation", "entity_id": organisation, "request_id": "",
		"fields": fields, "before_digest": "", "after_digest": ""})
}

// invitation is to an organisation, by somebody; accepted as a user where there is one.
func (p past) invitation(id, organisation, by int, email string, user any) {
	p.has("invitations", map[string]any{"id": id, "email": email, "email_folded": email, "role": "member", "organisation_id": organisation, "siret": "", "perimeter": "", "lang": "fr",
		"invited_by": by, "created_at": p.at, "expires_at": p.at, "user_id": user})
}

// What rests on the word of one officer is known of the rows of before too: by the trail,
// the organisations and the addresses that officers wrote; by them, the invitations, and
// what these invited, as far as it goes.
func TestWhatAnOfficerOpenedBeforeWaitsToo(t *testing.T) {
	t.Parallel()
	before(t, "20261204000110", func(p past) {
		const admin, officer, other, first, second, third, member = 1, 2, 3, 4, 5, 6, 7
		for id, role := range map[int]string{admin: "admin", officer: "officer", other: "officer", first: "member", second: "member", third: "member", member: "member"} {
			p.user(id, role)
		}
		p.organisation(1, "Accueil@Un.fr") // imported
		p.organisation(2, "accueil@deux.fr")
		p.trail(2, officer, "officer", "created")
		p.trail(2, other, "officer", "name email phone")
		p.organisation(3, "accueil@trois.fr")
		p.trail(3, admin, "admin", "created")
		p.trail(3, officer, "officer", "email")
		p.organisation(4, "accueil@quatre.fr")
		p.trail(4, member, "member", "email")
		p.trail(4, officer, "officer", "phone email_checked")
		p.has("audit_entries", map[string]any{"at": p.at, "user_id": officer, "role": "officer", "action": "opportunity.edit", "entity": "opportunity", "entity_id": 4, "request_id": "",
			"fields": "created", "before_digest": "", "after_digest": ""})

		p.invitation(1, 1, officer, "accueil@un.fr", nil) // at the address that is known
		p.invitation(2, 1, officer, "moi@ailleurs.fr", first)
		p.invitation(3, 1, first, "deux@ailleurs.fr", second)
		p.invitation(4, 1, second, "trois@ailleurs.fr", third)
		p.invitation(5, 1, admin, "direction@ailleurs.fr", member)
		p.invitation(6, 1, member, "collegue@ailleurs.fr", nil)
		p.invitation(7, 2, officer, "accueil@deux.fr", nil)  // an organisation that an officer made
		p.invitation(8, 3, officer, "accueil@trois.fr", nil) // an address that an officer wrote
		p.invitation(9, 4, officer, "accueil@quatre.fr", nil)

		if err := p.st.Migrate(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
		p.want("SELECT id FROM organisations WHERE opened_by = 2 ORDER BY id", 2)
		p.want("SELECT id FROM organisations WHERE opened_by IS NOT NULL ORDER BY id", 2)
		p.want("SELECT id FROM organisations WHERE address_by IS NOT NULL ORDER BY id", 2, 3)
		p.want("SELECT address_by FROM organisations WHERE id IN (2, 3) ORDER BY id", other, officer)
		p.want("SELECT id FROM invitations WHERE alone ORDER BY id", 2, 3, 4, 7, 8)
		p.want("SELECT id FROM invitations WHERE countersigned_at IS NOT NULL OR countersigned_by IS NOT NULL ORDER BY id")
		p.want("SELECT id FROM organisations WHERE countersigned_at IS NOT NULL OR countersigned_by IS NOT NULL ORDER BY id")
	})
}

func (p past) want(query string, want ...int64) {
	p.t.Helper()
	var got []int64
	if err := p.st.Read().NewRaw(query).Scan(p.t.Context(), &got); err != nil {
		p.t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("%s: %v, want %v", query, got, want)
	}
}
