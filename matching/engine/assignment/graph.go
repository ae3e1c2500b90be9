package assignment

import (
	"cmp"
	"slices"
)

// graph is a problem in its canonical order: whatever the order of the input,
// the same problem and seed give the same graph.
type graph struct {
	people    []Person   // by precedence: the longest waiting, then the draw
	positions []Position // the least asked first, then drawn; AtMost and AtLeast no greater than what the edges allow
	asked     []Position // the same as given
	first     []int32    // edges of person i: first[i] to first[i+1], best fit first
	owner, to []int32    // of an edge: its person, its position
	fit       []uint8    // of an edge
	room      []int32    // of a person: how many more proposals
	units     []int32    // the person of each possible proposal, by precedence
	unit      []int32    // units of person i are unit[i] to unit[i+1] in rank
	rank      []int64    // weight of precedence: len(units) for the first unit, 1 for the last
}

func newGraph(p Problem, c Config) *graph {
	g := &graph{people: slices.Clone(p.People), positions: slices.Clone(p.Positions)}
	slices.SortFunc(g.people, func(a, b Person) int {
		return cmp.Or(cmp.Compare(b.Waiting, a.Waiting), drawn(c.Seed, int64(a.ID), int64(b.ID)))
	})
	g.line(p.Edges, c.Seed)
	g.asked = slices.Clone(g.positions)
	g.connect(p.Edges)
	g.bound(c.K)
	g.precede()
	return g
}

// line orders the positions: those least asked for their capacity first, then
// the draw. Between equals, whoever can go where few can is sent there: fairer
// to these positions, and shorter searches.
func (g *graph) line(edges []Edge, seed uint64) {
	asked := make(map[PositionID]int, len(g.positions))
	for _, e := range edges {
		asked[e.Position]++
	}
	slices.SortFunc(g.positions, func(a, b Position) int {
		// Cards over people who could have one, compared without dividing; a
		// capacity beyond them is no easier, and stays clear of an overflow.
		m, n := max(1, asked[a.ID]), max(1, asked[b.ID])
		ease := cmp.Compare(min(b.AtMost, n)*m, min(a.AtMost, m)*n)
		return cmp.Or(ease, drawn(^seed, int64(a.ID), int64(b.ID)))
	})
}

// connect lays the edges by person, best fit first.
func (g *graph) connect(edges []Edge) {
	person := make(map[PersonID]int32, len(g.people))
	for i, p := range g.people {
		person[p.ID] = int32(i)
	}
	position := make(map[PositionID]int32, len(g.positions))
	for j, p := range g.positions {
		position[p.ID] = int32(j)
	}
	type arc struct {
		i, j int32
		fit  uint8
	}
	arcs := make([]arc, len(edges))
	for n, e := range edges {
		arcs[n] = arc{person[e.Person], position[e.Position], uint8(e.Fit)}
	}
	slices.SortFunc(arcs, func(a, b arc) int {
		return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(b.fit, a.fit), cmp.Compare(a.j, b.j))
	})
	g.first = make([]int32, len(g.people)+1)
	for _, a := range arcs {
		g.first[a.i+1]++
		g.owner, g.to, g.fit = append(g.owner, a.i), append(g.to, a.j), append(g.fit, a.fit)
	}
	for i := range g.people {
		g.first[i+1] += g.first[i]
	}
}

// bound brings rooms and capacities down to what the edges allow: costs stay small and bounds tight.
func (g *graph) bound(k int) {
	degree := make([]int, len(g.positions))
	for _, j := range g.to {
		degree[j]++
	}
	for j := range g.positions {
		p := &g.positions[j]
		p.AtMost = min(p.AtMost, degree[j])
		p.AtLeast = min(p.AtLeast, p.AtMost)
	}
	g.room = make([]int32, len(g.people))
	for i, p := range g.people {
		g.room[i] = int32(max(0, min(k-p.Pending, int(g.first[i+1]-g.first[i]))))
	}
}

// precede ranks the possible proposals: nobody's second before somebody's
// first, pending ones counted; then the order of the people.
func (g *graph) precede() {
	g.unit = make([]int32, len(g.people)+1)
	most := 0
	for i, p := range g.people {
		g.unit[i+1] = g.unit[i] + g.room[i]
		if g.room[i] > 0 {
			most = max(most, p.Pending+int(g.room[i]))
		}
	}
	total := g.unit[len(g.people)]
	g.rank = make([]int64, total)
	for level := range most {
		for i, p := range g.people {
			if u := level - p.Pending; u >= 0 && u < int(g.room[i]) {
				g.rank[int(g.unit[i])+u] = int64(total) - int64(len(g.units))
				g.units = append(g.units, int32(i))
			}
		}
	}
}

// ranks of the possible proposals of a person, the first and greatest first.
func (g *graph) ranks(i int32) []int64 { return g.rank[g.unit[i]:g.unit[i+1]] }

// edges of a person, as a range.
func (g *graph) edges(i int32) (from, to int32) { return g.first[i], g.first[i+1] }
