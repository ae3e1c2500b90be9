package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"maillage/accounts"
	"maillage/internal/testkit"
)

// The operator's addresses are in the policy table, and the measures are the operator's alone.
func TestTheOperatorsAddressesFollowThePolicy(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	var known []accounts.Action
	for _, rule := range accounts.Policy() {
		known = append(known, rule.Action)
	}
	for _, r := range newWatch(st, "").table() {
		if !slices.Contains(known, r.action) {
			t.Errorf("%s asks for %q, which the policy does not name", r.pattern, r.action)
		}
	}
	for _, c := range []struct {
		token, from, bearer, forwarded, path string
		want                                 int
	}{
		{"", "127.0.0.1:9", "", "", "/metrics", 200},
		{"", "127.0.0.1:9", "", "192.0.2.7", "/metrics", 404},
		{"", "192.0.2.7:9", "", "", "/metrics", 404},
		{"s3cret", "127.0.0.1:9", "", "", "/metrics", 404},
		{"s3cret", "192.0.2.7:9", "Bearer s3cret", "", "/metrics", 200},
		{"s3cret", "192.0.2.7:9", "Bearer other", "", "/metrics", 404},
		{"", "192.0.2.7:9", "", "", "/healthz", 200},
		{"", "192.0.2.7:9", "", "", "/readyz", 200},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.RemoteAddr = c.from
		if c.bearer != "" {
			r.Header.Set("Authorization", c.bearer)
		}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		w := httptest.NewRecorder()
		newWatch(st, c.token).routes(http.NotFoundHandler()).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%+v answers %d", c, w.Code)
		}
	}
}
