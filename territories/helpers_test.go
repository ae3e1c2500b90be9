package territories

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func atlas(t testing.TB) *Atlas {
	t.Helper()
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustRef(t testing.TB, s string) Ref {
	t.Helper()
	r, err := ParseRef(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustDate(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustSet(t testing.TB, s string) *Set {
	t.Helper()
	set, err := atlas(t).Of(mustRef(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func mustCompile(t testing.TB, json string) *Perimeter {
	t.Helper()
	e, err := ParseExpr([]byte(json))
	if err != nil {
		t.Fatal(err)
	}
	p, err := atlas(t).Compile(e)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// codes prints a set as its codes with blanks between.
func codes(t testing.TB, s *Set) string {
	t.Helper()
	return strings.Join(asStrings(atlas(t).Codes(s)), " ")
}

func asStrings(cs []CommuneCode) []string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = string(c)
	}
	return out
}

// anyExpr draws a perimeter of real territories, of every form that the
// embedded facts can compile.
func anyExpr(a *Atlas, depth int) *rapid.Generator[Expr] {
	return rapid.Custom(func(t *rapid.T) Expr {
		leaf := func() Expr {
			k := rapid.SampledFrom(slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == KindPostal })).Draw(t, "kind")
			switch rapid.IntRange(0, 9).Draw(t, "leaf") {
			case 0:
				return RadiusOf(a.communes[rapid.IntRange(0, 34_000).Draw(t, "centre")].Code, float64(rapid.IntRange(0, 200).Draw(t, "km")))
			case 1:
				return Everywhere()
			case 2:
				return Nowhere()
			case 3:
				p := a.communes[rapid.IntRange(0, 34_000).Draw(t, "centre")].Point
				return RadiusAt(p, float64(rapid.IntRange(0, 100).Draw(t, "km")))
			}
			refs := a.Refs(k)
			return In(refs[rapid.IntRange(0, len(refs)-1).Draw(t, "ref")])
		}
		if depth == 0 {
			return leaf()
		}
		kids := func() []Expr { return rapid.SliceOfN(anyExpr(a, depth-1), 1, 4).Draw(t, "kids") }
		switch rapid.IntRange(0, 4).Draw(t, "form") {
		case 0:
			return AnyOf(kids()...)
		case 1:
			return BothOf(kids()...)
		case 2:
			return Except(anyExpr(a, depth-1).Draw(t, "base"), anyExpr(a, depth-1).Draw(t, "minus"))
		}
		return leaf()
	})
}
