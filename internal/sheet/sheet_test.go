package sheet

import (
	"encoding/csv"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// Whatever the bytes, every line that is not blank is in a row or is broken,
// and nothing is read twice.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;\"b\"\"c\"\r\n\"d\ne\";f", "\"x\n\"y\"z\n1,2", "\"", "\"a\" b,c\nd", "\r\n\n,\n", "é,\xff\n"} {
		f.Add(s, byte(','))
	}
	f.Fuzz(func(t *testing.T, text string, comma byte) {
		if comma == '"' || comma == '\n' || comma == '\r' {
			t.Skip()
		}
		rows, broken := cut(text, comma, -1)
		lines, last := strings.Count(text, "\n")+1, 0
		for _, r := range append(rows, broken...) {
			if r.Line < 1 || r.Line > lines || len(r.Cells) == 0 {
				t.Fatalf("%q: line %d of %d, %d cells", text, r.Line, lines, len(r.Cells))
			}
		}
		for _, r := range rows {
			if r.Line <= last {
				t.Fatalf("%q: line %d after line %d", text, r.Line, last)
			}
			last = r.Line
		}
	})
}

// What the standard library writes is read back cell for cell.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("ab,;\"\n\t é'-")))
		want := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 5), 1, 6).Draw(rt, "rows")
		comma := rapid.SampledFrom([]byte{',', ';', '\t'}).Draw(rt, "comma")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = rune(comma)
		if err := w.WriteAll(want); err != nil {
			rt.Fatal(err)
		}
		rows, broken := cut(b.String(), comma, -1)
		var got [][]string
		for _, r := range rows {
			got = append(got, r.Cells)
		}
		if len(broken) != 0 || !reflect.DeepEqual(got, want) {
			rt.Fatalf("%q: %q, broken %v, want %q", b.String(), got, broken, want)
		}
	})
}

// A workbook's own days, and those that people write.
func TestDate(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{"31/12/2026": "2026-12-31", "1/2/2026": "2026-02-01", "2026-12-31": "2026-12-31", "46387": "2026-12-31",
		"": "", "31/02/2026": "", "12": "", "demain": ""} {
		if got, ok := Date(raw); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", raw, got, ok)
		}
	}
}

// A phone in a cell of numbers has lost its zero.
func TestPhone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{"475000000": "0475000000", "0475000000": "0475000000", "+33475000000": "+33475000000", "75000000": "75000000", "-": "-", "": ""} {
		if got := Phone(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

// Of a workbook with two tables one is read, and the other is named.
func TestTheOtherTableIsNamed(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for sheet, rows := range map[string][][]any{"Sheet1": {{"a", "b"}, {"1", "2"}}, "2025": {{"a"}, {"3"}}, "Aide": {{"What", "Why"}, {"a", "first"}}, "Vide": {{"a"}}} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	table, err := Read("two.xlsx", b, func(header []string) (n int) {
		for _, h := range header {
			if h == "a" || h == "b" {
				n++
			}
		}
		return n
	})
	if err != nil || len(table.Rows) != 1 || table.Rows[0].Cells[0] != "1" || !slices.Equal(table.Unread, []string{"2025"}) {
		t.Errorf("%+v, %v", table, err)
	}
}
