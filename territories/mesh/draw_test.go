package mesh

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"maillage/territories"
)

// drome is the reference view: a lot in an EPCI, a zone around Valence.
func drome(t testing.TB) View {
	t.Helper()
	m := loaded(t)
	v := View{Asked: setOf(t, "epci:200040459"), Offered: m.Atlas().Within(orb.Point{4.89, 44.93}, 25), Towns: 9}
	v.Bound, _ = m.Window(v.Asked, v.Offered)
	return v
}

var pathData = regexp.MustCompile(`^(M-?\d+( |-)\d+l-?\d+( |-)\d+(( |-)\d+( |-)\d+)*z?)+$`)

var wholeNumber = regexp.MustCompile(`-?\d+`)

// ringsOf reads path data of closed rings back.
func ringsOf(t *testing.T, data string) []Ring {
	t.Helper()
	var rings []Ring
	for _, sub := range strings.Split(strings.TrimSuffix(data, "z"), "z") {
		if sub == "" {
			continue
		}
		r := Ring(points(sub))
		rings = append(rings, append(r, r[0]))
	}
	return rings
}

func TestDrawingIsWellFormed(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	d := m.Draw(drome(t))
	for name, data := range map[string]string{
		"cells": d.Cells, "zone": d.ZoneOnly, "lot": d.LotOnly, "lines": d.Lines,
		"departements": d.DepartementBorders, "zone edge": d.ZoneEdge, "lot edge": d.LotEdge,
	} {
		if data == "" || !pathData.MatchString(data) {
			t.Errorf("%s: not path data: %.80s", name, data)
		}
	}
	if d.ViewBox != "0 0 864 864" || d.Detail != territories.KindCommune {
		t.Errorf("view box %q, detail %s", d.ViewBox, d.Detail)
	}
	if again := m.Draw(drome(t)); again.Lines != d.Lines || again.Cells != d.Cells || again.LotEdge != d.LotEdge {
		t.Error("the same view gave another drawing")
	}
}

// What is written is what the sets say: the point of each commune falls in the
// path of its class.
func TestDrawingAgreesWithTheSets(t *testing.T) {
	t.Parallel()
	m, v := loaded(t), drome(t)
	v.Asked = v.Asked.Or(setOf(t, "commune:26362")).Or(setOf(t, "commune:26004")) // Valence, Alixan
	d := m.Draw(v)
	classes := map[string][]Ring{
		"cells": ringsOf(t, d.Cells), "zone": ringsOf(t, d.ZoneOnly),
		"lot": ringsOf(t, d.LotOnly), "both": ringsOf(t, d.Both),
	}
	seen := map[string]int{}
	for ord := range m.Atlas().Len() {
		c := m.Atlas().Commune(ord)
		x, y, inside := d.Frame.Project(c.Point)
		if !c.HasPoint || !inside {
			continue
		}
		want := [...]string{"cells", "zone", "lot", "both"}[classOf(v, ord)]
		seen[want]++
		for name, rings := range classes {
			in := false
			for _, r := range rings {
				if r.contains(2*int64(x), 2*int64(y)) {
					in = !in
				}
			}
			if in != (name == want) {
				t.Errorf("%s (%s) is in the path of %s: %v", c.Name, want, name, in)
			}
		}
	}
	if len(seen) != 4 || seen["both"] != 2 {
		t.Errorf("communes seen by class: %v", seen)
	}
}

func TestDrawingKeepsItsBudget(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	all := m.Atlas().All()
	for name, v := range map[string]View{
		"France":      {Asked: setOf(t, "region:84"), Offered: all},
		"Auvergne":    {Asked: setOf(t, "region:84"), Bound: orb.Bound{Min: orb.Point{-5, 41}, Max: orb.Point{9, 51}}},
		"dust":        {Asked: everyOther(m), Bound: orb.Bound{Min: orb.Point{-5, 41}, Max: orb.Point{9, 51}}},
		"narrow":      {Asked: setOf(t, "departement:26"), Budget: 4000},
		"département": {Asked: setOf(t, "departement:51")},
	} {
		v.Towns = 8
		if v.Bound.IsZero() {
			v.Bound, _ = m.Window(v.Asked, v.Offered)
		}
		d := m.Draw(v)
		if most := v.withDefaults().Budget; d.Size() > most {
			t.Errorf("%s: %d bytes, at most %d", name, d.Size(), most)
		}
		if d.Cells == "" && d.Both == "" && d.LotOnly == "" {
			t.Errorf("%s: nothing is drawn", name)
		}
	}
}

// everyOther is the worst of sets: no two communes of it hold together.
func everyOther(m *Mesh) *territories.Set {
	var ords []uint32
	for ord := 0; ord < m.Atlas().Len(); ord += 2 {
		ords = append(ords, uint32(ord))
	}
	return territories.SetOf(ords...)
}

