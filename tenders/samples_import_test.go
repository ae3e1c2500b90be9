package tenders

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
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
		want := map[string]int{"read": 1529, "kept": 169, "quarantined": 14, "opportunities": 1302, "made": 1300, "open": 1}
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

// TestOrderOfSamples imports every real notice forwards and backwards: amounts,
// live lots and all else that is shown are the same.
func TestOrderOfSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: imports 1,529 real records twice")
	}
	t.Parallel()
	dir := filepath.Join(testkit.Samples(t), "tenders")
	forwards, backwards := newHouse(t, testkit.SQLite(t)), newHouse(t, testkit.SQLite(t))
	var records []Record
	for rec := range forwards.parser.Walk(context.Background(), filepath.Join(dir, "eforms"), filepath.Join(dir, "boamp")) {
		if rec.Notice != nil {
			records = append(records, rec)
		}
	}
	if len(records) < 1000 {
		t.Fatalf("%d records read", len(records))
	}
	forwards.take(records)
	slices.Reverse(records)
	backwards.take(records)
	a, b := standing(forwards.all()), standing(backwards.all())
	if len(a) != len(b) {
		t.Fatalf("%d opportunities forwards, %d backwards", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("forwards\n%s\nbackwards\n%s", a[i], b[i])
		}
	}
}

// take applies records already read, in their order.
func (h *house) take(records []Record) {
	h.t.Helper()
	im := &importer{Service: h.Service, report: Report{Natures: map[Source]map[Nature]int{}, Reasons: map[string]int{}}}
	for batch := range slices.Chunk(records, chunkWeight) {
		im.batch = batch
		if err := im.flush(context.Background()); err != nil {
			h.t.Fatal(err)
		}
	}
}

// standing tells all that is shown of opportunities, in an order of their own.
func standing(list []*opportunities.Opportunity) (out []string) {
	for _, o := range list {
		text := fmt.Sprint(o.Title, "|", o.State, "|", o.PublishedAt, o.NoticedAt, o.Source, "|", o.Amount, o.Currency, "|", o.Deadline, "|", o.Place, "|", o.BuyerName, o.BuyerSIRET, "|", o.Codes, "|", o.Clause, "|", o.Links, "|", o.Description)
		lots := []string{}
		for _, l := range o.Lots {
			if !l.Withdrawn {
				lots = append(lots, fmt.Sprint("\n  ", l.Number, "|", l.Title, "|", l.Amount, "|", l.Deadline, "|", l.Place, "|", l.Codes, "|", l.Clause, "|", l.Description))
			}
		}
		slices.Sort(lots)
		out = append(out, text+fmt.Sprint(lots))
	}
	slices.Sort(out)
	return out
}
