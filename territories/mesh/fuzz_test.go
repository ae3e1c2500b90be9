package mesh

import (
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func zipped(t testing.TB, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whatever the bytes, decoding them ends with a coverage whose shapes can be
// read, or with an error.
func FuzzDecode(f *testing.F) {
	// Two triangles that share a side.
	f.Add([]byte{7, 2, 5, 4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 3, 2, 0, 3, 1, 0, 0, 20, 0, 0, 20, 19, 0})
	f.Add([]byte{7, 1, 1, 2})
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, _, err := decode(zipped(t, raw))
		if err != nil {
			return
		}
		for face := range c.Faces() {
			for _, part := range c.Shape(face) {
				for i, r := range part {
					if r[0] != r[len(r)-1] || (r.Area2() > 0) != (i == 0) {
						t.Fatalf("ring %d of face %d: %v", i, face, r)
					}
				}
			}
		}
	})
}

// A grid of squares given to random owners: each owner's shape has the area of
// its squares, in simple rings, however they touch.
func TestAnyPartitionOfAGrid(t *testing.T) {
	t.Parallel()
	const side, owners = 6, 4
	var cells []orb.MultiPolygon
	for x := range side {
		for y := range side {
			cells = append(cells, one(square(float64(x), float64(y), 1, 1)))
		}
	}
	grid, _ := Build(cells)
	rapid.Check(t, func(t *rapid.T) {
		group := rapid.SliceOfN(rapid.Int32Range(Outside, owners-1), side*side, side*side).Draw(t, "owners")
		merged := grid.Merge(group, owners)
		want := make([]int64, owners)
		for _, owner := range group {
			if owner != Outside {
				want[owner] += 2e12
			}
		}
		for owner := range owners {
			shape := merged.Shape(owner)
			if got := area2(shape); got != want[owner] {
				t.Fatalf("owner %d has area %d, want %d", owner, got, want[owner])
			}
			for _, part := range shape {
				for _, r := range part {
					simple(t, r)
				}
			}
		}
	})
}

func simple(t *rapid.T, r Ring) {
	seen := map[Vertex]bool{}
	for _, v := range r[1:] {
		if seen[v] {
			t.Fatalf("the ring goes twice through %v: %v", v, r)
		}
		seen[v] = true
	}
}

// Simplified or not, neighbours keep the very same line between them, and no line
// strays farther than the tolerance.
func TestProjectKeepsNeighboursTogether(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	rapid.Check(t, func(t *rapid.T) {
		tolerance := rapid.Float64Range(0, 50_000).Draw(t, "tolerance")
		set := grown(t, m)
		group := make([]int32, m.Atlas().Len())
		for ord := range group {
			group[ord] = Outside
		}
		i := int32(0)
		set.Each(func(ord int) bool {
			group[ord] = i % 3
			i++
			return true
		})
		c := m.Communes().Merge(group, 3)
		p := c.Project(Plane{To: func(v Vertex) Vertex { return v }}, tolerance)
		for i, a := range p.Arcs() {
			whole := c.Arcs()[i]
			if a.Points[0] != whole.Points[0] || a.Points[len(a.Points)-1] != whole.Points[len(whole.Points)-1] {
				t.Fatalf("arc %d lost an end", i)
			}
			for _, v := range whole.Points {
				if off := offLine(v, a.Points); off > tolerance*tolerance*1.0001 {
					t.Fatalf("a corner of arc %d is %g off, tolerance %g", i, off, tolerance*tolerance)
				}
			}
		}
	})
}

// offLine is the least squared distance of a corner to a line.
func offLine(v Vertex, line []Vertex) float64 {
	best := offLine2(v, line[0], line[0])
	for i := 1; i < len(line); i++ {
		best = min(best, offLine2(v, line[i-1], line[i]))
	}
	return best
}
