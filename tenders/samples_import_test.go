package tenders

import (
	"maps"
	"path/filepath"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// TestSamplesImport imports every real notice on both engines: the counts are
// the same, and a second time (on SQLite; TestAgainChangesNothing has both)
// changes nothing.
func TestSamplesImport(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: imports 1,527 real records twice")
	}
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		start := time.Now()
		first := h.load(filepath.Join(dir, "eforms"), filepath.Join(dir, "boamp"))
		t.Logf("first: %.1f s, %+v", time.Since(start).Seconds(), first)
		got := map[string]int{"read": first.Read, "kept": first.Kept, "quarantined": first.Quarantined, "opportunities": len(h.all()), "made": first.Made}
		want := map[string]int{"read": 1529, "kept": 170, "quarantined": 26, "opportunities": 1287, "made": 1287, "open": 1}
		for _, o := range h.all() {
			if o.Open(testNow) {
				got["open"]++
				if o.Deadline == nil {
					got["open without a deadline"]++
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if st.Engine() == store.PostgreSQL {
			return
		}
		start = time.Now()
		again := h.load(filepath.Join(dir, "eforms"), filepath.Join(dir, "boamp"))
		t.Logf("again: %.1f s, %+v", time.Since(start).Seconds(), again)
		if again.Made+again.Updated != 0 || again.Read != first.Read {
			t.Errorf("again: %+v", again)
		}
	})
}
