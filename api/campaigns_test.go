package api_test

import (
	"strings"
	"testing"

	"maillage/api"
	"maillage/indicators/campaign"
	"maillage/internal/testkit"
)

// campaign opens that of 2025 and makes its questionnaires.
func (w *world) campaign() {
	w.t.Helper()
	_, err := w.campaigns.Save(system(), 0, campaign.Plan{Year: 2025, OpensOn: "2026-11-01", ClosesOn: "2026-12-15"})
	must(w.t, err)
	c, err := w.campaigns.Start(system(), 2025, 0)
	must(w.t, err)
	must(w.t, w.campaigns.Make(system(), c.ID))
	for i, organisation := range []int64{int64(w.near.ID), int64(w.far.ID)} {
		own, err := w.campaigns.Own(system(), organisation)
		must(w.t, err)
		w.asked[i] = own[0].ID
	}
}

// An enterprise answers, sends, is given back its questionnaire, by the API alone.
func TestAnEnterpriseAnswersByTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.campaign()
	at := "/v1/questionnaires/" + id(w.asked[0])
	var q api.Questionnaire
	w.ask("member", "PUT", at+"/answers/tonnes", `{"text":"12,5","revision":0}`).want(200).into(&q)
	if a := of(t, q, "tonnes"); a.Status != "collected" || *a.Value != 1250 || a.Origin != "typed" || q.State != "in_progress" {
		t.Errorf("%+v", a)
	}
	w.ask("member", "PUT", at+"/answers/tonnes", `{"text":"13","revision":0}`).problem(412, "stale")
	w.ask("member", "PUT", at+"/answers/tonnes", `{"text":"12,5","revision":0}`).want(200)
	w.ask("member", "PUT", at+"/answers/home_workers.fte", `{"text":"1"}`).problem(422, "invalid")
	w.ask("member", "PUT", at+"/answers/sales", `{"text":"douze"}`).want(200).into(&q)
	if a := of(t, q, "sales"); a.Status != "" || a.Typed != "douze" || a.Wrong == nil {
		t.Errorf("%+v", a)
	}
	refused := w.ask("member", "POST", at+"/submit", nil)
	refused.problem(422, "invalid")
	if !strings.Contains(string(refused.body), "sales") {
		t.Errorf("the fault is not located: %s", refused.body)
	}
	for _, a := range q.Answers {
		if a.Status == "" {
			w.ask("member", "PUT", at+"/answers/"+a.Question, `{"text":"ND"}`).want(200)
		}
	}
	w.ask("member", "POST", at+"/submit", nil).want(200).into(&q)
	w.ask("member", "POST", at+"/submit", nil).want(200)
	w.ask("member", "PUT", at+"/answers/tonnes", `{"text":"13"}`).problem(409, "submitted")
	w.ask("officer", "POST", at+"/withdraw", nil).problem(403, "forbidden")
	w.ask("member", "POST", at+"/withdraw", nil).want(200).into(&q)
	if q.State != "in_progress" || q.Events[0].Kind != "withdrawn" {
		t.Errorf("taken back: %s, %+v", q.State, q.Events)
	}
	w.ask("member", "PUT", at+"/answers/tonnes", `{"text":"jean@example.org"}`).problem(422, "invalid")
	w.ask("member", "POST", at+"/submit", nil).want(200).into(&q)
	w.ask("officer", "POST", at+"/comments", `{"question":"sales","text":"Hors taxes ?"}`).want(200)
	w.ask("officer", "POST", at+"/return", `{"note":"Les ventes manquent."}`).want(200).into(&q)
	if q.State != "returned" || len(q.Comments) != 1 || q.Comments[0].Side != "region" || q.Events[0].Note != "Les ventes manquent." {
		t.Errorf("%+v %+v", q.Events, q.Comments)
	}
	var p api.CampaignProgress
	w.ask("officer", "GET", "/v1/campaigns/2025/progress", nil).want(200).into(&p)
	if len(p.Regions) != 1 || p.Regions[0].Of != 1 || p.Regions[0].Region != "84" {
		t.Errorf("by region: %+v", p.Regions)
	}
	var table api.AnswersTable
	w.ask("member", "GET", "/v1/campaigns/2025/answers", nil).want(200).into(&table)
	if len(table.Rows) != len(q.Answers) || len(table.Columns) != len(table.Rows[0]) || table.Rows[0][4] != q.Answers[0].Question {
		t.Errorf("the table: %v, %v", table.Columns, table.Rows[:1])
	}
	w.ask("researcher", "GET", "/v1/campaigns/2025/answers", nil).problem(403, "forbidden")
	if len(p.Questionnaires) != 1 || p.Questionnaires[0].State != "returned" {
		t.Errorf("the officer sees %+v", p.Questionnaires)
	}
}

func of(t *testing.T, q api.Questionnaire, code string) api.QuestionAnswer {
	t.Helper()
	for _, a := range q.Answers {
		if a.Question == code {
			return a
		}
	}
	t.Fatalf("%s is not asked", code)
	return api.QuestionAnswer{}
}
