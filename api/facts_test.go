package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// What buyers ask of an enterprise is said by its member, kept, and shown to
// those concerned only; an empty list takes the exclusions back.
func TestAMemberStatesWhatBuyersAsk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	path := "/v1/organisations/" + id(w.near.ID)
	say := func(body string, status int) string {
		t.Helper()
		tag := w.ask("member", "GET", path, nil).want(200).header.Get("ETag")
		return string(w.ask("member", "PATCH", path, json.RawMessage(body), "If-Match", tag).want(status).body)
	}
	const kept = `"turnover":400000,"insurance":1000000,"excluded_by":["26260018200014"]`
	if got := say(`{"turnover":400000,"insurance":1000000,"excluded_by":["262 600 182 00014"]}`, 200); !strings.Contains(got, kept) {
		t.Errorf("said %s", got)
	}
	if got := string(w.ask("employer", "GET", path, nil).want(200).body); strings.Contains(got, "26260018200014") || strings.Contains(got, "400000") {
		t.Errorf("an employer reads %s", got)
	}
	say(`{"excluded_by":["12"]}`, 422)
	say(`{"turnover":-1}`, 422)
	if got := say(`{"excluded_by":[]}`, 200); !strings.Contains(got, `"turnover":400000,"insurance":1000000,"excluded_by":[]`) {
		t.Errorf("taken back: %s", got)
	}
}
