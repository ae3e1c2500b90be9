package consortium

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"maillage/matching/engine"
	"maillage/territories"
)

// asked is a small question made at random.
type asked struct {
	needs      Needs
	candidates []Candidate
	o          Options
}

func drawAsked(t *rapid.T) asked {
	q := asked{needs: Needs{Lot: 7}, o: Options{Seed: 3, Alternatives: 4}}
	for range rapid.IntRange(1, 3).Draw(t, "trades") {
		q.needs.Trades = append(q.needs.Trades, Trade{Weight: rapid.IntRange(1, 3).Draw(t, "weight")})
	}
	for p := range rapid.IntRange(1, 4).Draw(t, "places") {
		q.needs.Places = append(q.needs.Places, Place{Ord: uint32(10 * p), People: rapid.Int64Range(0, 50).Draw(t, "people")}) //nolint:gosec // small
	}
	for range rapid.IntRange(0, 2).Draw(t, "requirements") {
		q.needs.Requires = append(q.needs.Requires, Requirement{Kind: References, Need: rapid.Int64Range(1, 4).Draw(t, "need")})
	}
	for id := range rapid.IntRange(0, 6).Draw(t, "candidates") {
		q.candidates = append(q.candidates, drawCandidate(t, q.needs, engine.EnterpriseID(id+1)))
	}
	q.o.Most = rapid.IntRange(1, 5).Draw(t, "most")
	if rapid.IntRange(0, 3).Draw(t, "include") == 0 {
		q.o.Include = []engine.EnterpriseID{2}
	}
	if rapid.IntRange(0, 5).Draw(t, "exclude") == 0 {
		q.o.Exclude = []engine.EnterpriseID{1}
	}
	return q
}

func drawCandidate(t *rapid.T, needs Needs, id engine.EnterpriseID) Candidate {
	share := func(name string) float64 {
		return rapid.SampledFrom([]float64{0, 0, 0, 0.1, 0.25, 0.34, 0.5, 0.8, 1}).Draw(t, name)
	}
	c := Candidate{ID: id, Fit: rapid.IntRange(0, 3).Draw(t, "fit"), Km: float64(rapid.IntRange(0, 4).Draw(t, "km")), HasKm: rapid.Bool().Draw(t, "site"), Whole: share("whole")}
	for range rapid.IntRange(1, 2).Draw(t, "acts") {
		a := Act{Share: share("share")}
		for range needs.Trades {
			a.Trades = append(a.Trades, rapid.SampledFrom([]float64{0, 0, 0.5, 1}).Draw(t, "near"))
		}
		var ords []uint32
		for _, p := range needs.Places {
			if rapid.Bool().Draw(t, "covers") {
				ords = append(ords, p.Ord)
			}
		}
		a.Zone = territories.SetOf(ords...)
		c.Acts = append(c.Acts, a)
	}
	for _, r := range needs.Requires {
		c.Shows = append(c.Shows, rapid.Int64Range(Unknown, r.Need).Draw(t, "shows"))
	}
	return c
}

const plenty = 1 << 40 // more than any work here

// worth is what a set of candidates covers, worked out from the question by
// another way than the flow: the least cut, over every choice of the acts whose
// cells are cut rather than themselves.
func worth(m *model, set []int) int64 {
	type one struct {
		member, limit int64
		covers        []spot
	}
	var acts []one
	for _, i := range set {
		for _, a := range m.candidates[i].Acts {
			x := one{member: int64(i), limit: min(plenty, m.limit(a.Share))} // their sum must not overflow
			for t := range m.needs.Trades {
				for p, place := range m.needs.Places {
					if a.Trades[t] > 0 && a.Zone.Contains(int(place.Ord)) {
						x.covers = append(x.covers, spot{t, p})
					}
				}
			}
			acts = append(acts, x)
		}
	}
	least := int64(-1)
	for mask := range 1 << len(acts) {
		cost, spots := int64(0), map[spot]bool{}
		for _, i := range set {
			own, any := int64(0), false
			for k, a := range acts {
				switch {
				case a.member != int64(i):
				case mask>>k&1 == 1:
					any = true
				default:
					own += a.limit
				}
			}
			if !any {
				own = min(own, m.limit(m.candidates[i].Whole))
			}
			cost += own
		}
		for k, a := range acts {
			if mask>>k&1 == 1 {
				for _, s := range a.covers {
					spots[s] = true
				}
			}
		}
		for s := range spots {
			cost += m.weightOf(s)
		}
		if least < 0 || cost < least {
			least = cost
		}
	}
	for r, f := range m.factors {
		have := int64(0)
		for _, i := range set {
			if n := m.candidates[i].Shows[r]; n == Unknown {
				have += m.needs.Requires[r].Need
			} else {
				have += n
			}
		}
		least += f * min(have, m.needs.Requires[r].Need)
	}
	return least
}

