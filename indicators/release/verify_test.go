package release_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

func verified(t testing.TB, data []byte) *release.Report {
	t.Helper()
	r, err := release.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASoundRelease(t *testing.T) {
	t.Parallel()
	r := verified(t, written(t, sample()))
	if !r.Sound() || r.Dataset != "sorties-par-region" || r.Version != "1.0.0" {
		t.Fatalf("%+v", r)
	}
	counts := map[string]int{}
	for _, c := range r.Checks {
		counts[c.Name] = c.Count
		if c.Outcome != release.Passed && c.Name != "attack" {
			t.Errorf("%s: %s", c.Name, c.Outcome)
		}
	}
	for name, want := range map[string]int{"sums": 15, "described": 13, "schema": 14, "agree": 2 * (11*7 + 3*3), "totals": 6, "rates": 6, "certificate": 2, "reproduced": 15} {
		if counts[name] != want {
			t.Errorf("%s looked at %d, want %d", name, counts[name], want)
		}
	}
}

// Each change is found by the check that is there for it, and located. The hashes are
// made right again before, except where they are the matter.
func TestEveryChangeIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(t *testing.T, files map[string][]byte)
		check  string
		where  string
	}{
		{"a changed byte", func(t *testing.T, f map[string][]byte) { swap(t, f, "README.md", "Citer", "Cíter") }, "sums", "README.md"},
		{"a file added", func(_ *testing.T, f map[string][]byte) { f["data/more.txt"] = []byte("x") }, "sums", "data/more.txt"},
		{"a file removed", func(_ *testing.T, f map[string][]byte) { delete(f, "codebook.pdf") }, "sums", "codebook.pdf"},
		{"no sums", func(_ *testing.T, f map[string][]byte) { delete(f, "SHA256SUMS") }, "sums", "SHA256SUMS"},
		{"sums that are none", func(_ *testing.T, f map[string][]byte) { f["SHA256SUMS"] = []byte("abc  README.md\n") }, "sums", "SHA256SUMS"},
		{"an added file with its hash", func(_ *testing.T, f map[string][]byte) { f["more.txt"] = []byte("x"); sums(f) }, "described", "more.txt"},
		{"no description", func(_ *testing.T, f map[string][]byte) { delete(f, "datapackage.json"); sums(f) }, "described", "datapackage.json"},
		{"another format", func(t *testing.T, f map[string][]byte) {
			swap(t, f, "datapackage.json", "maillage-release/1", "maillage-release/9")
			sums(f)
		}, "described", "datapackage.json"},
		{"a schema that says something else", func(t *testing.T, f map[string][]byte) {
			swap(t, f, "datapackage.json", `"type": "year"`, `"type": "string"`)
			sums(f)
		}, "described", "datapackage.json"},
		{"no licence", func(t *testing.T, f map[string][]byte) {
			swap(t, f, "datapackage.json", `"path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"`, `"path": "javascript:alert(1)"`)
			sums(f)
		}, "described", "datapackage.json, column licence.url"},
		{"a word for a number", resealing("data/sorties.csv", "0,0,NA", "zero,0,NA"), "schema", "data/sorties.csv, line 3, column durable"},
		{"a number written otherwise", resealing("data/sorties.csv", "49.2", "49.20"), "schema", "data/sorties.csv, line 4, column rate"},
		{"a code of no list", resealing("data/sorties.csv", "28,ACI", "29,ACI"), "schema", "data/sorties.csv, line 4, column region"},
		{"a row twice", resealing("data/sorties.csv", "28,EI,2025,20,39,51.3,", "28,ACI,2025,20,39,51.3,"), "schema", "data/sorties.csv, line 5"},
		{"a negative count", resealing("data/sorties.csv", "30,61,49.2", "-30,61,49.2"), "schema", "data/sorties.csv, line 4, column durable"},
		{"a rate without a base that has one", resealing("data/sorties.csv", "50,100,50.0", "50,100,NA"), "rates", "data/sorties.csv, line 6, column rate"},
		{"a cell too many", resealing("data/sorties.csv", "49.2,", "49.2,,"), "schema", "data/sorties.csv, line 4"},
		{"another header", resealing("data/sorties.csv", "region,kind", "kind,region"), "schema", "data/sorties.csv, line 1"},
		{"CRLF", func(t *testing.T, f map[string][]byte) {
			f["data/heures.csv"] = bytes.ReplaceAll(f["data/heures.csv"], []byte("\n"), []byte("\r\n"))
			resealed(t, f)
		}, "schema", "data/heures.csv"},
		{"rows in another order", resealing("data/heures.csv", "ACI,8.35,0.5\nEI,4.16,-100.5\n", "EI,4.16,-100.5\nACI,8.35,0.5\n"), "schema", "data/heures.csv"},
		{"a value in one format only", resealing("data/heures.csv", "8.35", "8.34"), "agree", "data/heures.parquet, line 1, column fte"},
		{"the same in the workbook", resealing("data/heures.csv", "8.35", "8.34"), "agree", "data/sorties-par-region.xlsx#heures, line 2, column fte"},
		{"a status in one format only", resealing("data/sorties.csv", "FR,ACI,2025,ND", "FR,ACI,2025,suppressed"), "agree", "data/sorties.parquet, line 9, column durable"},
		{"a Parquet that is none", func(t *testing.T, f map[string][]byte) { f["data/heures.parquet"] = []byte("PAR1PAR1"); resealed(t, f) }, "agree", "data/heures.parquet"},
		{"a Parquet of another table", func(t *testing.T, f map[string][]byte) {
			f["data/heures.parquet"] = f["data/sorties.parquet"]
			resealed(t, f)
		}, "agree", "data/heures.parquet"},
		{"a workbook that is none", func(t *testing.T, f map[string][]byte) {
			f["data/sorties-par-region.xlsx"] = []byte("PK")
			resealed(t, f)
		}, "agree", "data/sorties-par-region.xlsx"},
		{"a total that does not close", resealing("data/sorties.csv", "28,all,2025,50,100", "28,all,2025,51,100"), "totals", "data/sorties.csv, line 6, column durable"},
		{"published parts above their total", resealing("data/sorties.csv", "53,all,2025,40,111", "53,all,2025,40,110"), "totals", "data/sorties.csv, line 9, column exits"},
		{"rounded parts too far from their total", resealing("data/heures.csv", "all,12.50", "all,12.53"), "totals", "data/heures.csv, line 4, column fte"},
		{"a rate that is not its counts'", resealing("data/sorties.csv", "50.0,\n53", "50.1,\n53"), "rates", "data/sorties.csv, line 6, column rate"},
		{"a rate without its numerator", resealing("data/sorties.csv", "suppressed,61,suppressed", "suppressed,61,50.0"), "rates", "data/sorties.csv, line 7, column rate"},
		{"a certificate of other figures", resealing("data/heures.csv", "8.35", "8.34"), "certificate", "certificate.json"},
		{"a certificate that counts otherwise", resealing("certificate.json", `"suppressed": 4`, `"suppressed": 5`), "certificate", "certificate.json"},
		{"a certificate of another version", resealing("certificate.json", `"version": "1.0.0"`, `"version": "0.9.0"`), "certificate", "certificate.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := unpacked(t, written(t, sample()))
			c.change(t, files)
			r := verified(t, forged(t, files))
			for _, f := range r.Findings {
				if f.Check == c.check && f.Where("en") == c.where {
					if f.Message.FR == "" || f.Message.EN == "" {
						t.Errorf("said in one language: %+v", f)
					}
					return
				}
			}
			t.Errorf("not found by %s at %s: %+v", c.check, c.where, r.Findings)
		})
	}
}

