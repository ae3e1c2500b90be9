package tenders

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"maillage/internal/testkit"
)

// TestSamples reads every real notice of the sample data: none may panic, each
// is understood or refused for a reason, and each notice keeps the contract.
func TestSamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	// The counts of eForms and TED follow from the codes of the files: NoticeTypeCode
	// and its list, efac:Changes, FORM and NOTICE/@TYPE.
	want := map[string]map[string]int{
		"eforms/sdk-examples": {"award": 31, "call": 27, "cancellation": 1, "correction": 3, "planning": 18, "missing": 10, "kind": 2},
		"eforms/real-eu":      {"award": 9, "call": 71, "correction": 6, "planning": 2},
		"eforms/converted-fr": {"award": 5, "call": 21, "planning": 1},
		"eforms/ted-r209-fr":  {"award": 124, "call": 169, "planning": 13},
		"boamp/api":           {"award": 221, "call": 703, "cancellation": 5, "correction": 72, "planning": 1},
		"boamp/xml":           {"award": 8, "call": 6},
	}
	p := testParser(t)
	for _, folder := range slices.Sorted(maps.Keys(want)) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			got := map[string]int{}
			for rec := range p.Walk(context.Background(), filepath.Join(dir, folder)) {
				if rec.Err != nil {
					got[asRefusal(rec.Err, "?", "").Code]++
					continue
				}
				got[string(rec.Notice.Nature)]++
				for _, f := range faults(rec.Notice) {
					t.Errorf("%s: %s", filepath.Base(rec.Path), f)
				}
			}
			if !maps.Equal(got, want[folder]) {
				t.Errorf("got %v, want %v", got, want[folder])
			}
		})
	}
}
