package activity

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func day(t *rapid.T, name string) string {
	return rapid.SampledFrom([]string{"", "2026-01-05", "2026-01-20", "2026-02-03", "2026-04-01"}).Draw(t, name)
}

func said(t *rapid.T) Market {
	who := func(name string) []int64 { return rapid.SliceOfN(rapid.Int64Range(1, 6), 0, 3).Draw(t, name) }
	return Market{Key: rapid.SampledFrom([]string{"lot:1", "lot:2", "prospect:1"}).Draw(t, "key"), Proposed: day(t, "proposed"), Heard: day(t, "heard"), Submitted: day(t, "submitted"), Won: day(t, "won"),
		Hours: rapid.Float64Range(0, 500).Draw(t, "hours"), Members: Members{who("p"), who("h"), who("s"), who("w")}}
}

// What is said of a market, in any order and any number of times, makes one market;
// its steps follow one another.
func TestAMarketIsJoinedInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(said), 1, 8).Draw(t, "said")
		want := joined(all)
		again := append(rapid.Permutation(all).Draw(t, "order"), all[rapid.IntRange(0, len(all)-1).Draw(t, "twice")])
		if got := joined(again); !reflect.DeepEqual(got, want) {
			t.Fatalf("joined %+v then %+v", want, got)
		}
		if got := joined(want); !reflect.DeepEqual(got, want) {
			t.Fatalf("joined again %+v then %+v", want, got)
		}
		for _, m := range want {
			for _, steps := range [][2]string{{m.Proposed, m.Heard}, {m.Heard, m.Submitted}, {m.Submitted, m.Won}} {
				if steps[1] != "" && (steps[0] == "" || steps[0] > steps[1]) {
					t.Fatalf("steps out of order: %+v", m)
				}
			}
		}
	})
}

// A market is in one leaf of the tree of places, and each place is the sum of what
// it holds.
func TestPlacesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var markets []Market
		for i := range rapid.IntRange(1, 12).Draw(t, "n") {
			m := said(t)
			m.Key = lotKey(int64(i))
			m.Region = rapid.SampledFrom([]string{"", "84", "32"}).Draw(t, "region")
			m.Departement = rapid.SampledFrom(map[string][]string{"": {""}, "84": {"", "26", "07"}, "32": {"", "59"}}[m.Region]).Draw(t, "departement")
			m.EPCI = rapid.SampledFrom([]string{"", "200040459"}).Draw(t, "epci")
			markets = append(markets, m)
		}
		got := tallied(joined(markets), nil, months("2026-04", year))
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
