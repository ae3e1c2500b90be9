package mesh

import (
	"fmt"
	"maps"
	"sync"

	"github.com/paulmach/orb"

	"maillage/territories"
)

// Layer is one level of the map: the areas of all territories of a kind. Face i
// is Refs[i].
type Layer struct {
	Kind territories.Kind
	Refs []territories.Ref
	*Coverage
	// Population of each face, summed over its communes; -1 where no census
	// gives any.
	Population []int64
	// group is the face of each commune, by ordinal.
	group []int32
}

// LayerKinds lists the kinds that have a layer, from the widest to the finest.
func LayerKinds() []territories.Kind {
	return []territories.Kind{territories.KindRegion, territories.KindDepartement, territories.KindEPCI, territories.KindCommune}
}

// codeOf is the territory of a kind that a commune belongs to, "" for none.
func codeOf(c *territories.Commune, kind territories.Kind) string {
	switch kind {
	case territories.KindRegion:
		return c.Region
	case territories.KindDepartement:
		return c.Departement
	case territories.KindEPCI:
		return c.EPCI
	}
	return string(c.Code)
}

func (m *Mesh) derive() {
	m.derived = make(map[territories.Kind]func() *Layer)
	for _, kind := range LayerKinds() {
		m.derived[kind] = sync.OnceValue(func() *Layer { return m.merge(kind) })
	}
}

// Layer gives the areas of all territories of a kind: commune, epci, departement
// or region. It is merged from the communes at the first call (some 30 ms), or
// as it was loaded.
func (m *Mesh) Layer(kind territories.Kind) (*Layer, error) {
	if layer, ok := m.official[kind]; ok {
		return layer, nil
	}
	if make, ok := m.derived[kind]; ok {
		return make(), nil
	}
	return nil, fmt.Errorf("the map has no layer of kind %q: commune, epci, departement or region", kind)
}

// WithLayer gives a mesh whose layer of one kind has these areas, one face a
// territory in the order of NewLayer's Refs; its communes stay as they are.
func (m *Mesh) WithLayer(kind territories.Kind, areas *Coverage) (*Mesh, error) {
	layer := NewLayer(m.atlas, kind)
	if areas.Faces() != len(layer.Refs) {
		return nil, fmt.Errorf("%d faces for %d territories of kind %s", areas.Faces(), len(layer.Refs), kind)
	}
	layer.Coverage = areas
	out := *m
	out.official = maps.Clone(m.official)
	if out.official == nil {
		out.official = make(map[territories.Kind]*Layer)
	}
	out.official[kind] = layer
	return &out, nil
}

// NewLayer lists the territories of a kind with their populations, without areas.
func NewLayer(atlas *territories.Atlas, kind territories.Kind) *Layer {
	layer := &Layer{Kind: kind, Refs: atlas.Refs(kind)}
	layer.Population = make([]int64, len(layer.Refs))
	layer.group = layer.groups(atlas)
	known := make([]bool, len(layer.Refs))
	for ord, face := range layer.group {
		if face != Outside && atlas.Commune(ord).PopulationKnown {
			layer.Population[face] += int64(atlas.Commune(ord).Population)
			known[face] = true
		}
	}
	for face := range known {
		if !known[face] {
			layer.Population[face] = -1
		}
	}
	return layer
}

// groups gives the face of each commune, by ordinal.
func (l *Layer) groups(atlas *territories.Atlas) []int32 {
	face := make(map[string]int32, len(l.Refs))
	for i, ref := range l.Refs {
		face[ref.Code] = int32(i)
	}
	group := make([]int32, atlas.Len())
	for ord := range group {
		at, ok := face[codeOf(atlas.Commune(ord), l.Kind)]
		if !ok {
			at = Outside
		}
		group[ord] = at
	}
	return group
}

func (m *Mesh) merge(kind territories.Kind) *Layer {
	layer := NewLayer(m.atlas, kind)
	if kind == territories.KindCommune {
		layer.Coverage = m.communes
		return layer
	}
	layer.Coverage = m.communes.Merge(layer.group, len(layer.Refs))
	return layer
}

// Lines are the borders between the territories of a kind, without the coast and
// the frontiers.
func (m *Mesh) Lines(kind territories.Kind) (orb.MultiLineString, error) {
	layer, err := m.Layer(kind)
	if err != nil {
		return nil, err
	}
	return layer.Lines(func(left, right int32) bool { return left != Outside && right != Outside }), nil
}

// Touching lists the faces that hold a commune of the set, in order; every face
// when the set is nil.
func (l *Layer) Touching(set *territories.Set) []int {
	touched := make([]bool, len(l.Refs))
	set.Each(func(ord int) bool {
		if face := l.group[ord]; face != Outside {
			touched[face] = true
		}
		return true
	})
	var out []int
	for face := range touched {
		if set == nil || touched[face] {
			out = append(out, face)
		}
	}
	return out
}
