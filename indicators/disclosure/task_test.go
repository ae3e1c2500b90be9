package disclosure_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/indicators/disclosure"
)

// square is a two by three table of counts without its margins, given by rows.
func square(values ...float64) disclosure.Table {
	t := disclosure.Table{Name: "square", Measure: "persons",
		Dimensions: []disclosure.Dimension{{Name: "place", Total: "T"}, {Name: "kind", Total: "T"}},
		Rules:      disclosure.Rules{MinimumCount: 5},
		Protection: disclosure.Protection{Lower: disclosure.Margin{AtLeast: 1}, Upper: disclosure.Margin{AtLeast: 1}}}
	for i, v := range values {
		codes := []string{[]string{"north", "south"}[i/3], []string{"a", "b", "c"}[i%3]}
		t.Cells = append(t.Cells, disclosure.Cell{Codes: codes, Value: v, Count: v, Contributors: disclosure.Unknown(), Line: i + 2})
	}
	return t
}

func statusOf(t testing.TB, o *disclosure.Outcome, codes ...string) disclosure.Status {
	t.Helper()
	for _, r := range o.Results() {
		if disclosure.Label(r.Codes) == disclosure.Label(codes) {
			return r.Status
		}
	}
	t.Fatalf("no cell %v", codes)
	return 0
}

// Totals that the table leaves out are computed, published, and attacked.
func TestTotalsAreComputed(t *testing.T) {
	t.Parallel()
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{square(2, 20, 30, 40, 50, 60)}, Integer: true})
	if n := o.Counts(); n.Cells != 12 || n.Primary != 1 || n.Secondary != 3 || !o.Safe() {
		t.Errorf("%+v, safe %v", n, o.Safe())
	}
	omitted := square(2, 20, 30, 40, 50, 60)
	omitted.OmitTotals = true
	o = protected(t, disclosure.Task{Tables: []disclosure.Table{omitted}, Integer: true})
	if n := o.Counts(); n.Cells != 6 || n.Secondary != 0 || !o.Safe() {
		t.Errorf("without totals nothing is to be added up: %+v", n)
	}
}

// What was published before counts: a table that is safe alone is not beside the
// release of yesterday, and another secondary is found.
func TestTheAttackUsesEverythingReleasedBefore(t *testing.T) {
	t.Parallel()
	now := square(2, 20, 30, 40, 50, 60)
	before := square(2, 20, 30, 40, 50, 60)
	before.Name = "yesterday"
	for i := range before.Cells {
		before.Cells[i].Given = disclosure.Published
	}
	before.Cells = before.Cells[1:] // the same breakdown, the unsafe cell left out
	before.OmitTotals = true
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{now}, Released: []disclosure.Table{before}, Integer: true})
	if statusOf(t, o, "north", "T") == disclosure.Published || statusOf(t, o, "T", "a") == disclosure.Published {
		t.Error("every other cell of the line is public: its total must be hidden")
	}
	if !o.Safe() {
		t.Errorf("%+v", o.Attack)
	}
	before.Cells = append(before.Cells, square(2).Cells...)
	o = protected(t, disclosure.Task{Tables: []disclosure.Table{now}, Released: []disclosure.Table{before}, Integer: true})
	if o.Safe() || o.Attack.Recovered != 1 {
		t.Errorf("the cell itself is public: %+v", o.Attack)
	}
}

// A cell hidden yesterday is protected from what is added today.
func TestWhatWasHiddenBeforeStaysHidden(t *testing.T) {
	t.Parallel()
	before := square(2, 20, 30, 40, 50, 60)
	before.Name, before.OmitTotals = "yesterday", true
	before.Cells[0].Given = disclosure.Primary
	totals := disclosure.Table{Name: "today", Measure: "persons", Dimensions: before.Dimensions, OmitTotals: true, Protection: before.Protection}
	for _, c := range []disclosure.Cell{{Codes: []string{"north", "T"}, Value: 52}, {Codes: []string{"south", "T"}, Value: 150}} {
		c.Count, c.Contributors = c.Value, disclosure.Unknown()
		totals.Cells = append(totals.Cells, c)
	}
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{totals}, Released: []disclosure.Table{before}, Integer: true})
	if !o.Safe() || statusOf(t, o, "north", "T") == disclosure.Published || statusOf(t, o, "south", "T") != disclosure.Published {
		t.Errorf("safe %v, north %v, south %v", o.Safe(), statusOf(t, o, "north", "T"), statusOf(t, o, "south", "T"))
	}
}