func resealing(path, old, new string) func(*testing.T, map[string][]byte) {
	return func(t *testing.T, files map[string][]byte) {
		t.Helper()
		swap(t, files, path, old, new)
		resealed(t, files)
	}
}

// A text that this program would word otherwise contradicts nothing, is named, and is not sound.
func TestAnotherWordingIsNotSound(t *testing.T) {
	t.Parallel()
	files := unpacked(t, written(t, sample()))
	swap(t, files, "README.md", "Ce que contient l’archive", "Contenu")
	resealed(t, files)
	r := verified(t, forged(t, files))
	last := r.Checks[len(r.Checks)-1]
	if r.Sound() || !r.Holds() || last.Outcome != release.Differs || !slices.Contains(r.Differing, "README.md") || slices.Contains(r.Differing, "codebook.pdf") {
		t.Errorf("%+v %+v %v", last, r.Findings, r.Differing)
	}
}

// Whoever edits one description, and makes every hash again, contradicts the others.
func TestDescriptionsAreCompared(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, old, new, at, what string }{
		{"datapackage.json", "https://www.etalab.gouv.fr/licence-ouverte-open-licence", "https://creativecommons.org/licenses/by-nc/4.0/", "metadata/datacite.xml", "the licence"},
		{"datapackage.json", `"title": "Licence Ouverte 2.0"`, `"title": "All rights reserved"`, "metadata/ddi-codebook.xml", "the licence"},
		{"datapackage.json", `"title": "Sorties par région et par type"`, `"title": "Chevaux"`, "datapackage.json", "the title"},
		{"datapackage.json", `"fr": "Sorties par région et par type"`, `"fr": "Chevaux"`, "README.md", "the title"},
		{"datapackage.json", `"answered": 87`, `"answered": 119`, "metadata/ddi-codebook.xml", "the figures"},
		{"data/csv-metadata.json", "Mesure durable", "Chevaux", "data/csv-metadata.json", "the figures"},
		{"metadata/datacite.xml", `dateType="Issued">2026-09-14`, `dateType="Issued">2025-01-01`, "metadata/datacite.xml", "the dates"},
		{"metadata/datacite.xml", "<version>1.0.0", "<version>2.0.0", "metadata/datacite.xml", "the version"},
		{"metadata/datacite.xml", "11 rows", "12 rows", "metadata/datacite.xml", "the figures"},
		{"metadata/datacite.xml", "<publisher>Fédération", "<publisher>Autre", "metadata/datacite.xml", "the publisher"},
		{"metadata/ddi-codebook.xml", "France entière", "Lune entière", "metadata/ddi-codebook.xml", "the coverage"},
		{"data/csv-metadata.json", `"@value": "2026-09-14"`, `"@value": "2020-01-01"`, "data/csv-metadata.json", "the dates"},
		{"CHANGELOG.md", "## 1.0.0, 2026-09-14", "## 1.0.0, 2020-01-01", "CHANGELOG.md", "the dates"},
	} {
		t.Run(c.file+" "+c.new, func(t *testing.T) {
			t.Parallel()
			files := unpacked(t, written(t, sample()))
			swap(t, files, c.file, c.old, c.new)
			resealed(t, files)
			r := verified(t, forged(t, files))
			for _, f := range r.Findings {
				if f.Check == "alike" && f.File == c.at && strings.HasPrefix(f.Message.EN, c.what) && f.Message.FR != "" {
					return
				}
			}
			t.Errorf("not found: %+v", r.Findings)
		})
	}
}

