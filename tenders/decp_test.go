package tenders

import (
	"context"
	"maps"
	"path/filepath"
	"testing"

	"maillage/internal/testkit"
)

// TestDECPSamples reads the official examples, the files with known defects and
// a real month: each contract is read or refused for a reason.
func TestDECPSamples(t *testing.T) {
	t.Parallel()
	// The refused record has NaN for a number, which is no JSON.
	dir := filepath.Join(testkit.Samples(t), "tenders", "decp")
	for folder, want := range map[string]map[string]int{
		"official-examples-v1/json": {"award": 12}, "official-examples-v2/json": {"award": 10}, "decp-processing-tests": {"award": 6, "syntax": 1},
	} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			if got := counts(t, filepath.Join(dir, folder)); !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// counts reads a path and counts the notices by nature and the refusals by code;
// each notice must keep the contract.
func counts(t *testing.T, path string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for rec := range testParser(t).Walk(context.Background(), path) {
		if rec.Err != nil {
			r := asRefusal(rec.Err, "?", "")
			got[r.Code]++
			t.Logf("%s: %s", filepath.Base(rec.Path), r.Error())
			continue
		}
		got[string(rec.Notice.Nature)]++
		for _, f := range faults(rec.Notice) {
			t.Errorf("%s: %s", filepath.Base(rec.Path), f)
		}
	}
	return got
}
