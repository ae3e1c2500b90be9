package engine

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"maillage/territories"
)

// The gap is the least of all distances, and farther never rules out a pair
// that is near.
func TestGap(t *testing.T) {
	t.Parallel()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	g := newGround(a)
	near, ruled := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		set := func(name string) *territories.Set {
			c := a.Commune(rapid.IntRange(0, a.Len()-1).Draw(t, name))
			if !c.HasPoint {
				return territories.SetOf()
			}
			return a.Within(c.Point, rapid.SampledFrom([]float64{0, 3, 12}).Draw(t, name+" km"))
		}
		x, y := set("zone"), set("place")
		best := math.Inf(1)
		x.Each(func(i int) bool {
			y.Each(func(j int) bool {
				if d, ok := a.Distance(i, j); ok {
					best = min(best, d)
				}
				return true
			})
			return true
		})
		km, ord, ok := g.gap(x, y)
		if ok != !math.IsInf(best, 1) || ok && math.Abs(km-best) > 1e-6 {
			t.Fatalf("gap %v %v, want %v", km, ok, best)
		}
		if ok && !y.Contains(ord) {
			t.Fatal("the nearest commune is not of the place")
		}
		for _, limit := range []float64{1, 50, 300} {
			far := g.farther(x, y, limit)
			if far && ok && km <= limit {
				t.Fatalf("%v km apart, ruled out at %v", km, limit)
			}
			if far {
				ruled++
			} else if ok && km <= limit {
				near++
			}
		}
	})
	if near == 0 || ruled == 0 {
		t.Errorf("%d pairs near, %d ruled out: the draw proves little", near, ruled)
	}
}
