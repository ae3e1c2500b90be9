package engine_test

import (
	"testing"

	"maillage/matching/engine"
)

// A wider search adds who works around the place, last, and changes nothing for
// who covers it; the index says what a scan says.
func TestAWiderSearchAddsWhoWorksAround(t *testing.T) {
	t.Parallel()
	lot := greenSpaces(t)
	lot.Place = perimeter(t, `{"territory":"commune:26165"}`)
	covers, around, far := grower(t, `{"radius":{"commune":"26165","km":5}}`, 3), grower(t, `{"territory":"commune:26281"}`, 3), grower(t, `{"territory":"departement:59"}`, 3)
	covers.ID, around.ID, far.ID = 1, 2, 3
	before := one(t, lot, covers)
	if matches(t, lot, around) {
		t.Fatal("the neighbour matches before")
	}
	lot.Wider = perimeter(t, `{"territory":"departement:26"}`)
	if after := one(t, lot, covers); after.Score != before.Score {
		t.Errorf("who covers it had %d and has %d", before.Score, after.Score)
	}
	m := one(t, lot, around)
	if f := m.Finding(engine.Territory); f.Key != "territory.wider" || f.By <= 0 || f.State != engine.Partial {
		t.Errorf("the neighbour: %+v", f)
	}
	if m.Score >= before.Score {
		t.Errorf("the neighbour has %d, who covers it %d", m.Score, before.Score)
	}
	if matches(t, lot, far) {
		t.Error("who works elsewhere matches")
	}
}

func matches(t *testing.T, lot *engine.Lot, e *engine.Enterprise) bool {
	t.Helper()
	return len(engine.NewRules(engine.Config{Atlas: atlas(t)}).Scan(lot, []*engine.Enterprise{e}, now, engine.Options{}).Matches) > 0
}
