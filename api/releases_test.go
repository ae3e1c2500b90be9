package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/tenders"
)

// TestReleasesArePaged reads every package of a list, by what each says of the
// next: what came of notices is there once, signed by the platform and not by
// the address of the request, and what was written here is not.
func TestReleasesArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	w.ask("", "GET", "/v1/releases", nil).want(404)
	_, err := w.tenders.Import(system(), []string{"../tenders/testdata/eforms-call.xml", "../tenders/testdata/eforms-correction.xml", "../tenders/testdata/ocds-package.json"}, tenders.ImportOptions{})
	must(t, err)
	seen, tags := map[string]bool{}, ""
	path := "/v1/releases?limit=1"
	for path != "" {
		var p tenders.ReleasePackage
		a := w.ask("", "GET", path, nil).want(200)
		must(t, json.Unmarshal(a.body, &p))
		if p.URI != "http://localhost:8080"+path || p.Version != "1.1" || p.PublishedDate.IsZero() || len(p.Releases) == 0 {
			t.Fatalf("%s: %.300s", path, a.body)
		}
		for _, r := range p.Releases {
			if seen[r.ID] {
				t.Errorf("%s is there twice", r.ID)
			}
			seen[r.ID], tags = true, tags+strings.Join(r.Tag, "+")+" "
		}
		if path = ""; p.Links != nil {
			path = strings.TrimPrefix(p.Links.Next, "http://localhost:8080")
		}
		if strings.Contains(a.header.Get("Link"), `rel="next"`) != (path != "") {
			t.Errorf("Link: %s", a.header.Get("Link"))
		}
		if strings.Contains(string(a.body), "Ville de Romans") {
			t.Errorf("what was written here leaves: %.300s", a.body)
		}
	}
	for _, want := range []string{"tender ", "tenderUpdate ", "award+contract ", "tenderCancellation "} {
		if !strings.Contains(tags, want) {
			t.Errorf("no %s in %s", want, tags)
		}
	}
	w.ask("", "GET", "/v1/releases?kind=job_need", nil).want(404)
	w.ask("", "GET", "/v1/releases?source=officer", nil).want(404)
	w.ask("", "GET", "/v1/releases?territory=nowhere", nil).want(422)
	first := w.ask("", "GET", "/v1/releases", nil).want(200)
	w.ask("", "GET", "/v1/releases", nil, "If-None-Match", first.header.Get("ETag")).want(304)
}