// brute looks at every group.
func brute(q asked) (best group, all []group) {
	m := newModel(q.needs, q.candidates, q.o.bounded())
	must := 0
	for i := range m.offers {
		if m.offers[i].must {
			must++
		}
	}
	most := max(q.o.Most, must)
	for mask := range 1 << len(m.offers) {
		g := group{}
		kept := 0
		for i := range m.offers {
			if mask>>i&1 == 1 {
				g.members = append(g.members, i)
				g.merit = g.merit.plus(m.offers[i].merit)
				if m.offers[i].must {
					kept++
				}
			}
		}
		if kept < must || len(g.members) > most {
			continue
		}
		g.value = worth(m, g.members)
		all = append(all, g)
		if len(all) == 1 || g.better(best) {
			best = g
		}
	}
	return best, all
}

func ids(p Proposal) []engine.EnterpriseID {
	var out []engine.EnterpriseID
	for _, m := range p.Members {
		out = append(out, m.ID)
	}
	slices.Sort(out)
	return out
}

func idsOf(m *model, g group) []engine.EnterpriseID {
	var out []engine.EnterpriseID
	for _, i := range g.members {
		out = append(out, m.candidates[i].ID)
	}
	slices.Sort(out)
	return out
}

func TestComposeIsTheBestOfAllGroups(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		want, _ := brute(q)
		m := newModel(q.needs, q.candidates, q.o.bounded())
		got := Compose(q.needs, q.candidates, q.o)
		if !got.Gap.Proven() {
			t.Fatalf("not proven: %+v", got.Gap)
		}
		if !slices.Equal(ids(got.Best), idsOf(m, want)) || got.Best.Coverage != m.share(want.value) {
			t.Fatalf("%v covers %v, %v covers %v", ids(got.Best), got.Best.Coverage, idsOf(m, want), m.share(want.value))
		}
	})
}

func TestOrderChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		a := Compose(q.needs, q.candidates, q.o)
		shuffled := slices.Clone(q.candidates)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) //nolint:gosec // a test
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		b := Compose(q.needs, shuffled, q.o)
		if x, y := digest(a), digest(b); x != y {
			t.Fatalf("%s, then %s", x, y)
		}
	})
}

func TestOneMoreCandidateNeverHarms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		before := Compose(q.needs, q.candidates, q.o)
		more := append(slices.Clone(q.candidates), drawCandidate(t, q.needs, 99))
		after := Compose(q.needs, more, q.o)
		if after.Best.Coverage < before.Best.Coverage ||
			after.Best.Coverage == before.Best.Coverage && len(after.Best.Members) > len(before.Best.Members) {
			t.Fatalf("%v of %v, then %v of %v", before.Best.Coverage, ids(before.Best), after.Best.Coverage, ids(after.Best))
		}
	})
}

