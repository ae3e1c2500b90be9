package compute_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"maillage/indicators/compute"
)

func day(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func references(t testing.TB) compute.References {
	t.Helper()
	r, err := compute.DefaultReferences()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func counted(t testing.TB, e *compute.Enterprise) *compute.Part {
	t.Helper()
	p, err := compute.CountOf(e, references(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func scaleOf(t testing.TB, year int) func(compute.Measure) int64 {
	t.Helper()
	parts, err := references(t).Parts(year)
	if err != nil {
		t.Fatal(err)
	}
	return func(m compute.Measure) int64 { return m.Scale(parts) }
}

// yearOf sums parts into a year of the federation.
func yearOf(t testing.TB, year int, parts []*compute.Part) compute.Year {
	t.Helper()
	out := compute.Year{Year: year, All: compute.Index(compute.Sum(parts)), ByKind: map[compute.Kind]compute.Rows{}, Scale: scaleOf(t, year)}
	for _, k := range compute.Kinds() {
		var of []*compute.Part
		for _, p := range parts {
			if p.Kind == k {
				of = append(of, p)
			}
		}
		out.ByKind[k] = compute.Index(compute.Sum(of))
	}
	return out
}

// table reads a sample table as rows by column name.
func table(t testing.TB, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "indicators", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			m[rows[0][i]] = cell
		}
		out = append(out, m)
	}
	return out
}

func number(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func hundredths(v int64) *int64 { return &v }

func rounded(x *big.Rat) int64 { return compute.Rounded(x, 0) }
