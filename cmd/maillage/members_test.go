package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// members runs the command as a person would, and gives what it printed and its exit code.
func members(t *testing.T, database string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"--database", database, "members", "import"}, args...), strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}

func TestMembersImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database, file := filepath.Join(dir, "m.db"), filepath.Join(dir, "membres.csv")
	data, err := os.ReadFile(filepath.Join(testkit.Root(), "network", "testdata", "membres.csv"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(content []byte) {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(append(data, "12;ACI;Trop court\r\n"...))
	out, errs, code := members(t, database, file)
	if code != int(exitRefused) || !strings.Contains(out, "6 créées") || !strings.Contains(out, file+".rejected.csv") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	refused, err := os.ReadFile(file + ".rejected.csv")
	if err != nil || !strings.Contains(string(refused), "n’a pas 14 chiffres") || !strings.Contains(string(refused), "Trop court") {
		t.Fatalf("%q, %v", refused, err)
	}
	write(data)
	out, errs, code = members(t, database, file, "--json")
	var r membersReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("exit %d: %v: %s%s", code, err, out, errs)
	}
	if r.Read != 6 || r.Unchanged != 6 || r.Layout != "members" || r.Written != "" {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(file + ".rejected.csv"); !os.IsNotExist(err) {
		t.Error("the refused rows of the run before are still there")
	}
	write([]byte("a;b\n1;2\n"))
	if _, errs, code = members(t, database, file); code != int(exitFailed) || !strings.Contains(errs, "Colonnes manquantes") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
