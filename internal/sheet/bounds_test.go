package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"maillage/internal/fault"
)

// parts are those of a workbook, each by its path; a sheet "Import" and what leads to it are there already.
type parts map[string]io.Reader

const (
	opened = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	closed = `</sheetData></worksheet>`
	header = `<row r="1"><c r="A1" t="inlineStr"><is><t>numero</t></is></c></row>`
)

// workbook packs parts; the first sheet is "Import", and others may be listed with the part that they lead to.
func workbook(t *testing.T, p parts, others ...string) []byte {
	t.Helper()
	sheets := `<sheet name="Import" sheetId="1" r:id="r1"/>`
	rels := `<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>`
	for i, target := range others {
		sheets += fmt.Sprintf(`<sheet name="S%d" sheetId="%d" r:id="o%d"/>`, i, i+2, i)
		rels += fmt.Sprintf(`<Relationship Id="o%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="%s"/>`, i, target)
	}
	const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(name string, r io.Reader) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.Copy(f, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("[Content_Types].xml", strings.NewReader(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`))
	add("_rels/.rels", strings.NewReader(fmt.Sprintf(relations, `<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`)))
	add("xl/workbook.xml", strings.NewReader(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`+sheets+`</sheets></workbook>`))
	add("xl/_rels/workbook.xml.rels", strings.NewReader(fmt.Sprintf(relations, rels)))
	for name, r := range p {
		add(name, r)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repeated reads head, n times what row gives, and tail, without holding them.
func repeated(head string, n int, row func(i int) string, tail string) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, head)
		for i := 0; i < n && err == nil; i++ {
			_, err = io.WriteString(w, row(i))
		}
		if err == nil {
			_, err = io.WriteString(w, tail)
		}
		w.CloseWithError(err)
	}()
	return r
}

func always(s string) func(int) string { return func(int) string { return s } }

func any1(header []string) int { return len(header) }

// A small file that unfolds into gigabytes is refused where it goes over a bound,
// before it is held: what each costs is measured.
func TestABoundHoldsWhileReading(t *testing.T) { // not parallel: it measures the memory of the process
	text, one := strings.Repeat("é", maxCell+1), strings.Repeat("a", 1<<20)
	sheet := func(r io.Reader) parts { return parts{"xl/worksheets/sheet1.xml": r} }
	rows := func(n int, row func(i int) string) io.Reader { return repeated(opened+header, n, row, closed) }
	for name, c := range map[string]struct {
		parts  parts
		others []string
		path   string // of the fault
		most   uint64 // MB allocated from first to last, freed ones included
	}{
		"a cell in the last column": {parts: sheet(rows(8000, func(i int) string {
			return fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2)
		})), path: "line 2, column XFD", most: 8},
		"a column repeated": {parts: sheet(rows(1, always(`<row r="2">`+strings.Repeat(`<c r="B2"><v>1</v></c>`, 3000)+`</row>`))), path: "line 2, column B", most: 8},
		"a cell of 20 MB": {parts: sheet(repeated(opened+header+`<row r="2"><c r="B2" t="inlineStr"><is><t>`, 20, always(one), `</t></is></c></row>`+closed)),
			path: "line 2, column B", most: 16},
		"a cell of many words": {parts: sheet(repeated(opened+header+`<row r="2"><c r="C2" t="inlineStr"><is>`, 100_000, always(`<r><t>a</t></r>`), `</is></c></row>`+closed)),
			path: "line 2, column C", most: 64},
		"a cell of too many characters": {parts: sheet(rows(1, always(`<row r="2"><c r="B2" t="inlineStr"><is><t>`+text+`</t></is></c></row>`))), path: "line 2, column B", most: 8},
		"rows of blanks": {parts: sheet(rows(60_000, func(i int) string {
			return fmt.Sprintf(`<row r="%d"><c r="IP%d"><v>1</v></c></row>`, i+2, i+2)
		})), path: "line 20001, column IP", most: 64},
		"cells without a value": {parts: sheet(rows(1, always(strings.Repeat("<row>"+strings.Repeat("<c/>", 1000)+"</row>", maxCells/1000+1)))), path: "line 5001, column ALL", most: 2400},
		"one long text everywhere": {parts: parts{
			"xl/worksheets/sheet1.xml": rows(5000, always(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 10)+`</row>`)),
			"xl/sharedStrings.xml":     strings.NewReader(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>` + strings.Repeat("a", 30_000) + `</t></si></sst>`),
		}, path: "line 225", most: 96},
		"texts that nothing shows": {parts: parts{"xl/worksheets/sheet1.xml": rows(1, always("<row/>")),
			"xl/sharedStrings.xml": repeated(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`, maxTexts+1, always(`<si/>`), `</sst>`)}, path: "file", most: 400},
		"elements in elements": {parts: sheet(repeated(opened, 1000, always(`<a>`), closed)), path: "file", most: 8},
		"a sheet under two names": {parts: sheet(rows(1, always("<row/>"))), others: []string{"/xl/worksheets/sheet1.xml"},
			path: "file", most: 8},
		"too many sheets":     {parts: sheet(rows(1, always("<row/>"))), others: make([]string, maxSheets), path: "file", most: 8},
		"a sheet cut halfway": {parts: sheet(strings.NewReader(opened + header + `<row r="2"><c r="A2"><v>1`)), path: "file", most: 8},
		"a sheet over all":    {parts: sheet(repeated(opened, maxUnzipped>>20, always(one), closed)), most: 8},
	} {
		t.Run(name, func(t *testing.T) {
			data := workbook(t, c.parts, c.others...)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read("a.xlsx", bytes.NewReader(data), any1)
			runtime.ReadMemStats(&after)
			f := fault.Of(err)
			if f.Kind != fault.KindTooLarge && f.Kind != fault.KindInvalid {
				t.Fatalf("of %d kB: %v", len(data)>>10, err)
			}
			if c.path != "" && (len(f.Fields) != 1 || f.Fields[0].Path != c.path) {
				t.Errorf("refused at %v, want %s", f, c.path)
			}
			mb := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%d kB, %d MB allocated: %v", len(data)>>10, mb, f)
			if mb > c.most {
				t.Errorf("%d MB allocated, want %d at most", mb, c.most)
			}
		})
	}
}

