package tenders

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestRowsComeBack: what a writer of CSV puts in cells comes back, whatever the
// quotes, separators and line breaks.
func TestRowsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOf(rapid.SampledFrom([]rune("ab\";,\n é|")))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 8).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = ';'
		if w.WriteAll(rows) != nil {
			t.Fatal("the rows can't be written")
		}
		in := newRowReader(strings.NewReader(b.String()), ';', 1<<20)
		for i, want := range rows {
			got, err := in.next()
			if err != nil || got.err != nil || !slices.Equal(got.cells, want) {
				t.Fatalf("row %d: %q %v %v, want %q", i, got.cells, got.err, err, want)
			}
		}
		if _, err := in.next(); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last row: %v", err)
		}
	})
}

const tableHeader = "id,acheteur_id,acheteur_nom,objet,montant,procedure\n"

// table writes so many contracts, with other lines in the place of some.
func table(rows int, other map[int]string) string {
	var b strings.Builder
	b.WriteString(tableHeader)
	for i := 1; i <= rows; i++ {
		if text, is := other[i]; is {
			b.WriteString(text)
			continue
		}
		fmt.Fprintf(&b, "A%d,21260362200014,Ville,\"Entretien, lot %d\",%d,x\n", i, i, i)
	}
	return b.String()
}

// TestABadRowCostsOnlyItself: a quote that is not closed, a row cut, shifted or
// too large is refused with its line, and the others are read.
func TestABadRowCostsOnlyItself(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	for name, c := range map[string]struct {
		text string
		read int
		says []string
	}{
		"a quote not closed":           {table(1000, map[int]string{11: "A11,21260362200014,Ville,\"Travaux,11,x\n"}), 999, []string{"record 11, line 12: a quote that opens in this row is not closed; lines 12 to 12"}},
		"not closed in the last row":   {table(50, map[int]string{50: "A50,21260362200014,Ville,\"Travaux,1,x\n"}), 49, []string{"record 50, line 51: a quote"}},
		"not closed, then lines":       {table(20, map[int]string{5: "A5,21260362200014,Ville,\"Trav\naux,\n1,x\n"}), 19, []string{"lines 6 to 8 are not read"}},
		"each second row not closed":   {table(9, map[int]string{2: "A2,21260362200014,V,\"a,1,x\n", 3: "A3,21260362200014,V,\"b,1,x\n"}), 7, []string{"line 3: a quote", "line 4: a quote"}},
		"a text over lines":            {table(3, map[int]string{2: "A2,21260362200014,Ville,\"un\ndeux, \"\"trois\"\"\",1,x\n"}), 3, nil},
		"cut mid-row":                  {tableHeader + "A1,21260362200014,Ville,Trav", 0, []string{"record 1, line 2: the row is cut: 4 cells of 6"}},
		"cut, with a line break":       {tableHeader + "A1,21260362200014,Ville,Trav\n", 0, []string{"the row is cut"}},
		"cut in a quote":               {tableHeader + "A1,21260362200014,Ville,\"Trav", 0, []string{"not closed"}},
		"an empty cell left out":       {table(3, map[int]string{2: "A2,21260362200014,Ville,Entretien,1\n"}), 3, nil},
		"a separator without quotes":   {table(3, map[int]string{2: "A2,21260362200014,Ville,un, deux,1,x\n"}), 2, []string{"more cells than the header (6)"}},
		"a row over the bound":         {table(30, map[int]string{4: "A4,21260362200014,Ville," + long + ",1,x\n"}), 29, []string{"record 4, line 5: larger than the bound"}},
		"a cell of lines, over it":     {table(30, map[int]string{4: "A4,21260362200014,Ville,\"" + strings.Repeat("ligne\n", 20_000)}), 29, []string{"line 5: a quote that opens", "begin no row"}},
		"a first line over the bound":  {"id,acheteur_id,objet," + long, 0, []string{"larger than the bound"}},
		"line breaks of another house": {strings.ReplaceAll(table(5, nil), "\n", "\r\n"), 5, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := NewParser(ParserConfig{Places: testPlaces(t), MaxRecord: 64 << 10})
			read, refused := 0, []string{}
			for rec := range p.Read(context.Background(), "table", strings.NewReader(c.text)) {
				if rec.Err == nil {
					read++
					continue
				}
				refused = append(refused, rec.Err.Error())
			}
			if read != c.read || len(refused) != len(c.says) {
				t.Fatalf("%d read, want %d; refused %.300q", read, c.read, refused)
			}
			for i, says := range c.says {
				if !strings.Contains(refused[i], says) {
					t.Errorf("%q does not say %q", refused[i], says)
				}
			}
		})
	}
}

// TestOpenContractsAreBounded: large rows leave before there are many of them.
func TestOpenContractsAreBounded(t *testing.T) {
	t.Parallel()
	g := &gatherer{parser: testParser(t), columns: []string{"id", "acheteur_id", "objet"}, open: map[string]*contractRows{}}
	given := 0
	for i := range 200 {
		text := fmt.Sprintf("%d %s", i, strings.Repeat("x", 200_000))
		row := csvRow{cells: []string{fmt.Sprint(i), "21260362200014", text}, raw: []byte(text), whole: true}
		if err := g.take("", row); err != nil {
			t.Fatal(err)
		}
		g.flush(openContracts, openBytes, func(Record) bool { given++; return true })
		if kept := len(g.open); kept*200_000 > openBytes {
			t.Fatalf("%d large contracts are open", kept)
		}
	}
	g.flush(0, 0, func(Record) bool { given++; return true })
	if given != 200 || g.size != 0 || len(g.open) != 0 {
		t.Errorf("%d given, %d bytes and %d contracts left", given, g.size, len(g.open))
	}
}

// TestOldLines: a table whose lines end in a lone CR is read as the others, and
// one without a row says so.
func TestOldLines(t *testing.T) {
	t.Parallel()
	text := "id,acheteur_id,objet,montant\n1,21260362800016,Voirie,10\n2,21260362800016,\"Eau, gaz\",20\n"
	read := func(text string) (got []string) {
		for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
			if rec.Err != nil {
				got = append(got, rec.Err.Error())
				continue
			}
			got = append(got, rec.Notice.ID+" "+rec.Notice.Title)
		}
		return got
	}
	want := read(text)
	for _, end := range []string{"\r", "\r\n"} {
		if got := read(strings.ReplaceAll(text, "\n", end)); len(got) != 2 || !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", end, got, want)
		}
		if got := read("id,acheteur_id,objet,montant" + end); len(got) != 1 || got[0] != "the text holds no record" {
			t.Errorf("no row: %q", got)
		}
	}
}
