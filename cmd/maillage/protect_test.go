package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"maillage/indicators/disclosure/spec"
	"maillage/internal/testkit"
)

// An invented table: exits by place and motive, with one group of two people.
const (
	exitsTable = `place,motive,exits,enterprises,largest
north,job,40,6,12
north,training,25,6,9
north,other,2,2,1
south,job,55,8,14
south,training,31,7,10
south,other,18,6,5
`
	exitsSpec = `{
  "$schema": "https://maillage.example/schemas/protect.schema.json",
  "dimensions": [{"column": "place", "total": "all"}, {"column": "motive", "total": "all"}],
  "value": "exits", "count": "exits", "contributors": "enterprises", "top": "largest", "integer": true,
  "rules": {"minimum_count": 5, "minimum_contributors": 3, "dominance": [{"n": 1, "percent": 85}]},
  "protection": {"lower": {"at_least": 1}, "upper": {"at_least": 1}, "sliding": {"at_least": 5}}
}`
)

func writeAll(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func protectIn(t *testing.T, dir string, args ...string) (int, string, string) {
	t.Helper()
	return command(t, filepath.Join(dir, "m.db"), "", append([]string{"--lang", "en", "protect"}, args...)...)
}

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	for _, known := range []string{"protect.schema.json", "protected.schema.json"} {
		text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", known))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("https://maillage.example/schemas/"+known, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("https://maillage.example/schemas/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func conforms(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// From a table to what may be published, and back: what is published is attacked
// as a reader would, then with one figure too many.
func TestProtect(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{"exits.csv": exitsTable, "spec.json": exitsSpec})
	table, specification, published := filepath.Join(dir, "exits.csv"), filepath.Join(dir, "spec.json"), filepath.Join(dir, "published.csv")
	code, out, errs := protectIn(t, dir, table, "--spec", specification, "--json", "--output", published)
	if code != 0 {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	conforms(t, schemaOf(t, "protect.schema.json"), exitsSpec)
	conforms(t, schemaOf(t, "protected.schema.json"), out)
	var r spec.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if !r.Safe || r.Counts.Cells != 12 || r.Counts.Primary != 1 || r.Counts.Secondary != 3 || r.Attack.Recovered != 0 || r.Rules["minimum_count"] != 1 {
		t.Errorf("%+v %+v %v", r.Counts, r.Attack, r.Rules)
	}
	text, err := os.ReadFile(published)
	if err != nil || strings.Count(string(text), ",s\n") != 4 || strings.Contains(string(text), "primary") {
		t.Fatalf("%v\n%s", err, text)
	}
	reader := `{"dimensions": [{"column": "place", "total": "all"}, {"column": "motive", "total": "all"}], "value": "exits", "suppressed": ["s"],
		"integer": true, "protection": {"sliding": {"at_least": 3}}}`
	attackPublished(t, reader, string(text))
}

// attackPublished attacks a published table without its hidden figures, then the
// same with one of them.
func attackPublished(t *testing.T, reader, text string) {
	t.Helper()
	conforms(t, schemaOf(t, "protect.schema.json"), reader)
	mutant := strings.Replace(text, "all,other,s\n", "all,other,20\n", 1)
	if mutant == text {
		mutant = strings.Replace(text, "north,all,s\n", "north,all,67\n", 1)
	}
	if mutant == text {
		mutant = strings.Replace(text, "south,other,s\n", "south,other,18\n", 1)
	}
	dir := writeAll(t, map[string]string{"p.csv": text, "mutant.csv": mutant, "spec.json": reader})
	specification := filepath.Join(dir, "spec.json")
	code, out, errs := protectIn(t, dir, filepath.Join(dir, "p.csv"), "--spec", specification, "--attack-only")
	if code != 0 || !strings.Contains(out, "SAFE: the attack fails") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs = protectIn(t, dir, filepath.Join(dir, "mutant.csv"), "--spec", specification, "--attack-only")
	if code != int(exitUnsafe) || !strings.Contains(out, "NOT SAFE") || strings.Contains(out, " 0 recovered exactly") {
		t.Errorf("the mutant: exit %d: %s%s", code, out, errs)
	}
}

// The certificate says nothing of which cell was primary; "why" does not either.
func TestProtectTells(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{"exits.csv": exitsTable, "spec.json": exitsSpec})
	table, specification, certificate := filepath.Join(dir, "exits.csv"), filepath.Join(dir, "spec.json"), filepath.Join(dir, "certificate.json")
	code, out, errs := protectIn(t, dir, table, "--spec", specification, "--certificate", certificate, "--why", "north | other")
	if code != 0 || !strings.Contains(out, "Hidden so that nobody") || !strings.Contains(out, "instead: ") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	text, err := os.ReadFile(certificate)
	if err != nil || !strings.Contains(string(text), `"safe": true`) || strings.Contains(string(text), "north") {
		t.Errorf("%v\n%s", err, text)
	}
	if _, out, _ := protectIn(t, dir, table, "--spec", specification, "--why", "south|job"); !strings.Contains(out, "not hidden") {
		t.Error(out)
	}
	code, out, _ = protectIn(t, dir, table, "--spec", specification)
	if code != 0 || !strings.Contains(out, "primary       north | other\n") || !strings.Contains(out, "12 cells: 8 published, 1 primary, 3 secondary") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// Linked tables are told apart and all written; what is not safe is not written; a
// code may hold a bar; what is answered to "why" follows its schema.
func TestProtectLinkedTables(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{
		"a.csv": "place,kind,n\nnorth,a|b,2\nnorth,c,20\nsouth,a|b,30\nsouth,c,40\n", "b.csv": "place,sex,n\nnorth,f,10\nnorth,m,12\nsouth,f,30\nsouth,m,40\n",
		"spec.json": `{"dimensions": [{"column": "place", "total": "all"}, {"column": "kind", "total": "all"}], "value": "n", "count": "n", "integer": true,
			"rules": {"minimum_count": 5}, "protection": {"sliding": {"at_least": 5}},
			"linked": [{"file": "b.csv", "count": "n", "dimensions": [{"column": "place", "total": "all"}, {"column": "sex", "total": "all"}]}]}`})
	in := func(name string) string { return filepath.Join(dir, name) }
	code, out, errs := protectIn(t, dir, in("a.csv"), "--spec", in("spec.json"), "--output", in("out.csv"))
	if code != 0 || !strings.Contains(out, "a.csv: north | all") || !strings.Contains(out, "b.csv: north | all") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	for name, header := range map[string]string{"out.csv": "place,kind,n", "out.b.csv": "place,sex,n"} {
		if text, err := os.ReadFile(in(name)); err != nil || !strings.HasPrefix(string(text), header) {
			t.Errorf("%s: %v %s", name, err, text)
		}
	}
	code, out, errs = protectIn(t, dir, in("a.csv"), "--spec", in("spec.json"), "--json", "--why", "north | a|b")
	if code != 0 || !strings.Contains(out, `"hidden": true`) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	conforms(t, schemaOf(t, "protected.schema.json#/$defs/explanation"), out)
	only := strings.Replace(exitsSpec, `"integer"`, `"keep": "keep", "integer"`, 1)
	dir = writeAll(t, map[string]string{"t.csv": strings.NewReplacer("\n", ",yes\n", "largest\n", "largest,keep\n").Replace(exitsTable + "all,all,171,8,14\nall,job,95,8,14\nall,training,56,8,10\nall,other,20,8,5\nnorth,all,67,8,12\nsouth,all,104,8,14\n"), "spec.json": only})
	code, out, errs = protectIn(t, dir, in("t.csv"), "--spec", in("spec.json"), "--output", in("out.csv"))
	if _, err := os.Stat(in("out.csv")); code != int(exitUnsafe) || err == nil || !strings.Contains(errs, "is not written") {
		t.Errorf("exit %d: %v %s%s", code, err, out, errs)
	}
}

// What is wrong is said where it is, before anything is computed.
func TestProtectRefuses(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{
		"exits.csv": exitsTable, "spec.json": exitsSpec,
		"bad.csv": strings.Replace(exitsTable, "25", "twenty", 1), "twice.csv": exitsTable + "north,job,40,6,12\n",
		"sum.csv": exitsTable + "all,all,999,9,14\n", "sum.json": strings.Replace(exitsSpec, `"integer"`, `"inconsistent": "refuse", "integer"`, 1),
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct{ table, spec, says string }{
		{"absent.csv", "spec.json", "absent.csv does not exist"},
		{"exits.csv", "absent.json", "absent.json does not exist"},
		{"bad.csv", "spec.json", `bad.csv:3 exits: "twenty" is not a number`},
		{"twice.csv", "spec.json", "twice.csv:8: north | job is already on line 2"},
		{"sum.csv", "sum.json", "sum.csv:8: all | all is 999 but its 2 parts make 171"},
	} {
		code, out, errs := protectIn(t, dir, in(c.table), "--spec", in(c.spec))
		if code != int(exitFailed) || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%s with %s: exit %d, expected %q\n%s%s", c.table, c.spec, code, c.says, out, errs)
		}
	}
	for _, over := range [][]string{{"--output", "exits.csv"}, {"--certificate", "spec.json"}, {"--output", "o", "--certificate", "o"}} {
		args := []string{in("exits.csv"), "--spec", in("spec.json")}
		for i := 0; i < len(over); i += 2 {
			args = append(args, over[i], in(over[i+1]))
		}
		if code, _, errs := protectIn(t, dir, args...); code != int(exitFailed) || !strings.Contains(errs, "nothing is overwritten") {
			t.Errorf("%v: exit %d: %s", over, code, errs)
		}
	}
	if code, _, errs := protectIn(t, dir, in("exits.csv"), "--spec", in("spec.json"), "--attack-only"); code != int(exitFailed) || !strings.Contains(errs, "--attack-only needs") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