// An inequality between measures is one more thing that a reader knows.
func TestLimitsBetweenMeasures(t *testing.T) {
	t.Parallel()
	persons, fte := square(20, 20, 30, 40, 50, 60), square(3, 19, 28, 39, 44, 50)
	fte.Name, fte.Measure = "fte", "fte"
	fte.Protection.Upper.AtLeast = 18
	fte.Protection.Lower.AtLeast = 0
	task := disclosure.Task{Tables: []disclosure.Table{persons, fte}, Integer: true}
	if o := protected(t, task); !o.Safe() {
		t.Fatalf("without a limit: %+v", o.Attack)
	}
	task.Limits = []disclosure.Limit{{Factors: map[string]float64{"persons": 1, "fte": -1}}}
	o := protected(t, task)
	if !o.Safe() || statusOf(t, o, "north", "a") == disclosure.Published {
		t.Errorf("FTE of 3, up to 21 wanted: the 20 persons must be hidden too; %+v", o.Attack)
	}
}

// Where figures are whole numbers, what only fractions reach is out of reach: of
// two figures of which one is twice the other, the second is even.
func TestWholeNumbersAreConfirmed(t *testing.T) {
	t.Parallel()
	single := func(measure string, value, ceiling float64) disclosure.Table {
		return disclosure.Table{Name: measure, Measure: measure, Dimensions: []disclosure.Dimension{{Name: "place"}},
			Protection: disclosure.Protection{Upper: disclosure.Margin{AtLeast: 1}},
			Cells:      []disclosure.Cell{{Codes: []string{"north"}, Value: value, Ceiling: ceiling, Given: disclosure.Primary}}}
	}
	pairs, people := single("pairs", 2, 0), single("people", 4, 5)
	pairs.Cells[0].Given = disclosure.Secondary
	task := disclosure.Task{Tables: []disclosure.Table{pairs, people}, Limits: []disclosure.Limit{
		{Factors: map[string]float64{"people": 1, "pairs": -2}}, {Factors: map[string]float64{"people": -1, "pairs": 2}}}}
	if o := checked(t, task); !o.Safe() {
		t.Errorf("in fractions, five people are possible: %+v", o.Attack)
	}
	task.Integer = true
	if o := checked(t, task); o.Safe() {
		t.Errorf("in whole numbers they are not: %+v", o.Attack)
	}
}

// Nothing is hidden for nothing: publishing any secondary opens something.
func TestEverySecondaryIsNeeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, err := disclosure.Protect(context.Background(), invented(t, 20))
		if err != nil {
			t.Fatal(err)
		}
		if !o.Safe() {
			return
		}
		for i, v := range o.System.Variables {
			if v.Status != disclosure.Secondary {
				continue
			}
			mutant := *o.System
			mutant.Variables = slices.Clone(o.System.Variables)
			mutant.Variables[i].Status = disclosure.Published
			if a, err := mutant.Attack(context.Background()); err != nil || a.Safe() {
				t.Fatalf("publishing %q opens nothing (%v)", v.Name, err)
			}
		}
	})
}

// The totals of one grouping are not parts of the other's whole.
func TestGroupingsSideBySide(t *testing.T) {
	t.Parallel()
	table := disclosure.Table{Name: "regions", Dimensions: []disclosure.Dimension{{Name: "region", Total: "T", Groupings: []map[string]string{
		{"A": "county-1", "B": "county-1", "C": "county-2", "D": "county-2"}, {"A": "small", "C": "small", "B": "big", "D": "big"}}}}}
	for code, value := range map[string]float64{"A": 1, "B": 2, "C": 4, "D": 8, "county-1": 3, "county-2": 12, "small": 5, "big": 10, "T": 15} {
		table.Cells = append(table.Cells, disclosure.Cell{Codes: []string{code}, Value: value})
	}
	s, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: []disclosure.Table{table}})
	if err != nil || len(s.Warnings) > 0 || len(s.Variables) != 9 || len(s.Relations) != 6 {
		t.Errorf("%v, %v, %d variables, %d relations", err, s.Warnings, len(s.Variables), len(s.Relations))
	}
}

