package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// territoriesRun runs a command of the territories and gives its exit code
// and what it prints.
func territoriesRun(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"territories"}, args...), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func TestTerritoriesResolveExitCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		code int
	}{
		{"27676 2018-01-01", 0}, {"27676 --on 2021-06-01", 3}, {"14513", 3}, {"99999 2020-01-01", 4},
		{"75101", 0}, {"26x", 2}, {"26281 2020-02-30", 2}, {"26281 2016-01-01 --on 2017-01-01", 2},
	} {
		code, out, errs := territoriesRun(t, "", append([]string{"resolve"}, strings.Fields(c.args)...)...)
		if code != c.code || code == 2 != (errs != "") {
			t.Errorf("resolve %s: exit %d, want %d\n%s%s", c.args, code, c.code, out, errs)
		}
	}
}

func TestTerritoriesResolveShowsEachName(t *testing.T) {
	t.Parallel()
	_, out, _ := territoriesRun(t, "", "resolve", "27676")
	for _, line := range []string{"1943-01-01 → 2017-01-01  Venables\n", "2017-01-01 → 2021-01-01  Les Trois Lacs\n", "2023-01-01 → …  Les Trois Lacs\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
}

func TestTerritoriesSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, fr, en string }{
		{"resolve abc", "code INSEE d'une commune", "is not the INSEE code"},
		{"resolve 26281 notadate", "n'est pas une date", "is not a date"},
		{"resolve 26281 2016-01-01 --on 2017-01-01", "deux dates", "two dates"},
		{`perimeter {"radius":{"commune":"26281","km":-1}}`, "un rayon de -1 km : donnez de 0 à 5000", "a radius of -1 km: give 0 to 5000"},
		{"search zzzzzz", "aucun territoire", "no territory"},
	} {
		args := strings.Fields(c.args)
		_, _, fr := territoriesRun(t, "", args...)
		_, _, en := territoriesRun(t, "", append(args, "--lang", "en")...)
		if !strings.Contains(fr, c.fr) || !strings.Contains(en, c.en) {
			t.Errorf("%s\n%s%s", c.args, fr, en)
		}
	}
	if code, out, errs := territoriesRun(t, "", "search", "", "--json"); code != 0 || strings.TrimSpace(out) != "[]" || errs != "" {
		t.Errorf("exit %d %q %q", code, out, errs)
	}
	if code, _, errs := territoriesRun(t, "", "search", ""); code != 0 || !strings.Contains(errs, "aucun territoire") {
		t.Errorf("exit %d %q", code, errs)
	}
}

func TestTerritoriesResolveJSON(t *testing.T) {
	t.Parallel()
	code, out, _ := territoriesRun(t, "", "resolve", "27058", "2018-06-30", "--json")
	var r map[string]any
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 3 {
		t.Fatalf("exit %d, %v\n%s", code, err, out)
	}
	for _, field := range []string{"code", "on", "valid", "name", "intervals", "held_then", "current", "reason"} {
		if _, ok := r[field]; !ok {
			t.Errorf("no %s in %s", field, out)
		}
	}
	if len(r) != 8 || r["valid"] != false {
		t.Errorf("%s", out)
	}
}

func TestTerritoriesPerimeter(t *testing.T) {
	t.Parallel()
	var want string
	for _, text := range []string{`{"territory":"departement:26"}`, "departement:26", "la Drôme"} {
		code, out, errs := territoriesRun(t, "", "perimeter", text, "--json")
		var r struct {
			Communes    int
			CodesSHA256 string `json:"codes_sha256"`
			Population  int
			BBox        []float64
			Vintage     string
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
			t.Fatalf("%s: exit %d, %v\n%s", text, code, err, errs)
		}
		if r.Communes != 362 || len(r.CodesSHA256) != 64 || r.Population != 524_207 || len(r.BBox) != 4 || r.Vintage != "2026-01-01" {
			t.Errorf("%s: %s", text, out)
		}
		if want != "" && out != want {
			t.Errorf("%s: %s, want %s", text, out, want)
		}
		want = out
	}
	if code, out, _ := territoriesRun(t, `{"nowhere":true}`, "perimeter", "-", "--json"); code != 0 || !strings.Contains(out, `"bbox": null`) {
		t.Errorf("nowhere, from the standard input: exit %d\n%s", code, out)
	}
	if _, out, _ := territoriesRun(t, "", "perimeter", "ept:200057867", "--codes"); out != "93001\n93027\n93031\n93039\n93066\n93070\n93072\n93079\n" {
		t.Errorf("codes: %q", out)
	}
	if code, _, errs := territoriesRun(t, "", "perimeter", "commune:14513"); code != 2 || !strings.Contains(errs, "sa place est tenue par 50592") {
		t.Errorf("a commune that is no more: exit %d, %s", code, errs)
	}
}

func TestTerritoriesSearch(t *testing.T) {
	t.Parallel()
	code, out, errs := territoriesRun(t, "", "search", "st", "etienne", "--limit", "1")
	if code != 0 || strings.Join(strings.Fields(out), " ") != "commune:42218 Saint-Étienne 42 173136" {
		t.Errorf("exit %d, %q %s", code, out, errs)
	}
	if code, out, _ := territoriesRun(t, "", "search", "xqzwkj", "--json"); code != 0 || strings.TrimSpace(out) != "[]" {
		t.Errorf("nothing found: exit %d, %q", code, out)
	}
	if code, _, _ := territoriesRun(t, "", "search", "romans", "--kind", "canton"); code != 2 {
		t.Errorf("an unknown kind: exit %d", code)
	}
}
