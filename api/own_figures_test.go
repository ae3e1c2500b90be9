package api_test

import (
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// One's own figures are one's own, and times of the federation are everybody's.
func TestOwnFiguresAndTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, path := range []string{"/v1/observatory/mirror", "/v1/observatory/funder-report"} {
		w.ask("member", "GET", path, nil).problem(404, "not-found")
		w.ask("member", "GET", path+"?organisation=999999", nil).problem(403, "forbidden")
		w.ask("counsellor", "GET", path, nil).problem(403, "forbidden")
		w.ask("member", "GET", path+"?definition=autre", nil).problem(422, "invalid")
	}
	body := string(w.ask("", "GET", "/v1/observatory/times?topic=dynamic_exit", nil).want(200).body)
	if !strings.Contains(body, `"unit":"months"`) || !strings.Contains(body, `"groups":[]`) {
		t.Errorf("%s", body)
	}
	w.ask("member", "GET", "/v1/observatory/times?by=region", nil).problem(403, "forbidden")
	w.ask("admin", "GET", "/v1/observatory/times?by=region", nil).want(200)
	w.ask("", "GET", "/v1/observatory/times?topic=lunch", nil).problem(422, "invalid")
}
