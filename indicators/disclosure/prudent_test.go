package disclosure_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"maillage/indicators/disclosure"
)

// grouped is a table of amounts by parts, of which some are under G, with what is
// known of their contributors.
func grouped(rules disclosure.Rules, cells ...disclosure.Cell) disclosure.Table {
	t := disclosure.Table{Name: "t", Rules: rules, Dimensions: []disclosure.Dimension{{Name: "part", Total: "all", Groupings: []map[string]string{{"a": "G", "b": "G"}}}},
		Protection: disclosure.Protection{Sliding: disclosure.Margin{AtLeast: 1}}}
	for _, c := range cells {
		c.Count, c.Contributors = disclosure.Unknown(), disclosure.Unknown()
		t.Cells = append(t.Cells, c)
	}
	return t
}

func amount(code string, value float64, top ...float64) disclosure.Cell {
	return disclosure.Cell{Codes: []string{code}, Value: value, Top: top}
}

// The largest contributions of a computed total are as large as they can be, whatever
// the names of its parts and though one of them tells fewer.
func TestDominanceOfComputedTotals(t *testing.T) {
	t.Parallel()
	two, one := []disclosure.Dominance{{N: 2, Percent: 85}}, []disclosure.Dominance{{N: 1, Percent: 85}}
	for name, c := range map[string]struct {
		dominance []disclosure.Dominance
		cells     []disclosure.Cell
		total     string
	}{
		"fewer told in the second": {two, []disclosure.Cell{amount("a", 60, 30, 30), amount("b", 10, 10), amount("c", 500, 100, 90)}, "G"},
		"fewer told in the first":  {two, []disclosure.Cell{amount("b", 60, 30, 30), amount("a", 10, 10), amount("c", 500, 100, 90)}, "G"},
		"none told in one":         {one, []disclosure.Cell{amount("x", 100, 99), amount("z", 3, 1), amount("w", 2)}, "all"},
	} {
		o := protected(t, disclosure.Task{Tables: []disclosure.Table{grouped(disclosure.Rules{Dominance: c.dominance}, c.cells...)}})
		if got := statusOf(t, o, c.total); got != disclosure.Primary {
			t.Errorf("%s: %s is %v", name, c.total, got)
		}
	}
}

// A loss is a contribution as a gain is: the rules compare absolute values, and those of
// a computed total make up for each other nowhere.
func TestLossesAreContributions(t *testing.T) {
	t.Parallel()
	dominance, percent := disclosure.Rules{Dominance: []disclosure.Dominance{{N: 1, Percent: 85}}}, disclosure.Rules{PPercent: 10}
	for name, c := range map[string]struct {
		rules disclosure.Rules
		cells []disclosure.Cell
		code  string
		want  disclosure.Status
	}{
		"a loss of one":              {dominance, []disclosure.Cell{amount("x", -100, -99, -0.5)}, "x", disclosure.Primary},
		"a loss of one, by another":  {percent, []disclosure.Cell{amount("x", -100, -99, -0.5)}, "x", disclosure.Primary},
		"a loss beside gains":        {dominance, []disclosure.Cell{amount("x", 10, -99, 60)}, "x", disclosure.Primary},
		"a loss of many":             {dominance, []disclosure.Cell{amount("x", -100, -20, -15)}, "x", disclosure.Published},
		"a loss of many, by another": {percent, []disclosure.Cell{amount("x", -100, -20, -15)}, "x", disclosure.Published},
		"losses that are not told":   {dominance, []disclosure.Cell{amount("x", -100, 40)}, "x", disclosure.Primary},
		"a total of both":            {dominance, []disclosure.Cell{amount("a", -100, -30), amount("b", 140, 35), amount("c", 500, 40)}, "G", disclosure.Primary},
		"a total of nothing":         {dominance, []disclosure.Cell{amount("a", -100, -20), amount("b", 100, 20), amount("c", 500, 40)}, "G", disclosure.Primary},
		"a total of losses":          {dominance, []disclosure.Cell{amount("a", -100, -20), amount("b", -90, -15), amount("c", 500, 40)}, "G", disclosure.Published},
	} {
		table := grouped(c.rules, append(c.cells, amount("z", 900, 20, 15), amount("w", 900, 20, 15))...)
		table.Negative = true
		o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}})
		if got := statusOf(t, o, c.code); got != c.want {
			t.Errorf("%s: %s is %v", name, c.code, got)
		}
	}
}