// Not collected is neither zero nor hidden: it stays so, and what adds up to it too.
func TestNotCollected(t *testing.T) {
	t.Parallel()
	table := square(2, 20, 30, 40, 50, 60)
	table.Cells[5].Value, table.Cells[5].Count, table.Cells[5].Given = disclosure.Unknown(), disclosure.Unknown(), disclosure.NotCollected
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	for _, codes := range [][]string{{"south", "c"}, {"south", "T"}, {"T", "c"}, {"T", "T"}} {
		if got := statusOf(t, o, codes...); got != disclosure.NotCollected {
			t.Errorf("%v is %v", codes, got)
		}
	}
	if !o.Safe() {
		t.Errorf("%+v", o.Attack)
	}
	var out bytes.Buffer
	if err := o.WritePublished(&out, 0); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "south,c,ND\n") || !strings.Contains(out.String(), "north,a,s\n") {
		t.Error(out.String())
	}
}

// Kept cells are never secondaries; where nothing else can hide, the attack says so.
func TestKeptCells(t *testing.T) {
	t.Parallel()
	table := square(2, 20, 30, 40, 50, 60)
	for i := 1; i < len(table.Cells); i++ {
		table.Cells[i].Keep = true
	}
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	if got := statusOf(t, o, "north", "b"); got != disclosure.Published || !o.Safe() {
		t.Errorf("a kept cell is %v; safe %v", got, o.Safe())
	}
	if statusOf(t, o, "north", "T") != disclosure.Secondary {
		t.Error("only the totals were left to hide")
	}
}

// Everybody of a group, or nobody: both tell something of each.
func TestGroupDisclosure(t *testing.T) {
	t.Parallel()
	table := square(30, 0, 0, 40, 50, 0)
	table.Rules = disclosure.Rules{Group: &disclosure.Group{Dimension: "kind", All: true}}
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	if statusOf(t, o, "north", "a") != disclosure.Primary || o.Counts().Primary != 1 || !o.Safe() {
		t.Errorf("%+v, safe %v", o.Counts(), o.Safe())
	}
	table.Rules.Group.All, table.Rules.Group.None, table.Rules.Group.Codes = false, true, []string{"c"}
	o = protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	if statusOf(t, o, "south", "c") != disclosure.Primary || statusOf(t, o, "north", "b") == disclosure.Primary || !o.Safe() {
		t.Errorf("%+v, safe %v", o.Counts(), o.Safe())
	}
}

// A rate is told by its numerator, its complement and its base.
func TestComplementOfARate(t *testing.T) {
	t.Parallel()
	table := square(30, 20, 12, 41, 2, 0)
	table.Rules = disclosure.Rules{MinimumCount: 5, Group: &disclosure.Group{Dimension: "kind", Complement: true}}
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	if statusOf(t, o, "south", "a") != disclosure.Primary || statusOf(t, o, "south", "b") != disclosure.Primary || o.Counts().Primary != 2 {
		t.Errorf("41 of 43: two people are not; %+v", o.Counts())
	}
}

// What is published though a rule refuses it is recovered by reading it.
func TestCheckReadsWhatIsPublished(t *testing.T) {
	t.Parallel()
	o := checked(t, disclosure.Task{Tables: []disclosure.Table{square(2, 20, 30, 40, 50, 60)}, Integer: true})
	if o.Safe() || o.Attack.Recovered != 1 {
		t.Errorf("%+v", o.Attack)
	}
}

