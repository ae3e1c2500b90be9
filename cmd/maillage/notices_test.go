package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// notices runs a command of notices and gives its exit code and what it said.
func notices(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"notices"}, args...), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

const testNotices = "../../tenders/testdata/"

func TestNoticesParse(t *testing.T) {
	t.Parallel()
	code, out, errs := notices(t, "", "parse", "--json", testNotices+"eforms-call.xml", testNotices+"ted-call-latin1.xml")
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines for two notices", len(lines))
	}
	for i, source := range []string{"eforms", "ted"} {
		var n struct{ Source, Nature string }
		if err := json.Unmarshal([]byte(lines[i]), &n); err != nil || n.Source != source || n.Nature != "call" {
			t.Errorf("line %d: %+v %v", i+1, n, err)
		}
	}
}

// TestNoticesParseRefused: what is refused is said with its place, and the rest goes on.
func TestNoticesParseRefused(t *testing.T) {
	t.Parallel()
	code, out, errs := notices(t, "", "parse", testNotices+"boamp-lines.jsonl")
	if code != int(exitRefused) || strings.Count(out, "\n") != 2 {
		t.Errorf("exit %d:\n%s", code, out)
	}
	for _, want := range []string{"boamp-lines.jsonl: enregistrement 2, octet ", "enregistrement 5, octet ", "tronqué"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in %s", want, errs)
		}
	}
}

func TestNoticesParseStandardInput(t *testing.T) {
	t.Parallel()
	record := `{"idweb":"26-1","objet":"Tri du papier","nomacheteur":"SICTOM","nature":"APPEL_OFFRE","etat":"INITIAL"}`
	if code, out, errs := notices(t, record, "parse", "-"); code != 0 || !strings.Contains(out, "Tri du papier") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestNoticesParseNoFile(t *testing.T) {
	t.Parallel()
	if code, _, errs := notices(t, "", "parse", "absent.xml"); code != int(exitFailed) || !strings.Contains(errs, "absent.xml") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestNoticesImport(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "x.db")
	for i, made := range []int{1, 0} {
		code, out, errs := notices(t, "", "import", "--json", "--database", database, testNotices+"eforms-call.xml", testNotices+"eforms-empty.xml")
		var r struct{ Read, Made, Unchanged, Quarantined int }
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != int(exitRefused) {
			t.Fatalf("exit %d: %v %s", code, err, errs)
		}
		if r.Read != 2 || r.Made != made || r.Unchanged != 1-made || r.Quarantined != 1 {
			t.Errorf("time %d: %+v", i+1, r)
		}
	}
}
