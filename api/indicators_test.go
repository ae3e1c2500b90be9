package api_test

import (
	"strings"
	"testing"

	"maillage/api"
	"maillage/internal/testkit"
)

type indicatorList struct {
	Items []api.IndicatorSummary `json:"items"`
	Next  string                 `json:"next"`
}

// Anybody reads the catalogue, page by page, by what each page says of the next.
func TestTheCatalogueIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var ids []string
	for path := "/v1/indicators?limit=20"; path != ""; {
		var got indicatorList
		w.ask("", "GET", path, nil).want(200).into(&got)
		for _, i := range got.Items {
			ids = append(ids, i.ID)
		}
		if path = ""; got.Next != "" {
			path = "/v1/indicators?limit=20&after=" + got.Next
		}
	}
	if len(ids) != 43 || ids[0] != "C01" || ids[42] != "R6.5" {
		t.Errorf("%d indicators: %v", len(ids), ids)
	}
	for query, want := range map[string]int{"register=R4": 6, "source=external": 8, "q=sorties+dares": 2, "register=core&q=benevolat": 0} {
		var got indicatorList
		w.ask("", "GET", "/v1/indicators?limit=200&"+query, nil).want(200).into(&got)
		if len(got.Items) != want {
			t.Errorf("%s: %d, want %d", query, len(got.Items), want)
		}
	}
	for _, bad := range []string{"register=R9", "source=rumour", "limit=0", "after=zz!", "quoi=x"} {
		w.ask("", "GET", "/v1/indicators?"+bad, nil).problem(422, "invalid")
	}
}

// Definitions that differ are read side by side, with the bounds that set them apart.
func TestAnIndicatorHasAllItsDefinitions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var got api.Indicator
	a := w.ask("", "GET", "/v1/indicators/C04", nil).want(200)
	a.into(&got)
	if len(got.All) != 2 || got.Versions != 2 || got.All[0].Rule.Durable.Inclusive || !got.All[1].Rule.Durable.Inclusive || !got.All[0].Default || got.All[1].Default || got.All[1].UsedBy[0].Code != "dares" || got.All[1].Changes == nil {
		t.Errorf("%+v", got.All)
	}
	if got.Publication.Persons != 5 || got.Publication.Sensitive != 11 || got.Publication.Contributors != 3 || got.Publication.Dominance != 85 || got.Register.Label.FR != "Socle commun" {
		t.Errorf("%+v", got)
	}
	if tag := a.header.Get("ETag"); tag == "" {
		t.Error("it has no ETag")
	}
	w.ask("", "GET", "/v1/indicators/C08", nil).want(200).into(&got)
	if p := got.All[1].Rule.Presence[0]; p.Stay.Months != 2.65 || strings.Join(p.Kinds, " ") != "ACI EI" {
		t.Errorf("%+v", p)
	}
	w.ask("", "GET", "/v1/indicators/C99", nil).problem(404, "not-found")
}
