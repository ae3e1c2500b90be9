package territories

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyMembers draws ordinals of several shapes: a few anywhere, runs, and both.
func anyMembers() *rapid.Generator[map[uint32]bool] {
	return rapid.Custom(func(t *rapid.T) map[uint32]bool {
		out := map[uint32]bool{}
		for _, o := range rapid.SliceOfN(rapid.Uint32Range(0, maxWords*64-1), 0, 40).Draw(t, "loose") {
			out[o] = true
		}
		for range rapid.IntRange(0, 3).Draw(t, "runs") {
			from := rapid.Uint32Range(0, maxWords*64-1).Draw(t, "from")
			n := rapid.Uint32Range(1, 5000).Draw(t, "n")
			for o := from; o < min(from+n, maxWords*64); o++ {
				out[o] = true
			}
		}
		return out
	})
}

func ordinals(m map[uint32]bool) []uint32 { return slices.Sorted(maps.Keys(m)) }

func TestSetAgreesWithMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, n := anyMembers().Draw(t, "m"), anyMembers().Draw(t, "n")
		x, y := SetOf(ordinals(m)...), SetOf(ordinals(n)...)
		and, or, not := map[uint32]bool{}, maps.Clone(m), map[uint32]bool{}
		for o := range n {
			or[o] = true
		}
		for o := range m {
			if n[o] {
				and[o] = true
			} else {
				not[o] = true
			}
		}
		for _, c := range []struct {
			name string
			got  *Set
			want map[uint32]bool
		}{{"x", x, m}, {"and", x.And(y), and}, {"or", x.Or(y), or}, {"andnot", x.AndNot(y), not}, {"sorted", fromSorted(ordinals(m)), m}} {
			if !slices.Equal(c.got.Ordinals(), ordinals(c.want)) || c.got.Len() != len(c.want) {
				t.Fatalf("%s: %d members, want %d", c.name, c.got.Len(), len(c.want))
			}
			if !c.got.Equal(SetOf(ordinals(c.want)...)) {
				t.Fatalf("%s: packed another way than the same set made anew", c.name)
			}
		}
		if x.Intersects(y) != (len(and) > 0) || x.AndLen(y) != len(and) || x.Covers(y) != (len(and) == len(n)) {
			t.Fatalf("intersects %v, %d in common, want %d", x.Intersects(y), x.AndLen(y), len(and))
		}
		for range 20 {
			o := rapid.IntRange(-1, maxWords*64).Draw(t, "o")
			if x.Contains(o) != (o >= 0 && m[uint32(o)]) {
				t.Fatalf("contains %d: %v", o, x.Contains(o))
			}
		}
	})
}

func TestNilSetIsEmpty(t *testing.T) {
	t.Parallel()
	var none *Set
	some := SetOf(3, 4000)
	if none.Len() != 0 || none.Contains(3) || none.Intersects(some) || some.Intersects(none) || !none.Equal(&Set{}) {
		t.Error("a nil set is not empty")
	}
	if !some.Or(none).Equal(some) || !some.AndNot(none).Equal(some) || some.And(none).Len() != 0 {
		t.Error("a nil set is not neutral")
	}
	none.Each(func(int) bool { t.Error("a nil set has a member"); return true })
	if atlas(t).Population(none) != 0 {
		t.Error("a nil set has inhabitants")
	}
}

func TestEachStops(t *testing.T) {
	t.Parallel()
	n := 0
	SetOf(1, 2, 500, 9000).Each(func(int) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("called %d times", n)
	}
}

func TestPopulationAgreesWithSum(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	rapid.Check(t, func(t *rapid.T) {
		keep := func(m map[uint32]bool) map[uint32]bool {
			maps.DeleteFunc(m, func(o uint32, _ bool) bool { return int(o) >= a.Len() })
			return m
		}
		m, n := keep(anyMembers().Draw(t, "m")), keep(anyMembers().Draw(t, "n"))
		var sum, shared int64
		for o := range m {
			sum += int64(a.communes[o].Population)
			if n[o] {
				shared += int64(a.communes[o].Population)
			}
		}
		x, y := SetOf(ordinals(m)...), SetOf(ordinals(n)...)
		if a.Population(x) != sum || a.SharedPopulation(x, y) != shared || a.SharedPopulation(y, x) != shared {
			t.Fatalf("population %d shared %d, want %d and %d", a.Population(x), a.SharedPopulation(x, y), sum, shared)
		}
	})
}

func TestSharedPopulationAllocatesNothing(t *testing.T) {
	a := atlas(t)
	x, y := mustSet(t, "region:84"), mustSet(t, "departement:26")
	if n := testing.AllocsPerRun(100, func() { a.SharedPopulation(x, y); x.Intersects(y); x.AndLen(y) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
