package network_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
)

// The figures below were counted apart from this code, on the file itself: see
// the README of the sample data.
func TestTheRealRegister(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Samples(t), "network", "siae.csv"))
	if err != nil {
		t.Fatal(err)
	}
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		ctx, s := context.Background(), service(t, st)
		read := func() *network.Report {
			t.Helper()
			start := time.Now()
			r, err := s.Import(ctx, network.Source{Name: "siae.csv", Content: bytes.NewReader(data)})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v: read %d, made %d, updated %d, unchanged %d, rejected %d, placed %d, to specify %d, assumed %d",
				time.Since(start).Round(time.Millisecond), r.Read, r.Made, r.Updated, r.Unchanged, r.Rejected, r.Placed, r.ToSpecify, r.Assumed)
			return r
		}
		first := read()
		got := map[string]int{"read": first.Read, "made": first.Made, "rejected": first.Rejected}
		for _, f := range first.Counted() {
			got[f.Code] = f.Count
		}
		for code, want := range map[string]int{
			"read": 3853, "made": 3853, "rejected": 0, "repeated_siret": 12, "luhn": 13, "no_point": 33, "far_from_postcode": 24, "unknown_postcode": 33,
		} {
			if got[code] != want {
				t.Errorf("%s: %d, want %d", code, got[code], want)
			}
		}
		t.Log(got)
		before := journal(t, st)
		if again := read(); again.Unchanged != 3853 || again.Made+again.Updated+again.Rejected != 0 || journal(t, st) != before {
			t.Errorf("the second time: %d unchanged, %d made, %d updated; journal %d then %d", again.Unchanged, again.Made, again.Updated, before, journal(t, st))
		}
	})
}

func journal(t *testing.T, st *store.Store) int {
	t.Helper()
	changes, _, err := st.ChangesSince(context.Background(), store.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	return len(changes)
}
