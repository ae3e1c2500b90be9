package territories

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRelationsOfRealTerritories(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	cases := []struct {
		x, y string
		want RelationKind
	}{
		{"commune:75056", "departement:75", Equal},
		{"arrondissement:75101", "commune:75056", Equal},
		{"region:84", "departement:26", Covers},
		{"departement:26", "region:84", Within},
		{"epci:200054781", "arrondissement:75101", Covers}, // the Grand Paris holds 75101
		{"epci:200068781", "departement:26", Within},
		{"departement:26", "departement:38", Disjoint},
		{"region2015:82", "region:84", Within},
		{"departement:13", "epci:200054807", Overlaps}, // Aix-Marseille reaches into two others
	}
	for _, c := range cases {
		x, y := mustSet(t, c.x), mustSet(t, c.y)
		r := a.Relate(x, y)
		if r.Kind != c.want {
			t.Errorf("%s to %s: %s, want %s", c.x, c.y, r.Kind, c.want)
		}
		if r.Kind == Overlaps && !(r.PopulationOfX > 0 && r.PopulationOfX < 1 && r.PopulationOfY > 0 && r.PopulationOfY < 1) {
			t.Errorf("%s to %s: shares %v and %v", c.x, c.y, r.PopulationOfX, r.PopulationOfY)
		}
	}
}

// A member serving only Grenoble is a partial answer to a tender for Isère,
// and the share says how partial.
func TestPartialCoverage(t *testing.T) {
	t.Parallel()
	r := atlas(t).Relate(mustSet(t, "commune:38185"), mustSet(t, "departement:38"))
	if r.Kind != Within || r.PopulationOfX != 1 || r.PopulationOfY < 0.10 || r.PopulationOfY > 0.15 {
		t.Errorf("%+v", r)
	}
}

// Specificity is a matter of population: this EPCI outweighs a département.
func TestSpecificityByPopulation(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	if a.Population(mustSet(t, "epci:200054781")) < a.Population(mustSet(t, "departement:48")) {
		t.Error("the Métropole du Grand Paris is more specific than Lozère")
	}
}

func TestRelationsAreConsistent(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	inverse := map[RelationKind]RelationKind{Equal: Equal, Covers: Within, Within: Covers, Overlaps: Overlaps, Disjoint: Disjoint}
	rapid.Check(t, func(t *rapid.T) {
		p, err := a.Compile(anyExpr(a, 2).Draw(t, "x"))
		q, err2 := a.Compile(anyExpr(a, 2).Draw(t, "y"))
		if err != nil || err2 != nil {
			t.Skip("does not compile")
		}
		x, y := p.Set, q.Set
		r, back := a.Relate(x, y), a.Relate(y, x)
		if x.Len() > 0 && y.Len() > 0 && back.Kind != inverse[r.Kind] {
			t.Fatalf("%s one way, %s the other", r.Kind, back.Kind)
		}
		if r.PopulationOfX != back.PopulationOfY || r.Population != back.Population || r.Communes != x.AndLen(y) {
			t.Fatalf("%+v and %+v", r, back)
		}
		if (r.Kind == Equal) != x.Equal(y) || (r.Kind == Disjoint) != (!x.Intersects(y) && !x.Equal(y)) {
			t.Fatalf("%s for %d and %d communes", r.Kind, x.Len(), y.Len())
		}
		if u := x.Or(y); u.Len() != x.Len()+y.Len()-r.Communes || a.Population(u) != r.TotalX+r.TotalY-r.Population {
			t.Fatalf("union of %d and %d sharing %d has %d", x.Len(), y.Len(), r.Communes, u.Len())
		}
	})
}
