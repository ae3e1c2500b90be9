package disclosure_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"maillage/indicators/disclosure"
	"maillage/indicators/disclosure/spec"
)

// readAs reads tables of the samples, and one text in the place of a file.
func readAs(t *testing.T, text, file, content string) disclosure.Task {
	t.Helper()
	s, err := spec.Parse("spec.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	task, err := s.Task("turnover_act_size.csv", func(name string) (io.ReadCloser, error) {
		if name == file {
			return io.NopCloser(strings.NewReader(content)), nil
		}
		return os.Open(sample(t, name))
	})
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// What the tool publishes of INSEE's table can be given back to it, as a reader has
// it: alone, and as the release of before of something else.
func TestWhatIsPublishedIsReadAgain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := protected(t, taskOf(t, insee, "turnover_act_size.csv")).WritePublished(&out, 0); err != nil {
		t.Fatal(err)
	}
	const own = `"value": "TOT", "suppressed": ["s"], "protection": {"sliding": {"at_least": 0.001}}`
	dimensions := insee[strings.Index(insee, `"dimensions"`):strings.Index(insee, `"value"`)]
	o := checked(t, readAs(t, "{"+dimensions+own+"}", "turnover_act_size.csv", out.String()))
	if len(o.Attack.Intervals) < 100 || len(o.System.Warnings) > 0 {
		t.Errorf("%d attacked, %v", len(o.Attack.Intervals), o.System.Warnings)
	}
	if o.Attack.Recovered > 0 {
		t.Errorf("%d recovered", o.Attack.Recovered)
	}
	before := strings.TrimSuffix(strings.TrimSpace(insee), "}") + `, "released": [{"file": "before.csv", "measure": "other", ` + own + `}]}`
	if _, err := disclosure.NewSystem(context.Background(), readAs(t, before, "before.csv", out.String())); err != nil {
		t.Error(err)
	}
}

// Of a figure that we do not have, a percentage is asked of what is deduced: [999.5, 1000]
// leaves no value a tenth each way, [0, 40] does.
func TestPercentagesOfHiddenFigures(t *testing.T) {
	t.Parallel()
	hidden := func(part, other, all float64) *disclosure.Outcome {
		table := square(0, 0, 0, 0)
		table.Rules, table.OmitTotals = disclosure.Rules{}, true
		table.Protection = disclosure.Protection{Lower: disclosure.Margin{Percent: 10}, Upper: disclosure.Margin{Percent: 10}}
		table.Cells = nil
		for _, row := range [][]string{{"r1", "a"}, {"r1", "b"}, {"r2", "a"}, {"r2", "b"}} {
			table.Cells = append(table.Cells, disclosure.Cell{Codes: row, Value: disclosure.Unknown(), Count: disclosure.Unknown(), Contributors: disclosure.Unknown(), Given: disclosure.Primary})
		}
		for _, c := range []disclosure.Cell{cell(all-other, "r1", "T"), cell(other, "r2", "T"), cell(part, "T", "a"), cell(all-part, "T", "b"), cell(all, "T", "T")} {
			c.Count, c.Contributors = disclosure.Unknown(), disclosure.Unknown()
			table.Cells = append(table.Cells, c)
		}
		o, err := disclosure.Check(context.Background(), disclosure.Task{Tables: []disclosure.Table{table}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if o := hidden(1000, 0.5, 1500.5); o.Safe() || o.Attack.Recovered != 0 {
		t.Errorf("r1 | a is known to half a unit in a thousand: %+v", o.Attack)
	}
	if o := hidden(60, 40, 100); !o.Safe() {
		t.Errorf("nothing is known to a tenth: %+v", o.Attack)
	}
}

// A table that no figures can fill is said to be one.
func TestImpossibleTablesAreSaid(t *testing.T) {
	t.Parallel()
	table := disclosure.Table{Name: "t", Dimensions: []disclosure.Dimension{{Name: "d", Total: "all"}}, Cells: []disclosure.Cell{
		{Codes: []string{"a"}, Value: disclosure.Unknown(), Given: disclosure.Primary, Line: 2}, {Codes: []string{"b"}, Value: 50, Line: 3}, {Codes: []string{"all"}, Value: 40, Line: 4}}}
	o := checked(t, disclosure.Task{Tables: []disclosure.Table{table}})
	if len(o.System.Warnings) != 1 || o.System.Warnings[0].Line != 4 {
		t.Errorf("%v", o.System.Warnings)
	}
}