// A search that is cut short says no less than what it misses.
func TestGapIsHonest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		want, all := brute(q)
		m := newModel(q.needs, q.candidates, q.o.bounded())
		q.o.Steps = rapid.IntRange(1, 6).Draw(t, "steps")
		got := Compose(q.needs, q.candidates, q.o)
		const crumb = 1e-9
		if got.Best.Coverage+got.Gap.Coverage < m.share(want.value)-crumb {
			t.Fatalf("covers %v with a gap of %v, %v was possible", got.Best.Coverage, got.Gap.Coverage, m.share(want.value))
		}
		fewest := len(want.members)
		for _, g := range all { // the fewest that cover as much as what was found
			if m.share(g.value) >= got.Best.Coverage-crumb {
				fewest = min(fewest, len(g.members))
			}
		}
		if len(got.Best.Members)-got.Gap.Members > fewest {
			t.Fatalf("%d members with a gap of %d, %d were enough", len(got.Best.Members), got.Gap.Members, fewest)
		}
		if got.Gap.Proven() && !slices.Equal(ids(got.Best), idsOf(m, want)) {
			t.Fatalf("%v is said to be proven, %v is better", ids(got.Best), idsOf(m, want))
		}
	})
}

// The parts, what is left and the coverage tell one story.
func TestWhoDoesWhatAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		m := newModel(q.needs, q.candidates, q.o.bounded())
		r := Compose(q.needs, q.candidates, q.o)
		for _, p := range append([]Proposal{r.Best}, r.Alternatives...) {
			checkParts(t, m, p)
		}
	})
}

func checkParts(t *rapid.T, m *model, p Proposal) {
	const crumb = 1e-5 // limits are rounded up to a millionth
	sum := 0.0
	done := make([]float64, len(m.needs.Trades))
	for _, part := range p.Members {
		c := m.candidates[slices.IndexFunc(m.candidates, func(c Candidate) bool { return c.ID == part.ID })]
		sum += part.Share
		if c.Whole > 0 && part.Share > c.Whole+crumb {
			t.Fatalf("%d carries %v, more than %v", part.ID, part.Share, c.Whole)
		}
		for _, task := range part.Trades {
			done[task.Trade] += task.Share
			for _, ord := range task.Places {
				if !slices.ContainsFunc(c.Acts, func(a Act) bool { return a.Trades[task.Trade] > 0 && a.Zone.Contains(int(ord)) }) {
					t.Fatalf("%d does trade %d in %d, where it doesn't", part.ID, task.Trade, ord)
				}
			}
		}
	}
	if diff := sum - p.Work; diff > crumb || diff < -crumb {
		t.Fatalf("parts make %v, the work covered is %v", sum, p.Work)
	}
	for _, h := range p.Holes {
		done[h.Trade] += h.Share
	}
	for i, d := range done {
		if d < 1-crumb || d > 1+crumb {
			t.Fatalf("trade %d: done and left make %v", i, d)
		}
	}
}

func TestAlternativesAreNotDominated(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawAsked(t)
		r := Compose(q.needs, q.candidates, q.o)
		all := append([]Proposal{r.Best}, r.Alternatives...)
		for i, a := range all[1:] {
			for j, b := range all {
				if j == i+1 || len(b.Members) > len(a.Members) || b.Coverage < a.Coverage || far(q, b) > far(q, a) {
					continue
				}
				t.Fatalf("%v (%v, %v km) is no better than %v (%v, %v km)", ids(a), a.Coverage, far(q, a), ids(b), b.Coverage, far(q, b))
			}
		}
		m := newModel(q.needs, q.candidates, q.o.bounded())
		_, groups := brute(q)
		for _, a := range r.Alternatives { // exact too, while steps are left
			for _, g := range groups {
				if len(g.members) <= len(a.Members) && m.share(g.value) > a.Coverage && -g.merit.dist <= int64(1000*far(q, a)) {
					t.Fatalf("%v covers %v, %v covers %v", ids(a), a.Coverage, idsOf(m, g), m.share(g.value))
				}
			}
		}
	})
}

// far counts who has no known site as the search does.
func far(q asked, p Proposal) (km float64) {
	for _, m := range p.Members {
		km += distance(q.candidates[slices.IndexFunc(q.candidates, func(c Candidate) bool { return c.ID == m.ID })])
	}
	return km
}
