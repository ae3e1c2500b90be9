package spec_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/disclosure"
	"maillage/indicators/disclosure/spec"
	"maillage/internal/fault"
	"maillage/internal/testkit"
)

// files are what a specification names, by name.
type files map[string]string

func (f files) open(name string) (io.ReadCloser, error) {
	text, there := f[name]
	if !there {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

func task(text string, f files) (disclosure.Task, error) {
	s, err := spec.Parse("s.json", []byte(text))
	if err != nil {
		return disclosure.Task{}, err
	}
	return s.Task("t.csv", f.open)
}

// Every way of saying a hierarchy gives the same groupings.
func TestHierarchies(t *testing.T) {
	t.Parallel()
	f := files{
		"t.csv":      "town,area,country,n\na1,a,west,1\na2,a,west,2\nb1,b,west,3\nx,x,x,4\n",
		"pairs.csv":  "parent,child\nwest,a\nwest,b\na,a1\na,a2\nb,b1\nall,x\nall,west\n",
		"levels.csv": "country,area,town\nwest,a,a1\nwest,a,a2\nwest,b,b1\nx,x,x\n",
		"other.csv":  "over,under\nwest,a\nwest,b\na,a1\na,a2\nb,b1\n",
	}
	want := fmt.Sprint(map[string]string{"a": "west", "b": "west", "a1": "a", "a2": "a", "b1": "b"})
	for _, h := range []string{
		`{"file": "pairs.csv"}`, `{"file": "levels.csv", "levels": ["country", "area", "town"]}`,
		`{"file": "other.csv", "child": "under", "parent": "over"}`, `{"columns": ["country", "area"]}`,
		`{"parents": {"a": "west", "b": "west", "a1": "a", "a2": "a", "b1": "b"}}`,
	} {
		got, err := task(`{"dimensions": [{"column": "town", "total": "all", "hierarchies": [`+h+`]}], "value": "n"}`, f)
		if err != nil {
			t.Errorf("%s: %v", h, err)
			continue
		}
		if g := got.Tables[0].Dimensions[0].Groupings; len(g) != 1 || fmt.Sprint(g[0]) != want {
			t.Errorf("%s gives %v, expected %s", h, g, want)
		}
	}
}

// What is read of a cell: numbers as the French write them, what is missing, what
// is known already.
func TestCells(t *testing.T) {
	t.Parallel()
	f := files{"t.csv": "\ufefflieu;n;eff;max1;max2;s;garder;prix\nA;1 234,5;10;600;300;V;oui;3\nB;ND;;;;V;;\nC;s;;;;V;;\nD;7;2;7;;A;non;\n"}
	got, err := task(`{"dimensions": [{"column": "lieu", "name": "place", "total": "T"}], "value": "n", "count": "eff", "top": ["max1", "max2"],
		"status": "s", "statuses": {"V": "published", "A": "primary"}, "keep": "garder", "cost": "prix",
		"delimiter": ";", "decimal": ",", "not_collected": ["ND"], "suppressed": ["s"]}`, f)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"[A] 1234.5 10 [600 300] published true 3 2", "[B] NaN NaN [] not_collected false 0 3", "[C] NaN NaN [] primary false 0 4", "[D] 7 2 [7] primary false 0 5"}
	for i, c := range got.Tables[0].Cells {
		if text := fmt.Sprint(c.Codes, c.Value, c.Count, c.Top, c.Given, c.Keep, c.Cost, c.Line); text != want[i] {
			t.Errorf("%s, expected %s", text, want[i])
		}
	}
}

// What is wrong is said with the file, the line and the column, in both languages.
func TestFaultsAreLocated(t *testing.T) {
	t.Parallel()
	const good = `{"dimensions": [{"column": "a", "total": "T"}], "value": "n"}`
	table := func(text string) files { return files{"t.csv": text} }
	with := func(more string) string { return strings.TrimSuffix(good, "}") + ", " + more + "}" }
	for _, c := range []struct {
		spec  string
		files files
		path  string
		says  string
	}{
		{`{"value": "n",`, nil, "s.json:1:15", "unreadable"},
		{"{\"value\": \"n\",\n \"dimension\": []}", nil, "s.json:2:", "unknown field \"dimension\""},
		{"{\n\"value\": 3}", nil, "s.json:2:", "a string is expected"},
		{`{} {}`, nil, "s.json:1:", "nothing after"},
		{"{\"dimensions\": [{\"column\": \"a\"}],\n\"value\": \"n\",\n\"rules\": {\n\"minimum_count\": -5}}", nil, "s.json:4 rules.minimum_count", "positive"},
		{"{\"value\": \"n\",\n \"value\": \"m\"}", nil, "s.json:2:2 value", "already on line 1"},
		{`{"value": "n", "Value": "m"}`, nil, "s.json:1:", "already on line 1"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"parents": {"x": "y", "X": "y", "x": "z"}}]}]}`, nil, "s.json:1:82 dimensions[0].hierarchies[0].parents.x", "already"},
		{"{\"dimensions\": [{\"column\": \"a\", \"hierarchies\": [{\"parents\": {\"w\": \"x\",\n\"x\": \"y\",\n\"y\": \"x\"}}]}], \"value\": \"n\"}", nil, "s.json:2 dimensions[0].hierarchies[0].parents.x", "dimension a: x is above itself"},
		{`{"value": "n"}`, nil, "s.json:1 dimensions", "at least one"},
		{`{"dimensions": [{"column": "a"}]}`, nil, "s.json:1 value", "column of the values"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{}]}], "value": "n"}`, nil, "s.json:1 dimensions[0].hierarchies[0]", "one and only one"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "rules": {"dominance": [{"n": 0, "percent": 85}]}}`, nil, "s.json:1 rules.dominance[0]", "n at least 1"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "absent": "maybe"}`, nil, "s.json:1 absent", "zero"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "statuses": {"V": "fine"}}`, nil, "s.json:1 statuses.V", "fine"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "released": [{"file": "r.csv"}]}`, nil, "s.json:1 released[0].status", "what was published"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "rules": {"group_disclosure": {"dimension": "b"}}}`, nil, "s.json:1 rules.group_disclosure.dimension", "\"b\""},
		{`{"dimensions": [{"column": "a"}], "value": "n", "protection": {"lower": {"percent": -1}}}`, nil, "s.json:1 protection.lower", "positive"},
		{with(`"rules": {"minimum_count": 5}`), nil, "s.json:1 count", "minimum_count needs this column"},
		{with(`"rules": {"minimum_contributors": 3}`), nil, "s.json:1 contributors", "needs this column"},
		{with(`"rules": {"dominance": [{"n": 1, "percent": 85}]}`), nil, "s.json:1 top", "dominance needs this column"},
		{with(`"count": "n", "rules": {"minimum_count": 5}, "linked": [{"file": "l.csv"}]`), nil, "s.json:1 linked[0].count", "needs this column"},
		{with(`"count": "n", "rules": {"minimum_count": -5}`), nil, "s.json:1 rules.minimum_count", "positive"},
		{with(`"top": "n", "rules": {"p_percent": -3}`), nil, "s.json:1 rules.p_percent", "positive"},
		{with(`"limits": [{"factors": {"": 1, "FTE": -1}}]`), nil, "s.json:1 limits[0].factors.FTE", "no table has"},
		{with(`"file": "u.csv"`), nil, "s.json:1 file", "command line"},
		{`{"dimensions": [{"column": "a"}, {"column": "a"}], "value": "n"}`, nil, "s.json:1 dimensions[1].column", "already"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"parents": {"x": "y"}, "child": "c"}]}], "value": "n"}`, nil, "s.json:1 dimensions[0].hierarchies[0]", "columns of file"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"file": "h.csv", "levels": ["x"], "child": "c"}]}], "value": "n"}`, nil, "s.json:1 dimensions[0].hierarchies[0]", "columns of file"},
		{with(`"count": "c", "rules": {"minimum_count": 5}`), table("a,n,c\nx,1,9\ny,2,\n"), "t.csv:3 c", "minimum_count cannot judge"},
		{with(`"top": "c", "rules": {"dominance": [{"n": 1, "percent": 85}]}`), table("a,n,c\nx,1,1\ny,0,\nz,2,\n"), "t.csv:4 c", "dominance cannot judge"},
		{with(`"count": "c"`), table("a,n,c\nx,1,-9\n"), "t.csv:2 c", "negative"},
		{with(`"top": "c"`), table("a,n,c\nx,40,-9\n"), "t.csv:2 c", "-9 is negative"},
		{with(`"negative": true, "count": "k", "top": "c", "rules": {"dominance": [{"n": 1, "percent": 85}]}`), table("a,n,k,c\nx,40,6,40\ny,0,6,\n"), "t.csv:3 c", "dominance cannot judge"},
		{with(`"top": "c"`), table("a,n,c\nx,40,40\ny,2,9\n"), "t.csv:3 c", "more than the figure 2"},
		{good, table("a,n\n"), "t.csv:1 n", "no rows"},
		{good, table("a,n\nx,1\n ,3\n"), "t.csv:3 a", "empty code"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"parents": {"x": ""}}]}], "value": "n"}`, nil, "s.json:1 dimensions[0].hierarchies[0].parents.x", "empty code"},
		{`{"dimensions": [{"column": "n"}], "value": "n"}`, nil, "s.json:1 dimensions[0].column", "figure of the cell"},
		{with(`"top": ["c", "c"]`), nil, "s.json:1 top[1]", "already"},
		{with(`"linked": [{"file": "x/l.csv"}, {"file": "y/l.csv"}]`), nil, "s.json:1 linked[1].name", "another linked table is called l"},
		{with(`"linked": [{"file": "x/t.csv"}]`), files{"t.csv": "a,n\nx,1\n", "x/t.csv": "a,n\nx,1\n"}, "s.json:1 linked[0].name", "first table"},
		{with(`"limits": [{"factors": {"": 1}, "where": {"z": "x"}}]`), nil, "s.json:1 limits[0].where.z", "no table has this dimension"},
		{with(`"limits": [{"factors": {"": 1}, "where": {"a": "T"}}]`), nil, "s.json:1 limits[0].where.a", "total"},
		{with(`"limits": [{"factors": {"": 1}, "where": {"a": "zz"}}]`), table("a,n\nx,1\n"), "s.json:1 limits[0].where.a", "no table has code \"zz\""},
		{with(`"ceiling": "c"`), table("a,n,c\nx,3,2\n"), "t.csv:2 c", "does not pass"},
		{with(`"ceiling": "c"`), table("a,n,c\nx,3,0\n"), "t.csv:2 c", "above zero"},
		{with(`"cost": "c"`), table("a,n,c\nx,3,-1\n"), "t.csv:2 c", "above zero"},
		{with(`"keep": "c"`), table("a,n,c\nx,3,maybe\n"), "t.csv:2 c", "yes or no"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "rules": {"minimum_count": "five"}}`, nil, "s.json:1:82 rules.minimum_count", "a number is expected"},
		{good, table("a,n\nx,1\n\xe9,2\n"), "t.csv:3:1", "not UTF-8"},
		{good, table(""), "t.csv:1", "empty"},
		{good, table("a,b\n1,2\n"), "t.csv:1 n", "not in the header (a, b)"},
		{good, table("a,a\n1,2\n"), "t.csv:1:2", "twice"},
		{good, table("a,n\nx,1\ny,12a\n"), "t.csv:3 n", "\"12a\" is not a number"},
		{good, table("a,n\nx,1\ny\n"), "t.csv:3:1", "2 columns"},
		{good, table("a,n\nx,1\ny,\"2\n"), "t.csv:", "unreadable line"},
		{good, table("a,n\nx,\n"), "t.csv:2 n", "a value"},
		{good, table("a,n\nx,-3\n"), "t.csv:2 n", "negative"},
		{`{"dimensions": [{"column": "a"}], "value": "n", "status": "s"}`, table("a,n,s\nx,3,maybe\n"), "t.csv:2 s", "\"maybe\""},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"file": "h.csv"}]}], "value": "n"}`, files{"t.csv": "a,n\nx,1\n", "h.csv": "child,parent\nx,p\nx,q\n"}, "h.csv:3 child", "x is under p and under q"},
		{`{"dimensions": [{"column": "a", "hierarchies": [{"file": "h.csv"}]}], "value": "n"}`, files{"t.csv": "a,n\nx,1\n", "h.csv": "child,parent\nw,x\nx,p\np,x\n"}, "h.csv:4 child", "dimension a: p is above itself"},
	} {
		_, err := task(c.spec, c.files)
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) == 0 {
			t.Errorf("%s: %v", c.spec, err)
			continue
		}
		at := f.Fields[0]
		if !strings.HasPrefix(at.Path, c.path) || !strings.Contains(at.Message.EN, c.says) || at.Message.FR == "" || at.Message.FR == at.Message.EN {
			t.Errorf("%s: %s: %+v, expected %s: %s", c.spec, at.Path, at.Message, c.path, c.says)
		}
	}
}

