package api_test

import (
	"net/http"
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

const needOfTwoPlaces = `{"kind":"job_need","title":"Chambres à Valence","place":{"words":"Valence"},"lots":[
	{"number":"1","title":"Gare","posts":2,"codes":["rome:G1501"],"starts_on":"2027-01-04","terms":{"contract":"cdi","hours":24,"slots":["mon-morning","tue-morning"],"split":true,"beginner":true,
		"aptitudes":[{"code":"chambres","level":2,"required":true},{"code":"permis-b","required":false}],"languages":[{"language":"fr","level":"A2","required":true}],
		"contact":{"name":"Camille Bertrand","email":"camille@hotel.example","phone":"04 75 00 00 00"}}},
	{"number":"2","title":"Centre","posts":1,"codes":["rome:G1501"]}]}`

// TestTermsGoInAndOut: what is written of a position is what is read, and can be
// written again as it was read.
func TestTermsGoInAndOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		var made map[string]any
		a := w.ask("employer", "POST", "/v1/opportunities", needOfTwoPlaces)
		a.want(http.StatusCreated).into(&made)
		terms := made["lots"].([]any)[0].(map[string]any)["terms"].(map[string]any)
		for field, want := range map[string]any{"contract": "cdi", "hours": 24.0, "split": true, "beginner": true} {
			if terms[field] != want {
				t.Errorf("%s is %v, not %v", field, terms[field], want)
			}
		}
		if len(terms["slots"].([]any)) != 2 || len(terms["aptitudes"].([]any)) != 2 || terms["contact"] == nil {
			t.Errorf("terms %v", terms)
		}
		if made["lots"].([]any)[1].(map[string]any)["terms"] != nil {
			t.Error("a lot that says nothing has terms")
		}
		first := w.ask("employer", "GET", a.header.Get("Location"), nil).want(200)
		w.ask("employer", "PUT", a.header.Get("Location"), needOfTwoPlaces, "If-Match", a.header.Get("ETag")).want(200)
		same := w.ask("employer", "GET", a.header.Get("Location"), nil).want(200)
		if same.header.Get("ETag") != first.header.Get("ETag") {
			t.Error("the same words again changed the need")
		}
		w.ask("employer", "POST", "/v1/opportunities", strings.Replace(needOfTwoPlaces, "tue-morning", "tue-noon", 1)).problem(422, "invalid")
		w.ask("employer", "POST", "/v1/opportunities", strings.Replace(needOfTwoPlaces, `"chambres"`, `"voler"`, 1)).problem(422, "invalid")
	})
}

// TestWhoAnswersIsReadByWhoProposes: no address that a visitor, another member or
// a researcher may read says who answers for a position; its employer and a
// counsellor read it.
func TestWhoAnswersIsReadByWhoProposes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var made struct {
		ID   int64
		Lots []struct{ ID int64 }
	}
	a := w.ask("employer", "POST", "/v1/opportunities", needOfTwoPlaces)
	a.want(http.StatusCreated).into(&made)
	w.ask("employer", "POST", a.header.Get("Location")+"/publish", nil, "If-Match", a.header.Get("ETag")).want(200)
	changed := strings.Replace(needOfTwoPlaces, "Camille Bertrand", "Camille Bertrand-Roux", 1)
	w.ask("employer", "PUT", a.header.Get("Location"), changed, "If-Match", w.ask("employer", "GET", a.header.Get("Location"), nil).header.Get("ETag")).want(200)
	all := trials(w, 1, 1, 1)
	own := strings.NewReplacer("{own}", id(w.near.ID), "{opp}", id(made.ID), "{lot}", id(made.Lots[0].ID), "{theirs}", id(made.ID), "{theirlot}", id(made.Lots[0].ID), "{match}", id(w.match))
	read := 0
	for _, op := range w.door.Operations() {
		path := all[op.ID].path
		if path == "" {
			path = op.Path
		}
		switch {
		case strings.HasPrefix(op.Path, "/v1/opportunities/{id}"):
			path = strings.Replace(op.Path, "{id}", id(made.ID), 1)
		case strings.HasPrefix(op.Path, "/v1/lots/{id}"):
			path = strings.Replace(op.Path, "{id}", id(made.Lots[0].ID), 1)
		}
		if op.Method != http.MethodGet || strings.Contains(path, "Location") {
			continue
		}
		for _, role := range []string{"", "member", "researcher"} {
			got := w.ask(role, "GET", own.Replace(path), nil)
			read++
			if strings.Contains(strings.ToLower(string(got.body)), "bertrand") || strings.Contains(string(got.body), "hotel.example") {
				t.Errorf("%q reads who answers at %s", role, own.Replace(path))
			}
		}
	}
	if read < 100 {
		t.Errorf("%d readings only", read)
	}
	for _, role := range []string{"employer", "counsellor", "officer", "admin"} {
		for _, path := range []string{"/v1/opportunities/" + id(made.ID), "/v1/lots/" + id(made.Lots[0].ID)} {
			if !strings.Contains(string(w.ask(role, "GET", path, nil).want(200).body), "camille@hotel.example") {
				t.Errorf("%s does not read who answers at %s", role, path)
			}
		}
	}
	for _, path := range []string{"/v1/opportunities?kind=job_need", "/v1/opportunities/" + id(made.ID) + "/events"} {
		if strings.Contains(string(w.ask("employer", "GET", path, nil).want(200).body), "Bertrand") {
			t.Errorf("%s says who answers", path)
		}
	}
}

// TestSessionsAreListedWhereTheyAreAsked: a session is in the list of its kind,
// found by what it gives, for whom, and what it prepares for; in no list of tenders.
func TestSessionsAreListedWhereTheyAreAsked(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		a := w.ask("member", "POST", "/v1/opportunities", `{"kind":"training_session","title":"CACES chariot","place":{"words":"Valence"},"lots":[{"title":"Février","posts":8,"hours":35,"starts_on":"2027-02-01","ends_on":"2027-02-05",
			"terms":{"audience":"journeys","outcomes":[{"code":"caces-r489-3"}],"leads":["rome:N1101"]}}]}`).want(201)
		w.ask("member", "POST", a.header.Get("Location")+"/publish", nil, "If-Match", a.header.Get("ETag")).want(200)
		for query, want := range map[string]bool{
			"": false, "?kind=training_session": true, "?kind=training_session&gives=caces-r489-3&audience=journeys": true,
			"?kind=training_session&gives=psc1": false, "?kind=training_session&audience=staff": false,
			"?kind=training_session&code=rome:N1101": true, "?kind=training_session&code=rome:G1501": false,
			"?kind=mission": false,
		} {
			found := strings.Contains(string(w.ask("", "GET", "/v1/opportunities"+query, nil).want(200).body), "CACES chariot")
			if found != want {
				t.Errorf("%q finds it: %v", query, found)
			}
		}
		w.ask("member", "POST", "/v1/opportunities", `{"kind":"mission","title":"Cariste","buyer":{"name":"Entrepôt"}}`).problem(422, "invalid")
	})
}
