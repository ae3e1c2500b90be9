package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// TestPeopleCommands sets the environment, so it runs alone.
func TestPeopleCommands(t *testing.T) {
	dir := t.TempDir()
	database, file := filepath.Join(dir, "m.db"), filepath.Join(dir, "parcours.csv")
	key := func(letter string) string {
		return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32)))
	}
	command := func(keys string, args ...string) (string, string, int) {
		t.Setenv("MAILLAGE_IDENTITY_KEY", keys)
		var o, e bytes.Buffer
		code := run(context.Background(), append([]string{"--database", database}, args...), strings.NewReader(""), &o, &e)
		return o.String(), e.String(), code
	}
	members := filepath.Join(testkit.Root(), "network", "testdata", "membres.csv")
	if out, errs, code := command("", "members", "import", members); code != 0 {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	_ = os.Remove(members + ".rejected.csv")
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("numero;heures_max;nom;RQTH\nP1;30;Zorglub;oui\nP2;beaucoup;Zorglub;oui\n")
	importing := []string{"people", "import", file, "--siret", "99900001100018"}
	out, errs, code := command("a:"+key("a"), importing...)
	if code != int(exitRefused) || !strings.Contains(out, "1 parcours créés") || !strings.Contains(out, "1 identités scellées") || !strings.Contains(out, "ligne 3, heures_max") || !strings.Contains(out, "rqth : ") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	refused, err := os.ReadFile(file + ".rejected.csv")
	if err != nil || strings.Contains(string(refused)+out+errs, "Zorglub") || !strings.Contains(string(refused), "P2") {
		t.Fatalf("%q, %v", refused, err)
	}
	write("numero;heures_max;nom\nP1;30;Zorglub\n")
	out, _, code = command("a:"+key("a"), append(importing, "--json")...)
	var r peopleReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 || r.Unchanged != 1 || r.Written != "" {
		t.Fatalf("%d: %v: %s", code, err, out)
	}
	if out, errs, code = command("b:"+key("b")+",a:"+key("a"), "people", "rotate-key"); code != 0 || !strings.Contains(out, "1 identités scellées de nouveau") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if out, errs, code = command("b:"+key("b"), "people", "rotate-key"); code != 0 || !strings.Contains(out, "0 identités") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	if _, errs, code = command("", "people", "rotate-key"); code != int(exitFailed) || !strings.Contains(errs, "MAILLAGE_IDENTITY_KEY") {
		t.Fatalf("%d: %s", code, errs)
	}
	if _, errs, code = command("b:short", "people", "rotate-key"); code != int(exitFailed) || strings.Contains(errs, "short") {
		t.Fatalf("%d: %s", code, errs)
	}
	if _, errs, code = command("", "people", "import", file, "--siret", "99999999999999"); code != int(exitFailed) {
		t.Fatalf("%d: %s", code, errs)
	}
}
