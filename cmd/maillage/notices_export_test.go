package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoticesExport imports notices, writes them as a release package, and
// reads that package again: nothing new is in it.
func TestNoticesExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, out := "--database="+filepath.Join(dir, "a.db"), filepath.Join(dir, "out.json")
	if code, _, errs := notices(t, "", "export", database, "-o", out); code != int(exitFailed) || !strings.Contains(errs, "Aucun avis publié") {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if left, _ := filepath.Glob(out + "*"); len(left) > 0 {
		t.Errorf("an export that fails leaves %v", left)
	}
	notices(t, "", "import", database, testNotices+"eforms-call.xml", testNotices+"eforms-correction.xml", testNotices+"eforms-award.xml")
	code, _, errs := notices(t, "", "export", database, "-o", out, "--ocid-prefix=ocds-a1b2c3", "--publisher=Fédération", "--site=https://maillage.example.org", "--source=eforms")
	if code != 0 || !strings.Contains(errs, "avis publiés") {
		t.Fatalf("exit %d: %s", code, errs)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		URI       string
		Publisher struct{ Name string }
		Releases  []struct{ OCID string }
	}
	if err := json.Unmarshal(raw, &p); err != nil || p.URI != "https://maillage.example.org/v1/releases?source=eforms" || p.Publisher.Name != "Fédération" ||
		len(p.Releases) != 3 || !strings.HasPrefix(p.Releases[0].OCID, "ocds-a1b2c3-") {
		t.Errorf("%v %+v", err, p)
	}
	if code, said, errs := notices(t, "", "parse", "--json", out); code != 0 || strings.Count(said, `"source":"ocds"`) != 3 {
		t.Errorf("read again: exit %d: %s", code, errs)
	}
	for _, wrong := range [][]string{{"--ocid-prefix=x"}, {"--territory=departement:99"}, {"--format=csv"}} {
		if code, _, _ := notices(t, "", append([]string{"export", database}, wrong...)...); code == 0 {
			t.Errorf("%v is accepted", wrong)
		}
	}
}
