package mesh

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"maillage/territories"
	"maillage/territories/cog"
)

func loaded(t testing.TB) *Mesh {
	t.Helper()
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func setOf(t testing.TB, ref string) *territories.Set {
	t.Helper()
	r, err := territories.ParseRef(ref)
	if err != nil {
		t.Fatal(err)
	}
	set, err := loaded(t).Atlas().Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestEveryPointIsInItsCell(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	without := 0
	for ord := range m.Atlas().Len() {
		c, cell := m.Atlas().Commune(ord), m.Cell(ord)
		switch {
		case !c.HasPoint && cell != nil:
			t.Errorf("%s has a cell and no point", c.Code)
		case !c.HasPoint:
			without++
		case len(cell) != 1 || !planar.PolygonContains(cell[0], c.Point):
			t.Errorf("%s is not in its cell of %d parts", c.Code, len(cell))
		}
	}
	if without != 94 {
		t.Errorf("%d communes without a cell, want the 94 of the COM", without)
	}
}

func TestCellsAreValid(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	for ord := range m.Atlas().Len() {
		for _, part := range m.Communes().Shape(ord) {
			for i, r := range part {
				if len(r) < 4 || r[0] != r[len(r)-1] || (r.Area2() > 0) != (i == 0) {
					t.Errorf("ring %d of %s: %v", i, m.Atlas().Commune(ord).Code, r)
				}
			}
		}
	}
}

func TestNeighboursAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	table, err := cog.ReadAdjacency()
	if err != nil {
		t.Fatal(err)
	}
	codes := make([]string, m.Atlas().Len())
	for ord := range codes {
		codes[ord] = string(m.Atlas().Commune(ord).Code)
		if got, want := m.Neighbours(ord), table.Neighbours(ord); !slices.Equal(got, want) {
			t.Fatalf("%s: mesh says %v, table %v", codes[ord], got, want)
		}
	}
	if table.Stamp != Stamp(codes) {
		t.Error("the table of neighbours was computed for other communes")
	}
}

// grown draws a set: some seeds, each with the neighbours of its neighbours.
func grown(t *rapid.T, m *Mesh) *territories.Set {
	seeds := rapid.SliceOfN(rapid.IntRange(0, m.Atlas().Len()-1), 0, 4).Draw(t, "seeds")
	steps := rapid.IntRange(0, 5).Draw(t, "steps")
	var ords []uint32
	for _, s := range seeds {
		ring := []int{s}
		for range steps {
			for _, o := range ring {
				ring = append(ring, m.Neighbours(o)...)
			}
			slices.Sort(ring)
			ring = slices.Compact(ring)
		}
		for _, o := range ring {
			ords = append(ords, uint32(o))
		}
	}
	set := territories.SetOf(ords...)
	if hole := rapid.IntRange(0, 8).Draw(t, "holes"); hole > 0 && len(ords) > 0 {
		out := rapid.SliceOfN(rapid.SampledFrom(ords), hole, hole).Draw(t, "out")
		set = set.AndNot(territories.SetOf(out...))
	}
	return set
}

type side [2]Vertex

// sides counts the segments of shapes, whichever way they run.
func sides(count map[side]int, s Shape) {
	for _, part := range s {
		for _, r := range part {
			for i := 1; i < len(r); i++ {
				k := side{r[i-1], r[i]}
				if compareVertex(k[0], k[1]) > 0 {
					k[0], k[1] = k[1], k[0]
				}
				count[k]++
			}
		}
	}
}

// The border of a union is the borders of its communes that no two of them share,
// and its area is, to the unit, the sum of theirs.
func TestUnionIsItsCellsWithoutInnerEdges(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		set := grown(t, m)
		want, sum := map[side]int{}, int64(0)
		set.Each(func(ord int) bool {
			s := m.Communes().Shape(ord)
			sides(want, s)
			sum += area2(s)
			return true
		})
		for k, n := range want {
			if n > 1 {
				delete(want, k)
			}
		}
		union := m.Communes().outline(set).Shape(0)
		got := map[side]int{}
		sides(got, union)
		if area2(union) != sum {
			t.Fatalf("area %d, its communes %d", area2(union), sum)
		}
		if len(got) != len(want) {
			t.Fatalf("%d segments, want %d", len(got), len(want))
		}
		for k := range want {
			if got[k] != 1 {
				t.Fatalf("segment %v is there %d times", k, got[k])
			}
		}
		length := 0
		for _, l := range m.Boundary(set) {
			length += len(l) - 1
		}
		if length != len(want) {
			t.Fatalf("boundary of %d segments, want %d", length, len(want))
		}
	})
}

