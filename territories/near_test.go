package territories

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// anyPoint draws a point of Earth, most often in or near France.
func anyPoint() *rapid.Generator[orb.Point] {
	return rapid.Custom(func(t *rapid.T) orb.Point {
		if rapid.IntRange(0, 4).Draw(t, "far") == 0 {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		}
		return orb.Point{rapid.Float64Range(-6, 10).Draw(t, "lon"), rapid.Float64Range(41, 52).Draw(t, "lat")}
	})
}

// withinSlowly is the definition: every point, one by one.
func withinSlowly(a *Atlas, p orb.Point, km float64) *Set {
	var b builder
	for i := range a.communes {
		if c := &a.communes[i]; c.HasPoint && Haversine(p, c.Point) <= km {
			b.add(i)
		}
	}
	return b.set()
}

func TestWithinAgreesWithDefinition(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoint().Draw(t, "p")
		km := rapid.OneOf(rapid.Float64Range(0, 120), rapid.Float64Range(0, 21_000)).Draw(t, "km")
		if got, want := a.Within(p, km), withinSlowly(a, p, km); !got.Equal(want) {
			t.Fatalf("%v within %v km: %d communes, want %d", p, km, got.Len(), want.Len())
		}
	})
}

func TestWithinIncludesItsBound(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		i, j := rapid.IntRange(0, 34_000).Draw(t, "i"), rapid.IntRange(0, 34_000).Draw(t, "j")
		km, ok := a.Distance(i, j)
		if !ok {
			t.Skip("no point")
		}
		p := a.communes[i].Point
		if !a.Within(p, km).Contains(j) {
			t.Fatalf("%d is not within its own distance of %d, %v km", j, i, km)
		}
		if i != j && km > 0 && a.Within(p, math.Nextafter(km, 0)).Contains(j) {
			t.Fatalf("%d is within less than its distance of %d", j, i)
		}
	})
}

func TestWithinAcrossTheAntimeridian(t *testing.T) {
	t.Parallel()
	communes := []Commune{
		{Point: orb.Point{179.9, -17}, HasPoint: true},
		{Point: orb.Point{-179.9, -17}, HasPoint: true},
		{Point: orb.Point{0, -17}, HasPoint: true},
		{Point: orb.Point{10, 89.9}, HasPoint: true},
		{Point: orb.Point{-170, 89.9}, HasPoint: true},
	}
	a := &Atlas{communes: communes, near: newGrid(communes)}
	if got := a.Within(orb.Point{-180, -17}, 30).Ordinals(); len(got) != 2 {
		t.Errorf("across the antimeridian: %v", got)
	}
	if got := a.Within(orb.Point{100, 90}, 30).Ordinals(); len(got) != 2 {
		t.Errorf("around the pole: %v", got)
	}
}

func TestWithinRefusesNonsense(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	for _, s := range []*Set{a.Within(orb.Point{2, 48}, -1), a.Within(orb.Point{2, 48}, math.NaN()), a.Within(orb.Point{200, 48}, 10), a.Within(orb.Point{2, math.NaN()}, 10)} {
		if s.Len() != 0 {
			t.Errorf("%d communes", s.Len())
		}
	}
	if ord, _ := a.Nearest(orb.Point{2, 91}); ord != -1 {
		t.Errorf("the nearest to nowhere is %d", ord)
	}
}

func TestNearestAgreesWithDefinition(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoint().Draw(t, "p")
		ord, km := a.Nearest(p)
		best := math.Inf(1)
		for i := range a.communes {
			if c := &a.communes[i]; c.HasPoint {
				best = math.Min(best, Haversine(p, c.Point))
			}
		}
		if km != best || Haversine(p, a.communes[ord].Point) != km {
			t.Fatalf("nearest to %v is %d at %v km, want %v km", p, ord, km, best)
		}
	})
}

