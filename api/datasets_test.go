package api_test

import (
	"slices"
	"strings"
	"testing"

	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/indicators/publication"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// counts declares one enterprise, so that there is a year to ask for.
func (w *world) counts() {
	w.t.Helper()
	must(w.t, importOne(w))
	_, err := figures.NewService(figures.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}).Refresh(system())
	must(w.t, err)
}

func importOne(w *world) error {
	_, err := microdata.NewService(microdata.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now}).Import(system(), microdata.File{Sheet: microdata.Enterprises, Name: "e.csv",
		Content: strings.NewReader("entreprise;annee;type;code_insee\nE-1;2025;ACI;26362\n")})
	return err
}

// A request is asked by a researcher and decided by an administrator; nothing of it is
// public before it is released.
func TestAReleaseIsAskedAndDecided(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		w.counts()
		body := `{"institution":"Université","purpose":"Comparer.","plan":{"indicators":[{"id":"C04","version":1}],"level":"region","by_kind":true,"years":[2025],"territories":["R84"]}}`
		w.as("researcher", "POST", "/v1/dataset-requests", "application/json", strings.Replace(body, "R84", "R00", 1)).problem(422, "invalid")
		made := w.as("researcher", "POST", "/v1/dataset-requests", "application/json", body)
		var r struct {
			ID    int64
			State string
			Plan  struct{ Territories []string }
		}
		made.want(201).into(&r)
		if r.State != "pending" || !slices.Equal(r.Plan.Territories, []string{"R84"}) {
			t.Errorf("%+v", r)
		}
		w.as("researcher", "POST", "/v1/dataset-requests/"+id(r.ID)+"/decision", "application/json", `{"approve":true}`).problem(403, "forbidden")
		w.as("admin", "POST", "/v1/dataset-requests/"+id(r.ID)+"/decision", "application/json", `{"approve":false}`).problem(422, "invalid")
		w.as("admin", "POST", "/v1/dataset-requests/"+id(r.ID)+"/decision", "application/json", `{"approve":true}`).want(200)
		must(t, publication.NewService(publication.Config{Store: st, Atlas: w.atlas, Counts: figures.NewService(figures.Config{Store: st, Atlas: w.atlas, Now: w.clock.Now}), Now: w.clock.Now}).Build(system(), publication.BuildRelease{ID: r.ID}))
		w.as("researcher", "GET", "/v1/dataset-requests/"+id(r.ID), "", "").want(200).into(&r)
		var list struct {
			Items []struct{ ID, Version string }
		}
		w.ask("", "GET", "/v1/datasets", nil).want(200).into(&list)
		if r.State != "published" || len(list.Items) != 1 {
			t.Fatalf("%+v %+v", r, list)
		}
		w.ask("", "GET", "/v1/datasets/"+list.Items[0].ID+"/"+list.Items[0].Version, nil).want(200)
		w.as("researcher", "POST", "/v1/dataset-requests", "application/json", body).want(201).into(&r)
		must(t, publication.NewService(publication.Config{Store: st, Atlas: w.atlas, Counts: figures.NewService(figures.Config{Store: st, Atlas: w.atlas, Now: w.clock.Now}), Now: w.clock.Now}).Preview(system(), publication.PreviewRelease{ID: r.ID}))
		for role, told := range map[string]bool{"researcher": false, "admin": true} {
			var of struct {
				Compared *struct {
					Version string
					Before  struct{ Shown, Hidden, Absent int }
					Refusal struct{ FR string }
				}
			}
			w.as(role, "GET", "/v1/dataset-requests/"+id(r.ID), "", "").want(200).into(&of)
			if told != (of.Compared != nil) || told && (of.Compared.Version != "1.0.0" || of.Compared.Before.Shown+of.Compared.Before.Hidden+of.Compared.Before.Absent == 0 || !strings.Contains(of.Compared.Refusal.FR, "Rien n’a changé")) {
				t.Errorf("%s reads %+v", role, of.Compared)
			}
		}
		var got struct {
			Figures []struct{ Status, Dataset, Version, Follows string }
		}
		w.ask("", "GET", "/v1/indicators/C04/figures", nil).want(200).into(&got)
		for _, f := range got.Figures {
			if f.Status != "awaited" || f.Dataset != list.Items[0].ID || f.Version != list.Items[0].Version || f.Follows != "C04 v1, C08 v1" { // the one enterprise sent nothing
				t.Errorf("%+v", f)
			}
		}
	})
}

// A request is cancelled by who asked, a version withdrawn by an administrator with a
// reason; both again change nothing.
func TestARequestIsCancelledAndAReleaseWithdrawn(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		w.counts()
		ask := func() (path string, number int64) {
			var r struct{ ID int64 }
			w.as("researcher", "POST", "/v1/dataset-requests", "application/json", `{"institution":"Université","purpose":"Comparer.","plan":{"indicators":[{"id":"C04","version":1}],"level":"region","by_kind":true,"years":[2025]}}`).want(201).into(&r)
			return "/v1/dataset-requests/" + id(r.ID), r.ID
		}
		first, _ := ask()
		for range 2 {
			var r struct{ State string }
			w.as("researcher", "POST", first+"/cancel", "", "").want(200).into(&r)
			if r.State != "cancelled" {
				t.Errorf("%+v", r)
			}
		}
		w.as("admin", "POST", first+"/decision", "application/json", `{"approve":true}`).problem(409, "decided")
		second, number := ask()
		w.as("admin", "POST", second+"/decision", "application/json", `{"approve":true}`).want(200)
		must(t, publication.NewService(publication.Config{Store: st, Atlas: w.atlas, Counts: figures.NewService(figures.Config{Store: st, Atlas: w.atlas, Now: w.clock.Now}), Now: w.clock.Now}).Build(system(), publication.BuildRelease{ID: number}))
		w.as("researcher", "POST", second+"/cancel", "", "").problem(409, "ended")
		var list struct {
			Items []struct{ ID, Version string }
		}
		w.ask("", "GET", "/v1/datasets", nil).want(200).into(&list)
		version := "/v1/datasets/" + list.Items[0].ID + "/" + list.Items[0].Version
		reason := `{"reason":{"fr":"Un titre était faux."}}`
		w.as("researcher", "POST", version+"/withdraw", "application/json", reason).problem(403, "forbidden")
		w.as("admin", "POST", version+"/withdraw", "application/json", `{"reason":{"fr":" "}}`).problem(422, "invalid")
		w.as("admin", "POST", version+"x/withdraw", "application/json", reason).want(404)
		for range 2 {
			w.as("admin", "POST", version+"/withdraw", "application/json", reason).want(200)
		}
		var got struct {
			File   string
			Reason struct{ FR, EN string } `json:"withdrawn_because"`
		}
		w.ask("", "GET", version, nil).want(200).into(&got)
		if got.File != "" || got.Reason.FR != "Un titre était faux." || got.Reason.EN != got.Reason.FR {
			t.Errorf("%+v", got)
		}
	})
}
