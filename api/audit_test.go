package api_test

import (
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// Every change that somebody makes leaves one row that names them, the action
// and what changed, and nothing of what was said.
func TestEveryChangeLeavesItsTrace(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		var me api.Me
		w.ask("member", "GET", "/v1/me", nil).want(200).into(&me)
		last := func() accounts.AuditRow {
			rows, err := w.accounts.AuditTrail(system(), accounts.AuditFilter{Limit: 1})
			must(t, err)
			return rows[0]
		}
		count := func() int {
			n, err := st.Read().NewSelect().Table("audit_entries").Count(t.Context())
			must(t, err)
			return int(n)
		}
		org, match, call := "/v1/organisations/"+id(w.near.ID), "/v1/matches/"+id(w.match), "/v1/opportunities/"+id(w.call.ID)
		for _, c := range []struct {
			method, path, body string
			action             accounts.Action
			entity, fields     string
			id                 int64
		}{
			{"PATCH", org, `{"description":"Un secret de famille."}`, accounts.OrganisationConfirm, "organisation", "description confirmed", int64(w.near.ID)},
			{"PUT", match + "/answer", `{"reply":"not_for_us","motive":"price","note":"Un secret de famille."}`, accounts.MatchAnswer, "match", "state", int64(w.match)},
			{"POST", call + "/close", `{}`, accounts.OpportunityClose, "opportunity", "state", int64(w.call.ID)},
		} {
			before := count()
			a := w.ask("member", c.method, c.path, c.body).want(200)
			row := last()
			if count() != before+1 || row.Action != c.action || row.Entity != c.entity || row.EntityID != c.id || row.Fields != c.fields ||
				int64(row.UserID) != me.ID || row.Role != accounts.Member || row.RequestID != a.header.Get("X-Request-Id") {
				t.Errorf("%s %s: %d rows more, the last %+v", c.method, c.path, count()-before, row)
			}
			if strings.Contains(row.Fields+row.Entity, "secret") {
				t.Errorf("what was said is in the trail: %+v", row)
			}
		}
		before := count()
		w.ask("member", "PATCH", org, `{"description":"Un secret de famille."}`).want(200) // the same again
		w.ask("far", "PATCH", org, `{"description":"x"}`).want(403)
		if count() != before {
			t.Errorf("%d rows of what changed nothing", count()-before)
		}
	})
}
