package markets_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"maillage/indicators/markets"
	"maillage/internal/testkit"
)

// The workbook and the paper hold the numbers of the report, and each definition.
func TestTheFilesHoldTheSameNumbers(t *testing.T) {
	t.Parallel()
	r := told(t, testkit.SQLite(t))
	report, err := r.Report(r.officer("departement:26"), markets.Wanted{From: "2026-11", Until: "2026-12", By: markets.ByEPCI})
	r.must(err)
	if cells := report.Tables[0].Rows[0].Cells; cells[4].Value != 1 || cells[5].Value != 803.5 && cells[5].Value != 804 || cells[6].Text("fr") != "0,50" || cells[0].Value != 1 {
		t.Errorf("total %+v", cells)
	}
	if report.By != "Maillage régional" || report.Place.FR == "" {
		t.Errorf("told by %q of %q", report.By, report.Place.FR)
	}
	for _, lang := range []string{"fr", "en"} {
		var one, two, book bytes.Buffer
		r.must(report.WritePDF(&one, lang))
		r.must(report.WritePDF(&two, lang))
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Error("the same report gives other bytes")
		}
		r.must(report.WriteXLSX(&book, lang))
		f, err := excelize.OpenReader(&book)
		r.must(err)
		paper := textOf(t, one.Bytes())
		for _, table := range report.Tables {
			rows, err := f.GetRows(table.Title.In(lang))
			r.must(err)
			if len(rows) != len(table.Rows)+1 {
				t.Fatalf("%s: %d rows", table.ID, len(rows))
			}
			for i, row := range table.Rows {
				var numbers []string
				for j, c := range row.Cells {
					numbers = append(numbers, c.Text(lang))
					want := strconv.FormatFloat(c.Value, 'f', -1, 64)
					if c.Unsaid || c.Beyond {
						want = c.Text(lang)
					}
					if got := rows[i+1][j+1]; got != want {
						t.Errorf("%s, %s: the workbook says %s, the report %s", table.ID, row.Name.FR, got, want)
					}
				}
				name := strings.ReplaceAll(regexp.QuoteMeta(row.Name.In(lang)), " ", "[ |]+") // it may be on two lines
				if want := `\|` + name + `\|` + regexp.QuoteMeta(strings.Join(numbers, "|")) + `\|`; !regexp.MustCompile(want).MatchString(paper) {
					t.Errorf("the paper does not say %q", want)
				}
			}
		}
		notes, err := f.GetRows(map[string]string{"fr": "Lire ces chiffres", "en": "How to read"}[lang])
		r.must(err)
		if said := map[string]string{"fr": "code du travail, L3121-41", "en": "Source: French labour code, L3121-41"}[lang]; !strings.Contains(fmt.Sprint(notes), said) {
			t.Errorf("the source of the hours is not told in %s", lang)
		}
		for i, c := range report.Columns {
			if notes[i+1][1] != c.Definition.In(lang) || !strings.Contains(paper, c.Label.In(lang)) {
				t.Errorf("%s is not defined: %v", c.ID, notes[i+1])
			}
		}
	}
}

var (
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\)\s*Tj`)
)

// textOf reads the strings of a PDF in the order in which they are drawn.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for _, s := range streams.FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(z)
		if err != nil {
			continue
		}
		for _, m := range shown.FindAllSubmatch(page, -1) {
			raw := unescaped(m[1])
			var units []uint16
			for i := 0; i+1 < len(raw); i += 2 {
				units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
			}
			out.WriteString("|" + string(utf16.Decode(units)))
		}
	}
	return out.String() + "|"
}

func unescaped(s []byte) (out []byte) {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == 'r' {
				out = append(out, '\r')
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}
