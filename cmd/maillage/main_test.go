package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// What the command line says of a mistake: the code 2 and the usage for a wrong
// line, the code 1 and the thing at fault for what could not be done.
func TestMistakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "m.db")
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("not a database, and long enough to be taken for one: it has no header"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code exitCode
		says string
	}{
		{"", exitUsage, "expected one of"},
		{"sing", exitUsage, "sing"},
		{"members", exitUsage, "import"},
		{"members import", exitUsage, "<file>"},
		{"members import --fast x.csv", exitUsage, "--fast"},
		{"members import " + dir + "/absent.csv", exitFailed, "absent.csv n’existe pas"},
		{"members import " + dir, exitFailed, "est un dossier"},
		{"notices import", exitUsage, "<path>"},
		{"notices import " + dir + "/absent", exitFailed, "absent n’existe pas"},
		{"notices import ftp://example.org/a.xml", exitFailed, "ftp:// ne sont pas lues"},
		{"notices parse file:///absent.xml", exitFailed, "donnez son chemin"},
		{"match", exitUsage, "<lot>"},
		{"match twelve", exitUsage, "twelve"},
		{"match 12 --as-of yesterday", exitFailed, "2026-11-23"},
		{"match 12", exitFailed, "n’existe pas"},
		{"user add someone@example.org", exitUsage, "--role"},
		{"serve --lang de", exitUsage, "de"},
		{"territories resolve", exitUsage, "<code>"},
		{"--lang en members import " + dir + "/absent.csv", exitFailed, "absent.csv does not exist"},
	} {
		code, out, errs := command(t, database, "", strings.Fields(c.args)...)
		if code != int(c.code) || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("maillage %s: exit %d, want %d, saying %q\n%s%s", c.args, code, c.code, c.says, out, errs)
		}
	}
	if code, _, errs := command(t, file, "", "migrate"); code != int(exitFailed) || !strings.Contains(errs, "not a database") {
		t.Errorf("a file that is no database: exit %d, %s", code, errs)
	}
	if code, _, errs := command(t, "postgres://nobody:secret-word@127.0.0.1:1/none?connect_timeout=1", "", "migrate"); code != int(exitFailed) || strings.Contains(errs, "secret-word") {
		t.Errorf("no server: exit %d, %s", code, errs)
	}
}

func TestHelpNamesTheExitCodes(t *testing.T) {
	t.Parallel()
	code, out, errs := command(t, "", "", "--help")
	if code != 0 || errs != "" || !strings.Contains(strings.Join(strings.Fields(out), " "), "5 done but some records were refused") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	for _, name := range []string{"serve", "work", "migrate", "members import", "notices parse", "notices import", "match",
		"territories resolve", "territories perimeter", "territories search", "territories load", "user add"} {
		if !strings.Contains(out, name) {
			t.Errorf("--help does not name %s", name)
		}
		if code, out, _ := command(t, "", "", append(strings.Fields(name), "--help")...); code != 0 || !strings.Contains(out, "Usage: maillage "+name) {
			t.Errorf("%s --help: exit %d\n%s", name, code, out)
		}
	}
}

// An enterprise and a notice come in, the workers match them, the command explains it.
func TestFromFilesToAnExplainedMatch(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "m.db")
	if code, out, errs := command(t, database, "", "migrate"); code != 0 || !strings.Contains(out, "à jour") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	for _, args := range [][]string{
		{"members", "import", filepath.Join(testkit.Root(), "network", "testdata", "membres.csv")},
		{"notices", "import", filepath.Join(testkit.Root(), "tenders", "testdata", "eforms-call.xml")},
		{"work", "--drain"},
	} {
		if code, out, errs := command(t, database, "", args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	if left := unfinished(t, database); left != 0 {
		t.Errorf("work --drain left %d jobs", left)
	}
	kept := matchRows(t, database)
	code, out, errs := command(t, database, "", "match", "1", "--as-of", "2026-11-23", "--json")
	var answer struct {
		Total   int
		Matches []struct {
			Score    int
			Criteria []any
			Line     struct{ FR, EN string }
		}
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	if len(kept) == 0 || answer.Total == 0 || len(answer.Matches) == 0 {
		t.Fatalf("%d matches kept, the answer has %d\n%s", len(kept), answer.Total, out)
	}
	if m := answer.Matches[0]; m.Score == 0 || len(m.Criteria) < 6 || m.Line.FR == "" || m.Line.EN == "" {
		t.Errorf("the first match is not explained: %+v", m)
	}
	code, out, _ = command(t, database, "", "match", "1", "--as-of", "2026-11-23", "--lang", "en")
	if code != 0 || !strings.Contains(out, "candidates") || !strings.Contains(out, "%") {
		t.Errorf("exit %d\n%s", code, out)
	}
}
