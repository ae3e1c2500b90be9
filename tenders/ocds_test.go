package tenders

import (
	"maps"
	"path/filepath"
	"testing"

	"maillage/internal/testkit"
)

// TestOCDSSamples reads the releases, records and examples of the standard:
// each is read or refused for a reason. Extracts that are no release (an owner,
// a language map), examples without a buyer, and converted packages without
// releases are what is refused; the contracts beside the packages are DECP.
func TestOCDSSamples(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders", "ocds")
	for folder, want := range map[string]map[string]int{
		"fr-sample":         {"award": 1},
		"sample-data":       {"award": 5, "call": 1, "correction": 1, "planning": 1},
		"standard-examples": {"award": 25, "call": 21, "correction": 7, "planning": 2, "missing": 18, "format": 4},
		"decp2ocds-tests":   {"award": 12, "format": 2},
	} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			if got := counts(t, filepath.Join(dir, folder)); !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