func area2(s Shape) (sum int64) {
	for _, part := range s {
		for _, r := range part {
			sum += r.Area2()
		}
	}
	return sum
}

func TestLayersCoverTheSameLand(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	total := func(kind territories.Kind) (sum int64) {
		l, err := m.Layer(kind)
		if err != nil {
			t.Fatal(err)
		}
		for f := range l.Refs {
			sum += area2(l.Shape(f))
		}
		return sum
	}
	land := total(territories.KindCommune)
	for _, kind := range []territories.Kind{territories.KindDepartement, territories.KindRegion} {
		if got := total(kind); got != land {
			t.Errorf("%s cover %d, communes %d", kind, got, land)
		}
	}
	if got := total(territories.KindEPCI); got >= land || float64(got) < 0.999*float64(land) {
		t.Errorf("EPCI cover %d of %d: four communes of the Atlantic have none", got, land)
	}
	if _, err := m.Layer(territories.KindPostal); err == nil {
		t.Error("postal codes have a layer")
	}
}

func TestLayerPopulations(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	l, err := m.Layer(territories.KindDepartement)
	if err != nil {
		t.Fatal(err)
	}
	for f, ref := range l.Refs {
		set, err := m.Atlas().Of(ref)
		if err != nil {
			t.Fatal(err)
		}
		if want := m.Atlas().Population(set); l.Population[f] != want && l.Population[f] != -1 {
			t.Errorf("%s: %d, want %d", ref, l.Population[f], want)
		}
	}
	if got := l.Touching(setOf(t, "epci:200040459")); len(got) != 1 || l.Refs[got[0]].Code != "26" {
		t.Errorf("Montélimar-Agglomération touches %v", got)
	}
}

func TestNothingIsInvented(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	com := setOf(t, "departement:988")
	if p := m.Polygons(com); p != nil {
		t.Errorf("New Caledonia has an area: %v", p.Bound())
	}
	if _, ok := m.Bound(com); ok {
		t.Error("New Caledonia has a bound")
	}
	if got := len(m.Missing(com.Or(setOf(t, "departement:26")))); got != 33 {
		t.Errorf("%d communes missing, want 33", got)
	}
	if p := m.Polygons(nil); p != nil {
		t.Errorf("the empty set has an area: %v", p)
	}
}

// The areas of the cells inside the land are those of the communes, roughly; the
// whole is what Metropolitan France measures within a tenth.
func TestMeshMeasuresTheLand(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	drome := m.Polygons(setOf(t, "departement:26"))
	if len(drome) != 1 || len(drome[0]) != 2 {
		t.Errorf("Drôme has %d parts, want one around the enclave of Valréas", len(drome))
	}
	bound := drome.Bound()
	if !bound.Contains(orb.Point{4.89, 44.93}) || bound.Max[0] > 6 || bound.Min[0] < 4.4 {
		t.Errorf("Drôme lies in %v", bound)
	}
}

// Points far apart inland leave no hole between their cells; seas between islands
// do part them.
func TestLandHasNoHole(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	land := m.Polygons(m.Atlas().All())
	if len(land) < 15 || len(land) > 40 {
		t.Errorf("the land has %d parts", len(land))
	}
	for _, part := range land {
		if len(part) != 1 {
			t.Errorf("a hole in %v", part[1].Bound())
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	last := 0
	for _, kind := range LayerKinds() {
		lines, err := m.Lines(kind)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			n += len(l) - 1
		}
		if n <= last {
			t.Errorf("%s have %d segments of border, fewer than wider territories", kind, n)
		}
		last = n
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	t.Parallel()
	for _, cut := range []int{0, 1, 10, len(packed) / 2, len(packed) - 1} {
		if _, _, err := decode(packed[:cut]); err == nil {
			t.Errorf("the first %d bytes were accepted", cut)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for b.Loop() {
		if _, _, err := decode(packed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPolygonsDepartement(b *testing.B) {
	m, set := loaded(b), setOf(b, "departement:26")
	for b.Loop() {
		m.Polygons(set)
	}
}

func BenchmarkDrawDepartement(b *testing.B) {
	m := loaded(b)
	v := View{Asked: setOf(b, "epci:200040459"), Offered: setOf(b, "departement:26"), Towns: 9}
	v.Bound, _ = m.Window(v.Asked, v.Offered)
	for b.Loop() {
		m.Draw(v)
	}
}

func BenchmarkDrawFrance(b *testing.B) {
	m := loaded(b)
	v := View{Offered: setOf(b, "region:84"), Towns: 9, Bound: orb.Bound{Min: orb.Point{-5.2, 41.3}, Max: orb.Point{9.6, 51.1}}}
	for b.Loop() {
		m.Draw(v)
	}
}
