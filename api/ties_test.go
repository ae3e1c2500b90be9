package api_test

import (
	"strings"
	"testing"

	"maillage/api"
	"maillage/internal/store"
	"maillage/internal/testkit"
)

// Groups, poles and partnerships have versions, and writes ask for them.
func TestTiesAreWrittenAtTheVersionRead(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		for path, body := range map[string]string{
			"/v1/groups":       `{"name":"Groupe des versions","members":[]}`,
			"/v1/poles":        `{"name":"Pôle des versions","seat":"26281","stage":"emerging","territory":{"words":"Romans-sur-Isère"}}`,
			"/v1/partnerships": `{"name":"Cadre des versions","from":"2026-01-01"}`,
		} {
			made := w.ask("admin", "POST", path, body).want(201)
			one, first := made.header.Get("Location"), made.header.Get("ETag")
			read := w.ask("admin", "GET", one, nil).want(200).header.Get("ETag")
			renamed := strings.Replace(body, "versions", "révisions", 1)
			second := w.ask("admin", "PUT", one, renamed, "If-Match", read).want(200).header.Get("ETag")
			for _, stale := range []string{first, read, `"999.x"`} {
				w.ask("admin", "PUT", one, body, "If-Match", stale).problem(412, "stale")
				w.ask("admin", "DELETE", one, nil, "If-Match", stale).problem(412, "stale")
			}
			w.ask("admin", "DELETE", one, nil, "If-Match", second).want(204)
			w.ask("admin", "GET", one, nil).problem(404, "not-found")
		}
	})
}

func TestTiesAreListedByPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, name := range []string{"Un", "Deux", "Trois", "Quatre"} {
		w.ask("admin", "POST", "/v1/groups", `{"name":"Groupe `+name+`","members":[]}`).want(201)
	}
	seen, path := map[int64]bool{}, "/v1/groups?limit=2"
	for range 10 {
		var page struct {
			Items []api.Group `json:"items"`
			Next  string      `json:"next"`
		}
		a := w.ask("admin", "GET", path, nil).want(200).into(&page)
		for _, g := range page.Items {
			if seen[g.ID] {
				t.Errorf("group %d comes twice", g.ID)
			}
			seen[g.ID] = true
		}
		if page.Next == "" {
			break
		}
		if !strings.Contains(a.header.Get("Link"), `rel="next"`) {
			t.Fatalf("a page with a next one has Link %q", a.header.Get("Link"))
		}
		path = "/v1/groups?limit=2&after=" + page.Next
	}
	if len(seen) < 4 {
		t.Errorf("%d groups seen", len(seen))
	}
}
