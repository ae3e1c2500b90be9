package disclosure_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/disclosure"
	"maillage/indicators/disclosure/spec"
	"maillage/internal/testkit"
)

// The tables of the statistical offices, as the sample data has them.

const insee = `{
  "dimensions": [
    {"column": "ACTIVITY", "total": "Total", "hierarchies": [{"file": "activity_corr_table.csv", "levels": ["A10", "A21", "A88"]}]},
    {"column": "SIZE", "total": "Total"}
  ],
  "value": "TOT", "count": "N_OBS", "top": "MAX",
  "rules": {"minimum_count": 3, "dominance": [{"n": 1, "percent": 85}]},
  "protection": {"lower": {"percent": 10}, "upper": {"percent": 10}}
}`

// sample gives a file of the disclosure cases, or skips.
func sample(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(testkit.Samples(t), "indicators", "disclosure", name)
	if _, err := os.Stat(path); err != nil {
		testkit.Absent(t, "samples", err.Error())
	}
	return path
}

func taskOf(t testing.TB, text, file string) disclosure.Task {
	t.Helper()
	s, err := spec.Parse("spec.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	task, err := s.Task(file, func(name string) (io.ReadCloser, error) { return os.Open(sample(t, name)) })
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// expected reads what cases.json says of a case.
func expected(t testing.TB, id string, into any) {
	t.Helper()
	text, err := os.ReadFile(sample(t, "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID     string
		Expect json.RawMessage
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.ID == id {
			if err := json.Unmarshal(c.Expect, into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no case %s", id)
}

// INSEE's turnover by activity and size: the primary cells are those expected,
// the attack fails, and no more is hidden than by the reference tool.
func TestTurnoverOfInsee(t *testing.T) {
	t.Parallel()
	var want struct {
		Cells, Primary, Freq int
		Dominance            int `json:"dominance_only"`
		Secondary            int `json:"secondary_opt"`
	}
	expected(t, "rtauargus-turnover-act-size", &want)
	o := protected(t, taskOf(t, insee, "turnover_act_size.csv"))
	n, rules := o.Counts(), o.Rules()
	if n.Cells != want.Cells || n.Primary != want.Primary || rules[disclosure.MinimumCount] != want.Freq || rules[disclosure.DominanceRule] != want.Dominance {
		t.Errorf("%+v %v, expected %+v", n, rules, want)
	}
	if most := want.Secondary * 105 / 100; n.Secondary > most || n.Published < want.Cells-want.Primary-most {
		t.Errorf("%d secondaries, the reference has %d", n.Secondary, want.Secondary)
	}
	if !o.Safe() || o.Attack.Recovered != 0 {
		t.Errorf("the attack succeeds: %d recovered, %d narrow", o.Attack.Recovered, o.Attack.Narrow)
	}
	for _, w := range o.System.Warnings {
		t.Error(w)
	}
	t.Logf("%d secondaries, least relative width %.3f", n.Secondary, o.Attack.MinimalWidth)
}

// Publishing any one of the secondaries opens something: none is there for nothing.
func TestMutantsOfInsee(t *testing.T) {
	t.Parallel()
	mutants(t, protected(t, taskOf(t, insee, "turnover_act_size.csv")), 1)
}

// The example of the reference tool's manual: its primaries, and a pattern as
// small as its own.
func TestExampleOfTheManual(t *testing.T) {
	t.Parallel()
	const text = `{"dimensions": [{"column": "ACTIVITY", "total": "Total"}, {"column": "SIZE", "total": "Total"}],
		"value": "VAL", "count": "N_OBS", "top": ["MAX"],
		"rules": {"minimum_count": 3, "dominance": [{"n": 1, "percent": 85}]},
		"protection": {"lower": {"percent": 10}, "upper": {"percent": 10}}}`
	var want map[string]string
	expected(t, "rtauargus-ex1", &want)
	rules := map[string]disclosure.Rule{"A": disclosure.MinimumCount, "B": disclosure.DominanceRule, "D": disclosure.NoRule}
	o := protected(t, taskOf(t, text, "rtauargus_ex1.csv"))
	for _, r := range o.Results() {
		letter, hidden := want[strings.Join(r.Codes, "|")]
		if hidden != r.Status.Hidden() || hidden && rules[letter] != r.Rule {
			t.Errorf("%v is %v by %q, expected %q", r.Codes, r.Status, r.Rule, letter)
		}
	}
	if !o.Safe() {
		t.Error("the attack succeeds")
	}
}

// Two groupings of the same regions, each safe alone, give one region away
// together; hiding one more is what protects it.
func TestLinkedGroupings(t *testing.T) {
	t.Parallel()
	const text = `{"dimensions": [{"column": "region", "total": "Total", "hierarchies": [%s]}], "value": "n",
		"status": "primary", "statuses": {"true": "primary", "false": "published"},
		"protection": {"sliding": {"at_least": 2}}}`
	with := func(hierarchies string) disclosure.Task {
		return taskOf(t, strings.Replace(text, "%s", hierarchies, 1), "linked.csv")
	}
	for _, alone := range []string{`{"columns": ["county"]}`, `{"columns": ["group"]}`} {
		if o := checked(t, with(alone)); !o.Safe() {
			t.Errorf("%s alone: %+v", alone, o.Attack)
		}
	}
	both := with(`{"columns": ["county"]}, {"columns": ["group"]}`)
	var want struct{ Joint map[string][2]float64 }
	expected(t, "sdctable-linked", &want)
	for region, interval := range want.Joint {
		if got := deduced(t, checked(t, both), region); got != interval {
			t.Errorf("%s in %v together, expected %v", region, got, interval)
		}
	}
	o := protected(t, both)
	if !o.Safe() || o.Counts().Secondary != 1 {
		t.Errorf("protected: safe %v, %+v", o.Safe(), o.Counts())
	}
	n := slices.IndexFunc(both.Tables[0].Cells, func(c disclosure.Cell) bool { return c.Codes[0] == "N" })
	both.Tables[0].Cells[n].Given = disclosure.Secondary
	if got := deduced(t, checked(t, both), "K"); got != [2]float64{0, 10} {
		t.Errorf("with N hidden, K in %v", got)
	}
}

// Four dimensions, and the flags of the reference on each of 689 cells.
func TestFlagsOfTheReference(t *testing.T) {
	t.Parallel()
	f, err := os.Open(sample(t, "datatest1.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"dimensions": [{"column": "treff", "total": "Total"}, {"column": "cj", "total": "Total"}, {"column": "type_distrib", "total": "Total"}, {"column": "A10", "total": "Total"}],
		"value": "pizzas_tot", "negative": true, "count": "nb_obs", "top": "pizzas_max"}`
	cells := taskOf(t, text, "datatest1.csv").Tables[0].Cells
	count, dominance := disclosure.Rules{MinimumCount: 3}, disclosure.Rules{Dominance: []disclosure.Dominance{{N: 1, Percent: 85}}}
	var got struct{ Freq, Dom, Prim int }
	for i, c := range cells {
		frequent, dominated := count.Judge(c) != disclosure.NoRule, dominance.Judge(c) != disclosure.NoRule
		flags := []string{text01(frequent), text01(dominated), text01(frequent || dominated)}
		if !slices.Equal(flags, rows[i+1][7:10]) {
			t.Errorf("line %d: %v, the reference has %v", c.Line, flags, rows[i+1][7:10])
		}
		got.Freq, got.Dom, got.Prim = got.Freq+one(frequent), got.Dom+one(dominated), got.Prim+one(frequent || dominated)
	}
	want := got
	expected(t, "rtauargus-datatest1", &want)
	if got != want {
		t.Errorf("%+v, expected %+v", got, want)
	}
}

func text01(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
