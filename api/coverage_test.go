package api_test

import (
	"reflect"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

type holes struct {
	Items []api.Hole `json:"items"`
	Total int        `json:"total"`
	Next  string     `json:"next"`
}

// inside brings near into a pole and one of its projects.
func (w *world) inside(pole, project int64) {
	w.t.Helper()
	ctx := accounts.With(w.t.Context(), accounts.TheSystem())
	p, err := w.network.Pole(ctx, pole)
	if err == nil {
		p.Members = append(p.Members, w.near.ID)
		_, err = w.network.SavePole(ctx, p)
	}
	if err == nil {
		_, err = w.network.JoinProject(ctx, pole, project, w.near.ID, true)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAHoleIsListedAndMadeAProject(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		deadline := w.clock.Now().Add(30 * 24 * time.Hour)
		laundry := &opportunities.Opportunity{Kind: opportunities.Tender, Title: "Blanchisserie de l'hôpital", BuyerName: "Hôpital de Die", Source: "demo",
			Place: place("commune:26113"), Codes: []nomenclatures.Code{cpv("98310000")}, Deadline: &deadline}
		w.published(laundry)
		var got holes
		w.ask("officer", "GET", "/v1/coverage/holes?territory=departement:26&unmet=true", nil).want(200).into(&got)
		if got.Total != 1 || len(got.Items) != 1 || got.Items[0].Territory != "epci:242600534" || got.Items[0].Unmet != 1 || len(got.Items[0].Shown) != 1 || len(got.Items[0].Poles) == 0 {
			t.Fatalf("%+v", got)
		}
		for query, want := range map[string]int{"group=btp": 0, "sector=" + got.Items[0].Sector: 1, "lack=part": 0, "by=departement": 1, "territory=departement:59": 0} {
			var some holes
			w.ask("officer", "GET", "/v1/coverage/holes?unmet=true&"+query, nil).want(200).into(&some)
			if some.Total != want {
				t.Errorf("%s: %d holes, want %d", query, some.Total, want)
			}
		}
		w.ask("officer", "GET", "/v1/coverage/holes?sector=rien", nil).problem(422, "invalid")
		w.ask("member", "GET", "/v1/coverage/holes", nil).problem(403, "forbidden")

		body := map[string]any{"hole": got.Items[0].Key}
		var made, again api.Project
		w.ask("officer", "POST", "/v1/poles/1/projects", body).want(201).into(&made)
		w.ask("officer", "POST", "/v1/poles/1/projects", body).want(200).into(&again)
		if made.ID != again.ID || made.Evidence == nil || made.Evidence.Unmet != 1 || made.State != "idea" || made.TerritoryWords == nil {
			t.Errorf("made %+v, again %+v", made, again)
		}
		w.ask("officer", "POST", "/v1/poles/2/projects", body).problem(403, "forbidden")
		w.ask("officer", "POST", "/v1/poles/1/projects", map[string]any{"hole": "espaces-verts@epci:242600534"}).want(404)
		state := "/v1/poles/1/projects/" + id(made.ID) + "/state"
		w.ask("officer", "PUT", state, map[string]any{"state": "done"}).want(409)
		w.inside(1, made.ID)
		var moved api.Project
		for _, to := range []string{"running", "done", "running"} {
			w.ask("officer", "PUT", state, map[string]any{"state": to}).want(200).into(&moved)
		}
		var pole api.Pole
		w.ask("", "GET", "/v1/poles/1", nil).want(200).into(&pole)
		if len(moved.Members) != 1 || !reflect.DeepEqual(moved, pole.Projects[0]) {
			t.Errorf("the answer %+v is not what is read: %+v", moved, pole.Projects[0])
		}
		if len(pole.Projects) != 1 || pole.Projects[0].State != "running" || pole.Projects[0].Hole != got.Items[0].Key {
			t.Errorf("%+v", pole.Projects)
		}
		w.ask("officer", "GET", "/v1/coverage/holes?unmet=true", nil).want(200).into(&got)
		if got.Items[0].Poles[0].Project != made.ID {
			t.Errorf("the hole doesn't know its project: %+v", got.Items[0].Poles)
		}
	})
}
