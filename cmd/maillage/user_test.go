package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// user runs the command as a person would, with what is typed on the standard input.
func user(database, typed string, args ...string) (out, errs string, code int) {
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"--database", database, "user", "add"}, args...), strings.NewReader(typed), &o, &e)
	return o.String(), e.String(), code
}

func TestUserAdd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "m.db")
	out, errs, code := user(database, "", "ada@example.org", "--role", "admin", "--site", "https://maillage.example.org")
	if code != 0 || !strings.Contains(out, "https://maillage.example.org/invitation/") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	out, errs, code = user(database, "un train passe à l'aube\n", "ada@example.org", "--role", "admin", "--name", "Ada", "--password-stdin", "--json")
	var made struct {
		User int64  `json:"user"`
		Role string `json:"role"`
	}
	if err := json.Unmarshal([]byte(out), &made); err != nil || code != 0 || made.User == 0 || made.Role != "admin" {
		t.Fatalf("exit %d: %v: %s%s", code, err, out, errs)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"twice":        {[]string{"ada@example.org", "--role", "admin"}, "déjà un compte"},
		"nowhere":      {[]string{"zoe@example.org", "--role", "member"}, "organisation"},
		"unknown role": {[]string{"zoe@example.org", "--role", "king"}, "rôle"},
		"unknown":      {[]string{"zoe@example.org", "--role", "member", "--siret", "41816609600069"}, "n’existe pas"},
		"no perimeter": {[]string{"zoe@example.org", "--role", "officer", "--organisation", "1", "--perimeter", "Syldavie"}, "n’existe pas"},
		"weak":         {[]string{"zoe@example.org", "--role", "researcher", "--name", "Zoé", "--password-stdin"}, "12 caractères"},
	} {
		if out, errs, code := user(database, "court\n", c.args...); code != int(exitFailed) || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d: %s%s", name, code, out, errs)
		}
	}
}

func TestUserAddClaimsAnEnterprise(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "m.db")
	file := filepath.Join(testkit.Root(), "network", "testdata", "membres.csv")
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"--database", database, "members", "import", file, "--json"}, strings.NewReader(""), &o, &e); code != 0 {
		t.Fatalf("import: %s%s", o.String(), e.String())
	}
	out, errs, code := user(database, "", "zoe@structure.fr", "--role", "member", "--organisation", "1", "--json")
	if code != 0 || !strings.Contains(out, "/invitation/") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	out, errs, code = user(database, "", "olga@example.org", "--role", "officer", "--organisation", "1", "--perimeter", "Drôme et Ardèche", "--json")
	if code != 0 || !strings.Contains(out, "/invitation/") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
}