// A ZIP with bytes before, after or between its files, or whose headers say two things, is not the one that was written.
func TestTheArchiveHoldsItsFilesAlone(t *testing.T) {
	t.Parallel()
	good := written(t, sample())
	put := func(at int, b byte) []byte { d := bytes.Clone(good); d[at] ^= b; return d }
	second := bytes.Index(good[4:], []byte("PK\x03\x04")) + 4
	end := len(good) - 22
	comment := append(bytes.Clone(good), "hello"...)
	comment[end+20] = 5
	for name, data := range map[string][]byte{
		"before": append([]byte("XXXX"), good...), "after": append(bytes.Clone(good), "hello"...), "comment": comment,
		"between": slices.Concat(good[:second], []byte("XXXX"), good[second:]),
		"version": put(second+4, 1), "date": put(second+12, 1), "name": put(second+31, 1), "extra": put(second+30+len("data/heures.csv"), 1),
		"descriptor": put(second-12, 1), "end": put(end+4, 1),
	} {
		r, err := release.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), nil)
		if err != nil || r.Sound() || r.Checks[0].Outcome != release.Failed {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
}

// The attack gets the tables as they are published and the certificate as disclosure
// control gave it; what it answers is a finding.
func TestAttackIsPluggedIn(t *testing.T) {
	t.Parallel()
	data := written(t, sample())
	attack := func(_ context.Context, tables []release.Table, disclosure json.RawMessage) error {
		if len(tables) != 2 || tables[1].Rows[6][3].Status != release.Suppressed || !bytes.Contains(disclosure, []byte(`"attacked"`)) {
			t.Errorf("the attack got %+v, %s", tables, disclosure)
		}
		return errors.New("one cell is found")
	}
	r, err := release.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), attack)
	if err != nil || r.Sound() || r.Findings[0].Check != "attack" || r.Findings[0].Message.EN != "one cell is found" {
		t.Errorf("%v %+v", err, r)
	}
}

