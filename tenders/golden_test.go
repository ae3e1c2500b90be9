package tenders

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update rewrites the golden files: go test ./tenders -run Golden -update
var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads small notices written for this project and compares the
// normalised form, and the refusals, with what was agreed.
func TestGolden(t *testing.T) {
	t.Parallel()
	p := testParser(t)
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			got := readAll(t, p, filepath.Join("testdata", e.Name()))
			golden := filepath.Join("testdata", "golden", e.Name()+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("differs from %s:\n%s", golden, firstDifference(got, want))
			}
		})
	}
}

func readAll(t *testing.T, p *Parser, path string) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	for rec := range p.Walk(context.Background(), path) {
		if rec.Err != nil {
			r := asRefusal(rec.Err, "?", "")
			out.WriteString("refused " + r.Code + ": " + r.Error() + "\n")
			continue
		}
		for _, f := range faults(rec.Notice) {
			t.Errorf("%s: %s", rec.Notice.ID, f)
		}
		if err := enc.Encode(rec.Notice); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + append(w, "(end)")[min(i, len(w))]
		}
	}
	return "the golden file is longer"
}
