package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"maillage/matching/engine"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What is stored of a match is compared with what is said anew: the JSON of an
// answer must not change with the way in which findings are held in memory. The
// first answers are kept whole, so as to be read; of many others, a sum.
func TestFindingsKeepTheirJSON(t *testing.T) {
	t.Parallel()
	rules, sum := engine.NewRules(engine.Config{Atlas: atlas(t), Seed: 7}), sha256.New()
	var golden bytes.Buffer
	for seed := range uint64(30) {
		w := newWorld(t, seed)
		es, ls := w.people(40, 6)
		for i, l := range ls {
			c := rules.Scan(l, es, now, engine.Options{Limit: 3, Near: 3, Apart: 2})
			b, err := json.MarshalIndent(c, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(b)
			if seed == 0 && i < 3 {
				golden.Write(append(b, '\n'))
			}
		}
	}
	fmt.Fprintf(&golden, "%x\n", sum.Sum(nil))
	path := filepath.Join("testdata", "findings.golden")
	if *update {
		if err := os.WriteFile(path, golden.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, golden.Bytes()) {
		t.Errorf("the JSON of findings changed (-update writes it again, with a new Version):\n%s", golden.Bytes())
	}
}

// Findings that were stored are read back and written the same, and say the same.
func TestStoredFindingsAreReadBack(t *testing.T) {
	t.Parallel()
	rules, wr := engine.NewRules(engine.Config{Atlas: atlas(t)}), engine.Writer{Atlas: atlas(t), Lang: "fr"}
	said := 0
	for seed := range uint64(20) {
		w := newWorld(t, seed)
		es, ls := w.people(30, 4)
		for _, l := range ls {
			for _, m := range rules.Scan(l, es, now, engine.Options{}).Matches {
				for _, f := range m.Findings {
					var again engine.Finding
					if err := json.Unmarshal([]byte(text(t, f)), &again); err != nil {
						t.Fatal(err)
					}
					if text(t, f) != text(t, again) || wr.Finding(f) != wr.Finding(again) || f.Params == nil {
						t.Fatalf("%s is read back as %s", text(t, f), text(t, again))
					}
					said++
				}
			}
		}
	}
	if said == 0 {
		t.Error("the worlds drawn say nothing")
	}
}