// A file that is not there is an error of its own, not a fault of the table.
func TestAbsentFile(t *testing.T) {
	t.Parallel()
	_, err := task(`{"dimensions": [{"column": "a"}], "value": "n"}`, files{})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// Linked tables take what they do not say from the main one.
func TestInheritance(t *testing.T) {
	t.Parallel()
	f := files{"t.csv": "a,n\nx,1\n", "l.csv": "b,n\ny,2\n", "r.csv": "a,n\nx,s\n"}
	got, err := task(`{"dimensions": [{"column": "a", "total": "T"}], "value": "n", "count": "n", "measure": "people", "rules": {"minimum_count": 5},
		"linked": [{"file": "l.csv", "count": "n", "dimensions": [{"column": "b", "total": "T"}], "rules": {"minimum_count": 11}}],
		"released": [{"file": "r.csv", "suppressed": ["s"]}]}`, f)
	if err != nil {
		t.Fatal(err)
	}
	l, r := got.Tables[1], got.Released[0]
	if l.Measure != "people" || l.Rules.MinimumCount != 11 || l.Dimensions[0].Name != "b" || l.Name != "l.csv" {
		t.Errorf("linked: %+v", l)
	}
	if r.Measure != "people" || r.Rules.MinimumCount != 0 || !r.OmitTotals || r.Dimensions[0].Name != "a" || r.Cells[0].Given != disclosure.Primary {
		t.Errorf("released: %+v", r)
	}
}

// The schema of the documentation and the code name the same fields.
func TestSchemaNamesEveryField(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "protect.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	type object struct{ Properties map[string]any }
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	group := schema.Defs["rules"].Properties["group_disclosure"].(map[string]any)["properties"].(map[string]any)
	for name, c := range map[string]struct {
		of         any
		properties map[string]any
		less       string // a field of the code that has no place there
	}{
		"the specification": {spec.Spec{}, schema.Properties, "file"},
		"linked":            {spec.Table{}, schema.Defs["linked"].Properties, ""},
		"released":          {spec.Table{}, schema.Defs["released"].Properties, ""},
		"dimension":         {spec.Dimension{}, schema.Defs["dimension"].Properties, ""},
		"rules":             {disclosure.Rules{}, schema.Defs["rules"].Properties, ""},
		"group_disclosure":  {disclosure.Group{}, group, ""},
		"protection":        {disclosure.Protection{}, schema.Defs["protection"].Properties, ""},
		"margin":            {disclosure.Margin{}, schema.Defs["margin"].Properties, ""},
	} {
		want := slices.DeleteFunc(fieldsOf(reflect.TypeOf(c.of)), func(f string) bool { return f == c.less })
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(c.properties)); !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %v, the code %v", name, got, want)
		}
	}
}