// Tables that do not hold together are refused where they do not.
func TestIssuesAreLocated(t *testing.T) {
	t.Parallel()
	twice := square(1, 2, 3, 4, 5, 6)
	twice.Cells[3].Codes = twice.Cells[1].Codes
	loop := square(1, 2, 3, 4, 5, 6)
	loop.Dimensions[1].Groupings = []map[string]string{{"a": "x", "x": "y", "y": "x"}}
	other := square(1, 2, 3, 4, 5, 7)
	other.Name = "other"
	for want, tables := range map[string][]disclosure.Table{
		"square:5: north | a is already":               {func() disclosure.Table { t := square(1, 2, 3, 4); t.Cells[3].Codes = t.Cells[0].Codes; return t }()},
		"square:5: north | b":                          {twice},
		"is above itself":                              {loop},
		"other:7: south | c is 7 here and 6 elsewhere": {square(1, 2, 3, 4, 5, 6), other},
	} {
		_, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: tables})
		var issue disclosure.Issue
		if !errors.As(err, &issue) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %q", err, want)
		}
	}
	wrong := square(1, 2, 3, 4, 5, 6)
	wrong.Cells = append(wrong.Cells, disclosure.Cell{Codes: []string{"north", "T"}, Value: 7, Line: 9})
	s, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: []disclosure.Table{wrong}})
	if err != nil || !slices.ContainsFunc(s.Warnings, func(w disclosure.Issue) bool { return w.Line == 9 }) {
		t.Errorf("%v, %v", err, s.Warnings)
	}
}

// The answer to "why?" is the same for a primary and for a secondary, and what it
// proposes is published or safe.
func TestWhyHidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		task := invented(t, 12)
		o, err := disclosure.Protect(context.Background(), task)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range o.Results() {
			e, err := o.Why(context.Background(), 0, r.Codes)
			if err != nil {
				t.Fatal(err)
			}
			if e.Hidden != r.Status.Hidden() || !e.Hidden && len(e.Alternatives) > 0 {
				t.Fatalf("%v is %v: %+v", r.Codes, r.Status, e)
			}
			for _, a := range e.Alternatives {
				if a.Codes != nil && !published(o, a) {
					t.Fatalf("%v instead of %v is not published", a.Codes, r.Codes)
				}
			}
		}
	})
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{square(2, 20, 30, 40, 50, 60)}, Integer: true})
	e, err := o.Why(context.Background(), 0, []string{"north", "a"})
	if err != nil || len(e.Alternatives) < 2 || disclosure.Label(e.Alternatives[0].Codes) != "T | a" && disclosure.Label(e.Alternatives[0].Codes) != "north | T" {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := o.Why(context.Background(), 0, []string{"nowhere", "a"}); err == nil {
		t.Error("a cell that is not there is explained")
	}
}

// Whoever asks "why?" of every cell, and is told every merger, finds nothing.
func TestAllAnswersTogether(t *testing.T) {
	t.Parallel()
	same := disclosure.Table{Name: "t", Dimensions: []disclosure.Dimension{{Name: "d", Total: "T"}}, Rules: disclosure.Rules{MinimumCount: 5},
		Protection: disclosure.Protection{Sliding: disclosure.Margin{AtLeast: 5}}}
	for i, n := range []float64{4, 4, 4, 4, 4, 100} {
		same.Cells = append(same.Cells, disclosure.Cell{Codes: []string{string(rune('a' + i))}, Value: n, Count: n, Contributors: disclosure.Unknown()})
	}
	if told := allAnswers(t, protected(t, disclosure.Task{Tables: []disclosure.Table{same}, Integer: true})); told == 0 {
		t.Error("five cells of four: no two are told as one")
	}
	told := 0
	for seed := range 60 {
		o := protected(t, rapid.Custom(func(t *rapid.T) disclosure.Task { return invented(t, 12) }).Example(seed))
		if o.Safe() {
			told += allAnswers(t, o)
		}
	}
	t.Logf("%d mergers", told)
}

// allAnswers publishes every merger that an outcome proposes, and attacks them all.
func allAnswers(t *testing.T, o *disclosure.Outcome) int {
	t.Helper()
	all := map[string]bool{}
	with := *o.System
	with.Variables, with.Relations = slices.Clone(with.Variables), slices.Clone(with.Relations)
	at := func(codes []string) int {
		var name []string
		for d, code := range codes {
			if code != "T" {
				name = append(name, o.Results()[0].Dimensions[d].Name+"="+code)
			}
		}
		return slices.IndexFunc(with.Variables, func(v disclosure.Variable) bool {
			_, codes, _ := strings.Cut(v.Name, "\x1f")
			return codes == strings.Join(name, "\x1f")
		})
	}
	for _, r := range o.Results() {
		e, err := o.Why(context.Background(), 0, r.Codes)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range e.Alternatives {
			key := fmt.Sprint(a.Merged)
			if a.Merged == nil || all[key] {
				continue
			}
			all[key] = true
			with.Variables = append(with.Variables, disclosure.Variable{Value: a.Value, Status: disclosure.Published})
			with.Relations = append(with.Relations, disclosure.Relation{Terms: []disclosure.Term{{Variable: len(with.Variables) - 1, Factor: 1}, {Variable: at(a.Merged[0]), Factor: -1}, {Variable: at(a.Merged[1]), Factor: -1}}})
		}
	}
	if a, err := with.Attack(context.Background()); err != nil || !a.Safe() {
		t.Errorf("%v together: %v, %+v", all, err, a)
	}
	return len(all)
}