// A text that somebody separated has the same bounds, and is not held beyond them either.
func TestATextHasTheSameBounds(t *testing.T) { // not parallel: it measures the memory of the process
	for name, c := range map[string]struct {
		text, path string
		most       uint64
	}{
		"columns":               {"a;b\n1;2\n" + strings.Repeat(";", 8<<20) + "\n", "line 3, column IQ", 64},
		"rows":                  {"a;b\n" + strings.Repeat("1;2\n", 2<<20), "line 200002", 128},
		"lines that are broken": {"a;b\n" + strings.Repeat("\"x\"y\n", 1<<20), "line 200002", 128},
		"a cell":                {"a;b\n1;\"" + strings.Repeat("a\n", 4<<20) + "\"\n", "line 2, column B", 128},
		"cells":                 {"a;b\n" + strings.Repeat(strings.Repeat(";", 249)+"1\n", 30_000), "line 20001", 256},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read("a.csv", strings.NewReader(c.text), any1)
			runtime.ReadMemStats(&after)
			f := fault.Of(err)
			if f.Kind != fault.KindTooLarge || len(f.Fields) != 1 || f.Fields[0].Path != c.path {
				t.Fatalf("%v, want it at %s", f, c.path)
			}
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > c.most {
				t.Errorf("%d MB allocated, want %d at most", mb, c.most)
			}
		})
	}
}

// What is within the bounds is read whole, wherever its texts are and whatever
// else the workbook holds; styles of 200 MB cost nothing.
func TestWithinTheBoundsNothingIsLost(t *testing.T) {
	t.Parallel()
	const rows = 10_000 // the texts and the sheet are over what is unpacked in memory
	long := strings.Repeat("é", maxCell)
	data := workbook(t, parts{
		"xl/worksheets/sheet1.xml": repeated(opened+header, rows, func(i int) string {
			line := 2*i + 2
			return fmt.Sprintf(`<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="AZ%d" t="s"><v>%d</v></c><c r="XFD%d" s="1"/></row>`, line, line, 1+i, line, i%2, line)
		}, closed),
		"xl/sharedStrings.xml": repeated(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`, rows+1, func(i int) string {
			return fmt.Sprintf(`<si><r><rPr><b/></rPr><t>texte </t></r><r><t>%d %s</t></r></si>`, i, strings.Repeat("a", 100))
		}, `</sst>`),
		"xl/worksheets/sheet2.xml": strings.NewReader(opened + `<row><c t="inlineStr"><is><t>` + long + `</t></is></c></row>` + closed),
		"xl/styles.xml":            repeated(``, 200, always(strings.Repeat("<xf/>", 1<<20/5)), ``),
		"xl/media/logo.png":        strings.NewReader("no picture"),
	}, "worksheets/sheet2.xml")
	table, err := Read("a.xlsx", bytes.NewReader(data), func(h []string) int { return strings.Count(h[0], "numero") })
	if err != nil || len(table.Rows) != rows {
		t.Fatalf("%v, %d rows", err, len(table.Rows))
	}
	for i, r := range table.Rows {
		want := fmt.Sprintf("texte %d %s", i+1, strings.Repeat("a", 100))
		if r.Line != 2*i+2 || len(r.Cells) != 52 || r.Cells[0] != want || !strings.HasPrefix(r.Cells[51], fmt.Sprintf("texte %d ", i%2)) {
			t.Fatalf("line %d: %d cells, %q", r.Line, len(r.Cells), r.Cells[0])
		}
	}
}
