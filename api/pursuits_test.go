package api_test

import (
	"strings"
	"testing"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// An answer is followed from the first word to the contract, with its history;
// the same step from an older reading is refused, the buyer never reads the steps.
func TestAPursuitThroughTheContract(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		at := "/v1/matches/" + id(w.match) + "/pursuit"
		first := w.ask("member", "GET", at, nil).want(200)
		if !strings.Contains(string(first.body), `"state":"proposed"`) {
			t.Errorf("not proposed yet: %s", first.body)
		}
		w.ask("member", "POST", at+"/steps", `{"steps":[{"state":"go"},{"state":"answering","role":"lead"}]}`).problem(422, "invalid")
		w.ask("member", "POST", at+"/steps", `{"steps":[{"state":"go"},{"state":"answering","role":"alone"}]}`).want(200)
		w.ask("officer", "POST", at+"/steps", `{"steps":[{"state":"interested"}]}`).problem(403, "forbidden")
		w.ask("officer", "POST", at+"/steps", `{"steps":[{"state":"submitted","submitted_on":"2026-11-23"}]}`).want(200)
		w.ask("member", "POST", at+"/steps", `{"steps":[{"state":"go"}]}`).problem(409, "transition")
		w.ask("member", "POST", at+"/steps", `{"steps":[{"state":"lost","reason":"outbid"}]}`).want(200)
		w.ask("member", "POST", at+"/award", nil).problem(409, "not-named")
		w.ask("far", "GET", at, nil).problem(404, "not-found")
		w.ask("employer", "GET", at, nil).problem(403, "forbidden")
		last := string(w.ask("member", "GET", at, nil).want(200).body)
		for _, want := range []string{`"state":"lost"`, `"reason_words"`, `"submitted_on":"2026-11-23"`, `"from":"proposed","to":"go"`} {
			if !strings.Contains(last, want) {
				t.Errorf("the pursuit lacks %s: %s", want, last)
			}
		}
		list := string(w.ask("officer", "GET", "/v1/pursuits?state=lost", nil).want(200).body)
		if !strings.Contains(list, `"counts":{"lost":1}`) || !strings.Contains(list, `"gone":false`) {
			t.Errorf("the officer's list: %s", list)
		}
	})
}
