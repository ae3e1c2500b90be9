package tenders

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// zipOf writes a zip of entries, each a name and its text.
func zipOf(t *testing.T, entries ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for i := 0; i < len(entries); i += 2 {
		w, err := z.Create(entries[i])
		if err == nil {
			_, err = w.Write([]byte(entries[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

const oneRecord = `{"idweb":"26-1","objet":"x","nomacheteur":"y","nature":"APPEL_OFFRE","etat":"INITIAL"}`

// told reads a path: how many notices, and what is refused.
func toldOf(p *Parser, path string) (read int, refused []string) {
	for rec := range p.Walk(context.Background(), path) {
		if rec.Err == nil {
			read++
			continue
		}
		refused = append(refused, asRefusal(rec.Err, "?", "").Code+" "+rec.Err.Error())
	}
	return read, refused
}

// TestGarbageIsBounded: millions of refusals that a few kilobytes hold are not
// told one by one, and what follows a run of scalars is still read.
func TestGarbageIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text    string
		read    int
		refused int
		says    string
	}{
		"scalars, then a record":   {"[" + strings.Repeat("1,", 200_000) + oneRecord + "]", 1, 1, "nor the others of 200000 in a row"},
		"lines, then a record":     {oneRecord + "\n" + strings.Repeat("boum\n", 50_000) + oneRecord, 2, 1, "nor the others of 50000 in a row"},
		"empty objects":            {"[" + strings.Repeat("{},", 50_000) + oneRecord + "]", 0, mostGarbage + 1, "record 1000, byte 2999: 1000 records refused in a row"},
		"few refusals in many":     {"[" + strings.Repeat("{},"+oneRecord+",", 1500) + "{}]", 1500, 1501, "of no format"},
		"lists":                    {"[" + strings.Repeat("[1],", 50_000) + "]", 0, mostGarbage + 1, "given_up"},
		"records that lack a name": {"[" + strings.Repeat(`{"idweb":"1"},`, 1500) + oneRecord + "]", 1, 1500, "kind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, refused := toldOf(testParser(t), zipOf(t, "a.json", c.text))
			if read != c.read || len(refused) != c.refused || !strings.Contains(refused[len(refused)-1], c.says) {
				t.Errorf("%d read, %d refused, the last: %.300q", read, len(refused), refused[max(0, len(refused)-1):])
			}
		})
	}
}

// TestTheWalkGoesOnAfterAFileGivenUp: only the file is given up.
func TestTheWalkGoesOnAfterAFileGivenUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.json": "[" + strings.Repeat("{},", 2000) + "]", "b.json": oneRecord} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if read, refused := toldOf(testParser(t), dir); read != 1 || len(refused) != mostGarbage+1 {
		t.Errorf("%d read, %d refused", read, len(refused))
	}
}

// TestUnfoldingIsBounded: an archive that unfolds to far more than its size is
// read up to the bound, and says so once.
func TestUnfoldingIsBounded(t *testing.T) {
	t.Parallel()
	long := "[" + oneRecord + strings.Repeat(" ", 8<<20) + "," + oneRecord + "]"
	p := NewParser(ParserConfig{Places: testPlaces(t), MaxUnpacked: 1 << 20})
	packed := filepath.Join(t.TempDir(), "a.gz")
	inTar := filepath.Join(t.TempDir(), "a.tar.gz")
	for path, raw := range map[string][]byte{packed: []byte(long), inTar: tarOf(t, "a.json", long, "b.json", oneRecord)} {
		if err := os.WriteFile(path, gzipped(t, raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range map[string]string{"zip": zipOf(t, "a.json", long, "b.json", oneRecord), "gzip": packed, "tar": inTar,
		"gzip in zip": zipOf(t, "a.gz", string(gzipped(t, []byte(long))))} {
		read, refused := toldOf(p, path)
		if read != 1 || len(refused) != 1 || !strings.Contains(refused[0], "unfolds to more than") || !strings.HasPrefix(refused[0], RefusedTooLarge) {
			t.Errorf("%s: %d read, refused %q", name, read, refused)
		}
	}
	if read, refused := toldOf(testParser(t), zipOf(t, "a.json", long)); read != 2 || len(refused) > 0 {
		t.Errorf("within the bound: %d read, refused %q", read, refused)
	}
}

// TestCompanionsAreLeftOut: what a system adds to its archives is no notice.
func TestCompanionsAreLeftOut(t *testing.T) {
	t.Parallel()
	path := zipOf(t, ".DS_Store", "junk", "__MACOSX/._a.json", "junk", "__MACOSX/a/x.json", "junk", "./b/a.json", oneRecord, ".git/config", "junk")
	if read, refused := toldOf(testParser(t), path); read != 1 || len(refused) > 0 {
		t.Errorf("%d read, refused %q", read, refused)
	}
}

// TestUnmarkedUTF16: a text in UTF-16 is read without its mark, a table too.
func TestUnmarkedUTF16(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"json": strings.Replace(oneRecord, `"x"`, `"Forêt"`, 1), "csv": table(1, nil)} {
		for order, put := range map[string]func(*bytes.Buffer, uint16){
			"little": func(b *bytes.Buffer, v uint16) { b.Write([]byte{byte(v), byte(v >> 8)}) },
			"big":    func(b *bytes.Buffer, v uint16) { b.Write([]byte{byte(v >> 8), byte(v)}) },
		} {
			for _, mark := range []string{"", "\ufeff"} {
				var b bytes.Buffer
				for _, v := range utf16.Encode([]rune(mark + text)) {
					put(&b, v)
				}
				if n, err := testParser(t).Parse(b.Bytes()); err != nil || (name == "json" && n.Title != "Forêt") {
					t.Errorf("%s, %s, mark %q: %v", name, order, mark, err)
				}
			}
		}
	}
}

// TestDECPBehindAProlog: what stands before the root, or its prefix, does not
// hide the essential data; entities stay refused.
func TestDECPBehindAProlog(t *testing.T) {
	t.Parallel()
	one := `<marche><id>1</id><acheteur><id>21260362200014</id><nom>Valence</nom></acheteur><objet>Entretien des rues</objet></marche>`
	for name, c := range map[string]struct {
		text string
		read bool
	}{
		"doctype":         {`<?xml version="1.0"?><!DOCTYPE marches SYSTEM "marches.dtd"><marches>` + one + `</marches>`, true},
		"inner doctype":   {"<!DOCTYPE marches [ <!ELEMENT marches ANY> ]>\n<marches>" + one + "</marches>", true},
		"prefix":          {`<d:marches xmlns:d="urn:x">` + strings.NewReplacer("</", "</d:", "<", "<d:").Replace(one) + `</d:marches>`, true},
		"long prolog":     {"<?xml version=\"1.0\"?><!--" + strings.Repeat("x > y ", 5000) + "--><marches>" + one + "</marches>", true},
		"several remarks": {"<!-- a --> <!-- b --><?c d?><marches>" + one + "</marches>", true},
		"entities":        {`<!DOCTYPE marches [<!ENTITY a "aaaa">]><marches>` + one + `</marches>`, false},
	} {
		if n, err := testParser(t).Parse([]byte(c.text)); (err == nil) != c.read || (c.read && n.Source != DECP) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchivesInArchives says what is not opened.
func TestArchivesInArchives(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(zipOf(t, "a.json", oneRecord))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"zip in zip":   {zipOf(t, "b.zip", string(raw)), "a zip is read as a file of its own only"},
		"gzip in gzip": {zipOf(t, "b.gz", string(gzipped(t, gzipped(t, []byte(oneRecord))))), "a gzip is read as a file of its own only"},
	} {
		if read, refused := toldOf(testParser(t), c[0]); read != 0 || len(refused) != 1 || !strings.Contains(refused[0], c[1]) {
			t.Errorf("%s: %d read, refused %q", name, read, refused)
		}
	}
	said := fmt.Sprint((&Refusal{Code: RefusedFormat, Reason: "a zip is read as a file of its own only, not inside another archive or a stream"}).Text().FR)
	if !strings.HasPrefix(said, "un zip n’est lu que") {
		t.Errorf("said %q", said)
	}
}
