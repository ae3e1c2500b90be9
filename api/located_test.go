package api_test

import (
	"testing"

	"maillage/internal/testkit"
)

// A fault is located where the caller wrote what is wrong: in the query of what reads
// no body, whichever noun found it; in the body, or in the path, else.
func TestFaultsAreLocatedWhereTheyWereWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, one := range []struct{ who, method, path, body, want string }{
		{"officer", "GET", "/v1/reach?territory=zzz", "", "query.territory"},
		{"officer", "GET", "/v1/coverage/holes?territory=zzz", "", "query.territory"},
		{"officer", "GET", "/v1/skills/outlook?territory=zzz", "", "query.territory"},
		{"officer", "GET", "/v1/opportunities?territory=zzz", "", "query.territory"},
		{"officer", "GET", "/v1/organisations?territory=zzz", "", "query.territory"},
		{"officer", "GET", "/v1/opportunities?after=zzz", "", "query.after"},
		{"", "GET", "/v1/territories/zzz", "", "path.ref"},
		{"officer", "POST", "/v1/perimeters", `{"words":"Syldavie"}`, "body.words"},
		{"counsellor", "POST", "/v1/people", `{"commune":"zzz"}`, "body.commune"},
		{"counsellor", "POST", "/v1/people", `{"profile":{"mobility":[{"mode":"car","km":0}]}}`, "body.profile.mobility[0].km"},
		{"counsellor", "POST", "/v1/people", `{"profile":{"mobility":[{"mode":"foot","minutes":0}]}}`, "body.profile.mobility[0].minutes"},
	} {
		var body any
		if one.body != "" {
			body = one.body
		}
		p := w.ask(one.who, one.method, one.path, body).problem(422, "invalid")
		if len(p.Errors) == 0 || p.Errors[0].Location != one.want {
			t.Errorf("%s %s: %+v, want %s", one.method, one.path, p.Errors, one.want)
		}
	}
	if p := w.ask("officer", "POST", "/v1/perimeters", `{"words":"Drôme\u0000"}`).problem(400, "unreadable"); len(p.Errors) != 1 || p.Errors[0].Code != "nul" || p.Errors[0].Location != "body" {
		t.Errorf("a text that PostgreSQL does not keep: %+v", p.Errors)
	}
	w.ask("officer", "POST", "/v1/perimeters", `{"words":"Drôme\\u0000"}`).problem(422, "invalid") // a backslash, then letters
}
