package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"maillage/internal/testkit"
)

func TestTheEmbeddedTablesAreWhatTheSourcesSay(t *testing.T) {
	t.Parallel()
	samples := testkit.Samples(t)
	tables, err := build(samples)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range tables {
		got, err := os.ReadFile(filepath.Join("..", "tables", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the sources say: go run ./nomenclatures/generate -samples %s", name, samples)
		}
	}
}

func TestCPVRowsRefuse(t *testing.T) {
	t.Parallel()
	for name, row := range map[string][]string{
		"a wrong parent": {"03100000", "2", "group", "04000000", "Produits", "0"},
		"a wrong level":  {"03000000", "1", "group", "", "Produits", "0"},
	} {
		if _, err := cpvRows([][]string{row}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestRowsAreOrderedAndUnique(t *testing.T) {
	t.Parallel()
	rows, err := numberedRows([][]string{{"10", "b"}, {"9", "a"}})
	if err != nil || rows[0][0] != "9" {
		t.Errorf("%v, %v", rows, err)
	}
	if _, err := sortedRows([][]string{{"A", "1"}, {"A", "2"}}); err == nil {
		t.Error("a repeated code was accepted")
	}
	if _, err := encode([][]string{{"a\tb"}}); err == nil {
		t.Error("a tab in a label was accepted")
	}
	if _, err := appellationRows([][]string{{"K22", "1", "x"}}); err == nil {
		t.Error("an appellation without occupation was accepted")
	}
}

func TestReadColumnsNeedsItsColumns(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("\ufeffcode,nom\nA,  Deux   mots \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, err := readColumns(path, []string{"nom", "code"})
	if err != nil || len(rows) != 1 || rows[0][0] != "Deux mots" || rows[0][1] != "A" {
		t.Errorf("%v, %v", rows, err)
	}
	if _, err := readColumns(path, []string{"absent"}); err == nil {
		t.Error("an absent column was accepted")
	}
}
