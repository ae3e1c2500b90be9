package mesh

import (
	"fmt"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// Mesh is the map of one atlas: its communes' areas and everything derived from
// them. It is immutable and safe for concurrent use.
type Mesh struct {
	atlas    *territories.Atlas
	communes *Coverage
	official map[territories.Kind]*Layer
	derived  map[territories.Kind]func() *Layer
	bounds   []Box
	bySize   []int32 // ordinals of the communes that can be named
}

var load = sync.OnceValues(func() (*Mesh, error) {
	atlas, err := territories.Load()
	if err != nil {
		return nil, fmt.Errorf("load the mesh: %w", err)
	}
	return indicative(atlas)
})

// Load gives the indicative mesh of the embedded atlas, decoded once a process
// (about 40 ms).
func Load() (*Mesh, error) { return load() }

// indicative decodes the embedded mesh and checks that it was computed for the
// communes of this atlas, whose ordinals it uses.
func indicative(atlas *territories.Atlas) (*Mesh, error) {
	coverage, stamp, err := decode(packed)
	if err != nil {
		return nil, err
	}
	codes := make([]string, atlas.Len())
	for ord := range codes {
		codes[ord] = string(atlas.Commune(ord).Code)
	}
	if coverage.Faces() != len(codes) || stamp != Stamp(codes) {
		return nil, fmt.Errorf("the indicative mesh was computed for other communes than those of %s: run go generate ./territories/mesh", atlas.Vintage())
	}
	return New(atlas, coverage)
}

// New makes a mesh of areas of communes, one face for each ordinal of the atlas;
// a commune without an area has an empty face.
func New(atlas *territories.Atlas, communes *Coverage) (*Mesh, error) {
	if communes.Faces() != atlas.Len() {
		return nil, fmt.Errorf("%d faces for %d communes", communes.Faces(), atlas.Len())
	}
	m := &Mesh{atlas: atlas, communes: communes, bounds: communes.Boxes(), bySize: sizeOrder(atlas)}
	m.derive()
	return m, nil
}

// Atlas is the atlas whose communes are drawn.
func (m *Mesh) Atlas() *territories.Atlas { return m.atlas }

// Communes is the coverage of the communes: its faces are their ordinals.
func (m *Mesh) Communes() *Coverage { return m.communes }

// HasPlace reports whether the map knows where a commune is.
func (m *Mesh) HasPlace(ord int) bool { return !m.communes.Empty(ord) }

// Neighbours lists the communes that share a border with one, by ordinal.
func (m *Mesh) Neighbours(ord int) []int { return m.communes.Neighbours(ord) }

// Cell is the area of a commune, in degrees: outer rings counter-clockwise. It
// is nil where the commune has no place; a real commune may have several parts.
func (m *Mesh) Cell(ord int) orb.MultiPolygon { return m.communes.Shape(ord).Degrees() }

// Boundary is the border of a set: the edges with a commune of the set on one
// side only.
func (m *Mesh) Boundary(set *territories.Set) orb.MultiLineString {
	return m.communes.outline(set).Lines(func(_, _ int32) bool { return true })
}

// Polygons is the area of a set, in degrees: outer rings counter-clockwise and
// holes clockwise (RFC 7946, section 3.1.6), parts that touch only at a corner
// kept apart. It is nil when no commune of the set has a place.
func (m *Mesh) Polygons(set *territories.Set) orb.MultiPolygon {
	return m.communes.outline(set).Shape(0).Degrees()
}

// Missing lists the communes of a set that the map cannot show, by ordinal.
func (m *Mesh) Missing(set *territories.Set) []int {
	var out []int
	set.Each(func(ord int) bool {
		if !m.HasPlace(ord) {
			out = append(out, ord)
		}
		return true
	})
	return out
}

// Bound is the box around a set's areas; ok is false when none has a place.
func (m *Mesh) Bound(set *territories.Set) (bound orb.Bound, ok bool) {
	box := emptyBox
	set.Each(func(ord int) bool {
		box = box.union(m.bounds[ord])
		return true
	})
	return box.degrees(), !box.Empty()
}

// outline is the coverage of one face: the union of a set's communes. Only the
// sides of these communes are read.
func (c *Coverage) outline(set *territories.Set) *Coverage {
	nodes := map[int32]int32{}
	number := func(n int32) int32 {
		if _, known := nodes[n]; !known {
			nodes[n] = int32(len(nodes))
		}
		return nodes[n]
	}
	var arcs []Arc
	set.Each(func(ord int) bool {
		for _, s := range c.sides[c.first[ord]:c.first[ord+1]] {
			a := c.arcs[s>>1]
			other := a.Right
			if s&1 == 1 {
				other = a.Left
			}
			if other != Outside && set.Contains(int(other)) {
				continue
			}
			a.Left, a.Right = 0, Outside
			if s&1 == 1 {
				a.Left, a.Right = Outside, 0
			}
			a.from, a.to = number(a.from), number(a.to)
			arcs = append(arcs, a)
		}
		return true
	})
	return newCoverage(1, len(nodes), slices.Clip(arcs))
}
