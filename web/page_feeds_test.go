package web

import (
	"net/http"
	"strings"
	"testing"

	"maillage/accounts"
)

// TestAListLeavesInThreeForms follows the links of the list, and asks again with the version.
func TestAListLeavesInThreeForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Public)
	v.get("/marches?clause=reserved&tri=recent").ok().says("Calendrier", "Fil Atom", "Tableur")
	for path, want := range map[string][2]string{
		"/marches.ics?clause=reserved":  {"text/calendar", "BEGIN:VEVENT"},
		"/marches.atom?clause=reserved": {"application/atom+xml", "<entry>"},
		"/marches.csv?clause=reserved":  {"text/csv", "\uFEFFid;nature;"},
		"/marches/1/echeances.ics":      {"text/calendar", "UID:opportunity-1@"},
	} {
		a := v.get(path).ok()
		if !strings.HasPrefix(a.header.Get("Content-Type"), want[0]) || !strings.Contains(a.body, want[1]) {
			t.Errorf("%s: %s without %q", path, a.header.Get("Content-Type"), want[1])
		}
		first := record(s, http.MethodGet, path, "")
		if again := record(s, http.MethodGet, path, "", "If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s asked again answers %d", path, again.Code)
		}
	}
	v.get("/marches.ics?ou=zzzzzz").is(http.StatusNotFound)
}
