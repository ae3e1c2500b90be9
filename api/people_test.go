package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/testkit"
	"maillage/people"
)

var ada = people.Identity{Given: "Ada", Family: "Exemple"}

func TestAJourneyThroughTheDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	made := w.ask("counsellor", "POST", "/v1/people", `{"number":"B7","commune":"26281","profile":{"wished":[{"rome":"a1203"}],"slots":["mon-morning","sun-night"],"languages":[{"language":"fr","level":"B1"}]}}`).want(201)
	var p api.Person
	made.into(&p)
	path := made.header.Get("Location")
	if p.Profile.Wished[0].ROME != "A1203" || len(p.Profile.Slots) != 2 || p.Profile.Languages[0].Level != "B1" || p.State != "active" || p.Code == "" {
		t.Fatalf("%+v", p)
	}
	read := w.ask("counsellor", "GET", path, nil).want(200)
	etag := read.header.Get("ETag")
	w.ask("counsellor", "GET", path, nil, "If-None-Match", etag).want(304)
	w.ask("counsellor", "PUT", path, `{"number":"B10","commune":"26362"}`, "If-Match", etag).want(200)
	w.ask("counsellor", "PUT", path, `{"number":"B10"}`, "If-Match", etag).problem(412, "stale")
	problem := w.ask("counsellor", "PUT", path, `{"commune":"99999","profile":{"hours_min":30,"hours_max":20,"wished":[{"rome":"A9999"}]}}`).problem(422, "invalid")
	var at []string
	for _, e := range problem.Errors {
		at = append(at, e.Location)
	}
	if got := strings.Join(at, " "); got != "body.commune body.profile.wished[0].rome body.profile.hours_max" {
		t.Errorf("located %s", got)
	}
	w.ask("counsellor", "POST", "/v1/people", `{"number":"B10"}`).problem(409, "repeated-number")
	w.ask("counsellor", "PUT", path, `{"eligibility":"RSA"}`).problem(422, "invalid")
	etag = w.ask("counsellor", "GET", path, nil).want(200).header.Get("ETag")
	w.ask("counsellor", "PUT", path+"/identity", `{"given":"Ada"}`, "If-Match", etag).want(204)
	w.ask("counsellor", "PUT", path+"/identity", `{"given":"Eve"}`, "If-Match", etag).problem(412, "stale")
	w.ask("counsellor", "PUT", path+"/traits", `{"sex":"f","qpv":"no"}`).want(204)
	w.ask("counsellor", "PUT", path+"/rights", `{"rights":[{"kind":"pass_iae","from":"2025-01-05"}],"hours":[]}`).want(204)
	var alerts []api.PersonAlert
	w.ask("counsellor", "GET", "/v1/people/alerts", nil).want(200).into(&alerts)
	if len(alerts) != 1 || alerts[0].Due != "2027-01-04" || alerts[0].Code != p.Code || alerts[0].Source == "" {
		t.Errorf("%+v", alerts)
	}
	w.ask("counsellor", "PUT", path+"/agreements/"+id(w.draft.Lots[0].ID), `{"state":"asked"}`).problem(404, "not-found")
	agreement := path + w.placed.path("/agreements/{lot}")
	w.ask("counsellor", "PUT", agreement, `{"state":"given"}`).problem(409, "transition")
	asked := w.ask("counsellor", "PUT", agreement, `{"state":"asked"}`).want(200).header.Get("ETag")
	w.ask("counsellor", "PUT", agreement, `{"state":"refused","motive":"trop loin"}`).problem(422, "invalid")
	w.ask("counsellor", "PUT", agreement, `{"state":"given","until":"2026-12-01"}`, "If-Match", asked).want(200)
	w.ask("counsellor", "PUT", agreement, `{"state":"withdrawn"}`, "If-Match", asked).problem(412, "stale")
	var export api.PersonExport
	w.ask("counsellor", "GET", path+"/export", nil).want(200).into(&export)
	if export.Identity.Given != "Ada" || export.Traits.Sex != "f" || len(export.Rights.Rights) != 1 || export.Agreements[0].ExpiresOn != "2026-12-01" || len(export.Events) < 6 {
		t.Errorf("%+v", export)
	}
	var presented api.PersonExport
	w.ask("counsellor", "GET", w.placed.path("/v1/people/{person}/export"), nil).want(200).into(&presented)
	if len(presented.Proposals) == 0 || len(presented.Proposals[0].Card.Claims) == 0 || len(presented.Proposals[0].Events) == 0 {
		t.Errorf("the export leaves out what was proposed: %+v", presented.Proposals)
	}
	var list struct{ Items []api.Person }
	body := w.ask("counsellor", "GET", "/v1/people?q=b10", nil).want(200).into(&list)
	if len(list.Items) != 1 || strings.Contains(string(body.body), "Ada") {
		t.Errorf("%s", body.body)
	}
	w.ask("counsellor", "POST", path+"/end", `{}`).want(200)
	w.ask("counsellor", "POST", path+"/erase", nil).want(204)
	w.ask("counsellor", "PUT", path+"/identity", `{"given":"Ada"}`).problem(409, "erased")
	w.ask("counsellor", "DELETE", path, nil).want(204)
	w.ask("counsellor", "GET", path, nil).problem(404, "not-found")
}

