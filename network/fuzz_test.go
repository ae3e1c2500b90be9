package network

import (
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func FuzzParseSIRET(f *testing.F) {
	for _, s := range []string{"", "732 829 320 00074", "73282932000074", "732829320", "7 3 2.829\u00a0320", "35600000000048", "abc", "９９９"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSIRET(text)
		if err != nil {
			if s != "" {
				t.Fatalf("%q: a value %q with an error", text, s)
			}
			return
		}
		again, err := ParseSIRET(s.String())
		if err != nil || again != s || len(s) != 9 && len(s) != 14 || len(s.SIREN()) != 9 {
			t.Fatalf("%q gives %q, then %q (%v)", text, s, again, err)
		}
	})
}

// One wrong digit never passes the check digit.
func TestACheckDigitCatchesOneMistake(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		base := rapid.StringMatching(`[0-9]{13}`).Draw(rt, "digits")
		s := ""
		for d := '0'; d <= '9'; d++ {
			if luhn(base + string(d)) {
				s = base + string(d)
			}
		}
		at, by := rapid.IntRange(0, 13).Draw(rt, "at"), rapid.IntRange(1, 9).Draw(rt, "by")
		wrong := []byte(s)
		wrong[at] = '0' + (wrong[at]-'0'+byte(by))%10
		if !SIRET(s).Valid() || luhn(string(wrong)) {
			rt.Fatalf("%s valid, %s refused: expected", s, wrong)
		}
	})
}

func TestTheCheckDigitOfKnownNumbers(t *testing.T) {
	t.Parallel()
	for s, want := range map[SIRET]bool{
		"73282932000074": true, "732829320": true, "73282932000075": false,
		"35600000000048": true,  // La Poste's seat: Luhn holds
		"35600000009075": true,  // one of its offices: the sum of the digits is a multiple of five
		"35600000009076": false, // neither
		"":               false, "123": false,
	} {
		if s.Valid() != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

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
			if r.line < 1 || r.line > lines || len(r.cells) == 0 {
				t.Fatalf("%q: line %d of %d, %d cells", text, r.line, lines, len(r.cells))
			}
		}
		for _, r := range rows {
			if r.line <= last {
				t.Fatalf("%q: line %d after line %d", text, r.line, last)
			}
			last = r.line
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
			got = append(got, r.cells)
		}
		if len(broken) != 0 || !reflect.DeepEqual(got, want) {
			rt.Fatalf("%q: %q, broken %v, want %q", b.String(), got, broken, want)
		}
	})
}

func FuzzReadTable(f *testing.F) {
	f.Add([]byte("siret;type;nom\n99900001100018;ACI;x\n"), "a.csv")
	f.Add([]byte("\xFF\xFEs\x00i\x00"), "a.csv")
	f.Add([]byte("PK\x03\x04"), "a.xlsx")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		table, err := readTable(name, strings.NewReader(string(data)), known)
		if err != nil {
			return
		}
		for _, row := range table.rows {
			for _, cell := range row.cells {
				if clean := cleanCell(cell); !utf8.ValidString(clean) || strings.ContainsRune(clean, 0) {
					t.Fatalf("cell %q", clean)
				}
			}
		}
		_, _, _ = recognise(table.header)
	})
}
