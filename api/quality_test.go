package api_test

import (
	"strings"
	"testing"

	"maillage/followup/quality"
	"maillage/internal/testkit"
)

// certified engages the two enterprises towards a label: paths 1 and 2.
func (w *world) certified() {
	w.t.Helper()
	for _, organisation := range []int64{int64(w.near.ID), int64(w.far.ID)} {
		_, err := w.quality.Engage(system(), organisation, "qualiopi", "2026-01-10")
		must(w.t, err)
	}
	_, err := w.quality.Record(system(), 1, 0, quality.Event{Kind: quality.Audited, On: "2026-02-10", Audit: quality.Initial, Outcome: quality.Conform})
	must(w.t, err)
}

// By the API alone: an enterprise engages, its region decides, anybody counts.
func TestACertificationIsFollowedByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	says := func(a answer, words ...string) {
		t.Helper()
		for _, word := range words {
			if !strings.Contains(string(a.body), word) {
				t.Errorf("%s does not say %s", a.body, word)
			}
		}
	}
	w.as("member", "POST", "/v1/certifications", "application/json", `{"organisation":`+id(w.near.ID)+`,"label":"cedre","on":"2026-01-10"}`).want(200)
	one := "/v1/certifications/1"
	w.as("member", "POST", one+"/events", "application/json", `{"kind":"audited","on":"2026-05-04","audit":"initial","minor":2,"outcome":"to_correct"}`).want(200)
	w.as("member", "POST", one+"/events", "application/json", `{"kind":"decided","on":"2026-06-02","outcome":"granted"}`).want(403)
	says(w.as("officer", "POST", one+"/events", "application/json", `{"kind":"decided","on":"2026-06-02","outcome":"refused"}`).want(422), "reason")
	says(w.as("officer", "POST", one+"/events", "application/json", `{"kind":"decided","on":"2026-06-02","outcome":"granted"}`).want(200), `"state":"granted"`, `"until":"2029-06-01"`)
	says(w.as("public", "GET", "/v1/organisations/"+id(w.near.ID), "", "").want(200), `"code":"cedre"`)
	says(w.as("public", "GET", "/v1/quality/figures", "", "").want(200), `"certified":1`)
	says(w.as("officer", "GET", "/v1/certifications?state=granted", "", "").want(200), `"name":"Romans Espaces verts"`)
	w.as("employer", "GET", "/v1/certifications", "", "").want(403)
}