// Whoever administers, looks after the territory, or belongs to the structure
// without being its counsellor, reads no journey.
func TestNobodyElseReadsAJourney(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	must(t, w.journeys.SetIdentity(system(), w.journey.ID, 0, ada))
	path := "/v1/people/" + id(w.journey.ID)
	for _, who := range []string{"", "admin", "officer", "member", "far", "employer", "researcher"} {
		for _, rest := range []string{"", "/identity", "/export", "/agreements", "/rights", "/events"} {
			if got := w.ask(who, "GET", path+rest, nil); got.status != http.StatusForbidden && got.status != http.StatusUnauthorized {
				t.Errorf("%q reads %s: %d", who, rest, got.status)
			}
		}
	}
	w.ask("counsellor", "GET", "/v1/people/"+id(w.theirs.ID), nil).problem(404, "not-found")
}

// A token that reads journeys reads no name.
func TestATokenOfJourneysReadsNoName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	must(t, w.journeys.SetIdentity(system(), w.journey.ID, 0, ada))
	who, err := w.accounts.Authenticate(context.Background(), w.sessions["counsellor"])
	must(t, err)
	_, narrow, err := w.accounts.CreateToken(accounts.With(context.Background(), who), "journeys", []string{"person:write"}, w.clock.Now().AddDate(0, 1, 0))
	must(t, err)
	path := "/v1/people/" + id(w.journey.ID)
	call(t, w.door, narrow, "GET", path, nil).want(200)
	call(t, w.door, narrow, "GET", path+"/identity", nil).problem(403, "forbidden")
	if a := call(t, w.door, narrow, "GET", path+"/export", nil); a.status == 200 && strings.Contains(string(a.body), "Ada") {
		t.Error("the export tells the name")
	}
}

func TestAFileOfJourneysThroughTheDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	file := "numero;heures_max;nom;motif\nC1;30;Zorglub;RSA\nC2;beaucoup;Zorglub;RSA\n"
	var r api.PeopleReport
	a := w.ask("counsellor", "POST", "/v1/imports/people", file, "Content-Type", "text/csv").want(200)
	a.into(&r)
	if r.Made != 1 || r.Rejected != 1 || r.Sealed != 1 || len(r.Unread) != 1 || !r.Unread[0].Banned || r.Refused[0].Faults[0].Column != "heures_max" {
		t.Errorf("%+v", r)
	}
	if strings.Contains(string(a.body), "Zorglub") || strings.Contains(string(a.body), "RSA") {
		t.Errorf("%s", a.body)
	}
	w.ask("admin", "POST", "/v1/imports/people", file, "Content-Type", "text/csv").problem(403, "forbidden")
}
