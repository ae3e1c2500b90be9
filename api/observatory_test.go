package api_test

import (
	"strings"
	"testing"

	"maillage/indicators/figures"
	"maillage/internal/testkit"
)

// Records come in by files, batches keep what was refused, and the report tells ND from a number.
func TestRecordsComeInAndTheReportGoesOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	file := "entreprise;annee;type\nE-1;2011;SAP\nE-2;2011;chantier\n"
	a := w.ask("admin", "POST", "/v1/imports/observatory/entreprises?name=annuaire-2011", file, "Content-Type", "text/csv").want(200)
	var report struct {
		Batch    int64
		Made     int
		Rejected int
		Refused  []struct {
			Line   int
			Faults []struct{ Column, Detail string }
		}
	}
	a.into(&report)
	if report.Made != 1 || report.Rejected != 1 || report.Refused[0].Line != 3 || report.Refused[0].Faults[0].Column != "type" {
		t.Fatalf("%+v", report)
	}
	var batch struct {
		Sheet   string
		File    string
		Refused []struct{ Line int }
	}
	w.ask("admin", "GET", "/v1/observatory/batches/"+id(report.Batch), nil).want(200).into(&batch)
	if batch.Sheet != "entreprises" || batch.File != "annuaire-2011.csv" || len(batch.Refused) != 1 {
		t.Errorf("%+v", batch)
	}
	w.ask("admin", "GET", "/v1/observatory/batches", nil).want(200)
	w.ask("counsellor", "POST", "/v1/imports/observatory/entreprises", file, "Content-Type", "text/csv").problem(403, "forbidden")
	w.ask("member", "GET", "/v1/observatory/batches", nil).problem(403, "forbidden")
	w.ask("admin", "POST", "/v1/imports/observatory/reponses", "entreprise;annee;question;valeur\nE-1;2011;home_workers.persons;12\nE-1;2011;managers.persons;ND\n", "Content-Type", "text/csv").want(200)
	if _, err := figures.NewService(figures.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}).Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	body := string(w.ask("", "GET", "/v1/observatory/report?definition=dares", nil).want(200).body)
	if strings.Contains(body, `"year":2011`) || strings.Contains(body, `"value":12`) { // a year of one enterprise is none of the federation
		t.Errorf("one enterprise alone is shown: %s", body)
	}
	w.ask("", "GET", "/v1/observatory/report?definition=autre", nil).problem(422, "invalid")
}
