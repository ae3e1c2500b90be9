package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"maillage/internal/testkit"
)

// command runs the program as a person would, on a database of its own when
// one is named, and gives its exit code and what it prints.
func command(t *testing.T, database, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	if database != "" {
		args = append([]string{"--database", database}, args...)
	}
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func TestTerritoriesLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "c.db")
	file := filepath.Join(testkit.Root(), "territories", "contours", "testdata", "valence.geojson")
	var r struct {
		Layer    string
		Changed  bool
		Features int
		Missing  int
	}
	for _, changed := range []bool{true, false} {
		code, out, errs := command(t, database, "", "territories", "load", file, "--source", "drawn by hand", "--json")
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
		}
		if r.Layer != "commune" || r.Changed != changed || r.Features == 0 || r.Missing == 0 {
			t.Errorf("%s", out)
		}
	}
	if code, out, _ := command(t, database, "", "territories", "load", file, "--source", "drawn by hand"); code != 0 || !strings.Contains(out, "déjà là") || !strings.Contains(out, "… +") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out, _ := command(t, database, "", "territories", "unload", "commune"); code != 0 || !strings.Contains(out, "retour au contour indicatif") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, out, _ := command(t, database, "", "territories", "unload", "commune", "--json"); code != 0 || !strings.Contains(out, `"removed": false`) {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestTerritoriesLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "c.db")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		args string
		code exitCode
		says string
	}{
		{write("empty.geojson", ""), exitFailed, ""},
		{write("cut.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"26362"`), exitFailed, ""},
		{write("none.geojson", `{"type":"FeatureCollection","features":[]}`), exitFailed, "aucun contour"},
		{filepath.Join(dir, "absent.geojson"), exitFailed, "absent.geojson"},
		{"http://127.0.0.1:1/contours.geojson", exitFailed, "127.0.0.1:1"},
		{write("layer.geojson", "{}") + " --layer canton", exitFailed, "commune, epci"},
		{write("date.geojson", "{}") + " --vintage 2025-13-01", exitUsage, "2025-13-01"},
	} {
		code, out, errs := command(t, database, "", append([]string{"territories", "load", "--source", "x"}, strings.Fields(c.args)...)...)
		if code != int(c.code) || errs == "" || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%s: exit %d, want %d\n%s%s", c.args, code, c.code, out, errs)
		}
	}
	if code, _, errs := command(t, database, "", "territories", "load", "x.geojson"); code != int(exitUsage) || !strings.Contains(errs, "--source") {
		t.Errorf("no source: exit %d, %s", code, errs)
	}
	if code, _, _ := command(t, database, "", "territories", "unload", "canton"); code != int(exitUsage) {
		t.Errorf("unload canton: exit %d", code)
	}
}

// What one process loads, the pages and the API of another draw within a minute.
func TestSiteFollowsTheContours(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock("2026-11-23T08:00:00Z")
	e := newEnv(context.Background(), &cli{Lang: "fr", Database: filepath.Join(t.TempDir(), "c.db")}, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	e.now = clock.Now
	out, err := letters{}.outside("http://localhost")
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.platform(out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	site, err := p.site(&serveCmd{})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) string {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	if page := get("/marches"); !strings.Contains(page, "indicatif") {
		t.Error("the page does not say that its map is indicative")
	}
	before := get("/v1/territories/commune:26362/shape")
	file := filepath.Join(testkit.Root(), "territories", "contours", "testdata", "valence.geojson")
	if code, _, errs := command(t, e.database, "", "territories", "load", file, "--source", "Le géomètre", "--licence", "Licence Ouverte 2.0"); code != 0 {
		t.Fatal(errs)
	}
	clock.Advance(2 * time.Minute)
	if page := get("/marches"); strings.Contains(page, "indicatif") || !strings.Contains(page, "Le géomètre, Licence Ouverte 2.0") {
		t.Error("the page does not name who drew the contours")
	}
	if after := get("/v1/territories/commune:26362/shape"); after == before || !strings.Contains(after, `"Feature"`) {
		t.Errorf("the API still draws the contour of before: %.200s", after)
	}
}