func published(o *disclosure.Outcome, a disclosure.Alternative) bool {
	for _, r := range o.Results() {
		if disclosure.Label(r.Codes) == disclosure.Label(a.Codes) {
			return r.Status == disclosure.Published && r.Value == a.Value
		}
	}
	return false
}

// written is everything that an outcome says, in bytes.
func written(t testing.TB, task disclosure.Task) string {
	t.Helper()
	o := protected(t, task)
	var out bytes.Buffer
	if err := o.WritePublished(&out, 0); err != nil {
		t.Fatal(err)
	}
	c, err := o.Certificate()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	for _, r := range o.Results() {
		fmt.Fprintln(&out, r.Codes, r.Status, r.Interval)
	}
	return out.String()
}

// The same input gives the same bytes on one processor or several.
func TestSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	small := rapid.Custom(func(t *rapid.T) disclosure.Task { return invented(t, 9) }).Example(7)
	for name, task := range map[string]disclosure.Task{"small": small, "insee": taskOf(t, insee, "turnover_act_size.csv")} {
		on := func(processors int) string {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			return written(t, task)
		}
		if one := on(1); on(3) != one {
			t.Errorf("%s: three processors, other bytes", name)
		}
	}
}

// The order of the rows changes nothing of what is published.
func TestSameTableInAnyOrder(t *testing.T) {
	t.Parallel()
	task := taskOf(t, insee, "turnover_act_size.csv")
	publish := func() string {
		var out bytes.Buffer
		if err := protected(t, task).WritePublished(&out, 0); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first := publish()
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(task.Tables[0].Cells), func(i, j int) {
		cells := task.Tables[0].Cells
		cells[i], cells[j] = cells[j], cells[i]
	})
	if publish() != first {
		t.Error("another order, another table")
	}
}

// The certificate names no primary and no rule that fired, and nothing in it is
// measured by a protected value: every table that publishes the same figures,
// whichever of its hidden cells is the unsafe one, has the same certificate.
func TestCertificateIsAFunctionOfWhatIsPublished(t *testing.T) {
	t.Parallel()
	published, text := publishedOf(t, square(2, 20, 30, 40, 50, 60))
	for _, word := range []string{`"primary"`, "secondary", "north", "given", "attacked", "relative"} {
		if strings.Contains(text, word) {
			t.Errorf("the certificate says %q: %s", word, text)
		}
	}
	for _, word := range []string{`"safe":true`, `"suppressed":4`, `"hidden":4`, `"sha256":"`} {
		if !strings.Contains(text, word) {
			t.Errorf("the certificate does not say %q: %s", word, text)
		}
	}
	same := 0
	for x := 1.0; x <= 22; x++ { // every table with the same sums over the four hidden cells
		if figures, other := publishedOf(t, square(x, 22-x, 30, 42-x, 48+x, 60)); figures == published {
			if same++; other != text {
				t.Errorf("%v people: the same figures are published with another certificate:\n%s\n%s", x, text, other)
			}
		}
	}
	if same < 4 {
		t.Errorf("%d tables publish the same figures: the test asks nothing", same)
	}
}

// publishedOf protects a table of whole numbers: what its readers get of it, and its certificate.
func publishedOf(t *testing.T, table disclosure.Table) (figures, certificate string) {
	t.Helper()
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	var out bytes.Buffer
	if err := o.WritePublished(&out, 0); err != nil {
		t.Fatal(err)
	}
	c, err := o.Certificate()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), string(text)
}
