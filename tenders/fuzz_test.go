package tenders

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"maillage/territories"
)

// seeds adds the files of testdata whose name begins so.
func seeds(f *testing.F, prefix string) {
	f.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", prefix+"*"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no seed: %v", err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

// anyInput is what every reader owes on any bytes: no panic, an end, a reason
// for what is refused, and the contract for what is read.
func anyInput(t *testing.T, raw []byte) {
	for rec := range fuzzed().Read(context.Background(), "fuzz", strings.NewReader(string(raw))) {
		if rec.Err != nil {
			if asRefusal(rec.Err, "?", "").Reason == "" {
				t.Errorf("a refusal without a reason: %#v", rec.Err)
			}
			continue
		}
		for _, fault := range faults(rec.Notice) {
			t.Error(fault)
		}
	}
}

// fuzzed is one parser for all inputs: to build its tables takes as long as to
// read a hundred of them.
var fuzzed = sync.OnceValue(func() *Parser {
	atlas, err := territories.Load()
	if err != nil {
		panic(err)
	}
	return NewParser(ParserConfig{Places: NewPlaces(atlas), MaxRecord: 1 << 20})
})

func FuzzEForms(f *testing.F)   { seeds(f, "eforms-"); f.Fuzz(anyInput) }
func FuzzTED(f *testing.F)      { seeds(f, "ted-"); f.Fuzz(anyInput) }
func FuzzBOAMP(f *testing.F)    { seeds(f, "boamp-*.json"); f.Fuzz(anyInput) }
func FuzzBOAMPXML(f *testing.F) { seeds(f, "boamp-*.xml"); f.Fuzz(anyInput) }
func FuzzDECP(f *testing.F)     { seeds(f, "decp-*.json"); f.Fuzz(anyInput) }
func FuzzDECPXML(f *testing.F)  { seeds(f, "decp-*.xml"); f.Fuzz(anyInput) }
func FuzzDECPCSV(f *testing.F)  { seeds(f, "decp-*.csv"); f.Fuzz(anyInput) }
func FuzzOCDS(f *testing.F)     { seeds(f, "ocds-"); f.Fuzz(anyInput) }

// FuzzClauses: any text is judged without panic, and quotes are where they say.
func FuzzClauses(f *testing.F) {
	f.Add("Le lot n° 2 est réservé aux ESAT ; 1 200 heures d’insertion.")
	f.Fuzz(func(t *testing.T, text string) {
		d := newDraft(EForms, nil)
		d.Description = tidy(text)
		d.judge()
		for _, fault := range evidenceFaults(d.Notice) {
			t.Error(fault)
		}
	})
}
