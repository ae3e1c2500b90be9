package api_test

import (
	"testing"

	"maillage/internal/testkit"
)

// What is said of a person stays in no cache.
func TestPeopleAreInNoCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	made := w.ask("counsellor", "POST", "/v1/people", `{"number":"B7"}`).want(201)
	path := made.header.Get("Location")
	for _, address := range []string{"/v1/people", path, path + "/rights", path + "/agreements", path + "/events"} {
		if got := w.ask("counsellor", "GET", address, nil).want(200).header.Values("Cache-Control"); len(got) != 1 || got[0] != "no-store" {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// A batch names people too, kept or only computed.
func TestBatchesAreInNoCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, c := range []struct {
		method, path string
		body         any
		status       int
	}{{"POST", "/v1/batches/computation", `{"source":"reach"}`, 200}, {"POST", "/v1/batches", `{"key":"mardi"}`, 201}, {"GET", "/v1/batches", nil, 200}, {"GET", "/v1/batches/1", nil, 200}, {"POST", "/v1/batches/1/recompute", nil, 200}} {
		if got := w.ask("counsellor", c.method, c.path, c.body).want(c.status).header.Values("Cache-Control"); len(got) != 1 || got[0] != "no-store" {
			t.Errorf("%s %s: %q", c.method, c.path, got)
		}
	}
}
