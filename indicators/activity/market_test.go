package activity

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/indicators/compute"
	"maillage/indicators/markets"
)

func drawn(t *rapid.T) *markets.Market {
	day := func(name string) string {
		return rapid.SampledFrom([]string{"", "2026-01-05", "2026-01-20", "2026-02-03", "2026-04-01"}).Draw(t, name)
	}
	at := func(name string) *time.Time {
		d, err := time.Parse(time.DateOnly, day(name))
		if err != nil {
			return nil
		}
		return &d
	}
	return &markets.Market{ShownAt: at("shown"), AnsweredAt: at("answered"), SubmittedOn: day("submitted"), WonOn: day("won"), Hours: rapid.Float64Range(0, 500).Draw(t, "hours")}
}

// Whatever is recorded first, the steps of a market follow one another.
func TestStepsFollowOneAnother(t *testing.T) {
	t.Parallel()
	s, err := NewService(Config{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := s.marketOf(drawn(t), compute.References{})
		for _, steps := range [][2]string{{m.proposed.day, m.heard.day}, {m.heard.day, m.submitted.day}, {m.submitted.day, m.won.day}} {
			if steps[1] != "" && (steps[0] == "" || steps[0] > steps[1]) {
				t.Fatalf("steps out of order: %+v", m)
			}
		}
	})
}

// A market is in one leaf of the tree of places, and each place is the sum of what
// it holds.
func TestPlacesAddUp(t *testing.T) {
	t.Parallel()
	s, err := NewService(Config{})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var all []market
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			m := s.marketOf(drawn(t), compute.References{})
			m.region = rapid.SampledFrom([]string{"", "84", "32"}).Draw(t, "region")
			m.departement = rapid.SampledFrom(map[string][]string{"": {""}, "84": {"", "26", "07"}, "32": {"", "59"}}[m.region]).Draw(t, "departement")
			m.epci = rapid.SampledFrom([]string{"", "200040459"}).Draw(t, "epci")
			all = append(all, m)
		}
		got := tallied(all, nil, months("2026-04", year))
		for name, n := range got.nodes {
			parent := n.parent
			if parent == "" {
				parent = Whole
			}
			if got.cells[place{parent, Whole}] == nil {
				t.Fatalf("%s has no %s", name, parent)
			}
		}
		for at, of := range got.cells {
			for m, c := range of {
				below, held := 0.0, false
				for name, n := range got.nodes {
					if n.parent == at.node || n.parent == "" && at.node == Whole {
						held = true
						if part := got.cells[place{name, at.month}][m]; part != nil {
							below += part.value
						}
					}
				}
				if held && !near(below, c.value) {
					t.Fatalf("%v %s is %v, what it holds %v", at, m, c.value, below)
				}
			}
		}
	})
}

func near(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
