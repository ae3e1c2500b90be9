package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// A whole tender is composed through the API as on its page; a member doesn't.
func TestAWholeTenderThroughTheAPI(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		path := "/v1/opportunities/" + id(w.tender.ID) + "/composition"
		var found struct {
			Proven bool
			Looked int
			Lots   []struct {
				Lot         int64
				Composition struct {
					Complete     bool
					Alternatives []struct{}
					Best         struct {
						Members []struct {
							Organisation int64
							Name         string
						}
					}
				}
			}
		}
		got := w.as("officer", http.MethodPost, path, "application/json", `{"lots_per_bidder":1}`)
		if got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
		must(t, json.Unmarshal(got.body, &found))
		if !found.Proven || found.Looked != 1 || len(found.Lots) != len(w.tender.Lots) || found.Lots[0].Lot != int64(w.tender.Lots[0].ID) {
			t.Fatalf("%s", got.body)
		}
		c := found.Lots[0].Composition
		if !c.Complete || len(c.Best.Members) != 1 || c.Best.Members[0].Organisation != int64(w.near.ID) || c.Best.Members[0].Name == "" {
			t.Fatalf("%s", got.body)
		}
		for role, want := range map[string]int{"member": http.StatusForbidden, "public": http.StatusUnauthorized} {
			if got := w.as(role, http.MethodPost, path, "application/json", `{}`); got.status != want {
				t.Errorf("%s: %d %s", role, got.status, got.body)
			}
		}
		if bad := w.as("officer", http.MethodPost, path, "application/json", `{"lots_per_bidder":-1}`); bad.status != http.StatusUnprocessableEntity {
			t.Errorf("%d %s", bad.status, bad.body)
		}
	})
}
