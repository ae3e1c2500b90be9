package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillage/indicators/release"
	"maillage/internal/fault"
)

// published is the smallest release: one table of one figure.
func published() release.Dataset {
	text := func(s string) fault.Text { return fault.Text{FR: s, EN: s} }
	cover := release.Coverage{Frame: text("membres"), Territory: text("France"), From: 2025, To: 2025, Vintage: text("2026")}
	return release.Dataset{ID: "membres", Version: "1.0.0", Title: text("Membres"), Abstract: text("Membres"), Reproduce: text("Compter"), Publisher: "F", Creators: []string{"F"},
		IssuedOn: time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC), Licence: release.Licence{Name: "etalab-2.0", Title: "Licence Ouverte", URL: "https://example.invalid"},
		Coverage: cover, Sources: []release.Source{{Title: text("liste")}}, Changelog: []release.Entry{{Version: "1.0.0", On: "2026-09-14", Changes: []fault.Text{text("Première")}}},
		Certificate: json.RawMessage(`{"format": "maillage-disclosure/1", "systems": [{"certificate": {"safe": true, "tables": []}, "structure": []}]}`), Tables: []release.Table{{Name: "membres", Title: text("Membres"),
			Fields: []release.Field{{Name: "year", Kind: release.Year, Label: text("Année"), Definition: text("Année")},
				{Name: "count", Kind: release.Integer, Label: text("Nombre"), Definition: text("Nombre"), Edition: "1", Unit: text("membres"), Rule: text("tous"), Coverage: cover}},
			Rows: [][]release.Cell{{release.Number(2025), release.Number(500)}}}}}
}

func releaseVerify(t *testing.T, content []byte, args ...string) (code int, out, errs string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "release.zip")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"release", "verify", path}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestReleaseVerifyExitCodes(t *testing.T) {
	t.Parallel()
	var good bytes.Buffer
	if err := release.Write(t.Context(), &good, published(), nil); err != nil {
		t.Fatal(err)
	}
	stone, err := release.Bury(published(), strings.Repeat("0", 64), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), fault.Text{FR: "Comptés deux fois.", EN: "Counted twice."}, "2.0.0")
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(good.Bytes(), []byte("README.md"), []byte("README.mx"), 2)
	for name, c := range map[string]struct {
		content []byte
		code    int
		result  string
		fr, en  string
		fail    bool
	}{
		"sound":     {good.Bytes(), 0, "sound", "Tout ce qui a été vérifié tient.", "Everything that was checked holds.", false},
		"changed":   {changed, 3, "unsound", "README.mx : ce fichier est en trop", "README.mx: this file is added", false},
		"touched":   {touched(t, good.Bytes()), 5, "differs", "README.md : n’est pas tel que ce programme l’écrit", "written by another version of the program", false},
		"added":     {append(good.Bytes(), "hello"...), 3, "unsound", "octets en trop", "added bytes", false},
		"withdrawn": {stone, 4, "withdrawn", "retirée le 2026-10-01 : Comptés deux fois.", "Read version 2.0.0 instead.", false},
		"no ZIP":    {[]byte("hello"), 1, "", "n’est pas une archive ZIP", "no readable ZIP archive", true},
	} {
		code, fr, errs := releaseVerify(t, c.content)
		_, en, errsEN := releaseVerify(t, c.content, "--lang", "en")
		if code != c.code || !strings.Contains(fr+errs, c.fr) || !strings.Contains(en+errsEN, c.en) || (errs != "") != c.fail {
			t.Errorf("%s: exit %d, want %d\n%s%s%s%s", name, code, c.code, fr, errs, en, errsEN)
		}
		code, out, _ := releaseVerify(t, c.content, "--json")
		var shape struct{ Result, Dataset string }
		if c.fail {
			continue
		}
		if err := json.Unmarshal([]byte(out), &shape); err != nil || code != c.code || shape.Result != c.result || shape.Dataset == "" && c.code != 3 {
			t.Errorf("%s: %v, exit %d\n%s", name, err, code, out)
		}
	}
}

// touched changes a word of README.md that states no fact, and makes its hash again everywhere.
func touched(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var files []release.File
	was, is := "", ""
	for _, f := range z.File {
		content, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "README.md" {
			was = fmt.Sprintf("%x", sha256.Sum256(content))
			content = bytes.Replace(content, []byte("## Vérifier"), []byte("## Vêrifier"), 1) // of the same length
			is = fmt.Sprintf("%x", sha256.Sum256(content))
		}
		if f.Name != "SHA256SUMS" {
			files = append(files, release.File{Path: f.Name, Data: content})
		}
	}
	for i, f := range files {
		files[i].Data = bytes.ReplaceAll(f.Data, []byte(was), []byte(is))
	}
	var b bytes.Buffer
	if err := release.Pack(&b, append(files, release.Sums(files)), time.Date(2026, 9, 14, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReleaseVerifyOfNoFile(t *testing.T) {
	t.Parallel()
	var o, e bytes.Buffer
	if code := run(t.Context(), []string{"release", "verify", filepath.Join(t.TempDir(), "none.zip")}, strings.NewReader(""), &o, &e); code != 1 || !strings.Contains(e.String(), "n’existe pas") {
		t.Errorf("exit %d: %s", code, e.String())
	}
	if code := run(t.Context(), []string{"release", "verify"}, strings.NewReader(""), &o, &e); code != 2 {
		t.Errorf("exit %d", code)
	}
}

// The page on indicators gives the very command, and every way it ends.
func TestTheCommandIsInTheDocs(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "indicators.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"maillage release verify FILE.zip", "answers 0", fmt.Sprintf("%d where something contradicts", exitUnsound), fmt.Sprintf("%d for a withdrawn", exitWithdrawn), fmt.Sprintf("%d where a file", exitDiffers), "To cite", "To reproduce"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/indicators.md does not say %q", want)
		}
	}
}

// Who serves says who publishes: an option of its own, beside that of the notices.
func TestReleasesAreByWhoServes(t *testing.T) {
	t.Parallel()
	out, err := letters{ReleasesBy: "Fédération inventée", Site: "https://observatoire.example"}.outside("http://localhost")
	if err != nil || out.publisher != "Fédération inventée" || out.site != "https://observatoire.example" {
		t.Errorf("%+v %v", out, err)
	}
	var o, e bytes.Buffer
	run(t.Context(), []string{"serve", "--help"}, strings.NewReader(""), &o, &e)
	if !strings.Contains(o.String(), "--releases-by") {
		t.Errorf("%s%s", o.String(), e.String())
	}
}
