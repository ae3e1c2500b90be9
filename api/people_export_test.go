package api_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"maillage/api"
	"maillage/followup/tenure"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching/placement"
)

// toldIn says where the export of a person tells each table that records anything of
// one, by the person or by what was proposed or suggested of them. A new table goes here, and there.
var toldIn = map[string]string{
	"people": "person", "person_identities": "identity", "person_traits": "traits", "person_rights": "rights", "person_hours": "rights", "person_events": "events",
	"agreements": "agreements", "proposals": "proposals", "proposal_events": "proposals", "tenures": "tenures", "tenure_events": "tenures",
	"batch_people": "batches", "batch_lines": "batches", "batch_events": "batches", "audit_entries": "readings",
}

// Everything that is recorded about a person is in what they may ask to read: the
// end of a job with its motive, what was prepared, who opened their identity.
func TestTheExportTellsEverything(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		p := w.placed.folk[0].ID
		path := "/v1/people/" + id(p)
		w.ask("counsellor", "PUT", path+"/identity", `{"given":"Ada"}`).want(204)
		w.ask("counsellor", "PUT", path+"/traits", `{"sex":"f"}`).want(204)
		w.ask("counsellor", "PUT", path+"/rights", `{"rights":[{"kind":"pass_iae","from":"2026-01-05"}],"hours":[]}`).want(204)
		w.ask("employer", "POST", w.placed.path("/v1/needs/{lot}/proposals/{ref}/answer"), `{"state":"met"}`).want(200)
		w.ask("counsellor", "POST", "/v1/tenures/"+w.placed.proposal.Ref, `{"state":"immersion"}`).want(200)
		w.ask("counsellor", "POST", "/v1/tenures/"+w.placed.proposal.Ref, `{"state":"left","motive":"dismissed"}`).want(200)
		w.settleOne()
		var raw map[string]json.RawMessage
		body := w.ask("counsellor", "GET", path+"/export", nil).want(200).into(&raw)
		for table, field := range toldIn {
			if got := string(raw[field]); len(got) < 10 || got == "null" {
				t.Errorf("the export tells nothing of %s: %s is %s", table, field, got)
			}
		}
		var out api.PersonExport
		body.into(&out)
		last := out.Tenures[len(out.Tenures)-1]
		if last.State != tenure.Left || last.Motive != tenure.Dismissed || last.Actor == nil {
			t.Errorf("the end of the job is told as %+v", last)
		}
		if len(out.Readings) == 0 || out.Readings[0].Actor == nil {
			t.Errorf("who opened the identity is told as %+v", out.Readings)
		}
	})
}

// settleOne sets aside what a batch suggests for the first person that it suggests anything for.
func (w *world) settleOne() {
	w.t.Helper()
	all := w.placed.mine.People
	at := slices.IndexFunc(all, func(p placement.BatchPerson) bool { return len(p.Suggestions) > 0 })
	if at < 0 {
		w.t.Fatal("nothing is suggested")
	}
	w.ask("counsellor", "POST", w.placed.path("/v1/batches/{minebatch}/lines/{line}"), `{"state":"set_aside"}`).want(200)
	var out api.PersonExport
	w.ask("counsellor", "GET", "/v1/people/"+id(all[at].Who.Person.ID)+"/export", nil).want(200).into(&out)
	line := out.Batches[0].Suggestions[0]
	if out.Batches[0].Batch != w.placed.mine.ID || line.State != placement.SetAside || line.SettledBy == nil || len(line.Steps) == 0 || len(line.Criteria) == 0 || line.Position.Title == "" {
		w.t.Errorf("what was prepared is told as %+v", out.Batches)
	}
}

// A table that says of a person, or of what was proposed of one, is told somewhere.
func TestNoTableOfAPersonIsLeftOut(t *testing.T) {
	t.Parallel()
	var tables []string
	st := testkit.SQLite(t)
	must(t, st.Read().NewRaw(`SELECT DISTINCT m.name FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
		WHERE f."table" IN ('people', 'proposals', 'batch_lines') ORDER BY m.name`).Scan(context.Background(), &tables))
	if len(tables) < 10 {
		t.Fatalf("only %s", strings.Join(tables, ", "))
	}
	for _, name := range tables {
		if _, told := toldIn[name]; !told {
			t.Errorf("%s records something of a person: say it in the export, and here", name)
		}
	}
}