// fieldsOf gives the names of the fields in JSON, those of embedded structs included.
func fieldsOf(of reflect.Type) []string {
	var names []string
	for i := range of.NumField() {
		f := of.Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Anonymous {
			names = append(names, fieldsOf(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func FuzzParse(f *testing.F) {
	f.Add(`{"dimensions": [{"column": "a", "total": "T"}], "value": "n"}`, "a,n\nx,1\n")
	f.Add(`{"dimensions": [{"column": "a", "hierarchies": [{"columns": ["n"]}]}], "value": "n", "decimal": ","}`, "a;n\nx;1,5\n")
	f.Fuzz(func(t *testing.T, text, table string) {
		read, err := task(text, files{"t.csv": table})
		if err != nil {
			return
		}
		if _, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: read.Tables[:1]}); err != nil {
			var issue disclosure.Issue
			if !errors.As(err, &issue) {
				t.Skip(err)
			}
		}
	})
}

// The mark of UTF-8 is no part of a header, quoted or not.
func TestTheMarkOfUTF8(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"a,n", `"a","n"`} {
		got, err := task(`{"dimensions": [{"column": "a", "total": "T"}], "value": "n"}`, files{"t.csv": "\ufeff" + header + "\nx,1\n"})
		if err != nil || len(got.Tables[0].Cells) != 1 {
			t.Errorf("%s: %v", header, err)
		}
	}
}

// Of a table that was published, the totals that are not in it were not.
func TestTotalsOfWhatWasReleased(t *testing.T) {
	t.Parallel()
	got, err := task(`{"dimensions": [{"column": "a", "total": "T"}], "value": "n", "released": [{"file": "r.csv", "suppressed": ["s"]}]}`,
		files{"t.csv": "a,n\nx,1\n", "r.csv": "a,n\nx,1\n"})
	if err != nil || got.Tables[0].OmitTotals || !got.Released[0].OmitTotals {
		t.Errorf("%v, %+v", err, got)
	}
}

// What is written to be published reads back with the same specification: its own
// columns, separator, decimal mark and labels.
func TestThePublishedTableReadsBack(t *testing.T) {
	t.Parallel()
	text := `{"dimensions": [{"column": "lieu", "name": "place", "total": "tous"}, {"column": "motif", "name": "motive", "total": "tous"}],
		"value": "sorties", "count": "sorties", "delimiter": ";", "decimal": ",", "suppressed": ["masqué"], "not_collected": ["nc"], "absent": "unknown",
		"rules": {"minimum_count": 5}, "protection": {"lower": {"at_least": 1}, "upper": {"at_least": 1}, "sliding": {"at_least": 5}}}`
	table := "lieu;motif;sorties\nA;x;40,5\nA;y;25\nA;z;2\nB;x;55\nB;y;31\nB;z;18\nC;x;12\nC;y;9\nC;z;nc\n"
	given, err := task(text, files{"t.csv": table})
	if err != nil {
		t.Fatal(err)
	}
	o, err := disclosure.Protect(context.Background(), given)
	if err != nil || !o.Safe() {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := o.WritePublished(&out, 0); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "lieu;motif;sorties\n") || !strings.Contains(out.String(), ";masqué\n") || !strings.Contains(out.String(), ";nc\n") || !strings.Contains(out.String(), "B;x;55\n") {
		t.Error(out.String())
	}
	back, err := task(text, files{"t.csv": out.String()})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	again, err := disclosure.Check(context.Background(), back)
	if err != nil || !again.Safe() || len(again.Attack.Intervals) != strings.Count(out.String(), "masqué") {
		t.Errorf("%v, safe %t, %d attacked\n%s", err, again.Safe(), len(again.Attack.Intervals), out.String())
	}
}
