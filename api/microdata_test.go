package api_test

import (
	"fmt"
	"strings"
	"testing"

	"maillage/indicators/access"
	"maillage/internal/testkit"
)

// An administrator grants, a job makes the file, the researcher named takes it, and everything is logged.
func TestMicrodataUnderAnAgreement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	enterprises, exits := "entreprise;annee;type;code_insee\n", "entreprise;salarie;date;motif\n"
	for e := range 6 {
		enterprises += fmt.Sprintf("E-%d;2011;ACI;26281\n", e)
		for p := range 10 {
			exits += fmt.Sprintf("E-%d;S-%d;2011-03-%02d;%s\n", e, p, 1+p, []string{"cdi", "autre", "formation"}[p%3])
		}
	}
	w.ask("admin", "POST", "/v1/imports/observatory/entreprises", enterprises, "Content-Type", "text/csv").want(200)
	w.ask("admin", "POST", "/v1/imports/observatory/sorties", exits, "Content-Type", "text/csv").want(200)
	var me struct{ ID int64 }
	w.ask("researcher", "GET", "/v1/me", nil).want(200).into(&me)
	var a struct {
		ID     int64
		Number string
		State  string
	}
	w.ask("admin", "POST", "/v1/microdata/agreements", strings.Replace(grantExample, "USER", id(me.ID), 1), "Content-Type", "application/json").want(200).into(&a)
	one := "/v1/microdata/agreements/" + id(a.ID)
	w.ask("researcher", "GET", one+"/files", nil).problem(409, "files_waiting")
	made, err := access.NewService(access.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}).Make(system(), access.Make{Year: 2011})
	if err != nil || made != access.Made || a.State != "open" {
		t.Fatal(made, err, a)
	}
	got := w.ask("researcher", "GET", one+"/files", nil).want(200)
	if got.header.Get("Content-Type") != "application/zip" || got.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(string(got.body), "PK") {
		t.Errorf("%v", got.header)
	}
	w.ask("admin", "GET", one+"/files", nil).problem(403, "forbidden")
	w.ask("officer", "GET", one, nil).problem(403, "forbidden")
	body := string(w.ask("admin", "GET", "/v1/microdata/uses", nil).want(200).body)
	if !strings.Contains(body, a.Number) || !strings.Contains(body, `"what":"download"`) {
		t.Error(body)
	}
	if body := string(w.ask("researcher", "GET", one, nil).want(200).body); !strings.Contains(body, `"records":60`) || !strings.Contains(body, `"untold":["contract_days"]`) {
		t.Error(body)
	}
	w.ask("admin", "POST", one+"/revoke", `{"reason":"ended"}`, "Content-Type", "application/json").want(200)
	w.ask("researcher", "GET", one+"/files", nil).problem(403, "agreement_revoked")
}
