package api_test

import (
	"context"
	"testing"
	"time"

	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

func TestTheSkillsOfATerritory(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		w.published(&opportunities.Opportunity{Kind: opportunities.JobNeed, Title: "Nettoyage", Source: "demo", Place: place("commune:26281"),
			Lots: []opportunities.Lot{{Number: "1", Title: "Nettoyage", Codes: []nomenclatures.Code{nomenclatures.ROME("K2204").Code()}, Posts: 3}}})
		for _, where := range []string{"departement:26", "Dr%C3%B4me%20sauf%20Valence"} {
			var got api.SkillsOutlook
			w.ask("officer", "GET", "/v1/skills/outlook?territory="+where, nil).want(200).into(&got)
			found := false
			for _, o := range got.Occupations {
				found = found || o.Code == "K2204" && o.Open == 3 && o.Wish.Shown == nil && o.Wish.High >= 4 && o.Tension == "unsaid"
			}
			if !found || len(got.Areas) == 0 {
				t.Errorf("%s: %+v", where, got)
			}
		}
		session := w.published(&opportunities.Opportunity{Kind: opportunities.TrainingSession, Title: "CACES", Source: "demo", Place: place("commune:26281"),
			Lots: []opportunities.Lot{{Number: "1", Title: "CACES", Posts: 3, StartsOn: "2027-01-11", EndsOn: "2027-01-15",
				Terms: &opportunities.Terms{Audience: opportunities.ForJourneys, Outcomes: []opportunities.Gain{{Code: "caces-r489-3"}}}}}})
		must(t, st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return w.opportunities.Take(ctx, tx, session.Lots[0].ID, time.Now())
		}))
		var got api.SkillsOutlook
		w.ask("officer", "GET", "/v1/skills/outlook?territory=departement:26", nil).want(200).into(&got)
		for _, a := range got.Aptitudes {
			if a.Code == "caces-r489-3" && (a.Places != 2 || len(a.Sessions) != 1 || a.Sessions[0].Posts != 3 || *a.Sessions[0].PlacesLeft != 2) {
				t.Errorf("a session with one place taken: %+v", a)
			}
		}
		if len(got.Aptitudes) == 0 {
			t.Error("the session is not told")
		}
		w.ask("officer", "GET", "/v1/skills/outlook?territory=zzzz", nil).problem(422, "invalid")
		w.ask("officer", "GET", "/v1/skills/outlook", nil).want(422)
		w.ask("member", "GET", "/v1/skills/outlook?territory=departement:26", nil).problem(403, "forbidden")
	})
}

func TestTheFairnessAudit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for who, scope := range map[string]string{"admin": "network", "officer": "perimeter", "counsellor": "structure"} {
		var got api.FairnessAudit
		w.ask(who, "GET", "/v1/audits/fairness", nil).want(200).into(&got)
		if got.Scope != scope || len(got.Tables) != 30 || len(got.Hours) != 5 {
			t.Errorf("%s: %s, %d tables", who, got.Scope, len(got.Tables))
		}
		for _, table := range got.Tables {
			for _, g := range table.Groups {
				if g.N < 10 || g.N%5 != 0 || (g.Bound == "") != (g.Yes != nil) || g.Yes == nil && (g.Rate != nil || g.Covered != nil) {
					t.Errorf("%s reads %+v", who, g)
				}
			}
		}
	}
	w.ask("employer", "GET", "/v1/audits/fairness", nil).problem(403, "forbidden")
}
