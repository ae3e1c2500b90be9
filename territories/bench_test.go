package territories

import (
	"testing"

	"github.com/paulmach/orb"

	"maillage/territories/cog"
)

// The reference figures of the design, on the same kind of machine:
//
//	go test ./territories -run xxx -bench . -benchtime 1s

func sets(b *testing.B, k Kind) []*Set {
	b.Helper()
	return atlas(b).layers[k].sets
}

// circles are 50 km perimeters spread over the country.
func circles(b *testing.B) []*Set {
	b.Helper()
	a := atlas(b)
	out := make([]*Set, 256)
	for i := range out {
		out[i] = a.Within(a.communes[i*7919%34_000].Point, 50)
	}
	return out
}

func benchPairs(b *testing.B, x, y []*Set, f func(s, t *Set)) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		f(x[i%len(x)], y[i*7%len(y)])
		i++
	}
}

func BenchmarkIntersectsDepartementEPCI(b *testing.B) {
	benchPairs(b, sets(b, KindDepartement), sets(b, KindEPCI), func(s, t *Set) { s.Intersects(t) })
}

func BenchmarkAndLenRegionEPCI(b *testing.B) {
	benchPairs(b, sets(b, KindRegion), sets(b, KindEPCI), func(s, t *Set) { s.AndLen(t) })
}

func BenchmarkAndLenRadiusRadius(b *testing.B) {
	c := circles(b)
	benchPairs(b, c, c, func(s, t *Set) { s.AndLen(t) })
}

func BenchmarkAndLenEverywhereEverywhere(b *testing.B) {
	all := []*Set{atlas(b).All()}
	benchPairs(b, all, all, func(s, t *Set) { s.AndLen(t) })
}

func BenchmarkSharedPopulationRadius(b *testing.B) {
	a, c := atlas(b), circles(b)
	benchPairs(b, c, c, func(s, _ *Set) { a.SharedPopulation(s, s) })
}

func BenchmarkPopulationRegion(b *testing.B) {
	a, r := atlas(b), sets(b, KindRegion)
	benchPairs(b, r, r, func(s, _ *Set) { a.Population(s) })
}

func BenchmarkRelateRadiusDepartement(b *testing.B) {
	a, c, d := atlas(b), circles(b), sets(b, KindDepartement)
	benchPairs(b, c, d, func(s, t *Set) { a.Relate(s, t) })
}

func BenchmarkAndRegionRegion(b *testing.B) {
	r := sets(b, KindRegion)
	benchPairs(b, r, r, func(s, t *Set) { s.And(t) })
}

func BenchmarkWithin50km(b *testing.B) {
	a := atlas(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		a.Within(a.communes[i*7919%34_000].Point, 50)
		i++
	}
}

func BenchmarkNearest(b *testing.B) {
	a := atlas(b)
	i := 0
	for b.Loop() {
		p := a.communes[i*7919%34_000].Point
		a.Nearest(orb.Point{p[0] + 0.02, p[1] - 0.015})
		i++
	}
}

func BenchmarkPolygon(b *testing.B) {
	a := atlas(b)
	shape := Polygon(orb.Polygon{{{1, 46}, {2, 47}, {3, 47.5}, {4, 47}, {4.5, 46}, {4, 45}, {3, 44.5}, {2, 44.7}, {1.2, 45.2}, {1, 46}}}).node()
	for b.Loop() {
		if _, err := a.evalShape(shape); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Read(cog.Embedded()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHistory(b *testing.B) {
	a := atlas(b)
	for b.Loop() {
		rows, err := cog.ReadMovements(cog.Embedded())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := replay(a, rows); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNameIndex(b *testing.B) {
	a := atlas(b)
	for b.Loop() {
		newNameIndex(a)
	}
}

func BenchmarkView(b *testing.B) {
	a := atlas(b)
	for b.Loop() {
		if _, err := a.newView(Date{1990, 1, 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	a := atlas(b)
	a.Resolve("27058", Date{2018, 1, 1})
	for b.Loop() {
		a.Resolve("27058", Date{2018, 1, 1})
	}
}

func BenchmarkSearch(b *testing.B) {
	a := atlas(b)
	a.names()
	queries := []string{"saint den", "romans", "valence drome", "st etienne", "rochelle", "cc du", "26100"}
	i := 0
	for b.Loop() {
		a.Search(queries[i%len(queries)], SearchOptions{})
		i++
	}
}

func BenchmarkLocate(b *testing.B) {
	a := atlas(b)
	a.Locate("Romans", "26100")
	for b.Loop() {
		a.Locate("ROMANS SUR ISERE", "26100")
	}
}

func BenchmarkCompileInterned(b *testing.B) {
	a := atlas(b)
	p, err := a.Compile(In(Ref{KindDepartement, "26"}))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if q, _ := a.Compile(p.Expr); q != p {
			b.Fatal("compiled anew")
		}
	}
}
