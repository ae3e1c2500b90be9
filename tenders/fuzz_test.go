package tenders

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	p := NewParser(ParserConfig{Places: testPlaces(t), MaxRecord: 1 << 20})
	for rec := range p.Read(context.Background(), "fuzz", strings.NewReader(string(raw))) {
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

func FuzzEForms(f *testing.F) { seeds(f, "eforms-"); f.Fuzz(anyInput) }
func FuzzTED(f *testing.F)    { seeds(f, "ted-"); f.Fuzz(anyInput) }
func FuzzBOAMP(f *testing.F)  { seeds(f, "boamp-"); f.Fuzz(anyInput) }
func FuzzDECP(f *testing.F)   { seeds(f, "decp-"); f.Fuzz(anyInput) }
func FuzzOCDS(f *testing.F)   { seeds(f, "ocds-"); f.Fuzz(anyInput) }

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
