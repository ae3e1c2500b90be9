package main

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/territories"
)

// allMonths is a period that holds every sample: they are years old.
const allMonths = 240

// TestRealDataCoverage measures, on the real data, the needs that nobody covers and
// what changes would bring a member: what docs/coverage.md says is what it prints.
func TestRealDataCoverage(t *testing.T) {
	if os.Getenv("MAILLAGE_TEST_REALDATA") == "" {
		t.Skip("left out: the import of the real data on both engines (make realdata)")
	}
	r := &reality{t: t, url: testkit.EmptyURL(t, store.SQLite), samples: testkit.Samples(t)}
	r.members()
	for _, source := range realNotices {
		r.notices(source)
	}
	st := openURL(t, r.url)
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	members := network.NewService(network.Config{Store: st, Atlas: atlas})
	m := matching.NewService(matching.Config{Store: st, Atlas: atlas, Network: members})
	surveys(ctx, t, m)
	suppositions(ctx, t, st, m)
}

func surveys(ctx context.Context, t *testing.T, m *matching.Service) {
	t.Helper()
	ask := func(what string, q matching.CoverageQuery) *matching.Coverage {
		began := time.Now()
		c, err := m.Coverage(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d ms", what, time.Since(began).Milliseconds())
		return c
	}
	ask("the first, index read", matching.CoverageQuery{Months: 1})
	for _, by := range []territories.Kind{territories.KindEPCI, territories.KindDepartement} {
		c := ask("survey by "+string(by)+", first page", matching.CoverageQuery{By: by, Months: allMonths})
		ask("the same again", matching.CoverageQuery{By: by, Months: allMonths})
		t.Logf("%d lots, %d unsorted, %d unplaced, %d wide; %d cells, %d holes, %d lots that nobody can answer", c.Lots, c.Unsorted, c.Unplaced, c.Wide, c.Cells, c.Total, c.Unmet)
		lacks := map[engine.Lack]int{}
		for _, h := range ask("every hole, as a table", matching.CoverageQuery{By: by, Months: allMonths, Limit: 5000}).Holes {
			lacks[h.Lack]++
		}
		t.Logf("by lack: %v", lacks)
	}
}

func suppositions(ctx context.Context, t *testing.T, st *store.Store, m *matching.Service) {
	t.Helper()
	var ids []network.ID
	if err := st.Read().NewRaw("SELECT DISTINCT organisation_id FROM activities WHERE codes <> '[]' ORDER BY organisation_id").Scan(ctx, &ids); err != nil {
		t.Fatal(err)
	}
	var took []time.Duration
	brought, missed := 0, 0
	for i := 0; i < len(ids); i += max(1, len(ids)/400) {
		began := time.Now()
		w, err := m.WhatIf(ctx, ids[i], matching.WhatIfQuery{Months: allMonths, Lots: 30})
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(began))
		if slices.ContainsFunc(w.Changes, func(b matching.Brought) bool { return b.Total > 0 }) {
			brought++
		}
		for _, miss := range w.Misses {
			missed += miss.Total
		}
	}
	slices.Sort(took)
	t.Logf("what-if of %d members, lots named: p50 %d ms, p99 %d ms; %d would gain by a change; %.0f near misses each", len(took),
		took[len(took)/2].Milliseconds(), took[len(took)*99/100].Milliseconds(), brought, float64(missed)/float64(len(took)))
}
