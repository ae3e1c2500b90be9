package engine

import (
	"math/rand/v2"
	"testing"

	"maillage/territories"
)

func testGround(t *testing.T) (ground, *rand.Rand) {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return newGround(a), rand.New(rand.NewPCG(8, 8))
}

// Distances are those of the atlas, to the last bit.
func TestDistancesAreThoseOfTheAtlas(t *testing.T) {
	t.Parallel()
	g, r := testGround(t)
	for range 20_000 {
		i, j := r.IntN(g.atlas.Len()), r.IntN(g.atlas.Len())
		km, ok := g.distance(i, j)
		if want, wanted := g.atlas.Distance(i, j); km != want || ok != wanted {
			t.Fatalf("from %d to %d: %v, %v; the atlas says %v, %v", i, j, km, ok, want, wanted)
		}
	}
}

// Two perimeters that share a commune share their blocks, and the share that one
// covers of the other is that of their inhabitants in common.
func TestPerimetersThatMeetShareBlocks(t *testing.T) {
	t.Parallel()
	g, r := testGround(t)
	draw := func() *territories.Perimeter {
		c := g.atlas.Commune(r.IntN(g.atlas.Len()))
		e := territories.In(territories.Ref{Kind: "commune", Code: string(c.Code)})
		switch n := r.IntN(5); {
		case n < 2 && c.HasPoint:
			e = territories.RadiusOf(c.Code, []float64{5, 20, 50, 150}[r.IntN(4)])
		case n == 2:
			e = territories.In(territories.Ref{Kind: "departement", Code: c.Departement})
		case n == 3:
			e = territories.In(territories.Ref{Kind: "region", Code: c.Region})
		}
		p, err := g.atlas.Compile(e)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	met, told := 0, 0
	for range 4000 {
		p, q := draw(), draw()
		bp, bq := g.blocksOf(p), g.blocksOf(q)
		meet := p.Set.Intersects(q.Set)
		if meet && !bp.meet(&bq) {
			t.Fatalf("%s and %s share a commune and no block", p.Text, q.Text)
		}
		if meet {
			met++
		} else if !bp.meet(&bq) {
			told++
		}
		want := 0.0
		if meet && q.Population > 0 {
			want = max(tinyShare, float64(g.atlas.SharedPopulation(p.Set, q.Set))/float64(q.Population))
		}
		if q.Population > 0 && g.shared(q, p).share != want {
			t.Fatalf("%s covers %v of %s, want %v", p.Text, g.shared(q, p).share, q.Text, want)
		}
	}
	if met == 0 || told == 0 {
		t.Errorf("%d meet, %d are told apart: the drawing proves nothing", met, told)
	}
}
