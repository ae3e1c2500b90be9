package api_test

import (
	"net/http"
	"testing"

	"maillage/api"
	"maillage/internal/testkit"
)

// A program keeps a search, has it written, follows it and forgets it; another person's is not there.
func TestSearchesOfMine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var made api.Search
	w.ask("member", http.MethodPost, "/v1/me/searches", map[string]any{"name": "Drôme", "frequency": "weekly", "q": "tonte", "codes": []string{"cpv:77310000"},
		"perimeter": map[string]string{"words": "Drôme"}, "clauses": []string{"reserved"}, "kinds": []string{"tender"}}).want(http.StatusCreated).into(&made)
	if made.Frequency != "weekly" || string(made.Perimeter) != `{"territory":"departement:26"}` || len(made.Codes) != 1 || made.Codes[0] != "cpv:77310000" || made.Clauses[0] != "reserved" || made.Linked {
		t.Errorf("made %+v", made)
	}
	path := "/v1/me/searches/" + id(made.ID)
	w.ask("officer", http.MethodPatch, path, map[string]string{"frequency": "off"}).want(http.StatusNotFound)
	w.ask("officer", http.MethodDelete, path, nil).want(http.StatusNotFound)
	w.ask("member", http.MethodPatch, path, map[string]string{"frequency": "hourly"}).want(http.StatusUnprocessableEntity)
	w.ask("member", http.MethodPatch, path, map[string]string{"frequency": "daily"}).want(http.StatusNoContent)
	w.ask("member", http.MethodPatch, path, map[string]string{"name": "Drôme, tonte"}).want(http.StatusNoContent)
	var feeds api.SearchFeeds
	w.ask("member", http.MethodPost, path+"/feeds", nil).want(http.StatusCreated).into(&feeds)
	if len(feeds.News) != len("/flux//marches.atom")+43 {
		t.Errorf("feeds %+v", feeds)
	}
	var all []api.Search
	w.ask("member", http.MethodGet, "/v1/me/searches", nil).want(http.StatusOK).into(&all)
	if len(all) != 1 || all[0].Name != "Drôme, tonte" || all[0].Frequency != "daily" || !all[0].Linked {
		t.Errorf("kept %+v", all)
	}
	w.ask("member", http.MethodDelete, path+"/feeds", nil).want(http.StatusNoContent)
	w.ask("member", http.MethodDelete, path, nil).want(http.StatusNoContent)
	w.ask("member", http.MethodPost, "/v1/me/searches", map[string]any{"name": "x", "codes": []string{"lune:1"}}).want(http.StatusUnprocessableEntity)
}