func entry(t *testing.T, h zip.FileHeader, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What leaves the folder, hides behind a link, has two names or grows without end is
// refused before anything is read of it.
func TestTrapsAreRefused(t *testing.T) {
	t.Parallel()
	link := zip.FileHeader{Name: "data"}
	link.SetMode(0o777 | 1<<27) // a symbolic link
	many := map[string][]byte{}
	for i := range 1001 {
		many["f"+strings.Repeat("x", i%190)+string(rune('a'+i%26))+strings.Repeat("y", i/190)] = nil
	}
	for name, data := range map[string][]byte{
		"up":        entry(t, zip.FileHeader{Name: "../evil"}, nil),
		"inside":    entry(t, zip.FileHeader{Name: "data/../../evil"}, nil),
		"absolute":  entry(t, zip.FileHeader{Name: "/etc/passwd"}, nil),
		"windows":   entry(t, zip.FileHeader{Name: `data\evil`}, nil),
		"drive":     entry(t, zip.FileHeader{Name: "C:evil"}, nil),
		"hidden":    entry(t, zip.FileHeader{Name: ".evil"}, nil),
		"line":      entry(t, zip.FileHeader{Name: "a\nb"}, nil),
		"link":      entry(t, link, []byte("/etc")),
		"two cases": forged(t, map[string][]byte{"README.md": nil, "readme.md": nil}),
		"bomb":      entry(t, zip.FileHeader{Name: "bomb.csv", Method: zip.Deflate}, make([]byte, 257<<20)),
		"many":      forged(t, many),
	} {
		r := verified(t, data)
		if r.Sound() || r.Findings[0].Check != "archive" {
			t.Errorf("%s: %+v", name, r)
		}
		for _, c := range r.Checks[1:] {
			if c.Outcome != release.LeftOut {
				t.Errorf("%s: %s was tried", name, c.Name)
			}
		}
	}
}

// A file that is no archive is said to be none, in words.
func TestNoArchive(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "hello", "PK\x03\x04", `{"format": "maillage-tombstone/1"}`} {
		_, err := release.Verify(t.Context(), strings.NewReader(data), int64(len(data)), nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.KindInvalid {
			t.Errorf("%q: %v", data, err)
		}
	}
	if _, err := release.Verify(t.Context(), strings.NewReader(""), 2<<30, nil); err == nil {
		t.Error("two gigabytes are read")
	}
}

// A thousand faults are counted, and some are listed.
func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	files := unpacked(t, written(t, sample()))
	files["data/heures.csv"] = []byte("kind,fte,move\n" + strings.Repeat("ACI,x,y\n", 500))
	resealed(t, files)
	if r := verified(t, forged(t, files)); len(r.Findings) != 200 || r.More != 800 {
		t.Errorf("%d and %d more", len(r.Findings), r.More)
	}
}

// What a stranger wrote moves no cursor when it is repeated.
func TestFindingsArePlain(t *testing.T) {
	t.Parallel()
	files := unpacked(t, written(t, sample()))
	swap(t, files, "datapackage.json", `"name": "heures"`, `"name": "heures\u001b[2J\u0007"`)
	swap(t, files, "datapackage.json", `"kind": "decimal"`, `"kind": "\u001b]0;x"`)
	sums(files)
	r := verified(t, forged(t, files))
	if r.Sound() || strings.ContainsAny(fmt.Sprintf("%+v", r.Findings), "\x1b\x07") {
		t.Errorf("%q", fmt.Sprintf("%+v", r.Findings))
	}
}