// A total over a cell that nobody has is not a number, whether the row is there or not.
func TestTotalsOverWhatNobodyHas(t *testing.T) {
	t.Parallel()
	table := square(100, 30, 40)
	table.Cells = table.Cells[:2]
	table.Cells = append(table.Cells, square(0, 0, 0, 20).Cells[3])
	table.Absent = disclosure.AbsentUnknown
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	for _, codes := range [][]string{{"south", "b"}, {"south", "T"}, {"T", "b"}, {"T", "T"}} {
		if got := statusOf(t, o, codes...); got != disclosure.NotCollected {
			t.Errorf("%v is %v", codes, got)
		}
	}
	if got := statusOf(t, o, "north", "T"); got != disclosure.Published {
		t.Errorf("north has all its parts and is %v", got)
	}
}

// Nobody in a part of a group tells something of each, though the row was left out.
func TestNobodyIsJudgedWithoutItsRow(t *testing.T) {
	t.Parallel()
	table := square(30, 20, 40, 40, 50, 60)
	table.Cells = append(table.Cells[:2], table.Cells[3:]...)
	table.Rules = disclosure.Rules{Group: &disclosure.Group{Dimension: "kind", None: true}}
	o := protected(t, disclosure.Task{Tables: []disclosure.Table{table}, Integer: true})
	if got := statusOf(t, o, "north", "c"); got != disclosure.Primary || !o.Safe() {
		t.Errorf("north | c is %v, safe %v", got, o.Safe())
	}
}

// What would make the reasoning false is refused, at its line.
func TestFiguresThatAreRefused(t *testing.T) {
	t.Parallel()
	half, large, twice := square(2, 20, 30, 40.5), square(2, 20, 1e308, 40, 50, 1e308), square(2, 20, 30)
	twice.Dimensions[1].Name = "place"
	for want, task := range map[string]disclosure.Task{
		"square:5: south | a is 40.5":   {Tables: []disclosure.Table{half}, Integer: true},
		"square:4: north | c is 1e+308": {Tables: []disclosure.Table{large}},
		"dimension place is there":      {Tables: []disclosure.Table{twice}},
	} {
		_, err := disclosure.NewSystem(context.Background(), task)
		var issue disclosure.Issue
		if !errors.As(err, &issue) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %q", err, want)
		}
	}
	if _, err := disclosure.NewSystem(context.Background(), disclosure.Task{Tables: []disclosure.Table{square(2, math.Trunc(1e13), 3)}}); err == nil {
		t.Error("a total beyond the largest figure is accepted")
	}
}

// A rank that is not told, of contributors who are there, is as large as the last that
// is told: no rule says safe of what nobody gave.
func TestRanksThatAreNotToldAreJudgedPrudently(t *testing.T) {
	t.Parallel()
	cell := func(contributors float64, top ...float64) disclosure.Cell {
		return disclosure.Cell{Value: 100, Count: disclosure.Unknown(), Contributors: contributors, Top: top}
	}
	estimable := disclosure.Rules{PPercent: 10}
	three := disclosure.Rules{Dominance: []disclosure.Dominance{{N: 3, Percent: 85}}}
	for name, one := range map[string]struct {
		rules disclosure.Rules
		cell  disclosure.Cell
		want  disclosure.Rule
	}{
		"the second of four is not told":        {estimable, cell(4, 60), disclosure.PPercentRule},
		"a small first says that it is small":   {estimable, cell(4, 10), disclosure.NoRule},
		"both are told":                         {estimable, cell(4, 60, 20), disclosure.NoRule},
		"how many there are is not told":        {estimable, cell(disclosure.Unknown(), 60), disclosure.PPercentRule},
		"the third of four is not told":         {three, cell(4, 40, 30), disclosure.DominanceRule},
		"there is no third":                     {three, cell(2, 42, 42), disclosure.NoRule},
		"a third as large as the second is few": {three, cell(9, 20, 20), disclosure.NoRule},
	} {
		if got := one.rules.Judge(one.cell); got != one.want {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}
