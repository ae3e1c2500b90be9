package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
)

// The committed tables are what the generator writes from the samples, byte
// for byte.
func TestFactsAreWhatIsGenerated(t *testing.T) {
	t.Parallel()
	samples, out := testkit.Samples(t), t.TempDir()
	if err := Generate(samples, out, "2026-01-01", "2025-01-01"); err != nil {
		t.Fatal(err)
	}
	committed := filepath.Join("..", "facts")
	made, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadDir(committed)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != len(kept) {
		t.Errorf("%d tables are made, %d committed", len(made), len(kept))
	}
	for _, f := range made {
		want, err := os.ReadFile(filepath.Join(committed, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: what is generated is not what is committed: run go generate ./territories/cog", f.Name())
		}
	}
}

func TestGenerateSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	if err := Generate("", t.TempDir(), "2026-01-01", "2025-01-01"); err == nil || !strings.Contains(err.Error(), "MAILLAGE_SAMPLES") {
		t.Errorf("no input: %v", err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "tenders", "codelists"), 0o755); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(dir, "tenders", "codelists", "departements_regions_nuts.csv")
	if err := os.WriteFile(table, []byte("departement_insee,other\n26,x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Generate(dir, t.TempDir(), "2026-01-01", "2025-01-01"); err == nil || !strings.Contains(err.Error(), "nuts3_2021") {
		t.Errorf("a column is missing: %v", err)
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"La Réunion-Mayotte": "la-reunion-mayotte", "Île-de-France": "ile-de-france", "PACA-Corse": "paca-corse"} {
		if got := slug(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
