package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIndicatorsCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "f.csv")
	command := func(content string, args ...string) (string, string, int) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var o, e bytes.Buffer
		code := run(context.Background(), append([]string{"--database", filepath.Join(dir, "m.db"), "indicators"}, args...), strings.NewReader(""), &o, &e)
		return o.String(), e.String(), code
	}
	enterprises := "entreprise;annee;type\nE-1;2011;ACI\nE-2;2011;chantier\n"
	out, errs, code := command(enterprises, "import", "entreprises", file)
	if code != int(exitRefused) || !strings.Contains(out, "1 créées") || !strings.Contains(out, "ligne 3, type") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if refused, err := os.ReadFile(file + ".rejected.csv"); err != nil || !strings.Contains(string(refused), "E-2") {
		t.Fatalf("%q, %v", refused, err)
	}
	out, _, code = command("entreprise;annee;type\nE-1;2011;ACI\n", "import", "entreprises", file, "--json")
	var r indicatorsReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 || r.Unchanged != 1 || r.Written != "" || r.Batch == 0 {
		t.Fatalf("%d: %v: %s", code, err, out)
	}
	if out, errs, code = command("entreprise;salarie;date;motif\nE-1;S-1;2011-05-01;formation\n", "import", "sorties", file, "--preview"); code != 0 || !strings.Contains(out, "1 créées") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if out, errs, code = command("", "compute"); code != 0 || !strings.Contains(out, "1 entreprises et années comptées") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if out, errs, code = command("", "compute", "--year", "2011", "--json"); code != 0 || !strings.Contains(out, `"counted": 1`) {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if _, errs, code = command("", "import", "licornes", file); code != int(exitFailed) || !strings.Contains(errs, "sorties") {
		t.Fatalf("%d: %s", code, errs)
	}
}
