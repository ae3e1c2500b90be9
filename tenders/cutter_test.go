package tenders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// flat is an invented record of the BOAMP.
func flat(id string) string {
	return `{"idweb":"` + id + `","objet":"Nettoyage","nomacheteur":"Ville","nature":"APPEL_OFFRE","etat":"INITIAL","code_departement":["26"],"lots":[{"n":1},{"n":2}],"at":{"x":1}}`
}

// TestABadRecordCostsItself: wherever the brackets of a record are wrong, it is
// one refusal with its place, and the others are read.
func TestABadRecordCostsItself(t *testing.T) {
	t.Parallel()
	one := flat("1")
	bad := map[string]string{
		"cut after a comma":             `{"idweb":"1","objet":"Nettoyage",`,
		"cut after a colon":             `{"idweb":"1","objet":`,
		"cut after a number":            `{"idweb":"1","montant":12`,
		"cut in a list":                 `{"idweb":"1","lots":[1,2`,
		"cut in a list of objects":      `{"idweb":"1","lots":[{"n":1},{"n":2}`,
		"cut after an object of a list": `{"idweb":"1","lots":[{"n":1},`,
		"list not closed":               `{"idweb":"1","lots":[1,2}`,
		"object of a list not closed":   `{"idweb":"1","lots":[{"n":1,{"n":2}],"x":1}`,
		"last brace missing":            strings.TrimSuffix(one, "}"),
		"an inner brace missing":        strings.Replace(one, `{"x":1}`, `{"x":1`, 1),
		"a quote too many":              strings.Replace(one, "Nettoyage", `Le "neuf`, 1),
		"a quote missing":               strings.Replace(one, `Nettoyage"`, `Nettoyage`, 1),
	}
	for name, record := range bad {
		ways := map[string]string{"lines": "%s\n" + flat("2") + "\n" + flat("3") + "\n", "middle line": flat("2") + "\n%s\n" + flat("3")}
		if !strings.HasPrefix(name, "cut") {
			ways["array"] = "[%s," + flat("2") + "," + flat("3") + "]"
			ways["page"] = `{"total_count":3,"results":[` + flat("2") + `,%s,` + flat("3") + `],"after":{}}`
			ways["spaced page"] = "{\"results\": [\n  " + flat("2") + ",\n  %s,\n  " + flat("3") + "\n]}"
			ways["last of a page"] = `{"results":[` + flat("2") + "," + flat("3") + ",%s]}"
		}
		for way, text := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				var read, refused []string
				for rec := range testParser(t).Read(context.Background(), "f", strings.NewReader(fmt.Sprintf(text, record))) {
					if rec.Err != nil {
						r := asRefusal(rec.Err, "?", "")
						refused = append(refused, r.Code+" "+r.Where)
						continue
					}
					read = append(read, rec.Notice.ID)
				}
				if !slices.Equal(read, []string{"2", "3"}) || len(refused) != 1 || !strings.Contains(refused[0], "record") {
					t.Errorf("read %q, refused %q", read, refused)
				}
			})
		}
	}
}

// TestAFileThatEndsInARecord: nothing but what is missing at its end is cut.
func TestAFileThatEndsInARecord(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[" + flat("1") + "," + flat("2"), `{"results":[` + flat("1") + "," + flat("2"), flat("1") + "\n" + flat("2")} {
		for end := len(text) - len(flat("2")) + 1; end < len(text); end++ {
			got := pieces(t, text[:end], 1<<20)
			if last := got[len(got)-1]; len(got) != 2 || last.err == nil || !strings.HasPrefix(last.err.Error(), "truncated") {
				t.Fatalf("%q: %+v", text[:end], got)
			}
		}
	}
}

// TestAnyDamage: a byte that is gone or another costs the records of a file
// about it, not those after; and what is right is never cut otherwise.
func TestAnyDamage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		records := make([]string, 8)
		for i := range records {
			b, _ := json.Marshal(map[string]any{"a": fmt.Sprint(i), "b": []any{map[string]any{"n": 1}, "x", 2}, "c": map[string]any{"d": []any{}}})
			records[i] = string(b)
		}
		sep := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "sep")
		at := rapid.IntRange(1, len(records[2])-1).Draw(t, "at")
		records[2] = records[2][:at] // a line cut anywhere
		kept := 0
		for _, p := range pieces(t, strings.Join(records, sep), 1<<20) {
			if p.err == nil && json.Valid(p.raw) {
				kept++
			}
		}
		if kept != 7 {
			t.Fatalf("%d records of 7 after %q", kept, records[2])
		}
	})
}

// TestHostileBrackets: no text makes the search for the next record long.
func TestHostileBrackets(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"braces": strings.Repeat(`{"a"`, 1<<19), "open lines": strings.Repeat("{\"a\":[\n", 1<<18), "bare": strings.Repeat("{", 1<<21),
		"closed": "{" + strings.Repeat("[}", 1<<20), "lines with a comma": strings.Repeat("{\"a\":1,\n", 1<<18), "quotes": "[{\"a\":" + strings.Repeat(`"x"y:`, 1<<18),
		"alike": "[" + strings.Repeat(`{"a":"x"y,"a":`, 1<<17),
	} {
		begun, n := time.Now(), 0
		for range testParser(t).Read(context.Background(), "f", strings.NewReader(text)) {
			n++
		}
		if took := time.Since(begun); took > 20*time.Second || n == 0 {
			t.Errorf("%s: %d records in %s", name, n, took)
		} else {
			t.Logf("%s: %d records in %s", name, n, took)
		}
	}
}
