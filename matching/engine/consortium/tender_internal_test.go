package consortium

import (
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine"
	"maillage/territories"
)

// Under a limit on lots per bidder, no set of groups is better than the one found.
func TestTenderIsTheBestOfAllSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lots []LotQuestion
		var groups [][]group
		var models []*model
		o := Options{Most: 3, Seed: 1}
		for range 2 {
			q := drawAsked(t)
			if len(q.candidates) > 4 {
				q.candidates = q.candidates[:4]
			}
			q.o = o
			_, all := brute(q)
			lots, groups = append(lots, LotQuestion{q.needs, q.candidates}), append(groups, all)
			models = append(models, newModel(q.needs, q.candidates, o))
		}
		r := ComposeTender(lots, 1, 1000, o)
		lacking, members, in := 0.0, 0, map[engine.EnterpriseID]int{}
		for _, lot := range r.Lots {
			lacking, members = lacking+1-lot.Best.Coverage, members+len(lot.Best.Members)
			for _, m := range lot.Best.Members {
				if in[m.ID]++; in[m.ID] > 1 {
					t.Fatalf("%d is in two lots", m.ID)
				}
			}
		}
		const crumb = 1e-9
		for _, a := range groups[0] {
			for _, b := range groups[1] {
				if shared(models[0], a, models[1], b) {
					continue
				}
				l, n := 2-models[0].share(a.value)-models[1].share(b.value), len(a.members)+len(b.members)
				if l < lacking-crumb || l < lacking+crumb && n < members {
					t.Fatalf("lacks %v with %d members; %v with %d was possible", lacking, members, l, n)
				}
			}
		}
	})
}

func shared(m *model, a group, n *model, b group) bool {
	for _, i := range a.members {
		for _, j := range b.members {
			if m.candidates[i].ID == n.candidates[j].ID {
				return true
			}
		}
	}
	return false
}

// Who leaves two lots leaves them in either order: the same set of groups is
// looked at once. Four lots that one enterprise alone can do, one for each bidder:
// none, one, two then three lots left make 1 + 4 + 6 sets, and the first of three.
func TestASetOfGroupsIsLookedAtOnce(t *testing.T) {
	t.Parallel()
	only := Candidate{ID: 1, Acts: []Act{{Trades: []float64{1}, Zone: territories.SetOf(0)}}}
	lot := LotQuestion{Needs{Trades: []Trade{{Weight: 1}}, Places: []Place{{Ord: 0, People: 1}}}, []Candidate{only}}
	r := ComposeTender([]LotQuestion{lot, lot, lot, lot}, 1, 1000, Options{})
	if r.Looked != 12 || !r.Gap.Proven() {
		t.Fatalf("%d sets looked at, gap %+v", r.Looked, r.Gap)
	}
}
