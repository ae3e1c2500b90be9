package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoticesFetch follows a source from its address to its runs; without leave
// this machine is not asked.
func TestNoticesFetch(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.FileServer(http.Dir(testNotices)))
	t.Cleanup(server.Close)
	at := server.URL + "/ocds-package.json"
	database := "--database=" + filepath.Join(t.TempDir(), "m.db")
	leave := "--reach=127.0.0.1/32"
	if code, out, errs := notices(t, "", "import", at, database); code != int(exitFailed) || !strings.Contains(errs, at) {
		t.Errorf("this machine is asked: exit %d, %s%s", code, out, errs)
	}
	if code, _, errs := notices(t, "", "sources", "add", "lines", "ocds", at, database); code != 0 {
		t.Fatalf("add: exit %d: %s", code, errs)
	}
	code, out, errs := notices(t, "", "fetch", "lines", database, leave)
	if code != 0 && code != int(exitRefused) {
		t.Fatalf("fetch: exit %d: %s%s", code, out, errs)
	}
	if code, out, errs = notices(t, "", "fetch", "lines", database, leave); code != 0 || !strings.Contains(out, "0 lus") {
		t.Errorf("fetch again: exit %d: %s%s", code, out, errs)
	}
	if code, out, errs = notices(t, "", "import", at, database, leave, "--json"); !strings.Contains(out, `"made": 0`) {
		t.Errorf("import of the same: exit %d: %s%s", code, out, errs)
	}
	if code, _, errs = notices(t, "", "sources", "off", "lines", database); code != 0 {
		t.Errorf("off: exit %d: %s", code, errs)
	}
	if _, out, _ = notices(t, "", "sources", database); !strings.Contains(out, "lines\tocds\tarrêtée\t1h0m0s\t20") {
		t.Errorf("list: %s", out)
	}
}
