package territories_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/territories"
)

// rows reads a table of the sample data, or skips.
func rows(t *testing.T, path ...string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(append([]string{testkit.Samples(t)}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

func load(t *testing.T) *territories.Atlas {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func codesOf(held []territories.Held) string {
	out := make([]string, len(held))
	for i, h := range held {
		out[i] = string(h.Code)
	}
	return strings.Join(out, "|")
}

// The published table of successors agrees with the movements, row for row.
func TestSuccessorsOfTheSamples(t *testing.T) {
	t.Parallel()
	a := load(t)
	several := 0
	for _, r := range rows(t, "territories", "successors.csv") {
		until, err := territories.ParseDate(r[3])
		if err != nil {
			t.Fatal(err)
		}
		got := codesOf(a.Resolve(territories.CommuneCode(r[0]), until).Current)
		if got != r[6] {
			t.Errorf("%s, gone on %s: %s, the table says %s", r[0], r[3], got, r[6])
		}
		if strings.Contains(got, "|") {
			several++
		}
	}
	if several != 82 {
		t.Errorf("%d codes have several heirs, want 82", several)
	}
}

// The published intervals agree but for the two codes that lived an instant,
// to which the table lends a life since 1943.
func TestIntervalsOfTheSamples(t *testing.T) {
	t.Parallel()
	a := load(t)
	on, _ := territories.ParseDate("2026-01-01")
	instant := map[string]bool{"50649": true, "44225": true}
	for _, r := range rows(t, "territories", "commune_intervals.csv") {
		found := false
		for _, i := range a.Resolve(territories.CommuneCode(r[0]), on).Intervals {
			found = found || i.From.String() == r[1] && i.Until.String() == r[2]
		}
		if found == instant[r[0]] {
			t.Errorf("%v: found %v", r, found)
		}
	}
}

// The 3,853 establishments of the register: what is not placed contradicts
// itself, name and postal code.
func TestLocateTheRegister(t *testing.T) {
	t.Parallel()
	a := load(t)
	placed, all := 0, rows(t, "network", "siae.csv")
	for _, r := range all {
		if _, _, ok := a.Locate(r[7], r[6]); ok {
			placed++
		}
	}
	if placed < 3830 || len(all) != 3853 {
		t.Errorf("%d placed of %d", placed, len(all))
	}
	t.Logf("%d placed of %d", placed, len(all))
}
