package release

import (
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/fault"
)

func anyField(rt *rapid.T) Field {
	if rapid.Bool().Draw(rt, "whole") {
		return Field{Name: "figure", Kind: Integer, Signed: true}
	}
	return Field{Name: "figure", Kind: Decimal, Decimals: rapid.IntRange(1, 6).Draw(rt, "decimals"), Signed: true}
}

func anyFigure(rt *rapid.T) Cell {
	switch rapid.IntRange(0, 5).Draw(rt, "status") {
	case 0:
		return Cell{Status: NotCollected}
	case 1:
		return Cell{Status: Suppressed}
	case 2:
		return Number(0)
	}
	return Number(rapid.Int64Range(-largest, largest).Draw(rt, "figure"))
}

// A figure has one writing, and it reads back as the same figure.
func TestAFigureHasOneWriting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f, c := anyField(rt), anyFigure(rt)
		got, err := f.parse(f.format(c))
		if err != nil || got != c {
			rt.Fatalf("%+v is written %q, read %+v, %v", c, f.format(c), got, err)
		}
		if junk := rapid.String().Draw(rt, "junk"); junk != f.format(c) {
			if got, err := f.parse(junk); err == nil && f.format(got) != junk {
				rt.Fatalf("%q is read as %q", junk, f.format(got))
			}
		}
	})
}

// CSV, Parquet and the workbook hold the same cells, whatever their size and sign.
func TestFormatsHoldTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		table := anyTable(rt)
		csv, err := table.writeCSV()
		if err != nil {
			rt.Fatal(err)
		}
		rows := table.readCSV(csv, func(line int, column string, why error) { rt.Fatalf("line %d, %s: %v", line, column, why) })
		sameRows(rt, "CSV", rows, table.Rows)
		data, err := table.writeParquet()
		if err != nil {
			rt.Fatal(err)
		}
		rows, err = table.readParquet(data, len(table.Rows))
		if err != nil {
			rt.Fatal(err)
		}
		sameRows(rt, "Parquet", rows, table.Rows)
		sameRows(rt, "workbook", workbookRows(rt, table), table.Rows)
	})
}

func sameRows(rt *rapid.T, what string, got, want [][]Cell) {
	if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		rt.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func workbookRows(rt *rapid.T, t Table) [][]Cell {
	data, err := Dataset{Tables: []Table{t}}.writeXLSX()
	if err != nil {
		rt.Fatal(err)
	}
	f, err := openWorkbook(data)
	if err != nil {
		rt.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := t.readSheet(f, len(t.Rows))
	if err != nil {
		rt.Fatal(err)
	}
	return rows
}

func anyTable(rt *rapid.T) Table {
	code := rapid.StringMatching(`[a-zé<&"',; 0-9]{1,8}x`)
	t := Table{Name: "any", Fields: []Field{{Name: "kind", Kind: Code}, {Name: "year", Kind: Year}, anyField(rt), {Name: "note", Kind: Note}}}
	for range rapid.IntRange(0, 12).Draw(rt, "rows") {
		note := Word("")
		if rapid.Bool().Draw(rt, "noted") {
			note = Word(code.Draw(rt, "note"))
		}
		t.Rows = append(t.Rows, []Cell{Word(code.Draw(rt, "code")), Number(rapid.Int64Range(1900, 2199).Draw(rt, "year")), anyFigure(rt), note})
	}
	return t
}

// A rate is rounded once, halves away from zero: against fractions, that are exact.
func TestRatesRoundOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n, d := rapid.Int64Range(-1_000_000, 1_000_000).Draw(rt, "n"), rapid.Int64Range(1, 1_000_000).Draw(rt, "d")
		f := Field{Kind: Decimal, Decimals: rapid.IntRange(1, 6).Draw(rt, "decimals"), Ratio: &Ratio{Per: 100}}
		got, ok := f.quotient(n, d, 0, 0)
		exact := new(big.Rat).Mul(big.NewRat(n, d), new(big.Rat).SetInt64(100*power(f.Decimals)))
		gap := new(big.Rat).Sub(new(big.Rat).SetInt64(got), exact)
		half := big.NewRat(1, 2)
		if !ok || gap.Abs(gap).Cmp(half) > 0 {
			rt.Fatalf("%d/%d is %d", n, d, got)
		}
		if gap.Cmp(half) == 0 && new(big.Rat).Abs(exact).Cmp(new(big.Rat).SetInt64(max(got, -got))) > 0 {
			rt.Fatalf("%d/%d: a half goes towards zero: %d", n, d, got)
		}
	})
}

// The closings of the 2012 report: 28 + 20 + 13 makes 61 and the total, rounded once from
// the same counts, is 60; exact sums refuse that, rounded ones do not, and refuse more.
func TestARoundedTotalMayMissItsParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		adds   Closing
		total  int64
		holds  bool
		hidden bool
	}{
		{adds: Exact, total: 61, holds: true}, {adds: Exact, total: 60}, {adds: Rounded, total: 60, holds: true},
		{adds: Rounded, total: 59, holds: true}, {adds: Rounded, total: 58}, {adds: Rounded, total: 64},
		{adds: Exact, total: 61, holds: true, hidden: true}, {adds: Exact, total: 47, hidden: true}, {adds: NoSum, total: 2, holds: true},
	} {
		table := Table{Name: "exits", Fields: []Field{{Name: "to", Kind: Code, Sums: []Sum{{"all", []string{"durable", "transition", "positive"}}}}, {Name: "percent", Kind: Integer, Adds: c.adds}}}
		for code, n := range map[string]int64{"all": c.total, "durable": 28, "transition": 20, "positive": 13} {
			cell := Number(n)
			if c.hidden && code == "positive" {
				cell = Cell{Status: Suppressed}
			}
			table.Rows = append(table.Rows, []Cell{Word(code), cell})
		}
		if bad, _ := table.closings(); (len(bad) == 0) != c.holds {
			t.Errorf("%+v: %v", c, bad)
		}
	}
}

// Words of a stranger are shortened and made whole before they are repeated.
func TestClip(t *testing.T) {
	t.Parallel()
	if got := clip("a\xff" + string(make([]rune, 300))); len([]rune(got)) != 121 {
		t.Errorf("%d runes", len([]rune(got)))
	}
	if got := inWords(located{3, "rate", said("non", "no")}); got != (fault.Text{FR: "non", EN: "no"}) {
		t.Errorf("%+v", got)
	}
}
