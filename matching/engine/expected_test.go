package engine_test

import (
	"testing"

	"maillage/matching/engine"
)

// TestAnExpectedCallIsMatchedApart: it suits whom a tender would suit, its time
// does not count, and it is among the lots of an enterprise only where asked for.
func TestAnExpectedCallIsMatchedApart(t *testing.T) {
	t.Parallel()
	lot, e := greenSpaces(t), grower(t, `{"territory":"departement:26"}`, 3)
	tender := one(t, lot, e)
	call := *lot
	call.Kind, call.Deadline = engine.ExpectedCall, call.Ended
	m := one(t, &call, e)
	if f := m.Finding(engine.TimeLeft); f.Weight != 0 || f.Key != "time.expected" || m.History {
		t.Errorf("%+v", f)
	}
	for _, c := range []engine.Criterion{engine.Trade, engine.Territory, engine.Strength} {
		if a, b := tender.Finding(c), m.Finding(c); a.State != b.State || a.Points != b.Points {
			t.Errorf("%s: %+v for a tender, %+v for an expected call", c, a, b)
		}
	}
	if m.Confidence < tender.Confidence {
		t.Errorf("confidence %d, %d for a tender: the time of an expected call is not unknown, it does not apply", m.Confidence, tender.Confidence)
	}
	rules := engine.NewRules(engine.Config{Atlas: atlas(t)})
	for asked, want := range map[bool]int{false: 0, true: 1} {
		if got := rules.ScanLots(e, []*engine.Lot{&call}, now, engine.Options{Expected: asked}).Total; got != want {
			t.Errorf("asked for %v: %d lots", asked, got)
		}
	}
}
