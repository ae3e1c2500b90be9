package network

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"maillage/internal/sheet"
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

func FuzzReadTable(f *testing.F) {
	f.Add([]byte("siret;type;nom\n99900001100018;ACI;x\n"), "a.csv")
	f.Add([]byte("\xFF\xFEs\x00i\x00"), "a.csv")
	f.Add([]byte("PK\x03\x04"), "a.xlsx")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		table, err := sheet.Read(name, strings.NewReader(string(data)), known)
		if err != nil {
			return
		}
		for _, row := range table.Rows {
			for _, cell := range row.Cells {
				if clean := sheet.Clean(cell); !utf8.ValidString(clean) || strings.ContainsRune(clean, 0) {
					t.Fatalf("cell %q", clean)
				}
			}
		}
		_, _, _ = recognise(table.Header)
	})
}