func TestDrawingSaysWhatItCannotShow(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	v := View{Asked: setOf(t, "departement:26").Or(setOf(t, "departement:971")).Or(setOf(t, "commune:98818"))}
	bound, ok := m.Window(v.Asked, nil)
	if !ok || !bound.Contains(orb.Point{4.89, 44.93}) || bound.Contains(orb.Point{-61.5, 16.2}) {
		t.Fatalf("window %v %v, want the Drôme alone", bound, ok)
	}
	v.Bound = bound
	d := m.Draw(v)
	if d.Elsewhere != 32 || len(d.Missing) != 1 || m.Atlas().Commune(d.Missing[0]).Code != "98818" {
		t.Errorf("elsewhere %d, missing %v: want Guadeloupe's 32 and Nouméa", d.Elsewhere, d.Missing)
	}
	if _, ok := m.Window(setOf(t, "departement:988"), nil); ok {
		t.Error("a window was found for New Caledonia, whose communes have no point")
	}
}

func TestWindowOverseasAndSmall(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	bound, ok := m.Window(setOf(t, "departement:974"), m.Atlas().All())
	if !ok || !bound.Contains(orb.Point{55.5, -21.1}) || bound.Max[0]-bound.Min[0] > 3 {
		t.Errorf("La Réunion: %v %v", bound, ok)
	}
	bound, _ = m.Window(setOf(t, "commune:26362"), nil)
	if span := (bound.Max[1] - bound.Min[1]) * 111.195; span < 29.9 {
		t.Errorf("Valence alone: %.1f km high, want 30 at least", span)
	}
}

func TestLabelsKeepApart(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	v := drome(t)
	d := m.Draw(v)
	if len(d.Towns) < 5 || len(d.Towns) > 9 || len(d.Departements) == 0 {
		t.Fatalf("%d towns and %d départements named", len(d.Towns), len(d.Departements))
	}
	for i, a := range d.Towns {
		if a.DotX < 0 || a.DotX > 864 || a.DotY < 0 || a.DotY > 864 {
			t.Errorf("%s is out of the drawing", a.Name)
		}
		for _, b := range d.Towns[:i] {
			if a.Anchor == b.Anchor && abs(a.X-b.X) < 60 && abs(a.Y-b.Y) < 24 {
				t.Errorf("%s and %s overlap", a.Name, b.Name)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestFrameGoesBack(t *testing.T) {
	t.Parallel()
	f := NewFrame(orb.Bound{Min: orb.Point{4, 44}, Max: orb.Point{6, 46}}, 800, 600)
	for _, p := range []orb.Point{{4, 44}, {5, 45}, {6, 46}} {
		x, y, inside := f.Project(p)
		back := f.at(float64(x), float64(y))
		if !inside || max(back[0]-p[0], p[0]-back[0], back[1]-p[1], p[1]-back[1]) > 0.005 {
			t.Errorf("%v is drawn at %d, %d, which is %v", p, x, y, back)
		}
	}
}

func TestSimplifyKeepsEndsAndTolerance(t *testing.T) {
	t.Parallel()
	line := []Vertex{{0, 0}, {5, 1}, {10, 0}, {10, 0}, {20, 9}, {30, 0}}
	got := simplify(append([]Vertex(nil), line...), 2)
	if len(got) != 4 || got[0] != line[0] || got[3] != line[5] || got[2] != (Vertex{20, 9}) {
		t.Errorf("%v", got)
	}
	island := []Vertex{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}
	if got := Ring(simplify(append([]Vertex(nil), island...), 3)); got.Area2() != 200 {
		t.Errorf("the island became %v", got)
	}
	speck := []Vertex{{3, 3}, {3, 3}, {3, 3}}
	if got := simplify(speck, 1); len(got) != 2 {
		t.Errorf("the speck became %v", got)
	}
}

// Drawn end to end, lines are the same segments, each once.
func TestStrokesAreTheLinesAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		vertex := rapid.Custom(func(t *rapid.T) Vertex {
			return Vertex{rapid.Int32Range(-3, 3).Draw(t, "x"), rapid.Int32Range(-3, 3).Draw(t, "y")}
		})
		lines := rapid.SliceOfN(rapid.SliceOfN(vertex, 2, 4), 0, 8).Draw(t, "lines")
		want, got := map[side]int{}, map[side]int{}
		for _, l := range lines {
			count(want, l)
		}
		for _, sub := range strings.Split(strokes(lines), "M")[1:] {
			count(got, points(sub))
		}
		if !maps.Equal(got, want) {
			t.Fatalf("drew %v, want %v", got, want)
		}
	})
}

func count(segments map[side]int, line []Vertex) {
	for i := 1; i < len(line); i++ {
		k := side{line[i-1], line[i]}
		if compareVertex(k[0], k[1]) > 0 {
			k[0], k[1] = k[1], k[0]
		}
		segments[k]++
	}
}

// points reads one subpath, its first place absolute and the others relative.
func points(sub string) []Vertex {
	var at Vertex
	var out []Vertex
	n := wholeNumber.FindAllString(sub, -1)
	for i := 0; i+1 < len(n); i += 2 {
		x, _ := strconv.Atoi(n[i])
		y, _ := strconv.Atoi(n[i+1])
		at = Vertex{at.X + int32(x), at.Y + int32(y)}
		out = append(out, at)
	}
	return out
}
