package mesh

import (
	"testing"

	"maillage/territories"
)

// A sheet draws every region once, each with its label inside it, those overseas in
// insets that do not meet the mainland.
func TestASheetDrawsEveryRegion(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	s, err := m.Sheet(territories.KindRegion)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.Areas) + len(s.Missing); n != len(m.Atlas().Refs(territories.KindRegion)) || len(s.Areas) < 18 {
		t.Errorf("%d areas and %d missing", len(s.Areas), len(s.Missing))
	}
	size := 0
	for _, a := range s.Areas {
		size += len(a.Path)
		rings := ringsOf(t, a.Path)
		inside := false
		for _, r := range rings {
			if r.contains(2*int64(a.X), 2*int64(a.Y)) {
				inside = !inside
			}
		}
		if !inside {
			t.Errorf("the label of %s, at %d %d, is out of it", a.Ref, a.X, a.Y)
		}
	}
	if size > 40_000 {
		t.Errorf("%d bytes of paths", size)
	}
	if len(s.Insets) != 5 {
		t.Errorf("%d insets", len(s.Insets))
	}
	if again, _ := m.Sheet(territories.KindRegion); again.Areas[3] != s.Areas[3] {
		t.Error("drawn again, it differs")
	}
	if _, err := m.Sheet(territories.KindCommune); err == nil {
		t.Error("communes are drawn on a sheet")
	}
	t.Logf("%d bytes", size)
}

func BenchmarkSheet(b *testing.B) {
	m := loaded(b)
	for b.Loop() {
		if _, err := m.Sheet(territories.KindRegion); err != nil {
			b.Fatal(err)
		}
	}
}