// The radius is the mean one, not the equatorial one: a tenth of a percent.
func TestHaversineRadius(t *testing.T) {
	t.Parallel()
	quarter := Haversine(orb.Point{0, 0}, orb.Point{90, 0})
	if want := math.Pi / 2 * 6371.00877; math.Abs(quarter-want) > 1e-9 {
		t.Errorf("a quarter of the equator is %v km, want %v", quarter, want)
	}
	if d := Haversine(orb.Point{2, 48}, orb.Point{2, 48}); d != 0 {
		t.Errorf("a point is %v km from itself", d)
	}
	if d := Haversine(orb.Point{0, 0}, orb.Point{180, 0}); math.IsNaN(d) {
		t.Error("antipodes have no distance")
	}
}

// anyRing draws a star around a centre: simple, of any orientation.
func anyRing(t *rapid.T, centre orb.Point) orb.Ring {
	n := rapid.IntRange(3, 30).Draw(t, "n")
	turn := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "turn")
	var r orb.Ring
	for i := range n {
		angle := turn * 2 * math.Pi * float64(i) / float64(n)
		far := rapid.Float64Range(0.05, 2).Draw(t, "far")
		r = append(r, orb.Point{centre[0] + far*math.Cos(angle), centre[1] + far*math.Sin(angle)*0.7})
	}
	return append(r, r[0])
}

func TestPolygonAgreesWithOrb(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		centre := orb.Point{rapid.Float64Range(-3, 7).Draw(t, "lon"), rapid.Float64Range(43, 50).Draw(t, "lat")}
		e := Polygon(orb.Polygon{anyRing(t, centre)})
		if err := e.Check(); err != nil {
			t.Skip(err)
		}
		p, err := a.Compile(e)
		if err != nil {
			t.Fatal(err)
		}
		shape := e.node().shape
		for i := range a.communes {
			c := &a.communes[i]
			if want := c.HasPoint && planar.MultiPolygonContains(shape, c.Point); want != p.Set.Contains(i) {
				t.Fatalf("%s: in the set %v, in the polygon %v", c.Code, p.Set.Contains(i), want)
			}
		}
	})
}

func TestPolygonWithHoleAndParts(t *testing.T) {
	t.Parallel()
	square := func(west, south, side float64) string {
		e := Polygon(orb.Polygon{orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{west + side, south + side}}.ToRing()})
		return e.String()
	}
	whole := mustCompile(t, square(4, 44, 2)).Set
	hole := mustCompile(t, square(4.5, 44.5, 0.5)).Set
	pierced := mustCompile(t, `{"polygon":{"type":"Polygon","coordinates":[[[4,44],[6,44],[6,46],[4,46],[4,44]],[[4.5,44.5],[5,44.5],[5,45],[4.5,45],[4.5,44.5]]]}}`).Set
	if !pierced.Equal(whole.AndNot(hole)) {
		t.Errorf("%d communes with the hole, want %d", pierced.Len(), whole.Len()-hole.Len())
	}
	over := mustCompile(t, `{"polygon":{"type":"MultiPolygon","coordinates":[[[[4,44],[6,44],[6,46],[4,46],[4,44]]],[[[4.5,44.5],[5,44.5],[5,45],[4.5,45],[4.5,44.5]]]]}}`).Set
	if !over.Equal(whole) {
		t.Errorf("parts that overlap cancel out: %d communes of %d", over.Len(), whole.Len())
	}
}

// A point on an edge is inside.
func TestPolygonHoldsItsEdge(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	ord, _ := a.Ordinal("26281")
	p := a.communes[ord].Point
	for side, far := range map[string]float64{"west": 0.1, "east": -0.1} {
		e := Polygon(orb.Polygon{{{p[0], p[1] - 0.1}, {p[0] + far, p[1]}, {p[0], p[1] + 0.1}, {p[0], p[1] - 0.1}}})
		c, err := a.Compile(e)
		if err != nil || !c.Set.Contains(ord) {
			t.Errorf("a point on the %s edge is outside: %v", side, err)
		}
	}
}
